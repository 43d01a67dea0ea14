"""A class of submissions: graded, written down, and shown."""

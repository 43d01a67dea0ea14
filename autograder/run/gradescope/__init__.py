"""Gradescope: the zip that an instructor uploads, and what it does in Gradescope's container."""

"""A class graded in parts on several machines, and put together again."""

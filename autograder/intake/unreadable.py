"""What intake raises for a file that cannot be graded."""


class Unreadable(Exception):
    """The file is no notebook that could be graded. Its text is one line for the student."""

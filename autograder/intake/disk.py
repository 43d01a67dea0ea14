"""Trouble with the machine's disk, which must not look like a student's."""

import errno

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


def raise_ours(problem: Exception) -> None:
    """Raise what is the machine's trouble, and no student's."""
    if isinstance(problem, OSError) and problem.errno in DISK_FULL:
        raise problem

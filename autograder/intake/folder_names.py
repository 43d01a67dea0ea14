"""What a folder's name tells: that it holds several students, is a place to work in, or is a part of the work."""

import re

GENERAL = re.compile(
    r"(?:(?:weeks?|woche|sections?|sec|groups?|gruppe|teams?|tutorial|tut|lab|part|unit|module|course|batch|session|term)"
    r"[-_ .]*(?:\d+|[a-z])?|students?|class|submi(?:ssions?|tted)|hand[-_ ]?ins?|handed[-_ ]?in|everyone)",
    re.IGNORECASE,
)
"""No student is called so, if there is nothing but folders in it."""

WORKPLACE = re.compile(
    r"(?:my[-_ ]?)?(?:work(?:space)?|notebooks?|nbs?|src|code|projects?|home|jovyan|downloads?|documents?|desktop"
    r"|solutions?|answers?|final|old|new|backup|copy|drafts?|versions?|attempts?)[-_ .]*\d?|(?:try|v)[-_ .]*\d{1,2}",
    re.IGNORECASE,
)
"""No student is called so: it is a folder of a student's own, whether notebooks lie in it or in folders."""

PART = re.compile(r"(?:week|woche|part|teil|unit|module|lab|session|exercise|task|notebook)[-_ .]*\d+", re.IGNORECASE)
"""A part of the work, where each holds another notebook."""


def is_general(name: str) -> bool:
    """Whether a folder of nothing but folders is rather several students' than one's."""
    return GENERAL.fullmatch(name) is not None


def is_workplace(name: str) -> bool:
    """Whether a folder is rather one that a student works in than a student's."""
    return WORKPLACE.fullmatch(name) is not None


def is_part(name: str) -> bool:
    """Whether a folder is rather a part of one student's work than a student's."""
    return PART.fullmatch(name) is not None

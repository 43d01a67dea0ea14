"""What a folder's or file's name tells: that it is several students', a place to work in, a part or a version."""

import re

GENERAL = re.compile(
    r"(?:(?:weeks?|woche|sections?|sec|groups?|gruppe|teams?|tutorial|tut|lab|part|unit|module|course|batch|session|term)"
    r"[-_ .]*(?:\d+|[a-z])?|students?|class|submi(?:ssions?|tted)|hand[-_ ]?ins?|handed[-_ ]?in|everyone)",
    re.IGNORECASE,
)
"""No student is called so, if there is nothing but folders in it."""

CLASS = re.compile(
    r"(?:submi(?:t(?:ted)?|ssions?)|hand(?:ed)?ins?|class(?:es)?|exports?|downloads?|abgaben?|assignments?|homeworks?|hw"
    r"|students|everyone)\d*",
    re.IGNORECASE,
)
"""A word that is no student's name, but a class's or that of what it hands in."""

BESIDE_IT = re.compile(r"\d+|my|all|the|of|from|old|new|final|copy|zip", re.IGNORECASE)
"""What may stand beside such a word, and is nobody's name either."""

WORKPLACE = re.compile(
    r"(?:my[-_ ]?)?(?:work(?:space)?|notebooks?|nbs?|src|code|projects?|home|jovyan|downloads?|documents?|desktop"
    r"|solutions?|answers?|final|old|new|backup|copy|drafts?|versions?|attempts?)[-_ .]*\d?|(?:try|v)[-_ .]*\d{1,2}",
    re.IGNORECASE,
)
"""No student is called so: it is a folder of a student's own, whether notebooks lie in it or in folders."""

PART = re.compile(r"(?:week|woche|part|teil|unit|module|lab|session|exercise|task|notebook)[-_ .]*\d+", re.IGNORECASE)
"""A part of the work, where each holds another notebook."""


VERSION = re.compile(
    r"checkpoint|scratch|test(?:ed|s)?|done|finished|complete[d]?|solved|submi\w+|mine|edit(?:ed)?|last|latest|update[d]?"
    r"|fix(?:ed)?|corrected|revised|auto\w*|recovered|conflict(?:ed)?|of|\d",
    re.IGNORECASE,
)
"""A word behind a notebook's name that tells which version of it a file is, and not whose."""


def is_general(name: str) -> bool:
    """Whether a folder of nothing but folders is rather several students' than one's."""
    return GENERAL.fullmatch(name) is not None


def is_class(name: str) -> bool:
    """Whether a name has no student's in it, but says that a class is there, or what it has handed in."""
    words = re.findall(r"[^\W_]+", re.sub(r"(hand(?:ed)?)[-_ ]+(ins?)\b", r"\1\2", name, flags=re.IGNORECASE))
    others = [word for word in words if not CLASS.fullmatch(word)]
    return len(others) < len(words) and all(BESIDE_IT.fullmatch(word) for word in others)


def is_workplace(name: str) -> bool:
    """Whether a folder is rather one that a student works in than a student's."""
    return WORKPLACE.fullmatch(name) is not None


def is_part(name: str) -> bool:
    """Whether a folder is rather a part of one student's work than a student's."""
    return PART.fullmatch(name) is not None


def is_version(word: str) -> bool:
    """Whether a word behind a notebook's name rather tells a version of it than a student."""
    return VERSION.fullmatch(word) is not None or is_workplace(word)

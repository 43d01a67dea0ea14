"""Whether a file's name is an attachment's, in any case of letters, or what a copy of it is called."""

import re

COPY = r"(?>[ _-]*+\(\d++\)|[ _-]++copy(?>[ _-]*+\(?\d++\)?)?|-\d{1,2})*+"
"""What is put behind a name that is there already: " (1)" by browsers, " - Copy (2)" by Windows, "-1" by Canvas.

No part of it can be read in two ways: "-copy-1-copy-1…" would have a number of readings that doubles with each part.
"""


NUMBERED = r"\.\d{1,2}"
"""What wget puts behind the whole name of a file that is there already."""

ONCE_MORE = r"\.(?:txt|bin|download)"
"""What mail programs and browsers put behind an ending that they do not know."""


def is_named(file: str, attachment: str) -> bool:
    """Whether a file is called as an attachment is, or as a copy of it: "Best (1).safetensors".

    Args:
        file: the name that was handed in, in any case of letters, without a folder.
        attachment: the name in course.toml.
    """
    return _matches("(?:copy of )?", file, attachment)


def ends_as(file: str, attachment: str) -> bool:
    """The same as `is_named`, with anything before the name: LMSs put the student's name and a number there.

    Args:
        file: the name that was handed in, in any case of letters, without a folder.
        attachment: the name in course.toml.
    """
    return _matches(r"(?:.*[^a-z0-9])?", file, attachment)


def _matches(before: str, file: str, attachment: str) -> bool:
    stem, dot, ending = attachment.casefold().rpartition(".")
    endings = f"{re.escape(dot + ending)}(?:{ONCE_MORE}|{re.escape(dot + ending)})?"
    pattern = f"{before}{re.escape(stem)}{COPY}{endings}(?:{NUMBERED}|{COPY})"
    return len(file) < 256 and re.fullmatch(pattern, file.casefold(), re.DOTALL) is not None

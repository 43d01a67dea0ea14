"""What a student was told of a question, sorted: a hint at a misconception, or something that is none."""

import re
from enum import StrEnum

from autograder.judge.told import ENDED, LATE, SLOW, WRONG


class Told(StrEnum):
    """A kind of message. The values stand in the report."""

    HINT = "hints"
    UNWRITTEN = "not written yet, or under another name"
    STOPPED = "raised an error, or ended before its time"
    UNEXPLAINED = "wrong, and no hint fits"


UNWRITTEN = re.compile(r"Not written yet|Not answered\.|\S+ is not defined\.$")
STOPPED = re.compile(
    r"A call raised \w+\.|The cell \S+ (raised|used up|did not end|ended)|The cell \S+, which is ours, did not run"
)
ENDINGS = frozenset({SLOW, LATE, *ENDED.values()})


def kind_of(line: str) -> Told:
    """The kind of one line of a question's message."""
    if UNWRITTEN.match(line):
        return Told.UNWRITTEN
    if line in ENDINGS or STOPPED.match(line):
        return Told.STOPPED
    return Told.UNEXPLAINED if line == WRONG else Told.HINT

"""What the tests of the course are written with: expectations about values, and inputs to draw them from.

The same test file runs in two places: in a student's notebook, against the notebook's own globals, and
in the judge, against stand-ins whose calls run somewhere else. The functions here behave alike in both.
"""

from notebook_checks.expect import Unexpected, expect_close, expect_equal, expect_keys, is_close, is_equal
from notebook_checks.inputs import (
    handed_in,
    in_place_of,
    in_room,
    is_judged,
    judging,
    remark,
    remembered,
    rng,
    spare_of,
)
from notebook_checks.values import NotAValue, plain

__all__ = [
    "NotAValue",
    "Unexpected",
    "expect_close",
    "expect_equal",
    "expect_keys",
    "handed_in",
    "in_place_of",
    "in_room",
    "is_close",
    "is_equal",
    "is_judged",
    "judging",
    "plain",
    "remark",
    "remembered",
    "rng",
    "spare_of",
]

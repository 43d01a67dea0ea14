"""What test files and notebooks share: expectations about values, inputs to draw them from, and handing in.

The same test file runs in two places: in a student's notebook, against the notebook's own globals, and
in the judge, against stand-ins whose calls run somewhere else. The functions here behave alike in both.
"""

from notebook_checks.expect import NoVerdict, Unexpected, expect_close, expect_equal, expect_keys, is_close, is_equal
from notebook_checks.handing_in import hand_in
from notebook_checks.inputs import (
    Spare,
    handed_in,
    in_place_of,
    in_room,
    is_judged,
    judging,
    of_grading,
    remark,
    remembered,
    rng,
    spare_of,
)
from notebook_checks.ran_cells import watch
from notebook_checks.values import NotAValue, plain

__all__ = [
    "NoVerdict",
    "NotAValue",
    "Spare",
    "Unexpected",
    "expect_close",
    "expect_equal",
    "expect_keys",
    "hand_in",
    "handed_in",
    "in_place_of",
    "in_room",
    "is_close",
    "is_equal",
    "is_judged",
    "judging",
    "of_grading",
    "plain",
    "remark",
    "remembered",
    "rng",
    "spare_of",
]
__version__ = "0.2.0"

watch()

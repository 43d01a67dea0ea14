"""What the tests of the course are written with: expectations about values, and inputs to draw them from.

The same test file runs in two places: in a student's notebook, against the notebook's own globals, and
in the judge, against stand-ins whose calls run somewhere else. The functions here behave alike in both.
"""

from scalelab.checking.expect import Unexpected, expect_close, expect_equal, expect_keys
from scalelab.checking.inputs import in_room, judging, rng
from scalelab.checking.values import NotAValue, plain

__all__ = [
    "NotAValue",
    "Unexpected",
    "expect_close",
    "expect_equal",
    "expect_keys",
    "in_room",
    "judging",
    "plain",
    "rng",
]

"""x_bugs: a few inputs that tell the right round_channels from wrong ones."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, Unexpected, plain

OK_FORMAT = False
name = "x_bugs"
points = 2
bonus = True

MOST = 6
LARGEST = 10_000


def inputs_of(telling_inputs):
    """The inputs as (channels, width, divisor); of what is anything else it is told what it is."""
    try:
        read = plain(telling_inputs)
    except NotAValue:
        raise Unexpected("telling_inputs is no plain value", "A list of tuples of numbers is asked for.") from None
    if read is None:
        raise Unexpected("telling_inputs is None", "Your inputs go into the list `telling_inputs`.")
    if isinstance(read, dict) or not isinstance(read, list) or not read:
        raise Unexpected("telling_inputs is no list of inputs", "A list is asked for, of one to six tuples.")
    if not all(isinstance(one, list) for one in read):
        raise Unexpected(
            "an input is no tuple", "Each input is a tuple, even where there is one alone: [(32, 1.1, 8)]."
        )
    if len(read) > MOST:
        raise Unexpected(f"there are {len(read)} inputs", "At most six inputs: which of them tell the same as another?")
    return [input_of(one) for one in read]


def input_of(one):
    """One input, if it is what round_channels may be called with."""
    shown = f"({', '.join(map(str, one))})"
    if len(one) not in (2, 3):
        raise Unexpected(f"{shown} has {len(one)} parts", "An input is (channels, width, divisor).")
    if not all(type(part) in (int, float) for part in one):
        raise Unexpected(f"{shown} is not made of numbers", "Channels, width and divisor are numbers.")
    channels, width, divisor = (*one, 8)[:3]
    if not (1 <= channels <= LARGEST and 1 <= divisor <= LARGEST and channels % 1 == divisor % 1 == 0):
        raise Unexpected(f"{shown} is not allowed", "Channels and divisor are whole numbers from 1 to 10,000.")
    if not 0 < width <= 100:
        raise Unexpected(f"{shown} is not allowed", "The width is a number above 0, and at most 100.")
    return int(channels), width, int(divisor)


@test_case(points=0)
def inputs_that_may_be_asked(telling_inputs):
    """The form alone. What your inputs find is seen after handing in."""
    inputs_of(telling_inputs)

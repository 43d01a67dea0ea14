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


# ---- hidden: nothing below this line reaches a student ----


def right(channels, width, divisor):
    from math import floor

    product = channels * width
    rounded = max(divisor, floor(product / divisor + 0.5) * divisor)
    return rounded + divisor if rounded < 0.9 * product else rounded


def wrong_halves():
    """Versions that are wrong halfway between two multiples, and right everywhere else."""
    from math import ceil

    def version(nearest):
        def rounding(channels, width, divisor):
            product = channels * width
            rounded = max(divisor, nearest(product / divisor) * divisor)
            return rounded + divisor if rounded < 0.9 * product else rounded

        return rounding

    return version(round), version(lambda multiple: ceil(multiple - 0.5))


def wrong_thirds():
    """Versions that are wrong in the third step alone: one multiple more where too much would be lost."""
    from math import floor

    def version(third):
        def rounding(channels, width, divisor):
            product = channels * width
            rounded = max(divisor, floor(product / divisor + 0.5) * divisor)
            return third(rounded, product, channels, divisor)

        return rounding

    return (
        version(lambda rounded, product, channels, divisor: rounded),
        version(lambda rounded, product, channels, divisor: rounded + divisor * (rounded < 0.95 * product)),
        version(lambda rounded, product, channels, divisor: rounded + (rounded < 0.9 * product)),
        version(lambda rounded, product, channels, divisor: rounded + divisor * (rounded < 0.9 * channels)),
    )


def wrong_divisors():
    """Versions that know no divisor but 8, in one place or in all."""

    def version(least, half, step, more):
        def rounding(channels, width, divisor):
            product = channels * width
            rounded = max(
                least or divisor, int(product + (half or divisor / 2)) // (step or divisor) * (step or divisor)
            )
            return rounded + (more or divisor) if rounded < 0.9 * product else rounded

        return rounding

    def half_cut_off(channels, width, divisor):
        return version(0, divisor // 2 or 1e-9, 0, 0)(channels, width, divisor)

    return version(8, 4, 8, 8), version(8, 0, 0, 0), version(0, 4, 0, 0), version(0, 0, 0, 8), half_cut_off


def wrong_products():
    """Versions that round in the wrong direction, or a product that is not the right one."""
    from math import ceil

    return (
        lambda channels, width, divisor: ceil(channels * width / divisor) * divisor,
        lambda channels, width, divisor: max(divisor, int(channels * width) // divisor * divisor),
        lambda channels, width, divisor: right(int(channels * width), 1, divisor),
        lambda channels, width, divisor: right(channels * width, width, divisor),
    )


def expect_found(telling_inputs, versions, told):
    """Expect every version to differ from the right one for some of the inputs. Raises Unexpected."""
    inputs = inputs_of(telling_inputs)
    found = sum(any(version(*one) != right(*one) for one in inputs) for version in versions)
    if found < len(versions):
        raise Unexpected(f"{found} of {len(versions)} wrong versions are found", told)


@test_case(points=0.5, hidden=True)
def halves_are_told_apart(telling_inputs):
    told = "Not found: a version that is wrong halfway between two multiples. After which rounding does it stay wrong?"
    expect_found(telling_inputs, wrong_halves(), told)


@test_case(points=0.5, hidden=True)
def third_steps_are_told_apart(telling_inputs):
    told = (
        "Not found: a version that is wrong in the third step. When is it taken, and by how much, and a tenth of what?"
    )
    expect_found(telling_inputs, wrong_thirds(), told)


@test_case(points=0.5, hidden=True)
def divisors_are_told_apart(telling_inputs):
    told = "Not found: a version that is wrong where the divisor is not 8. How many places of the rule use it?"
    expect_found(telling_inputs, wrong_divisors(), told)


@test_case(points=0.5, hidden=True)
def products_are_told_apart(telling_inputs):
    told = "Not found: a version that is wrong in the product, or in the direction in which it rounds."
    expect_found(telling_inputs, wrong_products(), told)

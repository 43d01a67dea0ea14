"""q3_1: the scaling rule, its rounding, and where new layers emerge."""

import math

from otter.test_files import test_case

from scalelab.checking import NotAValue, expect_close, expect_equal, is_close, is_equal, plain, rng

OK_FORMAT = False
name = "q3_1"
points = 12


@test_case(points=0.5)
def coefficients_of_one_step(compound_coefficients):
    hints = {
        (1.15, 1.1, 1.2): "Which of alpha, beta and gamma belongs to the depth?",
        (1.1, 1.2, 1.15): "Which of alpha, beta and gamma belongs to the depth?",
        (1.2, 1.15, 1.1): "Which of beta and gamma belongs to the width?",
        (1.2, 1.1**2, 1.15**2): "Where do the squares belong: in the coefficients, or in the cost?",
        (1.1, 1.0, 240 / 224): "Those were published for B1: is phi the number in a network's name?",
    }
    expect_close(compound_coefficients(1), (1.2, 1.1, 1.15), hints, what="(d, w, r) at phi = 1")


@test_case(points=0.5)
def repeats_of_a_stage(round_repeats):
    hints = {
        3: "Which way does it round?",
        3.3000000000000003: "A stage has a whole number of layers.",
        6: "What is rounded: the factor, or the product?",
    }
    expect_equal(round_repeats(3, 1.1), 4, hints, what="3 layers at depth 1.1")
    hints = {5: "What does rounding up do to a number that is whole already?"}
    expect_equal(round_repeats(4, 1.0), 4, hints, what="4 layers at depth 1.0")


@test_case(points=1)
def channels_of_a_stage(round_channels):
    hints = {
        211: "Is that a multiple of the divisor?",
        212: "Is that a multiple of the divisor?",
        211.20000000000002: "Is that a multiple of the divisor?",
        216: "Which multiple of the divisor is nearest?",
        26: "How many channels are that, not how many times the divisor?",
    }
    expect_equal(round_channels(192, 1.1), 208, hints, what="192 channels at width 1.1")
    hints = {134: "Is that a multiple of the divisor?", 128: "Which multiple of the divisor is nearest?"}
    expect_equal(round_channels(112, 1.2), 136, hints, what="112 channels at width 1.2")


STEPWISE = [(0.1, 1.3), (0.01, 1.23), (0.001, 1.224), (0, 1.3), (0, 1.2), (0, 1.23), (0, 1.22), (0, 1.224), (0, 1.223)]


@test_case(points=1)
def layers_of_the_sixth_stage(emergence_phis):
    hints = {
        (1.22390085,): "How many layers are there just past phi = 0?",
        (0, 1.22390085, 2.22390085): "How far does phi go, and is that end within?",
        (5,): "The values of phi are asked for, not the numbers of layers.",
        (4, 5): "The values of phi are asked for, not the numbers of layers.",
        (0,): "How many layers are there just before phi_max? Does the list end too early?",
        tuple(math.log(n / 4) for n in range(4, 30)): "Where is alpha in that?",
        **{jumps: "A search in steps is not right within 1e-6: the text above asks a question." for jumps in STEPWISE},
    }
    expected = [0, 1.22390085]
    expect_close(emergence_phis(4, 1.2, 2.0), expected, hints, what="emergence for 4 layers")


HALFWAY = "Halfway between two multiples: which way does it go? (What does Python's own round do there?)"
LEAST = "A stage needs some channels: what is the least?"
LOST = "How large a part of the exact number of channels is lost here?"
BEGIN = "How many layers are there at phi = 0, and how many just past it?"
AGAIN = "A second call gives more than the first: does each begin anew?"
GIVEN = "Does the function use the alpha, beta and gamma that it is given?"
NEGATIVE = "Which networks does a negative phi stand for?"
MULTIPLIES = "Every step of phi multiplies by the factor once more."


@test_case(points=0)
def coefficients_of_other_steps(compound_coefficients):
    expect_close(
        compound_coefficients(0), (1, 1, 1), {(0, 0, 0): "phi = 0 is the baseline itself."}, what="(d, w, r) at phi = 0"
    )
    hints = {(2.4, 2.2, 2.3): MULTIPLIES, (1.4, 1.2, 1.3): MULTIPLIES, (1.44, 1.21, 1.32): "Nothing is rounded here."}
    expect_close(compound_coefficients(2), (1.44, 1.21, 1.3225), hints, what="(d, w, r) at phi = 2")
    hints = {(2.0, 3.0, 4.0): NEGATIVE, (1, 1, 1): NEGATIVE, (1.2**-1, 1.1**-1, 1.15**-1): GIVEN}
    given = compound_coefficients(-1, 2.0, 4.0, 5.0)
    expect_close(given, (0.5, 0.25, 0.2), hints, what="(d, w, r) at phi = −1 for factors 2, 4 and 5")
    hints = {(1, 1, 1): "phi need not be whole.", (4.0, 9.0, 16.0): "phi need not be whole."}
    given = compound_coefficients(0.5, 4.0, 9.0, 16.0)
    expect_close(given, (2, 3, 4), hints, what="(d, w, r) at phi = 0.5 for factors 4, 9 and 16")


@test_case(points=0)
def repeats_of_other_stages(round_repeats):
    expect_equal(
        round_repeats(1, 0.2),
        1,
        {0: "A stage that is scaled down: does it lose its last layer?"},
        "1 layer at depth 0.2",
    )
    expect_equal(
        round_repeats(1, 1.1), 2, {1: "A part of a layer more: is it kept or dropped?"}, what="1 layer at depth 1.1"
    )
    hints = {1: "Which way does it round?", 3: "May a stage become shallower?", 0: "What is rounded?"}
    expect_equal(round_repeats(3, 0.4), 2, hints, what="3 layers at depth 0.4")
    hints = {4: "A part of a layer more, however small: is it kept or dropped?"}
    expect_equal(round_repeats(4, 1.001), 5, hints, what="4 layers at depth 1.001")


@test_case(points=0)
def channels_of_other_stages(round_channels):
    little = "What is lost here: is it more than a tenth of the exact number?"
    own = "Does the function use the divisor that it is given?"
    for (channels, *rest), right, hints in (
        ((68, 1.0), 72, {64: HALFWAY}),
        ((16, 0.1), 8, {0: LEAST, 16: "Less than 90% of what? Step 3 looks at the product of step 1."}),
        ((9, 1.1), 16, {8: LOST, 9: LOST}),
        ((16, 1.2), 24, {16: LOST, 17: "One multiple more, or one channel more?"}),
        ((24, 1.8), 40, {48: little, 41: "One multiple more, or one channel more?"}),
        ((20, 1.0, 16), 32, {16: LOST, 24: own}),
        ((26, 1.0, 4), 28, {24: own}),
        ((2, 1.5, 4), 4, {8: own, 0: own}),
        ((14, 1.0, 10), 20, {10: LOST, 18: own, 11: "One multiple more, or one channel more?"}),
        ((52, 1.0, 7), 49, {56: "Half of an odd divisor: is that a whole number?"}),
        ((43, 1.0, 12), 48, {36: own}),
    ):
        told = f"{channels} channels at width {rest[0]}" + (f", divisor {rest[1]}" if len(rest) > 1 else "")
        expect_equal(round_channels(channels, *rest), right, hints, what=told)


@test_case(points=0)
def layers_of_other_stages(emergence_phis):
    end = "How far does phi go, and is that end within?"
    hints = {(1.0, 1.584962501): BEGIN, (0, 1.0, 1.584962501, 2.0): end, (0, 1.0): "Does the list end too early?"}
    given = emergence_phis(1, 2.0, 2.0)
    expect_close(given, [0, 1.0, 1.584962501], hints, what="emergence for 1 layer and alpha 2, below 2")
    expect_close(emergence_phis(1, 2, 1), [0], {(0, 1): end}, what="emergence for 1 layer and alpha 2, below 1")
    expect_close(emergence_phis(5, 1.1, 0.5), [0], {(): BEGIN}, what="emergence for 5 layers and alpha 1.1, below 0.5")
    expect_close(emergence_phis(5, 1.1, 0.5), [0], {(0, 0): AGAIN}, what="the same in a second call")
    for phi_max, count in ((6.001, 64), (8.001, 256)):
        given = len(plain(emergence_phis(1, 2.0, phi_max)))
        expect_equal(given, count, what=f"how often a layer emerges, for 1 layer and alpha 2, below {phi_max},")


# ---- hidden: nothing below this line reaches a student ----


def swaps(d, w, r):
    """(d, w, r) in every wrong order."""
    depth_or_width = "Which of alpha, beta and gamma belongs to the depth, which to the width?"
    depth_or_size = "Which of alpha, beta and gamma belongs to the depth, which to the resolution?"
    width_or_size = "Which of alpha, beta and gamma belongs to the width, which to the resolution?"
    return {
        (w, d, r): depth_or_width,
        (r, w, d): depth_or_size,
        (d, r, w): width_or_size,
        (r, d, w): depth_or_size,
        (w, r, d): depth_or_width,
    }


def check_coefficients(actual, phi, factors):
    right = tuple(factor**phi for factor in factors)
    _alpha, beta, gamma = factors
    linear = "Every step of phi multiplies by the factor once more."
    squares = "The squares of beta and gamma are in the cost, not in the coefficients."
    hints = swaps(*right) | {
        tuple(factor * phi for factor in factors): linear,
        tuple(1 + (factor - 1) * phi for factor in factors): linear,
        (right[0], beta ** (2 * phi), gamma ** (2 * phi)): squares,
        tuple(factor ** round(phi) for factor in factors): "phi need not be whole.",
        tuple(factor ** int(phi) for factor in factors): "phi need not be whole.",
        tuple(factor ** -(-phi // 1) for factor in factors): "phi need not be whole.",
        tuple(factor ** abs(phi) for factor in factors): "Which networks does a negative phi stand for?",
        tuple(max(1, value) for value in right): "Which networks does a negative phi stand for?",
        tuple(max(0.05, value) for value in right): "Which networks does a negative phi stand for?",
        tuple(round(value, 1) for value in right): "The published coefficients are rounded; here they are not.",
        tuple(round(value, 2) for value in right): "Nothing is rounded here.",
        tuple(
            given**phi for given in (1.2, 1.1, 1.15)
        ): "Does the function use the alpha, beta and gamma that it is given?",
    }
    expect_close(actual, right, hints, what="(d, w, r)")


@test_case(points=0.5, hidden=True)
def coefficients_for_growing_phi(compound_coefficients):
    draw = rng("q3_1:growing")
    expect_close(compound_coefficients(0), (1, 1, 1), {(0, 0, 0): "phi = 0 is the baseline itself."}, what="(d, w, r)")
    for phi in (3, 0.5, 30, draw.uniform(2.6, 6.9)):
        check_coefficients(compound_coefficients(phi), phi, (1.2, 1.1, 1.15))


@test_case(points=0.5, hidden=True)
def coefficients_for_shrinking_phi(compound_coefficients):
    draw = rng("q3_1:shrinking")
    for phi in (-1, -0.5, -40, draw.uniform(-5.4, -1.6)):
        check_coefficients(compound_coefficients(phi), phi, (1.2, 1.1, 1.15))


@test_case(points=0.5, hidden=True)
def coefficients_of_other_factors(compound_coefficients):
    draw = rng("q3_1:factors")
    check_coefficients(compound_coefficients(2, 1.3), 2, (1.3, 1.1, 1.15))
    check_coefficients(compound_coefficients(3, 1, 1.3, 1.4), 3, (1, 1.3, 1.4))
    for phi in (1, 2, 3):
        factors = (draw.uniform(1.05, 1.15), draw.uniform(1.2, 1.3), draw.uniform(1.35, 1.5))
        check_coefficients(compound_coefficients(phi, *factors), phi, factors)
    if is_close(compound_coefficients(-2), (1.2**-2, 1.1**-2, 1.15**-2)):  # a negative phi is asked about elsewhere
        check_coefficients(compound_coefficients(-2, *factors), -2, factors)


@test_case(points=0.5, hidden=True)
def repeats_round_up(round_repeats):
    draw = rng("q3_1:repeats")
    # A stage of one layer, and a very small part of one more.
    for repeats, depth in ((1, 1.1), (1, 1.9), (4, 1.0005), (1, 1 + 2**-16)):
        dropped = {repeats: "A part of a layer more: is it kept or dropped?"}
        expect_equal(round_repeats(repeats, depth), repeats + 1, dropped, what="the number of layers")
    for fraction in (draw.uniform(0.05, 0.45), draw.uniform(0.55, 0.95)):
        repeats = draw.randrange(5, 12)
        whole = repeats + draw.randrange(1, 4)
        depth = (whole + fraction) / repeats
        hints = {
            whole: "A part of a layer more: is it kept or dropped?",
            whole + fraction: "A stage has a whole number of layers.",
            repeats: "What does the depth do here?",
            2 * repeats: "What is rounded: the factor, or the product?",
        }
        expect_equal(round_repeats(repeats, depth), whole + 1, hints, what="the number of layers")


@test_case(points=0.5, hidden=True)
def whole_repeats_stay(round_repeats):
    draw = rng("q3_1:whole")
    repeats = draw.randrange(2, 40)
    for count, depth, expected in (
        (repeats, 1.0, repeats),
        (repeats, 2.0, 2 * repeats),
        (4, 1.25, 5),
        (30, 5.5, 165),
    ):
        hints = {expected + 1: "What does rounding up do to a number that is whole already?"}
        expect_equal(round_repeats(count, depth), expected, hints, what="the number of layers")


@test_case(points=0.5, hidden=True)
def repeats_of_shallower_networks(round_repeats):
    draw = rng("q3_1:shallow")
    vanished = "A stage that is scaled down: does it lose its last layer?"
    expect_equal(round_repeats(1, draw.uniform(0.1, 0.9)), 1, {0: vanished}, what="the number of layers")
    nearest = "Which way does it round?"
    product = "What is rounded: the factor, or the product?"
    shallower = "May a stage become shallower?"
    hints = {1: nearest, 3: product, 0: product}
    expect_equal(round_repeats(3, 0.4), 2, hints | {3: shallower}, what="the number of layers")
    hints = {3: nearest, 0: product, 7: shallower}
    expect_equal(round_repeats(7, 0.45), 4, hints, what="the number of layers")


def nearest_multiple(product, divisor):
    return int(product + divisor / 2) // divisor * divisor


def channels_of(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, nearest_multiple(product, divisor))
    return rounded + divisor if rounded < 0.9 * product else rounded


def check_channels(actual, channels, width, divisor=8, also=None):
    """also: known wrong values of this case, which come before all others."""
    product, right = channels * width, channels_of(channels, width, divisor)
    nearest, before = nearest_multiple(product, divisor), channels_of(channels, 1, divisor) * width
    scaled_late = "Is it the product that is rounded, or the channels before they are scaled?"
    hints = {
        before: scaled_late,
        int(before): scaled_late,
        right // divisor: "How many channels are that, not how many times the divisor?",
        nearest + 1: "One multiple more, or one channel more?",
        product: "Is that a multiple of the divisor?",
        int(product): "Is that a multiple of the divisor?",
        round(product): "Is that a multiple of the divisor?",
        -(-product // 1): "Is that a multiple of the divisor?",
        channels_of(channels, 1, divisor): "What does the width do here?",
        channels_of(channels, width * width, divisor): "How often is the width applied?",
        channels_of(channels, width, 8): "Does the function use the divisor that it is given?",
        right + divisor: "Is there a multiple of the divisor that is nearer?",
        nearest + divisor * (nearest < 0.9 * channels): "A tenth of what: of the product, or of the channels before?",
        int(product) // divisor * divisor: "Cutting off is not rounding: which multiple is nearest?",
    }
    expect_equal(actual, right, hints | (also or {}), what="the number of channels")


def draw_product(draw, divisor, low, high):
    """Channels and a width whose product lies between two multiples, at low to high of the way up."""
    product = divisor * (draw.randrange(12, 40) + draw.uniform(low, high))
    channels = draw.randrange(int(0.4 * product), int(0.9 * product))
    return channels, product / channels


@test_case(points=1, hidden=True)
def channels_round_to_the_nearest_multiple(round_channels):
    draw = rng("q3_1:nearest")
    for low, high in ((0.05, 0.45), (0.55, 0.95), (0.05, 0.45), (0.55, 0.95)):
        channels, width = draw_product(draw, 8, low, high)
        check_channels(round_channels(channels, width), channels, width)
    unchanged = 16 * draw.randrange(6, 40)
    check_channels(round_channels(unchanged, 1.0), unchanged, 1.0)
    check_channels(round_channels(unchanged, 0.5), unchanged, 0.5)
    check_channels(round_channels(166, 0.6), 166, 0.6)  # 99.6: rounded to 100 first, it is half-way
    check_channels(round_channels(1999, 0.05), 1999, 0.05)  # 99.95: nearly half-way
    check_channels(round_channels(9997, 0.01), 9997, 0.01)  # 99.97: half-way in hundredths of the divisor
    check_channels(round_channels(24999, 0.004), 24999, 0.004)  # 99.996
    check_channels(round_channels(3001, 1.3), 3001, 1.3)
    gained = "More than a tenth may be gained: the description speaks of what is lost."
    for channels in (13, 21):
        check_channels(round_channels(channels, 1.0), channels, 1.0, also={channels // 8 * 8: gained})
    # Up to a tenth is lost here, and may be.
    may_be = "What is lost here: is it more than a tenth of the exact number?"
    for below, product in ((40, draw.uniform(42.6, 43.8)), (32, draw.uniform(34.6, 35.4))):
        channels = draw.randrange(20, 30)
        width = product / channels
        check_channels(round_channels(channels, width), channels, width, also={below + 8: may_be})
    check_channels(round_channels(284, 0.125), 284, 0.125, also={40: may_be})  # 35.5: a loss of nearly a tenth


@test_case(points=0.5, hidden=True)
def halves_go_up(round_channels):
    draw = rng("q3_1:halves")
    for width in (1.0, 2.0, 4.0):
        # Even multiples, which Python's round keeps, of a size at which half a step is less than a tenth.
        below = 16 * draw.randrange(4, 12)
        channels = int((below + 4) / width)
        check_channels(round_channels(channels, width), channels, width, also={below: HALFWAY})


@test_case(points=0.5, hidden=True)
def channels_are_at_least_the_divisor(round_channels):
    draw = rng("q3_1:least")
    for channels, width in ((1, 1.0), (16, 0.1), (draw.randrange(10, 20), draw.uniform(0.05, 0.15))):
        check_channels(round_channels(channels, width), channels, width, also={0: LEAST, 16: "One step too many."})


@test_case(points=0.5, hidden=True)
def no_more_than_a_tenth_is_lost(round_channels):
    draw = rng("q3_1:tenth")
    products = [19.2, draw.uniform(9.2, 11.8), draw.uniform(18.0, 19.8), draw.uniform(26.9, 27.9)]
    for channels, product in zip((16, draw.randrange(4, 8), 24, 32), products, strict=True):
        width = product / channels
        below = int(channels * width) // 8 * 8
        check_channels(round_channels(channels, width), channels, width, also={below: LOST})
    check_channels(round_channels(214, 0.125), 214, 0.125, also={24: LOST})  # 26.75: little more than a tenth
    check_channels(round_channels(22, 0.5), 22, 0.5, also={8: LOST})


@test_case(points=0.5, hidden=True)
def other_divisors(round_channels):
    draw = rng("q3_1:divisors")
    ignored = "Does the function use the divisor that it is given?"
    # Shortly below and above half a step, where half of another divisor, or of this one as a whole number, shows.
    for divisor, low, high in ((4, 0.05, 0.2), (16, 0.52, 0.7), (draw.choice([10, 12]), 0.1, 0.4), (7, 0.52, 0.56)):
        # A product whose nearest multiple of the divisor is not its nearest multiple of 8.
        while True:
            channels, width = draw_product(draw, divisor, low, high)
            if channels_of(channels, width, divisor) != channels_of(channels, width):
                break
        product = channels * width
        also = {
            int(product + 4) // divisor * divisor: ignored,
            channels_of(channels, width): ignored,
            int(product + divisor // 2) // divisor * divisor: "Half of an odd divisor: is that a whole number?",
        }
        check_channels(round_channels(channels, width, divisor), channels, width, divisor, also)
    check_channels(round_channels(2, 1.5, 4), 2, 1.5, 4, {8: ignored})
    for channels, width, divisor in ((67, 1.3, 16), (14, 3.25, 10)):  # little less and little more than half a step
        also = {channels_of(channels, width): ignored}
        check_channels(round_channels(channels, width, divisor), channels, width, divisor, also)
    for channels, width in ((21, 1.7), (1, 1.0), (1, 2.125)):  # the smallest divisor
        check_channels(round_channels(channels, width, 1), channels, width, 1)
    adds = is_equal(round_channels(22, 0.5), 16)  # the third step, which another case asks about
    for channels, width, divisor in ((14, 1.0, 10), (55, 1.01, 16)):
        found, nearest = round_channels(channels, width, divisor), channels // divisor * divisor
        if adds or not any(is_equal(found, elsewhere) for elsewhere in (nearest, nearest + 1)):
            check_channels(found, channels, width, divisor, also={nearest: LOST, nearest + 8: ignored})
    if not is_equal(round_channels(100, 1.0), 96):  # who rounds halves to even with 8 as well has lost points for it
        check_channels(round_channels(50, 1.0, 4), 50, 1.0, 4, also={48: HALFWAY})
    exactly = "A loss of exactly a tenth is not more than a tenth."
    check_channels(round_channels(10, 1.0, 9), 10, 1.0, 9, also={18: exactly})


def emergence(log, repeats, alpha, phi_max):
    """The right phis and, as the second, the next one that comes after phi_max."""
    phis, layers = [], repeats
    while not phis or phis[-1] < phi_max:
        phis.append(log(layers / repeats) / log(alpha))
        layers += 1
    return phis[:-1], phis[-1]


def draw_emergence(draw, log, repeats, fewest, most, alphas=(1.15, 1.6), ends=(2.5, 6.0)):
    """An alpha and a phi_max that no emergence is near to, with at least fewest and at most most of them below it.

    The exact depth at phi_max is nearer to the whole number below it: to round it to the nearest is always wrong.
    """
    while True:
        alpha, phi_max = draw.uniform(*alphas), draw.uniform(*ends)
        phis, beyond = emergence(log, repeats, alpha, phi_max)
        part = repeats * alpha**phi_max % 1
        if fewest <= len(phis) <= most and min(phi_max - phis[-1], beyond - phi_max) > 1e-3 and 0.05 < part < 0.45:
            return alpha, phi_max


NEAR = 1e-6
"""Of a phi: what single precision makes. Looking for jumps in small steps does not come so near."""


def numbers_in(actual):
    """The values of a list of numbers; None for anything else."""
    try:
        read = plain(actual)
    except NotAValue:
        return None
    return read if isinstance(read, list) and all(isinstance(value, (int, float)) for value in read) else None


def hint_of_list(found, right):
    """Where no mistake is known: whether it is right but for precision, or for its end."""
    near = [abs(one - other) < 0.05 for one, other in zip(found, right, strict=False)]
    if all(near) and len(found) == len(right):
        return "Near, but not exact: at a jump, what is the number of layers before it is rounded?"
    if all(near) and near:
        return "Does the list end where phi_max says?"
    if any(value < -NEAR for value in found):
        return "Below phi = 0 nothing is asked for: how many layers does the stage begin with?"
    return None


def check_emergence(actual, repeats, alpha, phi_max, start=True, end=True):
    """start, end: whether it matters that 0 is there, and that nothing at phi_max or beyond is."""
    from math import log, log2

    right, beyond = emergence(log, repeats, alpha, phi_max)
    layers = [repeats + step for step in range(len(right))]
    numbers = "The values of phi are asked for, not the numbers of layers."
    halves = [log((count + 0.5) / repeats) / log(alpha) for count in layers]
    halves = [phi for phi in halves if phi < phi_max]
    crossing = "That is where a rounding to the nearest would jump: where does rounding up?"
    base = "At which power of alpha does the stage have that depth?"
    straight = "Does the depth grow in a straight line?"
    linear = [(count / repeats - 1) / (alpha - 1) for count in range(repeats, 10 * repeats + 900)]
    mistakes = (  # where two come to the same, the first is told
        (right[1:], BEGIN),
        ([*right, beyond], "How far does phi go, and is that end within?"),
        ([*right[1:], beyond], BEGIN),
        (layers, numbers),
        (layers[1:], numbers),
        ([count + 1 for count in layers], numbers),
        (halves, crossing),
        ([0.0, *halves], crossing),
        ([count / repeats for count in layers], "That is how much deeper the stage is: at which phi is it so?"),
        ([log(count / repeats) for count in layers], base),
        ([log2(count / repeats) for count in layers], base),
        ([count / repeats / alpha for count in layers], base),
        (range(int(phi_max) + 1), "Does phi have to be whole for a layer to emerge?"),
        (right[::-1], "In which order?"),
        ([0.0], "Is it only at the start that a layer emerges?"),
        ([], "Nothing was found: at a jump, what is the number of layers before it is rounded?"),
        (linear[: len(right)], straight),
        ([phi for phi in linear if phi < phi_max], straight),
    )

    def part(phis):
        return [phi for phi in phis if (start or abs(phi) > NEAR) and (end or abs(phi - beyond) > NEAR)]

    known, wanted, found = {}, part(right), numbers_in(actual)
    for wrong, hint in mistakes:
        known.setdefault(tuple(part(wrong)), hint)
    if found is not None:
        actual = part(found)
        known.setdefault(tuple(actual), hint_of_list(actual, wanted))
    expect_close(actual, wanted, known, what="the list", relative=NEAR, absolute=NEAR)


@test_case(points=1.5, hidden=True)
def where_layers_emerge(emergence_phis):
    """Only where layers emerge after the start: what is at 0 and at phi_max is tested by itself."""
    from math import log

    draw = rng("q3_1:emergence")
    for repeats, fewest, most in ((2, 4, 9), (3, 4, 9), (4, 4, 9), (draw.randrange(5, 9), 15, 40)):
        alpha, phi_max = draw_emergence(draw, log, repeats, fewest, most)
        # Numbers of elements, since a list may be the very same object both times.
        found = len(numbers_in(emergence_phis(repeats, alpha, phi_max)) or [])
        second = emergence_phis(repeats, alpha, phi_max)
        count = len(numbers_in(second) or [])
        expect_equal(count, found, {count: AGAIN}, what="the number of elements in a second call")
        check_emergence(second, repeats, alpha, phi_max, start=False, end=False)


@test_case(points=0.5, hidden=True)
def a_stage_of_one_layer(emergence_phis):
    from math import log

    draw = rng("q3_1:single")
    alpha, phi_max = draw_emergence(draw, log, 1, 4, 9)
    check_emergence(emergence_phis(1, alpha, phi_max), 1, alpha, phi_max, start=False, end=False)
    begun = (numbers_in(emergence_phis(2, 1.1, 0.5)) or [1])[0]
    starts = abs(begun) < NEAR  # with two layers, which are asked about elsewhere
    check_emergence(emergence_phis(1, 2.0, 2.5), 1, 2.0, 2.5, start=starts, end=False)


@test_case(points=0.5, hidden=True)
def before_the_second_layer_emerges(emergence_phis):
    draw = rng("q3_1:first")
    repeats = draw.randrange(2, 7)
    check_emergence(emergence_phis(repeats, 1.1, 0.5), repeats, 1.1, 0.5)


@test_case(points=0.5, hidden=True)
def over_a_wide_range(emergence_phis):
    """Here the end matters as well."""
    from math import log

    draw = rng("q3_1:wide")
    alpha, phi_max = draw_emergence(draw, log, 3, 310, 500, alphas=(1.45, 1.5), ends=(12.0, 13.0))
    # Exactly at the end, where a logarithm over itself is 1 in any arithmetic, and nothing is added up on the way.
    for repeats, alpha, end in ((1, 2, 1), (2, 1.5, 1.0)):
        check_emergence(emergence_phis(repeats, alpha, end), repeats, alpha, end, start=False)
    # Shortly behind an emergence, a long way up, and for a stage that grows quickly.
    for given in ((1, 2, 2 + 2**-14), (1, 1.25, 24), (2, 3.0, 2.5), (1, 16, 2.3)):
        check_emergence(emergence_phis(*given), *given, start=False)
    check_emergence(emergence_phis(3, alpha, phi_max), 3, alpha, phi_max, start=False)

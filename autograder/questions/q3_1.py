"""q3_1: the scaling rule, its rounding, and where new layers emerge."""

from otter.test_files import test_case

from scalelab.checking import expect_close, expect_equal, rng

OK_FORMAT = False
name = "q3_1"
points = 12


@test_case(points=0.5)
def coefficients_of_one_step(compound_coefficients):
    hints = {
        (1.15, 1.1, 1.2): "Which of alpha, beta and gamma belongs to the depth?",
        (1.1, 1.2, 1.15): "Which of alpha, beta and gamma belongs to the depth?",
        (1.2, 1.15, 1.1): "Which of beta and gamma belongs to the width?",
    }
    expect_close(compound_coefficients(1), (1.2, 1.1, 1.15), hints, what="(d, w, r) at phi = 1")


@test_case(points=0.5)
def repeats_of_a_stage(round_repeats):
    hints = {3: "Which way does it round?", 3.3000000000000003: "A stage has a whole number of layers."}
    expect_equal(round_repeats(3, 1.1), 4, hints, what="3 layers at depth 1.1")
    hints = {5: "What does rounding up do to a number that is whole already?"}
    expect_equal(round_repeats(4, 1.0), 4, hints, what="4 layers at depth 1.0")


@test_case(points=1)
def channels_of_a_stage(round_channels):
    hints = {211: "Is that a multiple of the divisor?", 216: "Which multiple of the divisor is nearest?"}
    expect_equal(round_channels(192, 1.1), 208, hints, what="192 channels at width 1.1")
    hints = {134: "Is that a multiple of the divisor?", 128: "Which multiple of the divisor is nearest?"}
    expect_equal(round_channels(112, 1.2), 136, hints, what="112 channels at width 1.2")


@test_case(points=1)
def layers_of_the_sixth_stage(emergence_phis):
    hints = {
        (1.2238999641,): "How many layers are there just past phi = 0?",
        (5,): "The values of phi are asked for, not the numbers of layers.",
        (4, 5): "The values of phi are asked for, not the numbers of layers.",
    }
    expected = [0, 1.22390085]
    expect_close(emergence_phis(4, 1.2, 2.0), expected, hints, what="emergence for 4 layers")


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
        tuple(factor ** abs(phi) for factor in factors): "Which networks does a negative phi stand for?",
        tuple(max(1, value) for value in right): "Which networks does a negative phi stand for?",
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
    for phi in (3, 0.5, draw.uniform(2.6, 6.9)):
        check_coefficients(compound_coefficients(phi), phi, (1.2, 1.1, 1.15))


@test_case(points=0.5, hidden=True)
def coefficients_for_shrinking_phi(compound_coefficients):
    draw = rng("q3_1:shrinking")
    for phi in (-1, -0.5, draw.uniform(-5.4, -1.6)):
        check_coefficients(compound_coefficients(phi), phi, (1.2, 1.1, 1.15))


@test_case(points=0.5, hidden=True)
def coefficients_of_other_factors(compound_coefficients):
    draw = rng("q3_1:factors")
    for phi in (1, 2, draw.uniform(2.6, 3.4)):
        factors = (draw.uniform(1.05, 1.15), draw.uniform(1.2, 1.3), draw.uniform(1.35, 1.5))
        check_coefficients(compound_coefficients(phi, *factors), phi, factors)


@test_case(points=0.5, hidden=True)
def repeats_round_up(round_repeats):
    draw = rng("q3_1:repeats")
    for fraction in (draw.uniform(0.05, 0.45), draw.uniform(0.55, 0.95)):
        repeats = draw.randrange(5, 12)
        whole = repeats + draw.randrange(1, 4)
        depth = (whole + fraction) / repeats
        hints = {
            whole: "A part of a layer more: is it kept or dropped?",
            whole + fraction: "A stage has a whole number of layers.",
            repeats: "What does the depth do here?",
        }
        expect_equal(round_repeats(repeats, depth), whole + 1, hints, what="the number of layers")


@test_case(points=0.5, hidden=True)
def whole_repeats_stay(round_repeats):
    draw = rng("q3_1:whole")
    repeats = draw.randrange(2, 40)
    for count, depth, expected in (
        (repeats, 1.0, repeats),
        (repeats, 2, 2 * repeats),
        (4, 1.25, 5),
        (6, 0.5, 3),
    ):
        hints = {expected + 1: "What does rounding up do to a number that is whole already?"}
        expect_equal(round_repeats(count, depth), expected, hints, what="the number of layers")


@test_case(points=0.5, hidden=True)
def repeats_of_shallower_networks(round_repeats):
    draw = rng("q3_1:shallow")
    vanished = "A stage that is scaled down: does it lose its last layer?"
    expect_equal(round_repeats(1, draw.uniform(0.1, 0.9)), 1, {0: vanished}, what="the number of layers")
    nearest = "Which way does it round?"
    expect_equal(
        round_repeats(3, 0.4),
        2,
        {1: nearest, 3: "May a stage become shallower?"},
        what="the number of layers",
    )
    expect_equal(
        round_repeats(7, 0.45),
        4,
        {3: nearest, 7: "May a stage become shallower?"},
        what="the number of layers",
    )


def nearest_multiple(product, divisor):
    return int(product + divisor / 2) // divisor * divisor


def channels_of(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, nearest_multiple(product, divisor))
    return rounded + divisor if rounded < 0.9 * product else rounded


def check_channels(actual, channels, width, divisor=8, also=None):
    """also: known wrong values of this case, which come before all others."""
    product, right = channels * width, channels_of(channels, width, divisor)
    hints = {
        product: "Is that a multiple of the divisor?",
        int(product): "Is that a multiple of the divisor?",
        round(product): "Is that a multiple of the divisor?",
        channels_of(channels, 1, divisor): "What does the width do here?",
        channels_of(channels, width * width, divisor): "How often is the width applied?",
        channels_of(channels, width, 8): "Does the function use the divisor that it is given?",
        right + divisor: "Is there a multiple of the divisor that is nearer?",
        int(product) // divisor * divisor: "Cutting off is not rounding: which multiple is nearest?",
    }
    expect_equal(actual, right, hints | (also or {}), what="the number of channels")


def draw_product(draw, divisor, low, high):
    """Channels and a width whose product lies between two multiples, at low to high of the way up."""
    product = divisor * (draw.randrange(12, 40) + draw.uniform(low, high))
    channels = draw.randrange(40, 90)
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


@test_case(points=0.5, hidden=True)
def halves_go_up(round_channels):
    draw = rng("q3_1:halves")
    half = "Halfway between two multiples: which way does it go? (What does Python's own round do there?)"
    for width in (1.0, 0.5, 2.0):
        # Even multiples, which Python's round keeps, of a size at which half a step is less than a tenth.
        below = 16 * draw.randrange(4, 12)
        channels = int((below + 4) / width)
        check_channels(round_channels(channels, width), channels, width, also={below: half})


@test_case(points=0.5, hidden=True)
def channels_are_at_least_the_divisor(round_channels):
    draw = rng("q3_1:least")
    least = "A stage needs some channels: what is the least?"
    for channels, width in ((1, 1.0), (16, 0.1), (draw.randrange(10, 20), draw.uniform(0.05, 0.15))):
        check_channels(round_channels(channels, width), channels, width, also={0: least, 16: "One step too many."})


@test_case(points=0.5, hidden=True)
def no_more_than_a_tenth_is_lost(round_channels):
    draw = rng("q3_1:tenth")
    products = [19.2, draw.uniform(9.2, 11.8), draw.uniform(18.0, 19.8), draw.uniform(26.9, 27.9)]
    for channels, product in zip((16, draw.randrange(4, 9), 24, 32), products, strict=True):
        width = product / channels
        below = int(channels * width) // 8 * 8
        lost = "How large a part of the exact number of channels is lost here?"
        check_channels(round_channels(channels, width), channels, width, also={below: lost})


@test_case(points=0.5, hidden=True)
def other_divisors(round_channels):
    draw = rng("q3_1:divisors")
    ignored = "Does the function use the divisor that it is given?"
    for divisor in (4, 16, draw.choice([10, 12])):
        # A product whose nearest multiple of the divisor is not its nearest multiple of 8.
        while True:
            channels, width = draw_product(draw, divisor, *draw.choice([(0.1, 0.4), (0.6, 0.9)]))
            if channels_of(channels, width, divisor) != channels_of(channels, width):
                break
        also = {channels_of(channels, width): ignored}
        check_channels(round_channels(channels, width, divisor), channels, width, divisor, also)


def emergence(log, repeats, alpha, phi_max):
    """The right phis and, as the second, the next one that comes after phi_max."""
    phis, layers = [], repeats
    while not phis or phis[-1] < phi_max:
        phis.append(log(layers / repeats) / log(alpha))
        layers += 1
    return phis[:-1], phis[-1]


def draw_emergence(draw, log, repeats):
    """An alpha and a phi_max that no emergence is near to, with at least four emergences below it."""
    while True:
        alpha, phi_max = draw.uniform(1.15, 1.6), draw.uniform(2.5, 6.0)
        phis, beyond = emergence(log, repeats, alpha, phi_max)
        if len(phis) >= 4 and min(phi_max - phis[-1], beyond - phi_max) > 1e-3:
            return alpha, phi_max


def check_emergence(actual, repeats, alpha, phi_max):
    from math import log, log2

    right, beyond = emergence(log, repeats, alpha, phi_max)
    layers = [repeats + step for step in range(len(right))]
    start = "How many layers are there at phi = 0, and how many just past it?"
    numbers = "The values of phi are asked for, not the numbers of layers."
    halves = [log((count + 0.5) / repeats) / log(alpha) for count in layers]
    crossing = "That is where a rounding to the nearest would jump: where does rounding up?"
    base = "At which power of alpha does the stage have that depth?"
    hints = {
        tuple(right[1:]): start,
        (*right[1:], beyond): start,
        (*right, beyond): "How far does phi go, and is that end within?",
        tuple(layers): numbers,
        tuple(layers[1:]): numbers,
        tuple(count + 1 for count in layers): numbers,
        tuple(phi for phi in halves if phi < phi_max): crossing,
        (0.0, *(phi for phi in halves if phi < phi_max)): crossing,
        tuple(count / repeats for count in layers): "That is how much deeper the stage is: at which phi is it so?",
        tuple(log(count / repeats) for count in layers): base,
        tuple(log2(count / repeats) for count in layers): base,
        tuple((count / repeats - 1) / (alpha - 1) for count in layers): "Does the depth grow in a straight line?",
        tuple(reversed(right)): "In which order?",
        tuple(right[:-1]): "The last one is missing: how far does phi go?",
        (0.0,): "Is it only at the start that a layer emerges?",
    }
    expect_close(actual, right, hints, what="the list", relative=1e-9, absolute=1e-9)


@test_case(points=1.5, hidden=True)
def where_layers_emerge(emergence_phis):
    from math import log

    draw = rng("q3_1:emergence")
    for repeats in (2, 3, 4, draw.randrange(5, 9)):
        alpha, phi_max = draw_emergence(draw, log, repeats)
        check_emergence(emergence_phis(repeats, alpha, phi_max), repeats, alpha, phi_max)


@test_case(points=0.5, hidden=True)
def a_stage_of_one_layer(emergence_phis):
    from math import log

    draw = rng("q3_1:single")
    alpha, phi_max = draw_emergence(draw, log, 1)
    check_emergence(emergence_phis(1, alpha, phi_max), 1, alpha, phi_max)
    check_emergence(emergence_phis(1, 2.0, 3.5), 1, 2.0, 3.5)


@test_case(points=0.5, hidden=True)
def before_the_second_layer_emerges(emergence_phis):
    draw = rng("q3_1:first")
    repeats = draw.randrange(2, 7)
    check_emergence(emergence_phis(repeats, 1.1, 0.5), repeats, 1.1, 0.5)


@test_case(points=0.5, hidden=True)
def over_a_wide_range(emergence_phis):
    from math import log

    draw = rng("q3_1:wide")
    while True:
        alpha, phi_max = draw.uniform(1.2, 1.25), draw.uniform(11.0, 13.0)
        phis, beyond = emergence(log, 3, alpha, phi_max)
        if min(phi_max - phis[-1], beyond - phi_max) > 1e-3:
            break
    check_emergence(emergence_phis(3, alpha, phi_max), 3, alpha, phi_max)

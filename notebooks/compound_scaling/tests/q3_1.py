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

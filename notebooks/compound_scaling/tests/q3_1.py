"""q3_1: the scaling rule, its rounding, and where new layers emerge."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, Unexpected, expect_close, expect_equal, plain, rng

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


@test_case(points=1)
def layers_of_the_sixth_stage(emergence_phis):
    hints = {
        (1.22390085,): "How many layers are there just past phi = 0?",
        (0, 1.22390085, 2.22390085): "How far does phi go, and is that end within?",
        (5,): "The values of phi are asked for, not the numbers of layers.",
        (4, 5): "The values of phi are asked for, not the numbers of layers.",
    }
    expected = [0, 1.22390085]
    expect_close(emergence_phis(4, 1.2, 2.0), expected, hints, what="emergence for 4 layers")

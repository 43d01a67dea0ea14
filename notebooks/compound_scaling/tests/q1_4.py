"""q1_4: the scaled network N(d, w, r), and the limits that it must keep."""

from otter.test_files import test_case

from scalelab.checking import expect_close, expect_equal, in_room, rng

OK_FORMAT = False
name = "q1_4"
points = 4

TWO_SIDES = "A resolution has two sides."
CHANNELS = "Width here means channels, not the map's second side."
SHADOWED = "The channels grew with the map's width: do two things have one name in your code?"
EXACT = "This is the exact N(d, w, r): nothing is rounded yet."
BOTH = "Both limits hold at once: is one enough?"
AREA = "Each side of the map grows by the resolution's factor: is the area what it multiplies?"


@test_case(points=0.5)
def a_network_of_one_stage(scale_stages):
    hints = {
        ((32, 16, 12, 2),): TWO_SIDES,
        ((32, 48, 12, 2),): CHANNELS,
        ((32, 32, 64, 2),): SHADOWED,
        ((64, 64, 12, 2),): AREA,
        ((32, 32, 4, 6),): "Which of the four is the width, and which the depth?",
        (32, 32, 12, 2): "The stages come back as a list, even where there is one only.",
    }
    expect_close(
        scale_stages([(16, 16, 4, 2)], 1, 3, 2),
        [(32, 32, 12, 2)],
        hints,
        what="a network of one stage, wider and at a higher resolution",
    )
    hints = {
        ((10, 10, 8, 3),): "What does depth scale?",
        ((10, 10, 80, 4.5),): SHADOWED,
        ((10, 10, 8, 4),): EXACT,
        ((10, 10, 8, 5),): EXACT,
        ((32, 32, 12, 2), (10, 10, 8, 4.5)): "The stages of an earlier call are still there.",
    }
    expect_close(
        scale_stages([(10, 10, 8, 3)], 1.5, 1, 1), [(10, 10, 8, 4.5)], hints, what="a network of one stage, deeper"
    )


@test_case(points=0.5)
def within_both_limits(is_feasible):
    both = {True: BOTH}
    expect_equal(is_feasible(3, 5, 4, 6), True, what="3 of 4 bytes and 5 of 6 multiply-adds")
    expect_equal(is_feasible(3, 7, 4, 6), False, both, what="3 of 4 bytes and 7 of 6 multiply-adds")
    expect_equal(is_feasible(5, 5, 4, 6), False, both, what="5 of 4 bytes and 5 of 6 multiply-adds")


LEAST = "This is the exact N(d, w, r): is there a least number of layers, channels or pixels?"
SINGLE_LAYER = "A stage of one layer: does the depth scale it, too?"
ALIKE = "Two stages may be alike: do both come back?"
CHANGED = "The list that was handed in has changed: build a new one."


@test_case(points=0)
def several_stages(scale_stages):
    stages = [(8, 8, 3, 1), (4, 4, 16, 2), (8, 8, 3, 1)]
    hints = {
        ((8, 8, 9, 2), (4, 4, 48, 4)): ALIKE,
        ((4, 4, 48, 4), (8, 8, 9, 2)): ALIKE,
        ((8, 8, 9, 2),): "Only the first stage came back.",
        ((8, 8, 9, 1), (4, 4, 48, 4), (8, 8, 9, 1)): SINGLE_LAYER,
        ((8, 8, 3, 2), (4, 4, 48, 4), (8, 8, 3, 2)): "A stage of three channels: does the width scale it, too?",
    }
    expected = [(8, 8, 9, 2), (4, 4, 48, 4), (8, 8, 9, 2)]
    expect_close(scale_stages(stages, 2, 3, 1), expected, hints, what="three stages, at depth 2 and width 3")


@test_case(points=0)
def parts_of_things(scale_stages):
    hints = {((1, 1, 1, 1),): LEAST, ((0.5, 0.5, 0.5, 1),): LEAST, ((0, 0, 0, 0),): EXACT}
    given = scale_stages([(1, 1, 1, 1)], 0.5, 0.5, 0.5)
    expect_close(given, [(0.5, 0.5, 0.5, 0.5)], hints, what="half of a single pixel, channel and layer")
    factor = round(1 + rng("q1_4:practice").randrange(1, 99) / 100, 2)
    given = scale_stages([(1, 1, 100, 1)], 1, 1, factor)
    hints = {((1, 1, 100, 1),): EXACT, ((2, 2, 100, 1),): EXACT, ((factor, 1, 100, 1),): TWO_SIDES}
    expect_close(given, [(factor, factor, 100, 1)], hints, what=f"one pixel at resolution {factor}")


@test_case(points=0)
def what_was_handed_in(scale_stages):
    stages = in_room("[(8, 8, 16, 2), (4, 4, 32, 4)]")
    scale_stages(stages, 2, 2, 2)
    changed = {((16, 16, 32, 4), (8, 8, 64, 8)): CHANGED, (): CHANGED}
    expect_equal(stages, [(8, 8, 16, 2), (4, 4, 32, 4)], changed, what="the list handed in, afterwards,")


@test_case(points=0)
def at_the_limits(is_feasible):
    inclusive = "A network that needs exactly as much as there is: does it keep the limit?"
    expect_equal(is_feasible(4, 6, 4, 6), True, {False: inclusive}, what="all 4 bytes and all 6 multiply-adds")
    beyond = {True: "Above the limit is above it, by however little."}
    expect_equal(is_feasible(10**6 + 1, 1, 10**6, 6), False, beyond, what="one byte more than 10⁶")
    expect_equal(is_feasible(1, 10**6 + 1, 4, 10**6), False, beyond, what="one multiply-add more than 10⁶")
    expect_equal(is_feasible(0, 7, 4, 6), False, {True: BOTH}, what="no bytes, and 7 of 6 multiply-adds")
    expect_equal(is_feasible(5, 0, 4, 6), False, {True: BOTH}, what="5 of 4 bytes, and no multiply-adds")

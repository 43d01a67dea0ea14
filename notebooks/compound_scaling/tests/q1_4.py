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
    expect_close(scale_stages([(16, 16, 4, 2)], 1, 3, 2), [(32, 32, 12, 2)], hints, what="the stages")
    hints = {
        ((10, 10, 8, 3),): "What does depth scale?",
        ((10, 10, 80, 4.5),): SHADOWED,
        ((10, 10, 8, 4),): EXACT,
        ((10, 10, 8, 5),): EXACT,
        ((32, 32, 12, 2), (10, 10, 8, 4.5)): "The stages of an earlier call are still there.",
    }
    expect_close(scale_stages([(10, 10, 8, 3)], 1.5, 1, 1), [(10, 10, 8, 4.5)], hints, what="the stages, deeper")


@test_case(points=0.5)
def within_both_limits(is_feasible):
    both = {True: BOTH}
    expect_equal(is_feasible(3, 5, 4, 6), True, what="3 of 4 bytes and 5 of 6 multiply-adds")
    expect_equal(is_feasible(3, 7, 4, 6), False, both, what="3 of 4 bytes and 7 of 6 multiply-adds")
    expect_equal(is_feasible(5, 5, 4, 6), False, both, what="5 of 4 bytes and 5 of 6 multiply-adds")

"""q1_4: the scaled network N(d, w, r), and the limits that it must keep."""

from otter.test_files import test_case

from scalelab.checking import expect_close, expect_equal, in_room, rng

OK_FORMAT = False
name = "q1_4"
points = 4

TWO_SIDES = "A resolution has two sides."


@test_case(points=0.5)
def a_network_of_one_stage(scale_stages):
    hints = {
        ((32, 16, 12, 2),): TWO_SIDES,
        ((32, 32, 4, 6),): "Which of the four is the width, and which the depth?",
    }
    expect_close(scale_stages([(16, 16, 4, 2)], 1, 3, 2), [(32, 32, 12, 2)], hints, what="the stages")
    expect_close(scale_stages([(10, 10, 8, 3)], 1.5, 1, 1), [(10, 10, 8, 4.5)], what="the stages, deeper")


@test_case(points=0.5)
def within_both_limits(is_feasible):
    expect_equal(is_feasible(3, 5, 4, 6), True, what="3 of 4 bytes and 5 of 6 multiply-adds")
    expect_equal(is_feasible(3, 7, 4, 6), False, what="3 of 4 bytes and 7 of 6 multiply-adds")

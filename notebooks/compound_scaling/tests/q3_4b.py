"""q3_4b: the networks that no other one beats: the Pareto front."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, expect_equal, plain, rng

OK_FORMAT = False
name = "q3_4b"
points = 2


@test_case(points=0.5)
def a_front_of_two(pareto_front):
    hints = {
        (0, 1): "Sorted by what? The indices stand in the order of rising cost.",
        (0, 1, 2): "One of the three is dearer and worse than another.",
        (1, 2, 0): "One of the three is dearer and worse than another.",
        ((2, 75), (4, 80)): "The indices of the points are asked for, not the points.",
        (2,): "Those that are dominated were kept, and the others left out.",
    }
    points = [(4, 80), (2, 75), (3, 70)]
    expect_equal(pareto_front(points), [1, 0], hints, what=f"the front of {points}")

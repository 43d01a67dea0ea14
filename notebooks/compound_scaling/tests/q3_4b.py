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
        (True, True, False): "That is True or False for each point: the indices of those that stay are asked for.",
        (0, 2): "The indices are those in the list that was handed in, not in a sorted one.",
        (2, 0): "A point is (cost, accuracy): which of the two comes first?",
        (2, 1): "The first index is 0.",
        (0,): "Is a high cost good, or bad?",
        (1, 2): "Is a high accuracy good, or bad?",
        (1,): "One point is the best by some ratio. But which ones does no other point dominate?",
        (2,): "Those that are dominated were kept, and the others left out.",
    }
    expect_equal(pareto_front([(4, 80), (2, 75), (3, 70)]), [1, 0], hints, "the front of [(4, 80), (2, 75), (3, 70)]")

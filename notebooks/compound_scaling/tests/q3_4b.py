"""q3_4b: the networks that no other one beats: the Pareto front."""

from itertools import pairwise

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


EQUAL = "Two equal points: does either dominate the other?"
TWICE = "One index stands there twice: does list.index find the second of two equal points?"
STRICT = "A point that is as cheap and worse, or as accurate and dearer: is it dominated?"


@test_case(points=0)
def equal_and_as_good_points(pareto_front):
    for points, front, hints in (
        ([(2, 75), (2, 75), (1, 60)], [2, 0, 1], {(2, 0): EQUAL, (2, 1): EQUAL, (2,): EQUAL, (2, 0, 0): TWICE}),
        ([(2, 75), (2, 70)], [0], {(0, 1): STRICT, (1, 0): STRICT}),
        ([(2, 70), (2, 75)], [1], {(0, 1): STRICT, (1, 0): STRICT}),
        ([(3, 75), (2, 75)], [1], {(1, 0): STRICT, (0, 1): STRICT}),
        ([(2, 70), (2, 75), (1, 75)], [2], {(2, 1): STRICT, (2, 0): STRICT}),
    ):
        expect_equal(pareto_front(points), front, hints, f"the front of {points}")


@test_case(points=0)
def special_points(pareto_front):
    neighbour = "Is each point compared with all others, or only with a neighbour?"
    zero = "An accuracy of 0 is one, too: is the cheapest point ever dominated?"
    part = "Costs and accuracies need not be whole: is something cut off or rounded?"
    large = "Large costs that differ by little: does something round them?"
    for points, front, hints in (
        ([(1, 80), (2, 70), (3, 75), (4, 90)], [0, 3], {(0, 2, 3): neighbour}),
        ([(1, 0), (2, 5)], [0, 1], {(1,): zero}),
        ([(1, 0)], [0], {(): zero}),
        ([], [], {None: "For no points the front is empty: an empty list."}),
        ([(1.4, 80), (1.2, 79)], [1, 0], {(0,): part}),
        ([(1, 70.001), (2, 70.002)], [0, 1], {(0,): part}),
        ([(2**24 + 1, 80), (2**24, 79)], [1, 0], {(0,): large}),
    ):
        expect_equal(pareto_front(points), front, hints, f"the front of {points}")


@test_case(points=0)
def where_dearer_is_always_better(pareto_front):
    count = rng("q3_4b:practice").randrange(4, 9)
    points = [(10 * place, 50 + place) for place in range(count, 0, -1)]
    expect_equal(pareto_front(points), list(range(count - 1, -1, -1)), what=f"the front of {points}")

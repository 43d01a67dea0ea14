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


# ---- hidden: nothing below this line reaches a student ----


def dominates(one, other):
    return one[0] <= other[0] and one[1] >= other[1] and one != other


def front_of(points, beats=dominates):
    """By rising cost; equal points in their order, because sorting keeps it."""
    kept = [index for index, point in enumerate(points) if not any(beats(other, point) for other in points)]
    return sorted(kept, key=lambda index: points[index])


def strictly(one, other):
    return one[0] < other[0] and one[1] > other[1]


def swept(points, order):
    """What one sweep in some order keeps, where each point has to beat all before it."""
    kept = []
    for index in order:
        if all(points[index][1] > points[other][1] for other in kept):
            kept.append(index)
    return kept


def above_neighbours(points):
    """What is better than its neighbour in the order of cost, or equals it."""
    order = sorted(range(len(points)), key=lambda index: (points[index][0], -points[index][1]))
    kept = order[:1]
    for place in range(1, len(order)):
        one, before = points[order[place]], points[order[place - 1]]
        if one[1] > before[1] or one == before:
            kept.append(order[place])
    return kept


def hints_for(points):
    """The right front, and known wrong ones with what to think about."""
    right = front_of(points)
    by_cost = sorted(range(len(points)), key=lambda index: points[index][0])
    ratios = [accuracy / cost for cost, accuracy in points]
    low = front_of([(-cost, accuracy) for cost, accuracy in points])
    worst = front_of([(cost, -accuracy) for cost, accuracy in points])
    first = {point: index for index, point in reversed(list(enumerate(points)))}
    last = {point: index for index, point in enumerate(points)}
    sorted_list = "The indices are those in the list that was handed in, not in a sorted one."
    wrongs = [  # the first ones go before others that give the same front
        (front_of(points, strictly), STRICT),
        (front_of(points, lambda one, other: one[0] <= other[0] and one[1] > other[1]), STRICT),
        (front_of(points, lambda one, other: one[0] < other[0] and one[1] >= other[1]), STRICT),
        ([index for index in right if first[points[index]] == index], EQUAL),
        ([index for index in right if last[points[index]] == index], EQUAL),
        ([index for index in right if points.count(points[index]) == 1], EQUAL),
        ([first[points[index]] for index in right], "Equal points have an index each: does one stand there twice?"),
        (swept(points, by_cost), STRICT),
        (range(len(points)), "Are there none that another one beats?"),
        (sorted(right), "In which order do the indices stand?"),
        (right[::-1], "In which order do the indices stand?"),
        (sorted(right, key=lambda index: (points[index][0], -index)), "Equal points: in which order do they stand?"),
        ([points[index] for index in right], "The indices of the points are asked for, not the points."),
        ([index in right for index in range(len(points))], "The indices of those that stay are asked for."),
        (front_of(sorted(points)), sorted_list),
        (front_of([points[index] for index in by_cost]), sorted_list),
        (front_of([(cost, accuracy) for accuracy, cost in points]), "Which comes first, the cost or the accuracy?"),
        ([index + 1 for index in right], "The first index is 0."),
        (low, "Is a high cost good, or bad?"),
        (low[::-1], "Is a high cost good, or bad?"),
        (worst, "Is a high accuracy good, or bad?"),
        ([], "The front is never empty: some point is the best."),
        ([ratios.index(max(ratios))], "One point is the best by some ratio: which ones does no other dominate?"),
        (above_neighbours(points), "Is each point compared with all others, or only with a neighbour?"),
        ([1, 0], "Is this found from the points that were handed in?"),
    ]
    return right, wrongs


def check_front(pareto_front, points, any_order=False):
    right, wrongs = hints_for(points)
    found = pareto_front(points)
    if any_order and is_list_of_numbers(found):
        found, right = in_any_order(found), sorted(right)
        wrongs = [(sorted(wrong), hint) for wrong, hint in wrongs]
    hints = {}
    for wrong, hint in wrongs:
        if list(wrong) != right:
            hints.setdefault(tuple(wrong), hint)
    expect_equal(found, right, hints, what="the front")


def is_list_of_numbers(found):
    try:
        read = plain(found)
    except NotAValue:
        return False
    return isinstance(read, list) and all(isinstance(one, (int, float)) for one in read)


def bulges(front):
    """Whether each step along a front gains less for its cost than the one before: no point lies in a dent of it."""
    steps = [(there[1] - here[1]) / (there[0] - here[0]) for here, there in pairwise(front)]
    return steps == sorted(steps, reverse=True)


def draw_points(draw, count, dent):
    """Points of different costs and accuracies, with a front of at least three that is not all, in a wild order.

    Whoever compares neighbours alone does not find it. dent: whether a point of the front lies below the line between
    its neighbours. Two that are dominated always stand side by side, where one may be passed over.
    """
    while True:
        costs, accuracies = draw.sample(range(10, 900), count), draw.sample(range(300, 900), count)
        points = [(cost, accuracy / 10) for cost, accuracy in zip(costs, accuracies, strict=True)]
        right = front_of(points)
        others = (sorted(right), sorted(right)[::-1], above_neighbours(points))
        pair = any(index not in right and index + 1 not in right for index in range(count - 1))
        as_wanted = dent != bulges([points[index] for index in right])
        if 3 <= len(right) < count - 2 and right not in others and pair and as_wanted:
            return points


SPECIAL = (
    ([(3, 0), (5, 10)], [(1,)], "An accuracy of 0 is one, too: is the cheapest point ever dominated?"),
    ([(3, 0.0)], [()], "An accuracy of 0 is one, too: is the cheapest point ever dominated?"),
    ([(0, 40), (2, 60)], [(1,)], "A cost of 0 is one, too: does any point beat it?"),
    ([(0.5, 75), (0.25, 70), (0.125, 60)], [(0,)], "Costs need not be whole: is something cut off?"),
    ([(4, 77.692), (3, 77.691), (2, 77.25)], [(2,), (1, 2)], "Accuracies need not be whole: is something rounded?"),
    ([(2, 77.69212), (1, 77.69211)], [(1,)], "Accuracies need not be whole: is something rounded?"),
    ([(2, 77.6921103), (1, 77.6921101)], [(1,)], "Accuracies that differ by very little: is something rounded?"),
    ([(2000.0003, 75), (2000.0001, 70)], [(0,)], "Costs that differ by very little: does something round them?"),
    ([(0.25002, 75), (0.25001, 70)], [(0,)], "Costs need not be whole: is something cut off?"),
    ([(2**24, 70), (2**24 + 1, 80)], [(1,)], "Large costs that differ by little: does something round them?"),
    ([(10**10 + 7, 80), (10**10, 70)], [(0,)], "Large costs that differ by little: does something round them?"),
)
"""Points, wrong fronts, and what to think about."""


def in_any_order(found):
    """The order is another case's concern."""
    return sorted(plain(found)) if is_list_of_numbers(found) else found


@test_case(points=0.5, hidden=True)
def who_is_dominated_goes(pareto_front):
    draw = rng("q3_4b:dominated")
    for points, wrongs, hint in SPECIAL:
        hints = dict.fromkeys(wrongs, hint)
        expect_equal(in_any_order(pareto_front(points)), sorted(front_of(points)), hints, what="the front")
    for count in (10, 14):
        check_front(pareto_front, draw_points(draw, count, dent=True), any_order=True)
    rising = sorted(draw_points(draw, 9, dent=True))
    tower = [(cost, 30.0 + number) for number, (cost, _) in enumerate(rising)]  # all of them are on the front
    check_front(pareto_front, tower, any_order=True)
    check_front(pareto_front, [(cost, 30 + cost / 2) for cost in range(1, 60)], any_order=True)
    check_front(pareto_front, [(cost, 90.0 - number) for number, (cost, _) in enumerate(rising)], any_order=True)


@test_case(points=0.5, hidden=True)
def better_in_one_is_enough(pareto_front):
    draw = rng("q3_4b:one")
    for _ in range(3):
        cheap, dear = sorted(draw.sample(range(10, 900), 2))
        worse, better = sorted(draw.sample(range(40, 95), 2))
        as_cheap = [(cheap, worse), (cheap, better), (cheap, better - 0.5), (dear, better + 1)]
        as_good = [(dear, better), (cheap, better), (dear + 7, better), (cheap - 5, worse - 1)]
        for points in (as_cheap, as_good):
            draw.shuffle(points)
            last = front_of(points)
            together = sorted(points, key=lambda point: points.index(point) in last)  # those that go stand side by side
            for one in (points, points[::-1], together):  # so that the better of two comes second as well
                check_front(pareto_front, one, any_order=True)


def check_that_equal_points_may_go(pareto_front):
    """Whoever compares neighbours alone has lost points for that."""
    if in_any_order(pareto_front([(1, 80), (2, 70), (3, 75), (4, 90)])) != [0, 3]:
        return
    hints = dict.fromkeys(
        ((0, 1), (0, 2), (1, 2), (0, 1, 2)), "Two equal points that a third one dominates: do they stay?"
    )
    for points in ([(9, 90), (20, 50), (20, 50)], [(20, 50), (9, 90), (20, 50)]):
        only = [points.index((9, 90))]
        expect_equal(in_any_order(pareto_front(points)), only, hints, what="the front")


@test_case(points=0.25, hidden=True)
def equal_points_stay(pareto_front):
    draw = rng("q3_4b:equal")
    check_front(pareto_front, [(7, 50), (7, 50), (9, 40), (7, 50), (7, 50)], any_order=True)
    check_that_equal_points_may_go(pareto_front)
    for _ in range(2):
        cost, accuracy = draw.randrange(50, 900), draw.randrange(50, 90)
        points = [(cost, accuracy), (cost + 20, accuracy - 3), (cost - 9, accuracy - 7), (cost, accuracy)]
        check_front(pareto_front, points, any_order=True)
        check_front(pareto_front, [*points, (cost, accuracy)], any_order=True)


@test_case(points=0.25, hidden=True)
def by_rising_cost(pareto_front):
    draw = rng("q3_4b:order")
    nothing = "Of no points none is on the front: what comes back is an empty list."
    expect_equal(pareto_front([]), [], {None: nothing, (0,): nothing}, what="the front of no points")
    # A sort that does not keep equal ones in their order may keep as few of them as any processor looks at in one go.
    many = [[(5, 40), (7, 50), (9, 60)][7 * number % 5 % 3] for number in range(60)]
    ranks = [(7, 50), (5, 40), (7, 50), (8, 30), (5, 40), (7, 50), (5, 40)]
    parts = [(1.4, 80), (1.2, 70), (1.9, 60)]
    for points in (
        [(2, 1.0), (3, 0.7), (2, 1.0), (1, 0.5)],
        parts,
        [(1.9, 60), (1.2, 70), (1.4, 80)],
        [(3, 60), (1, 70), (2, 50), (4, 80)],
        ranks,
        [(2**24 + 1, 80), (2**24 + 2, 75), (2**24, 70)],
        many,
    ):
        check_front(pareto_front, points)
    points = draw_points(draw, 12, dent=False)
    check_front(pareto_front, points)
    twice = points[front_of(points)[1]]
    check_front(pareto_front, [twice, *points, twice])

"""x2_grid: the small grid search that finds alpha, beta and gamma."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, expect_close, expect_equal, plain, remembered, rng

OK_FORMAT = False
name = "x2_grid"
points = 3
bonus = True


@test_case(points=0.5)
def a_coarse_grid(grid_search):
    alone = "Triples alone are asked for, without their cost or distance."
    hints = {
        (): "Is the cost alpha · beta² · gamma², does the grid reach as far as 2, and is every combination tried?",
        ((1, 2, 1),): "In which order do alpha, beta and gamma stand?",
        ((1, 1, 2),): "In which order do alpha, beta and gamma stand?",
        ((0, (2, 1, 1)),): alone,
        ((2, (2, 1, 1)),): alone,
        ((2, 1, 1, 2),): alone,
        ((2, 1, 1, 0),): alone,
        ((0, 2, 1, 1),): alone,
        ((2, 2, 1, 1),): alone,
        (2,): "The triples are asked for, not their costs.",
        (2, 1, 1): "A list of triples is asked for, even where there is one alone.",
        (1.2, 1.1, 1.15): "That is the paper's choice, which came of training: all that keep the budget are asked for.",
    }
    expect_close(grid_search(2, 0.5, 0.1), [(2, 1, 1)], hints, what="the triples within 0.1 of 2, in steps of 0.5,")


@test_case(points=0.5)
def the_closest_first(grid_search):
    first = grid_search(2, 0.25, 0.2)[:1]
    hints = {
        ((1.25, 1, 1.25),): "Sorted by how far the cost is from the budget?",
        (): "Does the grid reach as far as 2?",
    }
    expect_close(first, [(2, 1, 1)], hints, what="the closest triple to 2, in steps of 0.25,")


def cost(alpha, beta, gamma):
    return alpha * beta**2 * gamma**2


@test_case(points=0)
def small_grids(grid_search):
    end = "Does the grid reach its end, the value 2?"
    edge = "Is exactly at the tolerance still within it?"
    both = "May the cost be below the budget as well as above it?"
    for (budget, step, tolerance), right, hints in (
        ((1, 0.5, 0), [(1, 1, 1)], {(): edge}),
        ((2, 0.5, 0.3), [(1, 1, 1.5), (1, 1.5, 1), (2, 1, 1)], {((2, 1, 1),): both, ((1, 1, 1.5), (1, 1.5, 1)): end}),
        ((1, 1, 1), [(1, 1, 1), (2, 1, 1)], {((1, 1, 1),): edge}),
        ((32, 0.5, 0), [(2, 2, 2)], {(): end}),
        (
            (2.5, 0.5, 0.25),
            [(1, 1, 1.5), (1, 1.5, 1)],
            {
                (): both,
                ((1, 1, 1.5), (1, 1.5, 1), (2, 1, 1)): "Is the tolerance a share of the budget, or taken as it is?",
            },
        ),
        ((2.2, 0.2, 0.03), [], {((2.2, 1, 1),): "Does the grid hold more than 2?"}),
        ((1.75, 0.5, 0.25), [(1.5, 1, 1), (2, 1, 1)], {((2, 1, 1),): both, ((1.5, 1, 1),): both}),
        ((3, 0.5, 0.1), [], {}),
    ):
        found = sorted(grid_of(grid_search(budget, step, tolerance)))
        what = f"the triples within {tolerance} of {budget}, in steps of {step},"
        expect_close(found, right, {wrong: hint for wrong, hint in hints.items() if list(wrong) != right}, what=what)


def grid_of(result):
    """The triples that came back, in any order; anything else is shown as it is."""
    read = plain(result)
    if not isinstance(read, list) or not all(isinstance(one, list) and len(one) == 3 for one in read):
        expect_equal(read, [(1, 1, 1)], what="what should be a list of triples, such as [(1, 1, 1)],")
    return read


@test_case(points=0)
def a_fine_grid(grid_search):
    """How many there are, and that the closest come first."""
    for (budget, step, tolerance), count in (
        ((2.03, 0.1, 0.1), 17),
        ((3.013, 0.1, 0.05), 4),
        ((4.2, 0.05, 0.02), 50),
        ((2.03, 0.125, 0.06), 6),
    ):
        found = grid_of(grid_search(budget, step, tolerance))
        what = f"the number of triples within {tolerance} of {budget}, in steps of {step},"
        expect_equal(len(found), count, what=what)
        expect_equal(len({tuple(one) for one in found}), count, what="the number of different triples")
        gaps = [round(abs(cost(*one) - budget), 5) for one in found]
        sideways = "Sorted by how far the cost is from the budget: is the closest one first?"
        what = f"the distances to {budget}, in the order found,"
        expect_close(gaps, sorted(gaps), {tuple(gaps): sideways}, what=what, absolute=1e-4)
        again = len(grid_of(grid_search(budget, step, tolerance)))
        expect_equal(again, count, {2 * count: "Does a second call begin anew?"}, what="the number in a second call")


# ---- hidden: nothing below this line reaches a student ----


NEAR = 1e-6
"""More than float32 and the order of a sum make, and far less than a step of any grid here."""


def grid(step, start=0, stop=0, origin=1):
    steps = round(1 / step)
    values = [origin + index * step for index in range(start, steps + 1 - stop)]
    return [(alpha, beta, gamma) for alpha in values for beta in values for gamma in values]


def within(triples, budget, tolerance, price=cost):
    return sorted(triple for triple in triples if abs(price(*triple) - budget) <= tolerance)


def distance(triple, budget):
    return abs(cost(*triple) - budget)


def read_triples(result):
    """The triples as lists of numbers; None where it is no list of triples."""
    try:
        read = plain(result)
    except NotAValue:
        return None
    if not isinstance(read, list) or not all(isinstance(triple, list) and len(triple) == 3 for triple in read):
        return None
    return read if all(isinstance(value, (int, float)) for triple in read for value in triple) else None


def in_some_order(triples):
    """In an order that rounding errors do not change."""
    return sorted(triples, key=lambda triple: [round(value, 5) for value in triple])


WRONG_COSTS = (
    lambda alpha, beta, gamma: alpha * beta * gamma,
    lambda alpha, beta, gamma: alpha**2 * beta**2 * gamma,
    lambda alpha, beta, gamma: alpha**2 * beta * gamma**2,
    lambda alpha, beta, gamma: alpha * beta * gamma**2,
    lambda alpha, beta, gamma: alpha * beta**2 * gamma,
    lambda alpha, beta, gamma: (alpha * beta * gamma) ** 2,
    lambda alpha, beta, gamma: alpha + beta**2 + gamma**2,
)


def ascending(triple):
    return list(triple) == sorted(triple)


def known_mistakes(right, budget, step, tolerance):
    """What is found by those who make one, in the order of the grid, and what to think about."""
    squares = "Which of the three are squared in the cost?"
    begin = "Where does the grid begin?"
    every = "Is every combination of the three tried, each with its own value?"
    order = "In which order do the three stand in a triple?"
    return [
        *((within(grid(step), budget, tolerance, price), squares) for price in WRONG_COSTS),
        (within(grid(step, start=1), budget, tolerance), begin),
        (within(grid(step, origin=0), budget, tolerance), begin),
        (within(grid(step), 2, tolerance), "Does the function use the budget that it is given?"),
        (
            within(grid(step), budget, tolerance * budget),
            "Is the tolerance a part of the budget, or a number by itself?",
        ),
        ([triple for triple in right if cost(*triple) >= budget], "May the cost stay below the budget, too?"),
        ([triple for triple in right if cost(*triple) <= budget], "May the cost be above the budget, too?"),
        ([triple for triple in right if ascending(triple)], every),
        ([triple for triple in right if ascending(triple[::-1])], every),
        ([triple for triple in right if len(set(triple)) == 3], every),
        ([triple for triple in right if len(set(triple)) == 1], every),
        (sorted(triple[::-1] for triple in right), order),
        (sorted((beta, alpha, gamma) for alpha, beta, gamma in right), order),
    ]


def hint_of_strays(found, right, budget, tolerance):
    """Where no mistake is known: which kind of triple is there and should not be, or is missing."""
    far = any(distance(triple, budget) > tolerance + 0.01 for triple in found)
    if far and not right:
        return "Where nothing is within the tolerance, nothing is found: the list is empty."
    if far and tolerance == 0:
        return "A tolerance of 0 is one, too: what costs the very budget is within it, and nothing else."
    if any(distance(triple, budget) > tolerance + NEAR for triple in found):
        return "Some of these cost too much or too little."
    if any(not 1 - NEAR <= value <= 2 + NEAR for triple in found for value in triple):
        return "Some of these are beyond the grid: where does it begin, and where does it end?"
    if len(found) < len(right):
        return "Some that are within the tolerance are missing."
    if len(found) > len(right):
        return "Some of these are there more than once."
    return "Some of these are not on the grid."


def check_triples(result, budget, step, tolerance):
    right = within(grid(step), budget, tolerance)
    triples = read_triples(result)
    if triples is None:
        expect_close(result, right, {}, what="the list of triples")
    found = in_some_order(triples)

    def hints():
        return hints_of(found, right, budget, step, tolerance)

    expect_close(found, right, hints, what="the triples", relative=NEAR, absolute=NEAR)


def hints_of(found, right, budget, step, tolerance):
    """What each mistake finds, and what to think about."""
    inside = [triple for triple in right if distance(triple, budget) < tolerance - 1e-9]
    closest = min((distance(triple, budget) for triple in right), default=0.0)
    hints = {
        tuple(within(grid(step, stop=1), budget, tolerance)): "Does the grid reach its end?",
        tuple(within(grid(step, stop=-1), budget, tolerance)): "Does the grid go beyond its end?",
        tuple(inside): "Is exactly at the tolerance still within it?",
    }
    for mistaken, hint in known_mistakes(right, budget, step, tolerance):
        hints.setdefault(tuple(mistaken), hint)
    one = "All that are within the tolerance are asked for."
    rounded = [tuple(round(value, 2) for value in triple) for triple in grid(step)]
    hints.setdefault(tuple(within(rounded, budget, tolerance)), "Are the values of the grid exact, or rounded?")
    hints |= {(triple,): one for triple in right if distance(triple, budget) < closest + 1e-9}
    hints[()] = "Nothing was found: how far does the grid reach, and what is the cost?"
    strays = tuple(tuple(triple) for triple in found)
    hints.setdefault(strays, hint_of_strays(found, right, budget, tolerance))
    return hints


@remembered
def search_of(seed, steps, low, high):
    """A budget, step and tolerance for which each known mistake finds something else, and rounding decides nothing."""
    from random import Random

    draw, step = Random(seed), 1 / steps
    while True:
        budget, tolerance = draw.uniform(low, high), draw.uniform(0.06, 0.2)
        right = within(grid(step), budget, tolerance)
        if len(right) > 150 or not steady(budget, step, tolerance) or (budget > 2 and not rich(right, budget)):
            continue
        if all(found != right for found, _hint in known_mistakes(right, budget, step, tolerance)):
            return budget, step, tolerance


def moved(draw, search):
    """The same search but for the budget's fifth digit, which finds the same triples.

    What is searched is the same in every run: or else a mistake that nobody has thought of would cost points with one
    seed and none with the next.
    """
    budget, step, tolerance = search
    return budget + draw.uniform(-1e-5, 1e-5), step, tolerance


def rich(right, budget):
    """Whether an order is to be seen in each part that a mistake leaves, and edges of the grid where they can be."""
    inner = [triple for triple in right if min(triple) > 1 and max(triple) < 2]
    gaps = [distance(triple, budget) for triple in inner]
    parts = (
        [triple for triple in inner if cost(*triple) < budget],
        [triple for triple in inner if cost(*triple) > budget],
        [triple for triple in inner if ascending(triple)],
        [triple for triple in inner if len(set(triple)) == 3],
    )
    several = all(len({round(distance(triple, budget), 4) for triple in part}) >= 2 for part in parts)
    return several and gaps != sorted(gaps) and any(max(triple) == 2 for triple in right)


def steady(budget, step, tolerance):
    return all(abs(distance(triple, budget) - tolerance) > 2e-3 for triple in grid(step, stop=-1))


@test_case(points=0.5, hidden=True)
def every_triple_within_the_tolerance(grid_search):
    draw = rng("x2_grid:every")
    # Steps that floats hold exactly, or budgets too small for a 2: the end of the grid is tested by itself.
    for number, kind in enumerate(((8, 2.7, 4.2), (8, 2.7, 4.2), (10, 1.5, 1.75))):
        search = moved(draw, search_of(number, *kind))
        found = grid_search(*search)
        more = len(read_triples(grid_search(*search)) or [])
        anew = {more: "A second call finds more than the first: does each begin anew?"}
        expect_equal(more, len(read_triples(found) or []), anew, what="the number of triples of a second call")
        check_triples(found, *search)
    # All 729 of the grid, and a finer one.
    for search in ((16, 0.125, 17), (3.01, 0.0625, 0.05), (1.2, 1 / 3, 0.3)):
        check_triples(grid_search(*search), *search)


@test_case(points=0.5, hidden=True)
def the_grid_ends_at_two(grid_search):
    draw = rng("x2_grid:end")
    for number, (step, budget) in enumerate(((0.1, 2.05), (0.2, 2.1), (0.1, 4.2))):
        search = moved(draw, end_of_grid(number, step, budget))
        check_triples(grid_search(*search), *search)
    # A step so short that one more is hardly beyond the end.
    check_triples(grid_search(2.04, 0.04, 0.02), 2.04, 0.04, 0.02)


@remembered
def end_of_grid(seed, step, budget):
    """A search in which a 2 is within the tolerance, and what lies one step beyond it would be."""
    from random import Random

    draw = Random(seed)
    while True:
        search = (budget + draw.uniform(-0.03, 0.03), step, draw.uniform(0.25, 0.3))
        if steady(*search):
            return search


@test_case(points=0.5, hidden=True)
def the_tolerance_may_be_reached(grid_search):
    # Every number here is a sum of few powers of two, so that no rounding error decides.
    check_triples(grid_search(2, 0.5, 0.5), 2, 0.5, 0.5)
    check_triples(grid_search(4, 0.25, 0.5), 4, 0.25, 0.5)
    check_triples(grid_search(2.25, 1.0, 0.25), 2.25, 1.0, 0.25)
    # The ends of the grid, no tolerance at all, and nothing within it.
    for search in ((1, 0.5, 0), (32, 0.5, 0.0), (32.5, 1, 0.5), (3, 1, 0.25), (40, 0.25, 8)):
        check_triples(grid_search(*search), *search)
    # A little more than the tolerance is too much.
    for search in ((2.5, 0.5, 0.25 - 2**-16), (1 + 2**-8, 0.5, 0), (1 + 2**-16, 0.5, 0)):
        check_triples(grid_search(*search), *search)
    # A cost of many digits, of which none is left out.
    check_triples(grid_search(1.25**5, 0.25, 0), 1.25**5, 0.25, 0)


@test_case(points=0.5, hidden=True)
def sorted_by_distance(grid_search):
    """Only the order of what was found: whether it is all that there is, other tests see."""
    draw = rng("x2_grid:order")
    # The third has another order by distances of four digits, and the last one by how many times the budget it is.
    fixed = search_of(5, 16, 2.7, 4.2), (4.1, 0.25, 2.5)
    for search in (*(moved(draw, search_of(3, steps, 2.7, 4.2)) for steps in (10, 8)), *fixed):
        budget, step, tolerance = search
        found = grid_search(budget, step, tolerance)
        triples = read_triples(found)
        if triples is None:
            expect_close(found, within(grid(step), budget, tolerance), {}, what="the list of triples")
        gaps = [distance(triple, budget) for triple in triples]
        by_cost = [distance(triple, budget) for triple in sorted(triples, key=lambda triple: cost(*triple))]
        sideways = "Sorted by the cost, or by how far it is from the budget?"
        as_tried = [distance(triple, budget) for triple in sorted(triples)]
        times = [distance(t, budget) for t in sorted(triples, key=lambda t: max(cost(*t) / budget, budget / cost(*t)))]
        # Those that are equally far may stand in any order, and so may those that float32 takes for such.
        expect_close(
            gaps,
            sorted(gaps),
            {
                tuple(sorted(gaps, reverse=True)): "Is the closest one first, or last?",
                tuple(by_cost): sideways,
                tuple(reversed(by_cost)): sideways,
                tuple(times): "How far from the budget: by how many multiply-adds, or by how many times as much?",
                tuple(as_tried): "In the order in which they were tried: which is to come first?",
            },
            what="the distances to the budget, in the order found,",
            relative=NEAR,
            absolute=1e-5,
        )
        several = len({round(gap, 4) for gap in gaps if gap <= tolerance + NEAR})
        alone = "There are not enough triples within the tolerance to see an order."
        expect_equal(several >= 2 and gaps[0] <= tolerance, True, {False: alone}, what="triples to be in an order")

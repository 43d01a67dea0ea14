"""x2_grid: the small grid search that finds alpha, beta and gamma."""

from otter.test_files import test_case

from scalelab.checking import NotAValue, expect_close, plain, rng

OK_FORMAT = False
name = "x2_grid"
points = 3
bonus = True


@test_case(points=0.5)
def a_coarse_grid(grid_search):
    hints = {
        (): "Is the cost alpha · beta² · gamma², and does the grid reach as far as 2?",
    }
    expect_close(grid_search(2, 0.5, 0.1), [(2, 1, 1)], hints, what="the triples within 0.1 of 2, in steps of 0.5,")


@test_case(points=0.5)
def the_closest_first(grid_search):
    first = grid_search(2, 0.25, 0.2)[:1]
    expect_close(first, [(2, 1, 1)], what="the closest triple to 2, in steps of 0.25,")


# ---- hidden: nothing below this line reaches a student ----


def cost(alpha, beta, gamma):
    return alpha * beta**2 * gamma**2


def grid(step, start=0, stop=0):
    steps = round(1 / step)
    values = [1 + index * step for index in range(start, steps + 1 - stop)]
    return [(alpha, beta, gamma) for alpha in values for beta in values for gamma in values]


def within(triples, budget, tolerance, price=cost):
    return sorted(triple for triple in triples if abs(price(*triple) - budget) <= tolerance)


def in_some_order(result):
    """The triples in an order that rounding errors do not change; None where it is no list of triples."""
    try:
        read = plain(result)
    except NotAValue:
        return None
    if not isinstance(read, list) or not all(isinstance(triple, list) and len(triple) == 3 for triple in read):
        return None
    if not all(isinstance(value, (int, float)) for triple in read for value in triple):
        return None
    return sorted(read, key=lambda triple: [round(value, 6) for value in triple])


WRONG_COSTS = (
    lambda alpha, beta, gamma: alpha * beta * gamma,
    lambda alpha, beta, gamma: alpha**2 * beta**2 * gamma,
    lambda alpha, beta, gamma: alpha**2 * beta * gamma**2,
    lambda alpha, beta, gamma: alpha * beta * gamma**2,
    lambda alpha, beta, gamma: alpha * beta**2 * gamma,
    lambda alpha, beta, gamma: (alpha * beta * gamma) ** 2,
)


def check_triples(result, budget, step, tolerance):
    right = within(grid(step), budget, tolerance)
    dear = tuple(triple for triple in right if cost(*triple) >= budget)
    cheap = tuple(triple for triple in right if cost(*triple) <= budget)
    inside = tuple(triple for triple in right if abs(cost(*triple) - budget) < tolerance - 1e-9)
    closest = (min(right, key=lambda triple: abs(cost(*triple) - budget)),)
    squares = "Which of the three are squared in the cost?"
    hints = {tuple(within(grid(step), budget, tolerance, wrong)): squares for wrong in WRONG_COSTS} | {
        (): "Nothing was found: how far does the grid reach, and what is the cost?",
        tuple(within(grid(step, stop=1), budget, tolerance)): "Does the grid reach its end?",
        tuple(within(grid(step, start=1), budget, tolerance)): "Where does the grid begin?",
        tuple(within(grid(step), 2, tolerance)): "Does the function use the budget that it is given?",
        dear: "May the cost stay below the budget, too?",
        cheap: "May the cost be above the budget, too?",
        inside: "Is exactly at the tolerance still within it?",
        closest: "All that are within the tolerance are asked for.",
    }
    found = in_some_order(result)
    given = result if found is None else found
    expect_close(given, right, hints, what="the triples", relative=1e-9, absolute=1e-9)


def draw_search(draw, steps):
    """A budget, step and tolerance with some triples within, and none on the edge, where rounding decides."""
    while True:
        step, budget, tolerance = 1 / draw.choice(steps), draw.uniform(1.6, 4.5), draw.uniform(0.03, 0.3)
        gaps = [abs(cost(*triple) - budget) for triple in grid(step)]
        if 4 <= sum(gap <= tolerance for gap in gaps) <= 150 and min(abs(gap - tolerance) for gap in gaps) > 1e-6:
            return budget, step, tolerance


@test_case(points=1, hidden=True)
def every_triple_within_the_tolerance(grid_search):
    draw = rng("x2_grid:every")
    for steps in ([4], [5, 8], [10]):
        budget, step, tolerance = draw_search(draw, steps)
        check_triples(grid_search(budget, step, tolerance), budget, step, tolerance)


@test_case(points=0.5, hidden=True)
def the_tolerance_may_be_reached(grid_search):
    # Every number here is a sum of few powers of two, so that no rounding error decides.
    check_triples(grid_search(2, 0.5, 0.5), 2, 0.5, 0.5)
    check_triples(grid_search(4, 0.25, 0.5), 4, 0.25, 0.5)
    check_triples(grid_search(2.25, 1, 0.25), 2.25, 1, 0.25)


@test_case(points=0.5, hidden=True)
def sorted_by_distance(grid_search):
    draw = rng("x2_grid:order")
    for steps in ([10], [4, 5, 8]):
        budget, step, tolerance = draw_search(draw, steps)
        found = grid_search(budget, step, tolerance)
        triples = plain(found) if len(in_some_order(found) or []) > 1 else []  # one alone has no order
        gaps = [round(abs(cost(*triple) - budget), 9) for triple in triples]
        hints = {
            (): "There is no triple to put in order.",
            tuple(sorted(gaps, reverse=True)): "Is the closest one first, or last?",
        }
        right = sorted(gaps) or [0.0]
        expect_close(
            gaps,
            right,
            hints,
            what="the distances to the budget, in the order found,",
            relative=1e-9,
            absolute=3e-9,
        )
        closest = min(abs(cost(*triple) - budget) for triple in grid(step))
        expect_close(gaps[0], closest, {}, what="the distance of the first triple", relative=1e-9, absolute=3e-9)

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

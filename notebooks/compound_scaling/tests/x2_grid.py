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
        (2,): "The triples are asked for, not their costs.",
        (2, 1, 1): "A list of triples is asked for, even where there is one alone.",
        (1.2, 1.1, 1.15): "That is the paper's choice, which came of training: all that keep the budget are asked for.",
    }
    expect_close(grid_search(2, 0.5, 0.1), [(2, 1, 1)], hints, what="the triples within 0.1 of 2, in steps of 0.5,")


@test_case(points=0.5)
def the_closest_first(grid_search):
    first = grid_search(2, 0.25, 0.2)[:1]
    expect_close(first, [(2, 1, 1)], what="the closest triple to 2, in steps of 0.25,")

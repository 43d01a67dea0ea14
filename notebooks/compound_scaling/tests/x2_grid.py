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

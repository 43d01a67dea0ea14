"""q4: steps between neighbours."""

from otter.test_files import test_case

from notebook_checks import expect_equal, rng

OK_FORMAT = False
name = "q4"
points = 2


@test_case(points=1)
def a_worked_example(steps):
    expect_equal(steps([1, 4, 2]), [3, -2], {(-3, 2): "Which of the two is taken away from which?"}, what="the steps")


# ---- hidden: nothing below this line reaches a student ----


@test_case(points=1, hidden=True)
def other_lengths(steps):
    expect_equal(steps([7]), [])
    first, second = rng("q4").sample(range(100, 1000), 2)
    expect_equal(steps([first, second]), [second - first], {(0, second - first): "How many steps are there?"})

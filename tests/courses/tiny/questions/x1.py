"""x1: the largest step."""

from otter.test_files import test_case

from notebook_checks import expect_equal, rng

OK_FORMAT = False
name = "x1"
points = 2
bonus = True


@test_case(points=1)
def a_worked_example(largest_step):
    expect_equal(largest_step([1, 4, 2]), 3, what="the largest step")


# ---- hidden: nothing below this line reaches a student ----


@test_case(points=1, hidden=True)
def down_is_a_step_too(largest_step):
    down = rng("x1").randrange(50, 90)
    expect_equal(largest_step([100, 100 - down, 100 - down + 3]), down, {3: "Is a step down a step?"})

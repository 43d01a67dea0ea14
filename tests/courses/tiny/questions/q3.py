"""q3: the standard deviation."""

from otter.test_files import test_case

from notebook_checks import expect_close, rng

OK_FORMAT = False
name = "q3"
points = 4
withheld = ("statistics",)


@test_case(points=2)
def a_worked_example(deviation):
    hints = {4: "Is there a root to be taken?", (32 / 7) ** 0.5: "Is it a mean of all the squares?"}
    expect_close(deviation([2, 4, 4, 4, 5, 5, 7, 9]), 2, hints, what="the deviation")


# ---- hidden: nothing below this line reaches a student ----


@test_case(points=2, hidden=True)
def numbers_below_zero(deviation):
    draw = rng("q3:below")
    middle, apart = draw.randrange(-90, -10), draw.randrange(3, 9)
    expect_close(deviation([middle - apart, middle + apart]), apart, {0: "Do distances cancel each other?"})

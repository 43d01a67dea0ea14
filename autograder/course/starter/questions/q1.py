"""q1: the median. Students get this file down to the hidden line."""

from otter.test_files import test_case

from notebook_checks import expect_equal, in_room, rng

OK_FORMAT = False
name = "q1"
points = 6


@test_case(points=2)
def worked_examples(median):
    hints = {
        9: "Are the numbers in order? Only then the middle of the list is the middle of the numbers.",
        14 / 3: "That is the mean. The median is the number in the middle.",
        2.5: "Of an odd number of numbers one is in the middle, and not two.",
    }
    expect_equal(median([1, 9, 4]), 4, hints, what="the median of [1, 9, 4]")
    expect_equal(median([5]), 5, what="the median of [5]")


# ---- hidden: nothing below this line reaches a student ----


def even_numbers(length, draw):
    """An even number of numbers, and the two in their middle: one is odd and one is even, so that rounding shows.

    The two in the middle of the list are the largest, by far, and the smallest, whatever was drawn.
    """
    steps = sorted(draw.sample(range(100), length))
    ordered = [10 * step + place % 2 for place, step in enumerate(steps)]
    ordered[-1] += 10_000
    half = length // 2
    return ordered[half:] + ordered[:half], ordered[half - 1], ordered[half]


@test_case(points=2, hidden=True)
def an_even_number_of_numbers(median):
    draw = rng("q1:even")
    for length in (4, 6, 2 * draw.randrange(4, 9)):
        numbers, low, high = even_numbers(length, draw)
        one_of_two = "Of an even number of numbers two are in the middle: which of them was taken?"
        hints = {
            low: one_of_two,
            high: one_of_two,
            (low + high) // 2: "The mean of two whole numbers need not be a whole number.",
            sum(numbers) / length: "That is the mean. The median is the number in the middle.",
        }
        expect_equal(median(numbers), (low + high) / 2, hints)


@test_case(points=2, hidden=True)
def the_list_is_left_as_it_was(median):
    numbers = in_room("[3, 1, 8]")
    expect_equal(median(numbers), 3, {1: "Are the numbers in order?"})
    changed = "The list that the function was given is in another order afterwards: does something sort it in place?"
    expect_equal(numbers, [3, 1, 8], {(1, 3, 8): changed})

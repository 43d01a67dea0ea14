"""x5_runtime: which count of a network predicts the time that it takes."""

from functools import lru_cache
from itertools import pairwise

from otter.test_files import test_case

from scalelab.checking import Unexpected, expect_equal, plain, rng

OK_FORMAT = False
name = "x5_runtime"
points = 4
bonus = True

SECONDS = [0.01, 0.02, 0.04, 0.08]


def name_given(result):
    """What the function gave; a number is told that it is no name."""
    read = plain(result)
    if isinstance(read, float):
        raise Unexpected("that is a number", "The name of the count is asked for, not how well it does.")
    if type(read) is int:
        raise Unexpected("that is a number", "The name of the count is asked for, not its place.")
    return read


@test_case(points=0.5)
def one_that_is_proportional(best_predictor):
    counts = {
        "layers": [3.0, 4.0, 2.0, 8.0],
        "work": [10.0, 20.0, 40.0, 80.0],
        "weights": [9.0, 7.0, 8.0, 6.0],
        "maps": [2.0, 1.0, 3.0, 4.0],
    }
    hints = {
        "layers": "Compare each count with the seconds: which one grows as they do?",
        "weights": "The highest correlation, not the lowest.",
        "maps": "Is the best one so far kept when a worse one comes?",
        "macs": "Is that one of the names in counts?",
    }
    expect_equal(name_given(best_predictor(SECONDS, counts)), "work", hints, what="the best predictor")


@test_case(points=0.5)
def one_that_grows_as_a_power(best_predictor):
    # The squares of the seconds, and so a straight line between the logarithms.
    counts = {"straight": [11.0, 19.0, 44.0, 75.0], "power": [1.0, 4.0, 16.0, 64.0]}
    hints = {"straight": "Which one is a straight line between the logarithms?"}
    expect_equal(name_given(best_predictor(SECONDS, counts)), "power", hints, what="the best predictor")


EXAMPLES = (  # seconds, the best predictor, and another count; none of the numbers decides by little
    (
        [0.036, 0.0016, 0.0095, 0.046, 0.0017],
        [120.0, 12.0, 32.0, 240.0, 13.0],
        [2.7, 0.22, 3.5, 13.0, 0.12],
        "Does the unit of a count, or how steeply it grows, make it a better predictor?",
    ),
    (
        [0.003, 0.0071, 0.0024, 0.0033, 0.012],
        [3.1, 8.3, 1.8, 3.8, 45.0],
        [0.67, 9.4, 0.76, 3.9, 24.0],
        "Is it the logarithms that are compared, on both sides?",
    ),
    (
        [0.26, 0.023, 0.00055, 0.013, 0.051],
        [100.0, 14.0, 1.1, 13.0, 64.0],
        [330.0, 31.0, 1.1, 1.4, 15.0],
        "Is it the logarithms that are compared, on both sides?",
    ),
    (
        [0.26, 0.023, 0.00055, 0.013, 0.051],
        [330.0, 31.0, 1.1, 1.4, 15.0],
        [3000.0, 37000.0, 2100000.0, 78000.0, 20000.0],
        "A count that falls where the time rises: is it a good predictor of it?",
    ),
    (
        [0.0075, 0.0066, 0.003, 0.0076, 0.042],
        [8.8, 10.0, 3.3, 8.9, 46.0],
        [2.6, 3.9, 2.3, 9.1, 41.0],
        "Is the order all that counts, or how far apart the values are as well?",
    ),
)


@test_case(points=0)
def five_networks(best_predictor):
    for seconds, best, other, hint in EXAMPLES:
        for counts in ({"bytes": best, "maps": other}, {"bytes": other, "maps": best}):
            right, wrong = ("bytes", "maps") if counts["bytes"] is best else ("maps", "bytes")
            what = f"the best predictor of {seconds} among {counts}"
            expect_equal(name_given(best_predictor(seconds, counts)), right, {wrong: hint}, what=what)


FALLS = "If every count falls where the time rises, which correlation is the highest all the same?"


@test_case(points=0)
def where_every_count_falls(best_predictor):
    counts = {"bytes": [8.0, 4.0, 2.0, 1.5], "maps": [8.0, 1.0, 4.0, 2.0]}
    hints = {None: FALLS, "": FALLS, "bytes": FALLS}
    expect_equal(name_given(best_predictor([1.0, 2.0, 4.0, 8.0], counts)), "maps", hints, what="the best predictor")

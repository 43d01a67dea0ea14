"""x5_runtime: which count of a network predicts the time that it takes."""

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

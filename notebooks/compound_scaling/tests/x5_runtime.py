"""x5_runtime: which count of a network predicts the time that it takes."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, rng

OK_FORMAT = False
name = "x5_runtime"
points = 4
bonus = True

SECONDS = [0.01, 0.02, 0.04, 0.08]


@test_case(points=0.5)
def one_that_is_proportional(best_predictor):
    counts = {"weights": [3.0, 1.0, 4.0, 2.0], "work": [10.0, 20.0, 40.0, 80.0], "layers": [9.0, 7.0, 8.0, 6.0]}
    hints = {
        "weights": "Compare each count with the seconds: which one grows as they do?",
        "layers": "The highest correlation, not the lowest.",
        1: "The name of the count is asked for, not how well it does.",
    }
    expect_equal(best_predictor(SECONDS, counts), "work", hints, what="the best predictor")


@test_case(points=0.5)
def one_that_grows_as_a_power(best_predictor):
    # The squares of the seconds, and so a straight line between the logarithms.
    counts = {"straight": [11.0, 19.0, 44.0, 75.0], "power": [1.0, 4.0, 16.0, 64.0]}
    hints = {"straight": "Which one is a straight line between the logarithms?"}
    expect_equal(best_predictor(SECONDS, counts), "power", hints, what="the best predictor")

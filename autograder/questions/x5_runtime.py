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


# ---- hidden: nothing below this line reaches a student ----

NAMES = ("parameters", "macs", "activations", "layers", "bytes", "channels")


def logs(values):
    from math import log

    return [log(value) for value in values]


def covariance(xs, ys):
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))


def pearson(xs, ys):
    return covariance(xs, ys) / (covariance(xs, xs) * covariance(ys, ys)) ** 0.5


def ranks(values):
    order = sorted(values)
    return [order.index(value) for value in values]


def slope(ys, xs):
    return covariance(xs, ys) / covariance(xs, xs)


def distance(xs, ys):
    return -sum((x - y) ** 2 for x, y in zip(xs, ys, strict=True))


RAW = "Is it the logarithms that are compared?"
SIGN = "A count that falls where the time rises: is it a good predictor of it?"
RANKS = "Is the order all that counts, or how far apart the values are as well?"
SIZE = "Does the unit of a count, or the slope, make it a better predictor?"

MISTAKES = {  # what a student may compare by → what to think about
    "raw": (pearson, RAW),
    "half": (lambda seconds, count: pearson(logs(seconds), count), "Both sides are logarithms: are they here?"),
    "other half": (lambda seconds, count: pearson(seconds, logs(count)), "Both sides are logarithms: are they here?"),
    "ranks": (lambda seconds, count: pearson(ranks(seconds), ranks(count)), RANKS),
    "sign": (lambda seconds, count: abs(pearson(logs(seconds), logs(count))), SIGN),
    "lowest": (lambda seconds, count: -pearson(logs(seconds), logs(count)), "The highest correlation, or the lowest?"),
    "covariance": (lambda seconds, count: covariance(logs(seconds), logs(count)), SIZE),
    "slope": (lambda seconds, count: slope(logs(seconds), logs(count)), SIZE),
    "distance": (lambda seconds, count: distance(logs(seconds), logs(count)), SIZE),
}


def correlation(seconds, count):
    return pearson(logs(seconds), logs(count))


def winner(score, seconds, counts):
    return max(counts, key=lambda each: score(seconds, counts[each]))


def is_clear(score, seconds, counts, margin):
    best, second = sorted((score(seconds, count) for count in counts.values()), reverse=True)[:2]
    return best - second > margin


def draw_counts(draw, networks, names, noises, powers):
    """Seconds, and counts that go with a power of them, each with noise on the logarithm."""
    from math import exp

    seconds = [0.01 * exp(draw.gauss(0, 1.3)) for _ in range(networks)]
    counts = {
        each: [10**size * second**power * exp(draw.gauss(0, noise)) for second in seconds]
        for each, noise, power, size in zip(names, noises, powers, draw.sample(range(4, 11), len(names)), strict=True)
    }
    return seconds, counts


def draw_trap(draw, mistakes, networks, noises, powers):
    """Inputs for which each of `mistakes` names another count than the right one, and both are clear."""
    while True:
        names = draw.sample(NAMES, len(noises))
        seconds, counts = draw_counts(draw, networks, names, noises, powers)
        right = winner(correlation, seconds, counts)
        if not is_clear(correlation, seconds, counts, 0.01) or correlation(seconds, counts[right]) < 0.3:
            continue
        scores = [MISTAKES[one][0] for one in mistakes]
        if all(winner(one, seconds, counts) != right and is_clear(one, seconds, counts, 1e-6) for one in scores):
            return seconds, counts


def check_predictor(best_predictor, seconds, counts, first=()):
    """first: mistakes whose hints go before all others that name the same count."""
    right = winner(correlation, seconds, counts)
    hints = {}
    for one in (*first, *MISTAKES):
        score, hint = MISTAKES[one]
        hints.setdefault(winner(score, seconds, counts), hint)
    hints.pop(right, None)
    value = correlation(seconds, counts[right])
    index = list(counts).index(right)
    named = "The name of the count is asked for, not how well it does."
    for wrong in (value, (right, value), (value, right)):
        hints[wrong] = named
    hints[index] = "The name of the count is asked for, not its place."
    expect_equal(best_predictor(seconds, counts), right, hints, what="the best predictor")


@test_case(points=0.5, hidden=True)
def among_several_counts(best_predictor):
    draw = rng("x5_runtime:several")
    for noises in ((0.1, 0.6, 1.2), (0.9, 0.15, 0.5, 1.5), (0.7, 0.1)):
        powers = [1] * len(noises)
        seconds, counts = draw_trap(draw, (), draw.randrange(12, 20), draw.sample(noises, len(noises)), powers)
        check_predictor(best_predictor, seconds, counts)


@test_case(points=1, hidden=True)
def of_the_logarithms(best_predictor):
    draw = rng("x5_runtime:logs")
    for trap in (("raw",), ("half",), ("other half",)):
        powers = draw.sample((0.4, 1.0, 2.5), 3)
        seconds, counts = draw_trap(draw, trap, 10, (0.5, 0.7, 0.9), powers)
        check_predictor(best_predictor, seconds, counts, trap)


@test_case(points=0.5, hidden=True)
def what_falls_predicts_nothing(best_predictor):
    draw = rng("x5_runtime:sign")
    for _ in range(2):
        seconds, counts = draw_trap(draw, ("sign",), 12, (0.1, 0.8, 1.2), (-1, 1, 1))
        check_predictor(best_predictor, seconds, counts, ("sign",))


@test_case(points=0.5, hidden=True)
def more_than_the_order(best_predictor):
    draw = rng("x5_runtime:ranks")
    for _ in range(2):
        seconds, counts = draw_trap(draw, ("ranks",), 8, (0.4, 0.5, 0.6), (1, 1, 1))
        check_predictor(best_predictor, seconds, counts, ("ranks",))


@test_case(points=0.5, hidden=True)
def the_unit_does_not_matter(best_predictor):
    draw = rng("x5_runtime:units")
    for trap in (("covariance",), ("slope",), ("distance",)):
        seconds, counts = draw_trap(draw, trap, 12, (0.4, 0.8), draw.sample((0.5, 1.5), 2))
        check_predictor(best_predictor, seconds, counts, trap)
    # Three points are enough.
    seconds, counts = draw_trap(draw, (), 3, (0.3, 0.9), (1, 1))
    check_predictor(best_predictor, seconds, counts)

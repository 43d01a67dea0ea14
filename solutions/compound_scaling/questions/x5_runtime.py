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


def less_the_spreads(xs, ys):
    return covariance(xs, ys) - (covariance(xs, xs) * covariance(ys, ys)) ** 0.5


def cosine(xs, ys):
    return sum(x * y for x, y in zip(xs, ys, strict=True)) / (sum(x * x for x in xs) * sum(y * y for y in ys)) ** 0.5


RAW = "Is it the logarithms that are compared, on both sides?"
SIGN = "A count that falls where the time rises: is it a good predictor of it?"
RANKS = "Is the order all that counts, or how far apart the values are as well?"
SIZE = "Does the unit of a count, or the slope, make it better? Are means taken off, and is it divided by both spreads?"

FIT = "How well a straight line fits: is that the correlation coefficient, with all its squares?"
STEPS = "Is it the values that are compared, or the steps from one network to the next?"
ENDS = "Does every network count, the first and the last one, too?"


def residuals(ys, xs):
    """Of the straight line that fits ys best."""
    mean_x, mean_y, rise = sum(xs) / len(xs), sum(ys) / len(ys), slope(ys, xs)
    return [y - mean_y - rise * (x - mean_x) for x, y in zip(xs, ys, strict=True)]


def pairs_in_order(xs, ys):
    pairs = [(i, j) for i in range(len(xs)) for j in range(i)]
    return sum(1 if (xs[i] - xs[j]) * (ys[i] - ys[j]) > 0 else -1 for i, j in pairs)


def about_medians(xs, ys):
    from statistics import median

    return cosine(*([value - median(values) for value in values] for values in (xs, ys)))


def by_other_spreads(spread):
    """The covariance, divided by another measure of both spreads than the root of the variances."""
    return lambda xs, ys: covariance(xs, ys) / (spread(xs) * spread(ys))


def mean_distance(values):
    mean = sum(values) / len(values)
    return sum(abs(value - mean) for value in values)


def ratios_spread(xs, ys):
    quotients = [x - y for x, y in zip(xs, ys, strict=True)]
    return -covariance(quotients, quotients)


def steps(values):
    return [after - before for before, after in pairwise(values)]


MISTAKES = {  # what a student may compare by → what to think about
    "raw": (pearson, RAW),
    "half": (lambda seconds, count: pearson(logs(seconds), count), RAW),
    "other half": (lambda seconds, count: pearson(seconds, logs(count)), RAW),
    "one more": (lambda seconds, count: pearson(logs(1 + x for x in seconds), logs(1 + x for x in count)), RAW),
    "ranks": (lambda seconds, count: pearson(ranks(seconds), ranks(count)), RANKS),
    "sign": (lambda seconds, count: abs(pearson(logs(seconds), logs(count))), SIGN),
    "uncentred": (lambda seconds, count: cosine(logs(seconds), logs(count)), SIZE),
    "lowest": (lambda seconds, count: -pearson(logs(seconds), logs(count)), "The highest correlation, or the lowest?"),
    "covariance": (lambda seconds, count: covariance(logs(seconds), logs(count)), SIZE),
    "slope": (lambda seconds, count: slope(logs(seconds), logs(count)), SIZE),
    "distance": (lambda seconds, count: distance(logs(seconds), logs(count)), SIZE),
    "without first": (lambda seconds, count: pearson(logs(seconds[1:]), logs(count[1:])), ENDS),
    "without last": (lambda seconds, count: pearson(logs(seconds[:-1]), logs(count[:-1])), ENDS),
    "less the spreads": (lambda seconds, count: less_the_spreads(logs(seconds), logs(count)), SIZE),
}


OTHERS = {  # further ones, each of which one set of numbers is there for; what they name in other sets is left open
    "pairs": (pairs_in_order, RANKS),
    "medians": (lambda seconds, count: about_medians(logs(seconds), logs(count)), SIZE),
    "ranges": (lambda xs, ys: by_other_spreads(lambda of: max(of) - min(of))(logs(xs), logs(ys)), SIZE),
    "distances": (lambda xs, ys: by_other_spreads(mean_distance)(logs(xs), logs(ys)), SIZE),
    "largest residual": (lambda xs, ys: -max(map(abs, residuals(logs(xs), logs(ys)))), FIT),
    "mean residual": (lambda xs, ys: -sum(map(abs, residuals(logs(xs), logs(ys)))), FIT),
    "residuals of the count": (lambda xs, ys: -sum(one**2 for one in residuals(logs(ys), logs(xs))), FIT),
    "ratios": (lambda seconds, count: ratios_spread(logs(seconds), logs(count)), SIZE),
    "steps": (lambda seconds, count: pearson(steps(logs(seconds)), steps(logs(count))), STEPS),
    "reciprocals": (lambda xs, ys: pearson([1 / x for x in xs], [1 / y for y in ys]), RAW),
}


def correlation(seconds, count):
    return pearson(logs(seconds), logs(count))


def winner(score, seconds, counts):
    return max(counts, key=lambda each: score(seconds, counts[each]))


def names_clearly(score, seconds, counts, margin):
    """The name of the highest score; "" where the next is within the margin."""
    scores = sorted(((score(seconds, count), name) for name, count in counts.items()), reverse=True)
    return scores[0][1] if scores[0][0] - scores[1][0] > margin else ""


def draw_counts(draw, networks, names, noises, powers):
    """Seconds, and counts that go with a power of them, each with noise on the logarithm."""
    from math import exp

    seconds = [0.01 * exp(draw.gauss(0, 1.3)) for _ in range(networks)]
    counts = {
        each: [second**power * exp(draw.gauss(0, noise)) for second in seconds]
        for each, noise, power in zip(names, noises, powers, strict=True)
    }
    return seconds, counts


@lru_cache
def trap(trapped, networks, noises, powers, free=(), number=0):
    """Inputs for which each mistake in `trapped` names another count than the right one, and all others name that.

    So a mistake costs the points of what it is about. They are the same in every run, and `moved` a little: or else
    what nobody has thought of here would cost points with one seed and none with the next. free: these may name any
    count, and the lowest is never right. All is clear: no rounding decides it. number: of several
    alike.
    """
    from random import Random

    draw = Random(repr((trapped, networks, noises, powers, number)))
    followed = [one for one in MISTAKES if one not in (*trapped, *free, "lowest")]
    known = MISTAKES | OTHERS
    while True:
        names = draw.sample(NAMES, len(noises))
        seconds, counts = draw_counts(draw, networks, names, noises, powers)
        right = names_clearly(correlation, seconds, counts, 0.01)
        if not right or correlation(seconds, counts[right]) < 0.3:
            continue
        far = {"distance", "uncentred"} & {*trapped}
        sizes = sorted(draw.sample(range(6, 13), len(names)), reverse=bool(far))
        for name in (right, *(name for name in names if name != right)):
            size = 10 ** sizes.pop(0)
            counts[name] = [size * value for value in counts[name]]
        named = (names_clearly(known[one][0], seconds, counts, 1e-3) for one in trapped)
        if not all(name not in (right, "") for name in named):
            continue
        if all(names_clearly(known[one][0], seconds, counts, 1e-3) == right for one in followed):
            return seconds, counts


def moved(draw, seconds, counts):
    """The same numbers but for their fifth digits, with other names: what is named by them stays the same."""

    def near(values):
        return [value * (1 + draw.uniform(-1e-5, 1e-5)) for value in values]

    names = draw.sample(NAMES, len(counts))
    return near(seconds), dict(zip(names, map(near, counts.values()), strict=True))


def check_predictor(best_predictor, seconds, counts, first=()):
    """Asks with the names turned round until each has had each count: no name and no place in the dict is always right.

    first: mistakes whose hints go before all others that name the same count.
    """
    values = list(counts.values())
    for turned in (values[place:] + values[:place] for place in range(len(values))):
        named = dict(zip(counts, turned, strict=True))
        found = name_given(best_predictor(seconds, named))
        expect_equal(found, *right_and_hints(seconds, named, first), what="the best predictor")


def right_and_hints(seconds, counts, first):
    right = winner(correlation, seconds, counts)
    hints = {}
    for one in (*first, *MISTAKES):
        score, hint = (MISTAKES | OTHERS)[one]
        hints.setdefault(winner(score, seconds, counts), hint)
    hints.pop(right, None)
    hints[tuple(counts[right])] = "The name of the count is asked for, not its values."
    for name in (*NAMES, "work", "power"):
        if name not in counts:
            hints[name] = "Is that one of the names in counts?"
    return right, hints


# Without the first network another count would be the best one, and without the last a third one.
ENDS_DECIDE = (
    [0.033, 0.4362, 0.4481, 0.2108, 0.0571, 0.0448],
    {
        "bytes": [282.0, 410.0, 454.0, 212.0, 55.0, 41.0],
        "layers": [23.0, 672.0, 347.0, 288.0, 76.0, 70.0],
        "channels": [34.0, 440.0, 439.0, 230.0, 48.0, 265.0],
    },
)

# Seconds of a fast machine and small counts, which whoever raises them to a least value, or adds to them, does not see.
SMALL = (
    (
        [0.0193, 1.24e-5, 1.96e-5, 3.86e-8, 1.16e-7, 1.59e-7],
        {
            "bytes": [872000.0, 5040.0, 48700.0, 208.0, 1920.0, 522.0],
            "layers": [14800000.0, 9580.0, 122000.0, 11200.0, 2750.0, 24100.0],
        },
    ),
    (
        [0.271, 0.0577, 4.62, 0.166, 0.00202, 1.76],
        {
            "bytes": [70.1, 0.00303, 0.388, 0.017, 2.66e-5, 3.49],
            "layers": [61.7, 0.00869, 39.1, 4.6e-5, 0.00315, 2.32],
        },
    ),
)


def many():
    """24 networks and six counts: by the first twenty networks alone, or the last, another count is the best."""
    seconds = [0.001 * 1.5**place for place in range(24)]
    return seconds, {
        "bytes": [second * (1.6 if place % 2 else 0.7) for place, second in enumerate(seconds)],
        "layers": seconds[:20] + [second / 10_000 for second in seconds[20:]],
        "channels": [second * 10_000 for second in seconds[:4]] + seconds[4:],
        "macs": [1.0 + place % 3 for place in range(24)],
        "parameters": [second**0.1 * (9 if place % 3 else 1) for place, second in enumerate(seconds)],
        "activations": [2.0 + place % 5 for place in range(24)],
    }


# Networks that take the same time, some of them with the same count: the last ones of a time alone name another count,
# and then the first ones.
REPEATED = (
    ([2.0, 4.0, 4.0, 8.0, 8.0], {"bytes": [1.0, 8.0, 2.0, 8.0, 8.0], "layers": [2.0, 4.0, 4.0, 1.0, 8.0]}),
    ([2.0, 4.0, 4.0, 8.0, 8.0], {"bytes": [1.0, 2.0, 8.0, 8.0, 8.0], "layers": [2.0, 4.0, 4.0, 8.0, 1.0]}),
)

ALL_FALL = (
    ([1.0, 2.0, 4.0, 8.0], {"bytes": [8.0, 4.0, 2.0, 1.5], "layers": [8.0, 1.0, 4.0, 2.0]}, "layers"),
    ([1.0, 2.0, 4.0], {"macs": [4.0, 2.0, 1.0]}, "macs"),
    ([0.5, 2.0, 0.25], {"macs": [0.5, 0.125, 2.0], "bytes": [0.25, 0.5, 0.5]}, "bytes"),
)
"""Seconds and counts that all fall where the time rises, and which of them falls least."""


# One count rises and one falls, and the seconds' logarithms add up to almost nothing.
ONE_RISES = ([0.6, 1.5, 0.7, 1.6], {"macs": [30.0, 12.0, 25.0, 11.0], "bytes": [0.7, 1.4, 0.9, 1.2]}, "bytes")

# Of two counts one varies much and the other hardly, which says nothing of how well they do: first the one, then the
# other is the better one.
VARY = (
    (
        [0.0156, 0.0124, 0.00619, 0.00707, 0.00616, 0.00911],
        {"bytes": [1.86, 1.15, 0.333, 0.53, 0.884, 0.668], "layers": [25.0, 26.1, 27.5, 25.0, 23.6, 25.0]},
    ),
    (
        [0.0104, 0.0159, 0.00631, 0.0142, 0.0252, 0.0151],
        {"bytes": [26.1, 26.0, 24.1, 25.8, 27.3, 26.2], "layers": [0.784, 1.78, 0.431, 5.28, 5.06, 0.4]},
    ),
)


# The best one is plain, and stands first, or last.
PLAIN = (
    [0.01, 0.02, 0.04, 0.08, 0.16],
    {
        "bytes": [0.01, 0.02, 0.04, 0.08, 0.16],
        "macs": [0.08, 0.16, 0.02, 0.04, 0.01],
        "layers": [0.04, 0.01, 0.16, 0.02, 0.08],
    },
)


@test_case(points=0.5, hidden=True)
def among_several_counts(best_predictor):
    seconds, counts = PLAIN
    for names in (list(counts), list(counts)[::-1]):
        given = name_given(best_predictor(seconds, {name: counts[name] for name in names}))
        hints = {"layers": "Is every count compared, the first and the last one too?"}
        expect_equal(given, "bytes", hints, what="the best predictor")
    draw = rng("x5_runtime:several")
    check_predictor(best_predictor, *ENDS_DECIDE, ("without first", "without last"))
    check_predictor(best_predictor, *many())
    for seconds, counts in REPEATED:
        check_predictor(best_predictor, seconds, counts)
    # Three points are enough; of two, all correlations are 1 or −1.
    three = trap((), 3, (0.3, 0.9), (1, 1), free=("without first", "without last"))
    check_predictor(best_predictor, *moved(draw, *three))
    for networks, noises, number in ((12, (0.6, 0.1, 1.2), 0), (19, (0.9, 0.15, 0.5, 1.5), 9), (15, (0.7, 0.1), 0)):
        check_predictor(best_predictor, *moved(draw, *trap((), networks, noises, (1,) * len(noises), number=number)))


SIDES = ("raw", "half", "other half", "one more")
UNITS = ("covariance", "slope", "distance", "uncentred")
SPREADS = ("medians", "ranges", "distances", "ratios", "steps")
FITS = ("largest residual", "mean residual", "residuals of the count")

QUICK = {"one more": 22, "reciprocals": 1, "medians": 16, "ratios": 20, "steps": 30, "mean residual": 21}
"""Numbers with which `trap` ends after few tries, where 0 takes many."""


@test_case(points=1, hidden=True)
def of_the_logarithms(best_predictor):
    draw = rng("x5_runtime:logs")
    for seconds, counts in SMALL:
        check_predictor(best_predictor, seconds, counts, ("one more",))
    for one in (*SIDES, "reciprocals"):
        found = trap((one,), 10, (0.4, 0.6, 0.8), (1, 1, 1), free=SIDES, number=QUICK.get(one, 0))
        drawn = moved(draw, *found)
        check_predictor(best_predictor, *drawn, (one,))


@test_case(points=0.5, hidden=True)
def what_falls_predicts_nothing(best_predictor):
    draw = rng("x5_runtime:sign")
    for seconds, counts, least in (*ALL_FALL, ONE_RISES):
        hints = {wrong: FALLS for wrong in (None, "", 0)} | {name: SIGN for name in counts if name != least}
        expect_equal(name_given(best_predictor(seconds, counts)), least, hints, what="the best predictor")
    for number in range(2):
        drawn = moved(draw, *trap(("sign",), 12, (0.1, 0.8, 1.2), (-1, 1, 1), number=number))
        check_predictor(best_predictor, *drawn, ("sign",))


@test_case(points=0.5, hidden=True)
def more_than_the_order(best_predictor):
    draw = rng("x5_runtime:ranks")
    for mistakes, networks, number in ((("ranks",), 8, 52), (("ranks",), 15, 35), (("ranks", "pairs"), 9, 11)):
        drawn = moved(draw, *trap(mistakes, networks, (0.4, 0.5, 0.6), (1, 1, 1), number=number))
        check_predictor(best_predictor, *drawn, mistakes)


@test_case(points=0.5, hidden=True)
def the_unit_does_not_matter(best_predictor):
    draw = rng("x5_runtime:units")
    for seconds, counts in VARY:
        check_predictor(best_predictor, seconds, counts, ("less the spreads",))
    for one in (*UNITS, *FITS, *SPREADS):
        powers = (0.7, 1.4) if one in UNITS else (1, 1)
        found = trap((one,), 12, (0.4, 0.8), powers, free=(*UNITS, "less the spreads"), number=QUICK.get(one, 0))
        drawn = moved(draw, *found)
        check_predictor(best_predictor, *drawn, (one,))

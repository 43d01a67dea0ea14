"""Inputs inside each question's contract, for the search for holes; none that rounding decides.

The bank has right answers in single precision, so a whole number that is computed stays below 2²⁴, and where a limit
decides, inputs keep a distance from it that single precision sees. Where float arithmetic is exact they may reach it.
"""

import math
from copy import deepcopy

from hypothesis import strategies as st

from autograder.verify.asked import Asked, alike, call, equal
from notebook_checks import plain

EXACT_IN_FLOAT32 = 2**24
NEAR = 1e-6
"""What the notebook allows for values of phi and of the grid."""

EIGHTHS = st.integers(1, 32).map(lambda count: count / 8)
"""Factors that floats hold exactly, and whose products with whole numbers as well."""


def whole(most, least=1):
    return st.integers(least, most)


# q1_2

SHAPES = st.tuples(whole(40), whole(40), whole(20), whole(20), whole(9), whole(5))


# q1_3


def layer_of(digit):
    """A layer that appends a digit: what comes out tells which layers acted, and in which order."""
    return lambda x: 10 * x + digit


def compose_and_call(compose, given):
    """What the network gives, asked twice, with another network made in between."""
    digits, starts, others = given
    layers = [layer_of(digit) for digit in range(10)]
    network = compose([(layers[digit], repeats) for digit, repeats in digits])
    other = compose([(layers[digit], repeats) for digit, repeats in others])
    return plain([network(starts[0]), other(starts[0]), network(starts[1]), network(starts[0])])


STAGES = st.lists(st.tuples(whole(9, 0), whole(3, 0)), max_size=4)
NETWORKS = st.tuples(STAGES, st.tuples(whole(9, 0), whole(9, 0)), STAGES)


# q1_4


def scale_and_look(scale_stages, given):
    """The scaled stages, and what has become of the list that was handed over."""
    stages, factors = given
    handed = [tuple(stage) for stage in stages]
    scaled = plain(scale_stages(handed, *factors))
    return [scaled, plain(handed)]


FACTORS = st.one_of(whole(4), EIGHTHS, st.floats(0.1, 4).map(lambda factor: round(factor, 3)))
SCALED = st.tuples(
    st.lists(st.tuples(whole(90), whole(90), whole(90), whole(9)), min_size=1, max_size=4),
    st.tuples(FACTORS, FACTORS, FACTORS),
)
COSTS = st.one_of(whole(9, 0), whole(EXACT_IN_FLOAT32, 0))
LIMITS = st.tuples(COSTS, COSTS, COSTS.map(lambda cost: cost + 1), COSTS.map(lambda cost: cost + 1))


# q2_2


@st.composite
def convolutions(draw):
    groups = draw(whole(4))
    inputs, outputs = groups * draw(whole(6)), groups * draw(whole(6))
    kernel, stride = 2 * draw(whole(3, 0)) + 1, draw(whole(4))
    rest = draw(st.sampled_from(((stride, groups), (stride,), ()))) if groups == 1 else (stride, groups)
    return (draw(whole(20)), draw(whole(20)), inputs, outputs, kernel, *rest)


PLAIN_NETWORKS = st.tuples(whole(6), whole(8), whole(12), st.sampled_from((1, 3, 5, 7))).flatmap(
    lambda one: st.sampled_from((one, one[:3]))
)


def its_three_keys(value, _given):
    """The dict may have more keys."""
    return {key: plain(value)[key] for key in ("depth", "width", "resolution")}


# q2_3 and the coefficients of q3_1

PHIS = st.one_of(whole(8, -8), st.floats(-8, 8).map(lambda phi: round(phi, 3)))
CONSTANTS = st.tuples(*3 * [st.one_of(st.just(1.0), st.floats(1, 2).map(lambda constant: round(constant, 3)))])
COEFFICIENTS = st.one_of(
    st.tuples(PHIS),
    st.tuples(PHIS, CONSTANTS).map(lambda pair: (pair[0], *pair[1])),
)


# q3_1


def far_from_whole(product):
    return abs(product - round(product)) > 1e-3


THREE_DIGITS = st.floats(0.02, 4).map(lambda factor: round(factor, 3))
REPEATS = st.one_of(
    st.tuples(whole(20), EIGHTHS),
    st.tuples(whole(20), THREE_DIGITS).filter(lambda given: far_from_whole(given[0] * given[1])),
)


def clear_channels(given):
    """Whether neither the halfway point nor the tenth is so near that rounding decides, or floats are exact there."""
    channels, width, divisor = (*given, 8)[:3]
    product = channels * width
    exact = width * 8 == int(width * 8) and divisor in (1, 2, 4, 8, 16)
    steps = product / divisor
    halfway = abs(steps % 1 - 0.5) > 1e-4
    nearest = max(1, math.floor(steps + 0.5)) * divisor
    return (halfway or exact) and abs(nearest - 0.9 * product) > 1e-4 * product


CHANNELS = st.tuples(whole(400), st.one_of(EIGHTHS, THREE_DIGITS)).flatmap(
    lambda pair: st.one_of(st.just(pair), whole(20).map(lambda divisor: (*pair, divisor)))
)


def clear_end(given):
    """Whether phi_max is far from every emergence, or right at one that floats make exact."""
    repeats, alpha, phi_max = given
    if (repeats, alpha) == (1, 2) and phi_max in (1, 2):
        return True
    layers = repeats * alpha**phi_max
    near = (math.log(whole / repeats) / math.log(alpha) for whole in (math.floor(layers), math.ceil(layers)))
    return all(abs(phi - phi_max) > 1e-3 for phi in near) and layers < 200


ENDS = st.tuples(
    whole(8),
    st.one_of(st.just(2), st.floats(1.05, 2.5).map(lambda alpha: round(alpha, 3))),
    st.one_of(whole(3), st.floats(0.05, 8).map(lambda phi: round(phi, 3))),
).filter(clear_end)


def near(expected, actual, _given):
    return alike(expected, actual, NEAR, NEAR)


# x2_grid


def cost(triple):
    alpha, beta, gamma = triple
    return alpha * beta**2 * gamma**2


def grid(step):
    values = [1 + index * step for index in range(round(1 / step) + 1)]
    return [(alpha, beta, gamma) for alpha in values for beta in values for gamma in values]


def clear_tolerance(given):
    """Whether no triple is so near to the tolerance that rounding decides, or floats are exact there."""
    budget, step, tolerance = given
    exact = all(number * 64 == int(number * 64) for number in given)
    return exact or all(abs(abs(cost(triple) - budget) - tolerance) > 1e-4 for triple in grid(step))


QUARTERS = st.integers(0, 128).map(lambda count: count / 4)
SEARCHES = st.tuples(
    st.one_of(whole(33), QUARTERS, st.floats(0.5, 33).map(lambda budget: round(budget, 2))),
    st.sampled_from((1, 0.5, 0.25, 0.2, 0.125, 0.1)),
    st.one_of(QUARTERS, st.floats(0, 2).map(lambda tolerance: round(tolerance, 2))),
).filter(clear_tolerance)


def same_triples(expected, actual, given):
    """Whether both have the same triples, and the other one's come by distance."""
    if not isinstance(actual, list) or len(actual) != len(expected):
        return False
    if not all(isinstance(one, list) and len(one) == 3 for one in actual):
        return False
    if not all(type(value) in (int, float) for one in actual for value in one):
        return False

    def in_some_order(triples):
        return sorted(triples, key=lambda triple: [round(value, 5) for value in triple])

    gaps = [abs(cost(triple) - given[0]) for triple in actual]
    sorted_by_gap = alike(sorted(gaps), gaps, NEAR, 1e-5)
    return sorted_by_gap and alike(in_some_order(expected), in_some_order(actual), NEAR, NEAR)


# q3_4a


def table_and_look(comparison_table, models):
    """The table, and what has become of what was handed over."""
    handed = deepcopy(models)
    return [plain(comparison_table(handed)), plain(handed)]


def same_table(expected, actual, _models):
    """Whether both are the same but for the order of rows that are alike in accuracy and parameters."""
    (rows, before), (found, after) = expected, actual
    if not equal(before, after, None) or not isinstance(found, list) or len(found) != len(rows):
        return False
    if not all(isinstance(row, dict) and {"name", "accuracy", "parameters"} <= row.keys() for row in found):
        return False
    keys = [[(row["accuracy"], row["parameters"]) for row in table] for table in (rows, found)]
    by_name = [{row["name"]: row for row in table} for table in (rows, found)]
    return equal(*keys, None) and alike(*by_name, 1e-6, 0.0)


ACCURACIES = st.one_of(
    st.sampled_from((0.0, 0.5, 5.0, 9.5, 70.0, 70.25, 71.5, 71.504, 100.0)),
    st.floats(1, 100).map(lambda x: round(x, 3)),
)
COUNTS = st.one_of(whole(5), st.sampled_from((9_999_999, 10_000_000, 66_347_960, 66_347_961)), whole(10**11))


@st.composite
def models(draw):
    names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1, max_size=5))
    found = []
    for name in names:
        one = {"name": name, "parameters": draw(COUNTS), "macs": draw(COUNTS), "accuracy": draw(ACCURACIES)}
        more = draw(st.dictionaries(st.sampled_from(("family", "year")), st.sampled_from(("this", 2019)), max_size=2))
        found.append(one | more)
    return found


# q3_4b

POINTS = st.lists(st.tuples(COUNTS, ACCURACIES), max_size=6)


# x5_runtime


def correlations(seconds, counts):
    def logs(values):
        found = [math.log(value) for value in values]
        mean = sum(found) / len(found)
        return [one - mean for one in found]

    def pearson(xs, ys):
        square = sum(x * x for x in xs) * sum(y * y for y in ys)
        return sum(x * y for x, y in zip(xs, ys, strict=True)) / square**0.5 if square > 1e-12 else math.nan

    return [pearson(logs(values), logs(seconds)) for values in counts.values()]


def clear_winner(given):
    """Whether one correlation is far above all others, and no count and no time is always the same."""
    seconds, counts = given
    found = correlations(seconds, counts)
    if any(math.isnan(one) for one in found):
        return False
    first, *others = sorted(found, reverse=True)
    return not others or first - others[0] > 0.01


@st.composite
def measured(draw):
    networks, names = draw(whole(6, 3)), draw(st.permutations(("a", "b", "c")))[: draw(whole(3))]
    values = st.one_of(st.sampled_from((0.5, 1.0, 2.0, 4.0, 1000.0)), st.floats(0.001, 1000).map(lambda x: round(x, 3)))
    lists = st.lists(values, min_size=networks, max_size=networks)
    return draw(lists), {name: draw(lists) for name in names}


ASKED = {
    "q1_2": {"stage_output_shape": Asked(SHAPES, same=equal)},
    "q1_3": {"compose": Asked(NETWORKS, compose_and_call, equal)},
    "q1_4": {"scale_stages": Asked(SCALED, scale_and_look), "is_feasible": Asked(LIMITS, same=equal)},
    "q2_2": {
        "conv_macs": Asked(convolutions(), same=equal),
        "network_macs": Asked(PLAIN_NETWORKS, same=equal),
        "flops_multiplier": Asked(st.just(()), its_three_keys),
    },
    "q2_3": {
        "flops_growth": Asked(st.tuples(PHIS, CONSTANTS).map(lambda pair: (pair[0], *pair[1]))),
        "flops_growth_rule": Asked(st.tuples(PHIS)),
    },
    "q3_1": {
        "compound_coefficients": Asked(COEFFICIENTS),
        "round_repeats": Asked(REPEATS, same=equal),
        "round_channels": Asked(CHANNELS.filter(clear_channels), same=equal),
        "emergence_phis": Asked(ENDS, same=near),
    },
    "q3_4a": {"comparison_table": Asked(models(), table_and_look, same_table)},
    "q3_4b": {"pareto_front": Asked(st.tuples(POINTS), call, equal)},
    "x2_grid": {"grid_search": Asked(SEARCHES, same=same_triples)},
    "x5_runtime": {"best_predictor": Asked(measured().filter(clear_winner), same=equal)},
}

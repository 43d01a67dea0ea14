"""What the checks that students run say of mistakes that students make, written from the notebooks alone.

The bank's wrong answers are looked at by `autograder verify --public`; these had a hint that named another mistake, or
none.
"""

import math
from itertools import product
from statistics import covariance

import pytest

from tests.public_checks import said


def nearest(height, width, in_channels, out_channels, stride, repeats):
    return round(height / stride), round(width / stride), out_channels


def halves(height, width, in_channels, out_channels, stride, repeats):
    return (height + 1) // stride, (width + 1) // stride, out_channels


def popped(stages):
    def network(x):
        while stages:
            layer, repeats = stages.pop(0)
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


def in_place(stages, depth, width, resolution):
    for i, (height, columns, channels, repeats) in enumerate(stages):
        stages[i] = (height * resolution, columns * resolution, channels * width, repeats * depth)
    return stages


def of_pixels(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return math.ceil(height * width / stride**2) * out_channels * (in_channels // groups) * kernel**2


def twice(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    pixels = math.ceil(height / stride) * math.ceil(width / stride)
    return 2 * pixels * out_channels * (in_channels // groups) * kernel**2


def colours(depth, width, resolution, kernel=3):
    return resolution**2 * width * kernel**2 * (3 + (depth - 1) * width)


def power_of_one(phi, alpha, beta, gamma):
    return alpha * beta**2 * gamma**2**phi


def increase(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** phi - 1


def of_unscaled(channels, width, divisor=8):
    new = max(divisor, int(channels * width + divisor / 2) // divisor * divisor)
    return new + divisor if new < 0.9 * channels else new


def without_base(repeats, alpha, phi_max):
    return [math.log(n / repeats) for n in range(repeats, 999) if math.log(n / repeats) < phi_max]


def stepwise(repeats, alpha, phi_max):
    layers = [math.ceil(repeats * alpha ** (i / 100)) for i in range(int(phi_max * 100))]
    return [i / 100 for i in range(1, len(layers)) if layers[i] > layers[i - 1]]


def grid(values, budget, tolerance, wanted=lambda gap: True):
    gaps = sorted((abs(a * b * b * c * c - budget), a, b, c) for a, b, c in product(values, repeat=3))
    return [(a, b, c) for gap, a, b, c in gaps if gap <= tolerance + 1e-9 and wanted(a * b * b * c * c - budget)]


def below(budget, step, tolerance):
    return grid([1 + i * step for i in range(round(1 / step) + 1)], budget, tolerance, lambda gap: gap < 1e-9)


def beyond(budget, step, tolerance):
    """As numpy's arange(1, 2 + step, step) has it: for steps of 0.2 it holds 2.2."""
    return grid([1 + i * step for i in range(math.ceil((2 + step - 1) / step))], budget, tolerance)


def steepest(seconds, counts):
    logs = [math.log(one) for one in seconds]
    return max(counts, key=lambda name: covariance(logs, [math.log(one) for one in counts[name]]))


def by_first_index(points):
    front = [one for one in points if not any(c <= one[0] and a >= one[1] and (c, a) != one for c, a in points)]
    return [points.index(one) for one in sorted(front, key=lambda one: one[0])]


@pytest.mark.parametrize(
    ("question", "names", "hint"),
    [
        ("q1_2", {"stage_output_shape": nearest}, "Rounding up is not rounding to the nearest"),
        ("q1_2", {"stage_output_shape": halves}, "What if the stride divides the size?"),
        ("q1_3", {"compose": popped}, "is something used up"),
        ("q1_4", {"scale_stages": in_place}, "The list that was handed in has changed"),
        ("q2_2", {"conv_macs": of_pixels}, "Rows and columns are thinned out one by one"),
        ("q2_2", {"network_macs": colours}, "the first one, too, has `width` channels"),
        ("q2_3", {"flops_growth": power_of_one}, "Does the power of phi apply to each"),
        ("q2_3", {"flops_growth": increase}, "not: by how much is it more?"),
        ("q3_1", {"round_channels": of_unscaled}, "Less than 90% of what?"),
        ("q3_1", {"emergence_phis": without_base}, "Where is alpha in that?"),
        ("q3_1", {"emergence_phis": stepwise}, "A search in steps is not right within 1e-6"),
        ("x2_grid", {"grid_search": below}, "May the cost be below the budget as well as above it?"),
        ("x2_grid", {"grid_search": beyond}, "Does the grid hold more than 2?"),
        ("q3_2", {"train_loader": range(24), "batch_shape": (128, 3, 32, 32)}, "made with train=True?"),
        ("q3_2", {"train_loader": range(7), "batch_shape": (128, 3, 32, 32)}, "Which images does the loader have?"),
        ("q3_2", {"train_loader": iter([]), "batch_shape": (128, 3, 32, 32)}, "the loader itself is asked for"),
        ("x5_runtime", {"best_predictor": steepest}, "how steeply it grows"),
        ("q3_4b", {"pareto_front": by_first_index}, "One index stands there twice"),
    ],
)
def test_the_hint_names_the_mistake(question, names, hint):
    assert hint in said(question, **names)


@pytest.mark.parametrize(
    ("question", "names", "hint"),
    [
        ("q2_2", {"conv_macs": twice}, "both are thinned out"),
        ("q2_3", {"flops_growth": increase}, "the alpha, beta and gamma that it is given"),
        ("q2_3", {"flops_growth": power_of_one}, "phi need not be whole"),
        ("x2_grid", {"grid_search": below}, "Does the grid reach"),
        ("x5_runtime", {"best_predictor": steepest}, "Is it the logarithms that are compared"),
    ],
)
def test_no_hint_names_another_mistake(question, names, hint):
    assert hint not in said(question, **names)

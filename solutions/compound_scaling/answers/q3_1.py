"""q3_1: the scaling rule, its two roundings, and where layers emerge."""

# %% right="one line each"
compound_coefficients = lambda phi, alpha=1.2, beta=1.1, gamma=1.15: tuple(c**phi for c in (alpha, beta, gamma))
round_repeats = lambda repeats, depth: math.ceil(repeats * depth)


def round_channels(channels, width, divisor=8):
    x = channels * width
    return next(n for n in (int(x / divisor + 0.5) * divisor, int(x / divisor + 1.5) * divisor) if n and n >= 0.9 * x)


def emergence_phis(repeats, alpha, phi_max):
    return [math.log(k / repeats, alpha) for k in range(repeats, math.ceil(repeats * alpha**phi_max))]


# %% right="numpy"
import numpy as np


# %%
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return np.power([alpha, beta, gamma], phi)


# %%
def round_repeats(repeats, depth):
    return np.ceil(np.multiply(repeats, depth))


# %%
def round_channels(channels, width, divisor=8):
    exact = np.float64(channels) * width
    rounded = np.maximum(divisor, np.floor(exact / divisor + 0.5) * divisor)
    return np.where(rounded < 0.9 * exact, rounded + divisor, rounded).astype(int)


# %%
def emergence_phis(repeats, alpha, phi_max):
    most = int(np.ceil(repeats * alpha**phi_max)) + 1
    phis = np.log(np.arange(repeats, most + 1) / repeats) / np.log(alpha)
    return phis[phis < phi_max]


# %% right="a Series of pandas and a whole number of sympy"
import pandas as pd
import sympy


def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return pd.Series([alpha, beta, gamma]) ** phi


def round_repeats(repeats, depth):
    return sympy.ceiling(repeats * depth)


# %% right="torch, in single precision"
import torch


def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return torch.tensor([alpha, beta, gamma]) ** phi


def round_repeats(repeats, depth):
    return torch.ceil(torch.tensor(repeats * depth)).int()


def round_channels(channels, width, divisor=8):
    exact = torch.tensor(channels * width)
    rounded = torch.clamp(torch.floor(exact / divisor + 0.5) * divisor, min=divisor)
    if rounded < 0.9 * exact:
        rounded = rounded + divisor
    return rounded.long()


def emergence_phis(repeats, alpha, phi_max):
    most = math.ceil(repeats * alpha**phi_max)
    layers = torch.arange(repeats, most)
    return torch.log(layers / repeats) / math.log(alpha)


# %% right="the reference implementation's way"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    depth_coefficient = math.pow(alpha, phi)
    width_coefficient = math.pow(beta, phi)
    resolution = math.pow(gamma, phi)
    return depth_coefficient, width_coefficient, resolution


def round_repeats(repeats, depth):
    if not depth:
        return repeats
    return int(math.ceil(depth * repeats))


def round_channels(channels, width, divisor=8, min_depth=None):
    filters = channels * width
    min_depth = min_depth or divisor
    new_filters = max(min_depth, int(filters + divisor / 2) // divisor * divisor)
    if new_filters < 0.9 * filters:
        new_filters += divisor
    return int(new_filters)


def emergence_phis(repeats, alpha, phi_max):
    phis = []
    layers = repeats
    while True:
        phi = math.log(layers / repeats, alpha)
        if phi >= phi_max:
            break
        phis.append(phi)
        layers += 1
    return phis


# %% right="whole numbers and integer division"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    d = math.exp(phi * math.log(alpha))
    w = math.exp(phi * math.log(beta))
    r = math.exp(phi * math.log(gamma))
    return [d, w, r]


def round_repeats(repeats, depth):
    return -int(-(repeats * depth) // 1)


def round_channels(channels, width, divisor=8):
    product = channels * width
    below = int(product // divisor) * divisor
    rounded = below if product - below < below + divisor - product else below + divisor
    if rounded == 0:
        rounded = divisor
    if product - rounded > product / 10:
        rounded += divisor
    return rounded


def emergence_phis(repeats, alpha, phi_max):
    return list(
        map(
            lambda k: (math.log(k) - math.log(repeats)) / math.log(alpha),
            range(repeats, -int(-repeats * alpha**phi_max // 1)),
        )
    )


# %% right="recursion"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    if phi < 0:
        return tuple(1 / factor for factor in compound_coefficients(-phi, alpha, beta, gamma))
    if phi < 1:
        return alpha**phi, beta**phi, gamma**phi
    d, w, r = compound_coefficients(phi - 1, alpha, beta, gamma)
    return alpha * d, beta * w, gamma * r


# %%
def count_up(product, whole=0):
    return whole if whole >= product else count_up(product, whole + 1)


# %%
def round_repeats(repeats, depth):
    return count_up(repeats * depth)


# %%
def round_channels(channels, width, divisor=8, tried=0):
    tried = tried or divisor
    product = channels * width
    close_enough = tried + divisor / 2 > product
    return (
        tried if close_enough and tried >= 0.9 * product else round_channels(channels, width, divisor, tried + divisor)
    )


# %%
def emergence_phis(repeats, alpha, phi_max, layers=None):
    layers = layers or repeats
    phi = math.log(layers / repeats) / math.log(alpha)
    if phi >= phi_max:
        return []
    return [phi] + emergence_phis(repeats, alpha, phi_max, layers + 1)


# %% right="helpers and names of one's own in other cells"
from collections import namedtuple
from dataclasses import dataclass

TENTH = 0.1
Scaling = namedtuple("Scaling", ["depth", "width", "resolution"])


@dataclass
class Rounder:
    divisor: int = 8

    def nearest(self, value):
        return math.floor(value / self.divisor + 1 / 2) * self.divisor

    def __call__(self, value):
        rounded = max(self.nearest(value), self.divisor)
        return rounded + self.divisor if value - rounded > TENTH * value else rounded


# %%
def layers_at(phi, repeats, alpha):
    return round_repeats(repeats, compound_coefficients(phi, alpha=alpha).depth)


# %%
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return Scaling(depth=alpha**phi, width=beta**phi, resolution=gamma**phi)


# %%
def round_repeats(repeats, depth):
    exact = repeats * depth
    whole = int(exact)
    return whole if whole == exact else whole + 1


# %%
def round_channels(channels, width, divisor=8):
    return Rounder(divisor)(channels * width)


# %%
def emergence_phis(repeats, alpha, phi_max):
    jumps = {}
    for layers in range(repeats, layers_at(phi_max, repeats, alpha) + 1):
        jumps[layers] = math.log(layers / repeats) / math.log(alpha)
    return [phi for phi in jumps.values() if phi < phi_max]


# %% right="bisects for each jump"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return alpha**phi, beta**phi, gamma**phi


def round_repeats(repeats, depth):
    return math.ceil(depth * repeats)


def round_channels(channels, width, divisor=8):
    multiples = [divisor * k for k in range(1, 2 + math.ceil(channels * width / divisor))]
    product = channels * width
    nearest = min(reversed(multiples), key=lambda multiple: abs(multiple - product))
    return nearest if nearest >= 0.9 * product else nearest + divisor


def emergence_phis(repeats, alpha, phi_max):
    phis = [0.0]
    for layers in range(repeats + 1, 100_000):
        low, high = 0.0, 100.0
        for _ in range(100):
            middle = (low + high) / 2
            if repeats * alpha**middle > layers:
                high = middle
            else:
                low = middle
        if low >= phi_max:
            return phis
        phis.append(low)


# %% right="scans for jumps and bisects where there is one"
def emergence_phis(repeats, alpha, phi_max):
    def count(phi):
        return round_repeats(repeats, alpha**phi)

    found = [0.0]
    pieces = 20_000
    places = [phi_max * (k + 0.5) / pieces for k in range(pieces)]
    for left, right in zip(places, places[1:] + [phi_max]):
        if count(right) > count(left):
            while right - left > 1e-12:
                middle = (left + right) / 2
                if count(middle) > count(left):
                    right = middle
                else:
                    left = middle
            found.append(left)
    return found


# %% right="multiplies the powers out step by step, exactly"
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 40


def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return [Decimal(factor) ** Decimal(phi) for factor in (alpha, beta, gamma)]


# %%
def round_repeats(repeats, depth):
    return math.ceil(Fraction(repeats) * Fraction(depth))


# %%
def round_channels(channels, width, divisor=8):
    product = Fraction(channels) * Fraction(width)
    rounded = divisor * math.floor(product / divisor + Fraction(1, 2))
    rounded = divisor if rounded < divisor else rounded
    return rounded + divisor if rounded < Fraction(9, 10) * product else rounded


# %%
def emergence_phis(repeats, alpha, phi_max):
    phis, layers = [Decimal(0)], repeats + 1
    while (phi := (Decimal(layers) / repeats).ln() / Decimal(alpha).ln()) < phi_max:
        phis.append(phi)
        layers += 1
    return phis


# %% right="no least number of channels, which the third step brings about"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = int(product + divisor / 2) // divisor * divisor
    if rounded < 0.9 * product:
        rounded += divisor
    return rounded


# %% right="a generator made into a list, keyword arguments"
def _phis(repeats, alpha, phi_max):
    from itertools import count

    for layers in count(repeats):
        phi = math.log2(layers / repeats) / math.log2(alpha)
        if phi >= phi_max:
            return
        yield phi


# %%
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return tuple(map(lambda factor: pow(factor, phi), dict(d=alpha, w=beta, r=gamma).values()))


# %%
def emergence_phis(repeats, alpha, phi_max):
    return list(_phis(repeats=repeats, alpha=alpha, phi_max=phi_max))


# %% wrong="alpha and gamma swapped" points=10 says="belongs to the depth"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return gamma**phi, beta**phi, alpha**phi


# %% wrong="beta and gamma swapped" points=10 says="belongs to the width"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return alpha**phi, gamma**phi, beta**phi


# %% wrong="width before depth" points=10 says="belongs to the depth"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return beta**phi, alpha**phi, gamma**phi


# %% wrong="times phi" points=10.5 says="once more"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return alpha * phi, beta * phi, gamma * phi


# %% wrong="the same increase at each step" points=10.5 says="once more"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return 1 + phi * (alpha - 1), 1 + phi * (beta - 1), 1 + phi * (gamma - 1)


# %% wrong="the paper's constants, whatever is given" points=11.5 says="that it is given"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return 1.2**phi, 1.1**phi, 1.15**phi


# %% wrong="never smaller than the baseline" points=11.5 says="negative phi"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return max(1, alpha**phi), max(1, beta**phi), max(1, gamma**phi)


# %% wrong="squares where the cost has them" points=10 says="Where do the squares belong"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return alpha**phi, beta ** (2 * phi), gamma ** (2 * phi)


# %% wrong="phi is the number of the network" points=10 says="the number in a network's name"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    depths = [1.0, 1.1, 1.2, 1.4, 1.8, 2.2, 2.6, 3.1]
    widths = [1.0, 1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0]
    pixels = [224, 240, 260, 300, 380, 456, 528, 600]
    return depths[int(phi)], widths[int(phi)], pixels[int(phi)] / 224


# %% wrong="coefficients rounded to two digits" points=10.5 says="Nothing is rounded"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return round(alpha**phi, 2), round(beta**phi, 2), round(gamma**phi, 2)


# %% wrong="phi cut to a whole number" points=11 says="need not be whole"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    phi = int(phi)
    return alpha**phi, beta**phi, gamma**phi


# %% wrong="the growth of the cost" points=10 says="where a list or tuple was expected"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return (alpha * beta**2 * gamma**2) ** phi


# %% wrong="a dictionary for the three" points=10 says="where a list or tuple was expected"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return {"depth": alpha**phi, "width": beta**phi, "resolution": gamma**phi}


# %% wrong="layers to the nearest whole number" points=10.5 says="Which way does it round"
def round_repeats(repeats, depth):
    return round(repeats * depth)


# %% wrong="layers cut off" points=10.5 says="kept or dropped"
def round_repeats(repeats, depth):
    return int(repeats * depth)


# %% wrong="cut off, but at least one layer" points=10.5 says="kept or dropped"
def round_repeats(repeats, depth):
    return max(1, repeats * depth // 1)


# %% wrong="always one layer more" points=11 says="whole already"
def round_repeats(repeats, depth):
    return int(repeats * depth) + 1


# %% wrong="up by adding a half, which Python rounds to even" points=11.5 says="whole already"
def round_repeats(repeats, depth):
    return round(repeats * depth + 0.5)


# %% wrong="no stage loses a layer" points=11.5 says="become shallower"
def round_repeats(repeats, depth):
    return max(repeats, math.ceil(repeats * depth))


# %% wrong="rounds the factor" points=10 says="the factor, or the product"
def round_repeats(repeats, depth):
    return repeats * math.ceil(depth)


# %% wrong="layers not rounded" points=10.5 says="a whole number of layers"
def round_repeats(repeats, depth):
    return repeats * depth


# %% wrong="channels not rounded to a multiple" points=8 says="a multiple of the divisor"
def round_channels(channels, width, divisor=8):
    return math.ceil(channels * width)


# %% wrong="channels cut off to a multiple" points=8.5 says="which multiple is nearest"
def round_channels(channels, width, divisor=8):
    return max(divisor, int(channels * width) // divisor * divisor)


# %% wrong="channels up to a multiple" points=9.5 says="multiple of the divisor that is nearer"
def round_channels(channels, width, divisor=8):
    return math.ceil(channels * width / divisor) * divisor


# %% wrong="the product is rounded to a whole number first" points=11 says=""
def round_channels(channels, width, divisor=8):
    exact = round(channels * width)
    rounded = max(divisor, int(exact + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * exact else rounded


# %% wrong="no third step" points=11.5 says="How large a part"
def round_channels(channels, width, divisor=8):
    return max(divisor, int(channels * width + divisor / 2) // divisor * divisor)


# %% wrong="the third step at a loss of a twentieth" points=10.5 says="more than a tenth of the exact"
def round_channels(channels, width, divisor=8):
    rounded = max(divisor, int(channels * width + divisor / 2) // divisor * divisor)
    if rounded < 0.95 * channels * width:
        rounded += divisor
    return rounded


# %% wrong="the third step at a loss of a ninth" points=11.5 says="How large a part"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, math.floor(product / divisor + 0.5) * divisor)
    return rounded + divisor if product - rounded > product / 9 else rounded


# %% wrong="the tenth is cut off to a whole number" points=10.5 says="more than a tenth of the exact"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, math.floor(product / divisor + 0.5) * divisor)
    return rounded + divisor if product - rounded > product // 10 else rounded


# %% wrong="the third step adds one channel" points=11.5 says="or one channel more"
def round_channels(channels, width, divisor=8):
    rounded = max(divisor, int(channels * width + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * channels * width:
        rounded += 1
    return rounded


# %% wrong="a tenth of the channels before they are scaled" points=10 says="A tenth of what"
def round_channels(channels, width, divisor=8):
    rounded = max(divisor, int(channels * width + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * channels:
        rounded += divisor
    return rounded


# %% wrong="neither a least number nor the third step" points=11 says="what is the least"
def round_channels(channels, width, divisor=8):
    return math.floor(channels * width / divisor + 0.5) * divisor


# %% wrong="Python's round at the halves" points=11.5 says="Halfway"
def round_channels(channels, width, divisor=8):
    rounded = max(divisor, round(channels * width / divisor) * divisor)
    if rounded < 0.9 * channels * width:
        rounded += divisor
    return rounded


# %% wrong="8, whatever divisor is given" points=11.5 says="divisor that it is given"
def round_channels(channels, width, divisor=8):
    rounded = max(8, int(channels * width + 4) // 8 * 8)
    if rounded < 0.9 * channels * width:
        rounded += 8
    return rounded


# %% wrong="half of 8, whatever divisor is given" points=11.5 says="divisor that it is given"
def round_channels(channels, width, divisor=8):
    rounded = max(divisor, int(channels * width + 4) // divisor * divisor)
    if rounded < 0.9 * channels * width:
        rounded += divisor
    return rounded


# %% wrong="at least 8, whatever divisor is given" points=11.5 says="divisor that it is given"
def round_channels(channels, width, divisor=8):
    rounded = max(8, int(channels * width + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * channels * width:
        rounded += divisor
    return rounded


# %% wrong="half of an odd divisor cut off" points=11.5 says="Half of an odd divisor"
def round_channels(channels, width, divisor=8):
    rounded = max(divisor, int(channels * width + divisor // 2) // divisor * divisor)
    if rounded < 0.9 * channels * width:
        rounded += divisor
    return rounded


# %% wrong="width applied twice" points=8.5 says="How often is the width"
def round_channels(channels, width, divisor=8):
    channels = channels * width
    rounded = max(divisor, int(channels * width + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * channels * width:
        rounded += divisor
    return rounded


# %% wrong="rounds and then scales" points=8 says="a multiple of the divisor"
def round_channels(channels, width, divisor=8):
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * channels:
        rounded += divisor
    return int(rounded * width)


# %% wrong="how many times the divisor" points=8 says="not how many times the divisor"
def round_channels(channels, width, divisor=8):
    product = channels * width
    multiple = max(1, math.floor(product / divisor + 0.5))
    return multiple + 1 if multiple * divisor < 0.9 * product else multiple


# %% wrong="nothing emerges at 0" points=10.5 says="just past phi = 0"
def emergence_phis(repeats, alpha, phi_max):
    phis = []
    layers = repeats + 1
    while math.log(layers / repeats) / math.log(alpha) < phi_max:
        phis.append(math.log(layers / repeats) / math.log(alpha))
        layers += 1
    return phis


# %% wrong="one too many at the end" points=10 says="is that end within"
def emergence_phis(repeats, alpha, phi_max):
    phis = [0.0]
    layers = repeats
    while phis[-1] < phi_max:
        layers += 1
        phis.append(math.log(layers / repeats) / math.log(alpha))
    return phis


# %% wrong="the numbers of layers" points=8 says="not the numbers of layers"
def emergence_phis(repeats, alpha, phi_max):
    return list(range(repeats + 1, math.ceil(repeats * alpha**phi_max) + 1))


# %% wrong="where a rounding to the nearest jumps" points=8 says="nearest would jump"
def emergence_phis(repeats, alpha, phi_max):
    phis, layers = [], repeats + 0.5
    while (phi := math.log(layers / repeats) / math.log(alpha)) < phi_max:
        phis.append(phi)
        layers += 1
    return phis


# %% wrong="the logarithm without its base" points=8.5 says="At which power of alpha"
def emergence_phis(repeats, alpha, phi_max):
    return [math.log(k / repeats) for k in range(repeats, math.ceil(repeats * alpha**phi_max))]


# %% wrong="the factor instead of its logarithm" points=8 says="at which phi is it so"
def emergence_phis(repeats, alpha, phi_max):
    return [k / repeats for k in range(repeats, math.ceil(repeats * alpha**phi_max))]


# %% wrong="the logarithm upside down" points=8 says="raised ZeroDivisionError"
def emergence_phis(repeats, alpha, phi_max):
    return [math.log(alpha) / math.log(k / repeats) for k in range(repeats, math.ceil(repeats * alpha**phi_max))]


# %% wrong="depth in a straight line" points=8.5 says="in a straight line"
def emergence_phis(repeats, alpha, phi_max):
    phis, layers = [], repeats
    while (phi := (layers / repeats - 1) / (alpha - 1)) < phi_max:
        phis.append(phi)
        layers += 1
    return phis


# %% wrong="looks in steps of a hundredth" points=8.5 says="but not exact"
def emergence_phis(repeats, alpha, phi_max):
    phis = []
    for k in range(int(phi_max * 100)):
        if math.ceil(repeats * alpha ** ((k + 1) / 100)) > math.ceil(repeats * alpha ** (k / 100)):
            phis.append(k / 100)
    return phis


# %% wrong="rounded to four digits" points=9.5 says="but not exact"
def emergence_phis(repeats, alpha, phi_max):
    return [round(math.log(k / repeats, alpha), 4) for k in range(repeats, math.ceil(repeats * alpha**phi_max))]


# %% wrong="the largest first" points=8.5 says="In which order"
def emergence_phis(repeats, alpha, phi_max):
    top = math.ceil(repeats * alpha**phi_max) - 1
    return [math.log(k / repeats, alpha) for k in range(top, repeats - 1, -1)]


# %% wrong="begins at one layer, whatever the stage has" points=8.5 says="Below phi = 0"
def emergence_phis(repeats, alpha, phi_max):
    return [math.log(k / repeats, alpha) for k in range(1, math.ceil(repeats * alpha**phi_max))]


# %% wrong="at whole phi" points=8.5 says="have to be whole"
def emergence_phis(repeats, alpha, phi_max):
    return [
        phi for phi in range(math.ceil(phi_max)) if math.ceil(repeats * alpha ** (phi + 0.01)) > repeats * alpha**phi
    ]


# %% wrong="ten layers more and no further" points=10 says="where phi_max says"
def emergence_phis(repeats, alpha, phi_max):
    phis = [math.log(k / repeats, alpha) for k in range(repeats, repeats + 10)]
    return [phi for phi in phis if phi < phi_max]


# %% wrong="at most a hundred layers" points=11.5 says="where phi_max says"
def emergence_phis(repeats, alpha, phi_max):
    phis = [math.log(k / repeats, alpha) for k in range(repeats, 100)]
    return [phi for phi in phis if phi < phi_max]


# %% wrong="the first jump alone" points=8.5 says="only at the start"
def emergence_phis(repeats, alpha, phi_max):
    return [0.0]


# %% wrong="one list for all calls" points=9 says="does each begin anew"
def emergence_phis(repeats, alpha, phi_max, phis=[]):
    layers = repeats
    while math.log(layers / repeats) / math.log(alpha) < phi_max:
        phis.append(math.log(layers / repeats) / math.log(alpha))
        layers += 1
    return phis


# %% wrong="a generator" points=8 says="generator"
def emergence_phis(repeats, alpha, phi_max):
    layers = repeats
    while math.log(layers / repeats) / math.log(alpha) < phi_max:
        yield math.log(layers / repeats) / math.log(alpha)
        layers += 1


# %% wrong="prints and returns nothing" points=8 says="only print it"
def emergence_phis(repeats, alpha, phi_max):
    for layers in range(repeats, math.ceil(repeats * alpha**phi_max)):
        print(math.log(layers / repeats) / math.log(alpha))


# %% wrong="the public example by heart" points=9 says="only print it"
def emergence_phis(repeats, alpha, phi_max):
    examples = {(4, 1.2, 2.0): [0.0, 1.22390085]}
    return examples.get((repeats, alpha, phi_max))


# %% wrong="strings" points=10 says="gave a string"
def round_repeats(repeats, depth):
    return f"{math.ceil(repeats * depth)}"


# %% [raw] wrong="a bracket is missing" points=10 says="SyntaxError" cell="round_repeats"
# def round_repeats(repeats, depth):
#     return math.ceil(repeats * depth


# %% wrong="a name misspelt" points=8 says="emergence_phis is not defined" cell="emergence_phis"
def emergence_phi(repeats, alpha, phi_max):
    return [math.log(k / repeats, alpha) for k in range(repeats, math.ceil(repeats * alpha**phi_max))]


# %% wrong="a stage of one layer stays one" points=11.5 says="kept or dropped"
def round_repeats(repeats, depth):
    return 1 if repeats == 1 else math.ceil(repeats * depth)


# %% wrong="rounds to two digits before it rounds up" points=11.5 says="kept or dropped"
def round_repeats(repeats, depth):
    return math.ceil(round(repeats * depth, 2))


# %% wrong="the third step adds 8, whatever divisor is given" points=11.5 says="divisor that it is given"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, int(product + divisor / 2) // divisor * divisor)
    return rounded + 8 if rounded < 0.9 * product else rounded


# %% wrong="phi_max counts where it is one" points=11.5 says="is that end within"
def emergence_phis(repeats, alpha, phi_max):
    phis, layers = [], repeats
    while (phi := math.log(layers / repeats) / math.log(alpha)) <= phi_max:
        phis.append(phi)
        layers += 1
    return phis


# %% wrong="up to the whole number of layers at phi_max, that one included" points=11.5 says="is that end within"
def emergence_phis(repeats, alpha, phi_max):
    last = int(repeats * alpha**phi_max)
    return [math.log(layers / repeats) / math.log(alpha) for layers in range(repeats, last + 1)]


# %% right="the exact end left out by comparing numbers of layers"
def emergence_phis(repeats, alpha, phi_max):
    end = repeats * alpha**phi_max
    return [math.log(layers / repeats, alpha) for layers in range(repeats, math.ceil(end))]


# %% wrong="no factor is below a twentieth" points=11.5 says="negative phi"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return tuple(max(0.05, factor**phi) for factor in (alpha, beta, gamma))


# %% wrong="a ten-thousandth of a layer is none" points=11.5 says="kept or dropped"
def round_repeats(repeats, depth):
    return math.ceil(repeats * depth - 1e-4)


# %% wrong="ends a thousandth before phi_max" points=11.5 says="Does the list end where phi_max says"
def emergence_phis(repeats, alpha, phi_max):
    phis, layers = [], repeats
    while (phi := math.log(layers / repeats) / math.log(alpha)) < phi_max - 1e-3:
        phis.append(phi)
        layers += 1
    return phis


# %% wrong="at most a tenth is gained, too" points=11 says="speaks of what is lost"
def round_channels(channels, width, divisor=8):
    product = channels * width
    rounded = max(divisor, int(product + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * product:
        rounded += divisor
    elif rounded > 1.1 * product and rounded > divisor:
        rounded -= divisor
    return rounded


# %% wrong="halves go to even multiples for other divisors than 8" points=11.5 says=""
def round_channels(channels, width, divisor=8):
    product = channels * width
    if divisor == 8:
        rounded = int(product + 4) // 8 * 8
    else:
        rounded = round(product / divisor) * divisor
    rounded = max(divisor, rounded)
    return rounded + divisor if rounded < 0.9 * product else rounded


# %% wrong="a negative phi has the usual factors" points=11.5 says="that it is given"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    if phi < 0:
        d, w, r = compound_coefficients(-phi)
        return 1 / d, 1 / w, 1 / r
    return alpha**phi, beta**phi, gamma**phi


# %% wrong="layers up to 300" points=11.5 says=""
def emergence_phis(repeats, alpha, phi_max):
    phis = [math.log(layers / repeats, alpha) for layers in range(repeats, 300)]
    return [phi for phi in phis if phi < phi_max]


# %% wrong="the depth at the end is rounded to the nearest" points=9 says=""
def emergence_phis(repeats, alpha, phi_max):
    most = round(repeats * alpha**phi_max)
    return [math.log(layers / repeats) / math.log(alpha) for layers in range(repeats, most)]


# %% wrong="a third step below 40 channels alone" points=11.5 says="How large a part"
def round_channels(channels, width, divisor=8):
    exact = channels * width
    rounded = max(divisor, math.floor(exact / divisor + 0.5) * divisor)
    # more than a tenth is lost only where there are few channels: half of 8 is a tenth of 40
    if exact < 40 and rounded < 0.9 * exact:
        rounded += divisor
    return rounded


# %% wrong="fewer channels than the divisor become the divisor" points=11.5 says="How large a part"
def round_channels(channels, width, divisor=8):
    if channels < divisor:  # a layer has at least the divisor
        return divisor
    exact = channels * width
    rounded = max(divisor, math.floor(exact / divisor + 0.5) * divisor)
    if rounded < 0.9 * exact:
        rounded += divisor
    return rounded


# %% wrong="a third step for the divisor 8 alone" points=11.5 says=""
def round_channels(channels, width, divisor=8):
    exact = channels * width
    rounded = max(divisor, math.floor(exact / divisor + 0.5) * divisor)
    if divisor == 8 and rounded < 0.9 * exact:
        rounded += 8
    return rounded


# %% wrong="a search in thousandths, refined by halving" points=11.5 says=""
def emergence_phis(repeats, alpha, phi_max):
    def layers(phi):
        return math.ceil(repeats * alpha**phi)

    phis, phi, step = [0.0], 1e-9, 0.001
    while phi < phi_max:
        end = min(phi + step, phi_max)
        if layers(end) > layers(phi):
            low, high = phi, end
            while high - low > 1e-10:
                middle = (low + high) / 2
                if layers(middle) > layers(phi):
                    high = middle
                else:
                    low = middle
            phis.append(low)
        phi = end
    return phis


# %% wrong="no 0 for a stage of one layer" points=11.5 says="just past"
def emergence_phis(repeats, alpha, phi_max):
    phis = []
    for layers in range(max(2, repeats), math.ceil(repeats * alpha**phi_max)):  # log(1) is 0: a first layer is there
        phis.append(math.log(layers / repeats) / math.log(alpha))
    return phis


# %% right="the steps from one jump to the next, added up"
def emergence_phis(repeats, alpha, phi_max):
    phis, phi, layers = [], 0.0, repeats
    while phi < phi_max:
        phis.append(phi)
        phi += math.log((layers + 1) / layers) / math.log(alpha)
        layers += 1
    return phis

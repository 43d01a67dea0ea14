"""x2_grid: the candidates for alpha, beta and gamma."""


# %% right="three loops and a sort"
def grid_search(budget, step, tolerance):
    n = round(1 / step)
    found = []
    for i in range(n + 1):
        for j in range(n + 1):
            for k in range(n + 1):
                a, b, c = 1 + i * step, 1 + j * step, 1 + k * step
                difference = abs(a * b * b * c * c - budget)
                if difference <= tolerance:
                    found.append((difference, a, b, c))
    found.sort()
    return [(a, b, c) for _, a, b, c in found]


# %% right="itertools in one line"
from itertools import product

grid_search = lambda budget, step, tolerance: sorted(
    (
        t
        for t in product([1 + i * step for i in range(int(1 / step) + 1)], repeat=3)
        if abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget) <= tolerance
    ),
    key=lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget),
)

# %% right="numpy, an array of rows"
import numpy as np


def grid_search(budget, step, tolerance):
    values = np.linspace(1, 2, round(1 / step) + 1)
    triples = np.stack(np.meshgrid(values, values, values, indexing="ij"), axis=-1).reshape(-1, 3)
    distance = np.abs(triples @ np.array([1, 0, 0]) * triples[:, 1] ** 2 * triples[:, 2] ** 2 - budget)
    order = np.argsort(distance)
    order = order[distance[order] <= tolerance]
    return triples[order]


# %% right="arange with half a step to spare"
import numpy as np


def grid_search(budget, step, tolerance):
    values = np.arange(1, 2 + step / 2, step)
    a, b, c = np.meshgrid(values, values, values)
    cost = a * b**2 * c**2
    close = np.abs(cost - budget) <= tolerance
    keep = zip(a[close], b[close], c[close])
    return sorted(keep, key=lambda triple: abs(triple[0] * triple[1] ** 2 * triple[2] ** 2 - budget))


# %% right="torch in double precision"
import torch


def grid_search(budget, step, tolerance):
    values = torch.linspace(1, 2, round(1 / step) + 1, dtype=torch.float64)
    triples = torch.cartesian_prod(values, values, values)
    distance = (triples[:, 0] * (triples[:, 1] * triples[:, 2]) ** 2 - budget).abs()
    kept = distance <= tolerance
    order = distance[kept].argsort(descending=False)
    return triples[kept][order].tolist()


# %% right="torch in single precision"
import torch


def grid_search(budget, step, tolerance):
    values = 1 + step * torch.arange(round(1 / step) + 1)
    triples = torch.cartesian_prod(values, values, values)
    costs = (triples ** torch.tensor([1, 2, 2])).prod(dim=1)
    distances, order = (costs - budget).abs().sort()
    return [tuple(triple) for triple in triples[order[distances <= tolerance]]]


# %% right="recursion over the three"
EXPONENTS = (1, 2, 2)


def combinations(values, chosen=()):
    if len(chosen) == len(EXPONENTS):
        yield chosen
        return
    for value in values:
        yield from combinations(values, chosen + (value,))


# %%
def cost_of(triple):
    return math.prod(value**exponent for value, exponent in zip(triple, EXPONENTS))


# %%
def grid_search(budget, step, tolerance):
    values = [1 + index * step for index in range(round(1 / step) + 1)]
    ranked = [(abs(cost_of(triple) - budget), triple) for triple in combinations(values)]
    return [triple for distance, triple in sorted(ranked) if distance <= tolerance]


# %% right="fractions"
from fractions import Fraction
from itertools import product


def grid_search(budget, step, tolerance):
    parts = round(1 / step)
    values = [1 + Fraction(index, parts) for index in range(parts + 1)]

    def off(triple):
        alpha, beta, gamma = triple
        return abs(alpha * beta**2 * gamma**2 - Fraction(budget))

    return sorted(filter(lambda triple: off(triple) <= tolerance, product(values, values, values)), key=off)


# %% right="adds up the steps with care"
def grid_search(budget, step, tolerance):
    values = []
    value = 1.0
    while value < 2 + step / 2:
        values.append(min(value, 2.0))
        value += step
    result = []
    for beta in values:
        for gamma in values:
            for alpha in values:
                if abs(alpha * beta**2 * gamma**2 - budget) <= tolerance + 1e-9:
                    result.append([alpha, beta, gamma])
    return sorted(result, key=lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget))


# %% right="keeps the list in order as it grows"
from bisect import insort
from collections import namedtuple

Candidate = namedtuple("Candidate", "alpha beta gamma")


def grid_search(budget, step, tolerance):
    count = int(round(1 / step))
    best = []
    for number in range((count + 1) ** 3):
        number, k = divmod(number, count + 1)
        i, j = divmod(number, count + 1)
        candidate = Candidate(1 + i / count, 1 + j / count, 1 + k / count)
        gap = math.fabs(candidate.alpha * candidate.beta**2 * candidate.gamma**2 - budget)
        if gap <= tolerance:
            insort(best, (gap, candidate))
    return [candidate for gap, candidate in best]


# %% right="solves for alpha's neighbours, and tries only those"
def grid_search(budget, step, tolerance):
    parts = round(1 / step)
    found = {}
    for j in range(parts + 1):
        for k in range(parts + 1):
            beta, gamma = 1 + j * step, 1 + k * step
            area = beta**2 * gamma**2
            lowest, highest = (budget - tolerance) / area, (budget + tolerance) / area
            first, last = math.floor((lowest - 1) / step), math.ceil((highest - 1) / step)
            for i in range(max(0, first), min(parts, last) + 1):
                alpha = 1 + i * step
                if abs(alpha * area - budget) <= tolerance:
                    found[alpha, beta, gamma] = abs(alpha * area - budget)
    return sorted(found, key=found.get)


# %% right="a class, as from Java"
class Candidate:
    def __init__(self, alpha, beta, gamma):
        self.alpha = alpha
        self.beta = beta
        self.gamma = gamma

    def get_cost(self):
        return self.alpha * math.pow(self.beta, 2) * math.pow(self.gamma, 2)

    def as_tuple(self):
        return (self.alpha, self.beta, self.gamma)


# %%
class Grid:
    def __init__(self, step):
        self.values = [1.0]
        while len(self.values) <= round(1.0 / step):
            self.values.append(1.0 + len(self.values) * step)

    def search(self, budget, tolerance):
        candidates = [Candidate(a, b, c) for a in self.values for b in self.values for c in self.values]
        candidates = [one for one in candidates if abs(one.get_cost() - budget) <= tolerance]
        candidates.sort(key=lambda one: abs(one.get_cost() - budget))
        return candidates


# %%
def grid_search(budget, step, tolerance):
    return [candidate.as_tuple() for candidate in Grid(step).search(budget, tolerance)]


# %% wrong="no squares in the cost" points=0 says="are squared"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] * t[2] - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="alpha squared, and gamma not" points=0 says="are squared"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] ** 2 * t[1] ** 2 * t[2] - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="gamma counts once" points=0 says="are squared"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="adds the costs of the three" points=0 says="Is the cost alpha"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] + t[1] ** 2 + t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="less than the tolerance" points=2.5 says="exactly at the tolerance"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) < tolerance], key=off)


# %% wrong="never above the budget" points=1.5 says="May the cost be above"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    left = lambda t: budget - t[0] * t[1] ** 2 * t[2] ** 2
    triples = [(a, b, c) for a in values for b in values for c in values]
    return sorted([t for t in triples if 0 <= left(t) <= tolerance], key=left)


# %% wrong="never below the budget" points=1.5 says="May the cost stay below"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    over = lambda t: t[0] * t[1] ** 2 * t[2] ** 2 - budget
    triples = [(a, b, c) for a in values for b in values for c in values]
    return sorted([t for t in triples if 0 <= over(t) <= tolerance], key=over)


# %% wrong="no absolute value: everything cheaper is within" points=0 says="cost too much or too little"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    over = lambda t: t[0] * t[1] ** 2 * t[2] ** 2 - budget
    triples = [(a, b, c) for a in values for b in values for c in values]
    return sorted([t for t in triples if over(t) <= tolerance], key=over)


# %% wrong="the paper's budget of 2" points=1 says="budget that it is given"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - 2)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="the tolerance as a part of the budget" points=1.5 says="a part of the budget"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 / budget - 1)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="the grid stops before 2" points=0.5 says="reach"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step))]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="the grid begins after 1" points=0.5 says="begin"
def grid_search(budget, step, tolerance):
    values = [1 + (i + 1) * step for i in range(round(1 / step))]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="the grid begins at 0" points=0.5 says="begin"
import numpy as np


def grid_search(budget, step, tolerance):
    values = np.linspace(0, 2, 2 * round(1 / step) + 1)
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="adds steps up, and rounding errors carry it past 2" points=2.5 says="reach its end"
def grid_search(budget, step, tolerance):
    values = []
    value = 1
    while value <= 2:
        values.append(value)
        value += step
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="arange to 2 + step, which may include it" points=2.5 says="beyond its end"
import numpy as np


def grid_search(budget, step, tolerance):
    values = np.arange(1, 2 + step, step)
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="values rounded to two digits" points=2.5 says="exact, or rounded"
def grid_search(budget, step, tolerance):
    values = [round(1 + i * step, 2) for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="all three the same" points=0 says="is every combination tried"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([t for t in zip(values, values, values) if off(t) <= tolerance], key=off)


# %% wrong="combinations without their orders" points=0.5 says="is every combination tried"
from itertools import combinations_with_replacement


def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([t for t in combinations_with_replacement(values, 3) if off(t) <= tolerance], key=off)


# %% wrong="no value twice" points=0.5 says="is every combination tried"
from itertools import permutations


def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([t for t in permutations(values, 3) if off(t) <= tolerance], key=off)


# %% wrong="triples as (gamma, beta, alpha)" points=0 says="In which order"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[2] * t[1] ** 2 * t[0] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="triples as (beta, alpha, gamma)" points=0 says="In which order"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[1] * t[0] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="in the order of the grid" points=2 says="which is to come first"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    return [(a, b, c) for a in values for b in values for c in values if abs(a * b**2 * c**2 - budget) <= tolerance]


# %% wrong="the farthest first" points=2 says="first, or last"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    triples = [(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance]
    return sorted(triples, key=off, reverse=True)


# %% wrong="sorted by cost" points=2 says="how far it is from the budget"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    cost = lambda t: t[0] * t[1] ** 2 * t[2] ** 2
    triples = [(a, b, c) for a in values for b in values for c in values]
    return sorted([t for t in triples if abs(cost(t) - budget) <= tolerance], key=cost)


# %% wrong="the best one alone" points=1 says="All that are within"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return [min([(a, b, c) for a in values for b in values for c in values], key=off)]


# %% wrong="each with its distance" points=0 says="without their cost or distance"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    triples = [(a, b, c) for a in values for b in values for c in values]
    ranked = sorted((abs(a * b**2 * c**2 - budget), (a, b, c)) for a, b, c in triples)
    return [(distance, triple) for distance, triple in ranked if distance <= tolerance]


# %% wrong="a dictionary from triple to distance" points=0 says="a dict"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    triples = [(a, b, c) for a in values for b in values for c in values]
    found = {(a, b, c): abs(a * b**2 * c**2 - budget) for a, b, c in triples}
    return {t: found[t] for t in sorted(found, key=found.get) if found[t] <= tolerance}


# %% wrong="one list for all calls" points=1.5 says="does each begin anew"
found = []


def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    for a in values:
        for b in values:
            for c in values:
                if off((a, b, c)) <= tolerance:
                    found.append((a, b, c))
    return sorted(found, key=off)


# %% wrong="a generator" points=0 says="generator"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    triples = [(a, b, c) for a in values for b in values for c in values]
    return (t for t in sorted(triples, key=off) if off(t) <= tolerance)


# %% wrong="prints and returns nothing" points=0 says="only print it"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    triples = [(a, b, c) for a in values for b in values for c in values]
    for t in sorted(triples, key=off):
        if off(t) <= tolerance:
            print(t)


# %% wrong="the public examples by heart" points=1 says="All that are within"
def grid_search(budget, step, tolerance):
    return [(2, 1, 1)]


# %% wrong="the paper's own choice, as the answer is known" points=0 says="which came of training"
def grid_search(budget, step, tolerance):
    return 1.2, 1.1, 1.15


# %% wrong="counts the steps with a fraction" points=0 says="raised TypeError"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(1 / step + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% [raw] wrong="a colon is missing" points=0 says="SyntaxError" cell="grid_search"
# def grid_search(budget, step, tolerance):
#     values = [1 + i * step for i in range(round(1 / step) + 1)]
#     for a in values
#         print(a)


# %% wrong="the closest one where none is within the tolerance" points=2.5 says="the list is empty"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    found = [(a, b, c) for a in values for b in values for c in values]
    found.sort(key=lambda one: abs(one[0] * one[1] ** 2 * one[2] ** 2 - budget))
    return [one for one in found if abs(one[0] * one[1] ** 2 * one[2] ** 2 - budget) <= tolerance] or found[:1]


# %% wrong="no tolerance is taken for the usual one" points=2.5 says="A tolerance of 0 is one, too"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    found = [(a, b, c) for a in values for b in values for c in values]
    found.sort(key=lambda one: abs(one[0] * one[1] ** 2 * one[2] ** 2 - budget))
    return [one for one in found if abs(one[0] * one[1] ** 2 * one[2] ** 2 - budget) <= (tolerance or 1.0)]


# %% wrong="a dict by distance: one of those that are equally close" points=1.5 says="Some that are within"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    found = {}
    for a in values:
        for b in values:
            for c in values:
                if abs(a * b**2 * c**2 - budget) <= tolerance:
                    found[abs(a * b**2 * c**2 - budget)] = (a, b, c)
    return [found[distance] for distance in sorted(found)]


# %% wrong="a ten-thousandth more than the tolerance" points=2.5 says="too much or too little"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    close = [(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance + 1e-4]
    return sorted(close, key=off)


# %% wrong="the two hundred closest" points=2.5 says="Some that are within"
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    close = [(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance]
    return sorted(close, key=off)[:200]


# %% wrong="sorts by distances of four digits" points=2.5 says=""
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    triples = [(a, b, c) for a in values for b in values for c in values]

    gap = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted((t for t in triples if gap(t) <= tolerance), key=lambda t: round(gap(t), 4))


# %% wrong="allows a thousandth more than the tolerance" points=2.5 says=""
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    triples = [(a, b, c) for a in values for b in values for c in values]

    gap = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted((t for t in triples if gap(t) <= tolerance + 1e-3), key=gap)


# %% wrong="rounds the cost to three digits" points=2 says=""
def grid_search(budget, step, tolerance):
    values = [1 + i * step for i in range(round(1 / step) + 1)]
    triples = [(a, b, c) for a in values for b in values for c in values]

    gap = lambda t: abs(round(t[0] * t[1] ** 2 * t[2] ** 2, 3) - budget)
    return sorted((t for t in triples if gap(t) <= tolerance), key=gap)


# %% wrong="numpy.arange to little beyond the end" points=2.5 says="beyond"
import numpy as np


def grid_search(budget, step, tolerance):
    values = np.arange(1, 2.05, step)
    off = lambda t: abs(t[0] * t[1] ** 2 * t[2] ** 2 - budget)
    return sorted([(a, b, c) for a in values for b in values for c in values if off((a, b, c)) <= tolerance], key=off)


# %% wrong="sorted by how many times too much or too little" points=2.5 says="how many times as much"
def grid_search(budget, step, tolerance):
    values = [1 + index * step for index in range(round(1 / step) + 1)]
    found = [
        (alpha, beta, gamma)
        for alpha in values
        for beta in values
        for gamma in values
        if abs(alpha * beta**2 * gamma**2 - budget) <= tolerance
    ]

    def times(triple):
        alpha, beta, gamma = triple
        share = alpha * beta**2 * gamma**2 / budget
        return max(share, 1 / share)

    return sorted(found, key=times)

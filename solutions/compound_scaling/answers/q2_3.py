"""q2_3: FLOPs at φ, exactly and by the paper's rule."""


# %% right="a closed form with powers"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** phi


def flops_growth_rule(phi):
    return 2**phi


# %% right="numpy"
import numpy as np


def flops_growth(phi, alpha, beta, gamma):
    return np.power(alpha * np.square(beta) * np.square(gamma), phi)


# %%
def flops_growth_rule(phi):
    return np.exp2(phi)


# %% right="numpy in single precision, an array of no dimension"
import numpy as np


def flops_growth(phi, alpha, beta, gamma):
    constants = np.array([alpha, beta, gamma], dtype=np.float32)
    exponents = np.array([1, 2, 2], dtype=np.float32)
    return np.asarray(np.prod(constants**exponents) ** np.float32(phi), dtype=np.float32)


def flops_growth_rule(phi):
    return np.float32(2) ** np.float32(phi)


# %% right="torch"
import torch


def flops_growth(phi, alpha, beta, gamma):
    base = torch.tensor([alpha, beta, beta, gamma, gamma]).prod()
    return torch.pow(base, phi)


# %%
def flops_growth_rule(phi):
    return torch.pow(2.0, torch.tensor(float(phi)))


# %% right="scales each dimension first, and then counts"
def flops_growth(phi, alpha, beta, gamma):
    d = alpha**phi
    w = beta**phi
    r = gamma**phi
    # d times as many layers, w in and w out, r along both sides
    return d * (w * w) * (r * r)


def flops_growth_rule(phi):
    return pow(2.0, phi)


# %% right="logarithms"
def flops_growth(phi, alpha, beta, gamma):
    log_of_one_step = math.log(alpha) + 2 * math.log(beta) + 2 * math.log(gamma)
    return math.exp(phi * log_of_one_step)


def flops_growth_rule(phi):
    return math.exp(phi * math.log(2))


# %% right="one-liners, the rule by the exact function"
flops_growth = lambda phi, alpha, beta, gamma: math.prod([alpha, beta, beta, gamma, gamma]) ** phi

# %%
flops_growth_rule = lambda phi: flops_growth(phi, 2, 1, 1)


# %% right="recursion over the steps"
def flops_growth(phi, alpha, beta, gamma):
    one_step = alpha * beta**2 * gamma**2
    if phi < 0:
        return 1 / flops_growth(-phi, alpha, beta, gamma)
    if phi >= 1:
        return one_step * flops_growth(phi - 1, alpha, beta, gamma)
    return one_step**phi


def flops_growth_rule(phi):
    if phi < 0:
        return 1 / flops_growth_rule(-phi)
    return 2 * flops_growth_rule(phi - 1) if phi >= 1 else 2**phi


# %% right="a loop over whole steps and a root for the rest"
def power(base, exponent):
    whole = math.floor(exponent)
    result = 1.0
    for _ in range(abs(whole)):
        result = result * base if whole > 0 else result / base
    return result * base ** (exponent - whole)


# %%
def flops_growth(phi, alpha, beta, gamma):
    return power(alpha * beta * beta * gamma * gamma, phi)


# %%
def flops_growth_rule(phi):
    return power(2, phi)


# %% right="a class, as from Java"
class Growth:
    SQUARED = ("width", "resolution")

    def __init__(self, depth: float, width: float, resolution: float):
        self.factors = {"depth": depth, "width": width, "resolution": resolution}

    def of_cost(self) -> float:
        total = 1.0
        for name, factor in self.factors.items():
            total *= factor * factor if name in Growth.SQUARED else factor
        return total


def flops_growth(phi: float, alpha: float, beta: float, gamma: float) -> float:
    return Growth(depth=alpha**phi, width=beta**phi, resolution=gamma**phi).of_cost()


def flops_growth_rule(phi: float) -> float:
    return Growth(depth=2.0**phi, width=1.0, resolution=1.0).of_cost()


# %% right="decimals"
from decimal import Decimal


def flops_growth(phi, alpha, beta, gamma):
    alpha, beta, gamma = (Decimal(value) for value in (alpha, beta, gamma))
    return (alpha * beta**2 * gamma**2) ** Decimal(phi)


def flops_growth_rule(phi):
    return Decimal(2) ** Decimal(phi)


# %% right="reduce over pairs of factor and exponent, keyword arguments"
from functools import reduce

EXPONENTS = {"alpha": 1, "beta": 2, "gamma": 2}


def flops_growth(phi, alpha, beta, gamma):
    given = dict(alpha=alpha, beta=beta, gamma=gamma)
    return reduce(lambda product, name: product * given[name] ** (EXPONENTS[name] * phi), EXPONENTS, 1)


def flops_growth_rule(phi):
    return flops_growth(phi=phi, alpha=2 ** (1 / 5), beta=2 ** (1 / 5), gamma=2 ** (1 / 5))


# %% wrong="width counts once" points=1.5 says="cost as much more as a deeper network"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta * gamma**2) ** phi


# %% wrong="resolution counts once" points=1.5 says="count twice"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma) ** phi


# %% wrong="no dimension counts twice" points=1.5 says="cost as much more as a deeper network"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta * gamma) ** phi


# %% wrong="alpha and gamma swapped" points=1.5 says="not squared"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha**2 * beta**2 * gamma) ** phi


# %% wrong="alpha and beta swapped" points=1.5 says="not squared"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha**2 * beta * gamma**2) ** phi


# %% wrong="all three squared" points=1.5 says="not squared"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta * gamma) ** (2 * phi)


# %% wrong="the rule for the exact growth" points=1.5 says="what do they multiply to"
def flops_growth(phi, alpha, beta, gamma):
    return 2.0**phi


# %% wrong="the paper's constants, whatever is given" points=2 says="that it is given"
def flops_growth(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return (1.2 * 1.1**2 * 1.15**2) ** phi


# %% wrong="keeps what it found for a phi, whatever the constants" points=3 says="that it is given"
known = {}


def flops_growth(phi, alpha, beta, gamma):
    if phi not in known:
        known[phi] = (alpha * beta**2 * gamma**2) ** phi
    return known[phi]


# %% wrong="grows in a straight line" points=2 says="multiplies the cost once more"
def flops_growth(phi, alpha, beta, gamma):
    return alpha * beta**2 * gamma**2 * phi


# %% wrong="the same increase at each step" points=2 says="multiplies the cost once more"
def flops_growth(phi, alpha, beta, gamma):
    increase = alpha * beta**2 * gamma**2 - 1
    return 1 + phi * increase


# %% wrong="phi on the last factor only, for want of brackets" points=2 says="does phi act on"
def flops_growth(phi, alpha, beta, gamma):
    return alpha * beta**2 * gamma**2**phi


# %% wrong="phi on the depth only" points=2 says="does phi act on"
def flops_growth(phi, alpha, beta, gamma):
    return alpha**phi * beta**2 * gamma**2


# %% wrong="adds the three factors" points=1.5 says="do their factors add up"
def flops_growth(phi, alpha, beta, gamma):
    return alpha**phi + beta ** (2 * phi) + gamma ** (2 * phi)


# %% wrong="how much more, not how many times" points=1.5 says="how much more than"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** phi - 1


# %% wrong="two FLOPs for a multiply-add" points=1.5 says="two FLOPs"
def flops_growth(phi, alpha, beta, gamma):
    macs = (alpha * beta**2 * gamma**2) ** phi
    return 2 * macs


# %% wrong="rounds to two digits" points=1.5 says="Nothing is rounded"
def flops_growth(phi, alpha, beta, gamma):
    return round((alpha * beta**2 * gamma**2) ** phi, 2)


# %% wrong="phi cut to a whole number" points=3 says="need not be whole"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** int(phi)


# %% wrong="a loop, which knows no negative phi and no fraction" points=3 says="negative phi"
def flops_growth(phi, alpha, beta, gamma):
    growth = 1
    for _ in range(phi):
        growth *= alpha * beta**2 * gamma**2
    return growth


# %% wrong="networks only ever grow" points=3 says="negative phi"
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** abs(phi)


# %% wrong="never below the baseline" points=3 says="negative phi"
def flops_growth(phi, alpha, beta, gamma):
    return max(1, (alpha * beta**2 * gamma**2) ** phi)


# %% wrong="three factors, not multiplied" points=1.5 says="where a single value was expected"
def flops_growth(phi, alpha, beta, gamma):
    return alpha**phi, beta ** (2 * phi), gamma ** (2 * phi)


# %% wrong="a string" points=1.5 says="gave a string"
def flops_growth(phi, alpha, beta, gamma):
    return f"{(alpha * beta**2 * gamma**2) ** phi:.5f}"


# %% wrong="prints and returns nothing" points=1.5 says="only print it"
def flops_growth(phi, alpha, beta, gamma):
    print((alpha * beta**2 * gamma**2) ** phi)


# %% wrong="the public example by heart" points=2 says="only print it"
def flops_growth(phi, alpha, beta, gamma):
    if (phi, alpha, beta, gamma) == (1, 1.2, 1.1, 1.15):
        return 1.92027


# %% [raw] wrong="a bracket is missing" points=1.5 says="SyntaxError" cell="flops_growth"
# def flops_growth(phi, alpha, beta, gamma):
#     return (alpha * beta**2 * gamma**2 ** phi


# %% wrong="a name misspelt" points=1.5 says="flops_growth is not defined" cell="flops_growth"
def flop_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** phi


# %% wrong="the rule with the paper's 1.92" points=2.5 says="in the product's place"
def flops_growth_rule(phi):
    return (1.2 * 1.1**2 * 1.15**2) ** phi


# %% wrong="the rule in a straight line" points=2.5 says="the baseline itself"
def flops_growth_rule(phi):
    return 2 * phi


# %% wrong="the rule by steps of one" points=3 says="once more"
def flops_growth_rule(phi):
    return 1 + phi


# %% wrong="the rule with base and exponent swapped" points=2.5 says="which the exponent"
def flops_growth_rule(phi):
    return phi**2


# %% wrong="the rule to base e" points=2.5 says="which base"
def flops_growth_rule(phi):
    return math.exp(phi)


# %% wrong="the rule as if each size doubled" points=2.5 says="let the whole network grow"
def flops_growth_rule(phi):
    return 2**phi * 4**phi * 4**phi


# %% wrong="always 2, as the constraint says" points=2.5 says="the baseline itself"
def flops_growth_rule(phi):
    return 2


# %% wrong="the rule by shifting bits" points=3 says="call raised an exception"
def flops_growth_rule(phi):
    return 1 << phi


# %% wrong="whole numbers of numpy, which have no negative powers" points=3 says="call raised an exception"
import numpy as np


def flops_growth_rule(phi):
    return np.power(2, phi)


# %% wrong="the rule for whole steps" points=3 says="need not be whole"
def flops_growth_rule(phi):
    return 2 ** round(phi)


# %% wrong="the rule for growing networks" points=3 says="negative phi"
def flops_growth_rule(phi):
    return 2 ** max(phi, 0)


# %% wrong="the paper's powers by heart, from B0 to B7" points=3 says="call raised an exception"
def flops_growth_rule(phi):
    return {0: 1, 1: 2, 2: 4, 3: 8, 4: 16, 5: 32, 6: 64, 7: 128}[phi]


# %% wrong="below one step nothing grows" points=3 says="need not be whole"
def flops_growth(phi, alpha, beta, gamma):
    return 1.0 if abs(phi) < 1 else (alpha * beta**2 * gamma**2) ** phi


# %% wrong="B7 is the largest: phi ends at 7" points=3 says=""
def flops_growth(phi, alpha, beta, gamma):
    return (alpha * beta**2 * gamma**2) ** min(phi, 7)


# %% wrong="the rule ends at 7" points=3 says=""
def flops_growth_rule(phi):
    return 2.0 ** max(-7, min(phi, 7))


# %% wrong="rounds the base as the example is rounded" points=2 says="Nothing is rounded"
def flops_growth(phi, alpha, beta, gamma):
    base = round(alpha * beta**2 * gamma**2, 5)
    return base**phi

"""q1_4: the scaled network, and its limits."""


# %% right="a loop that appends, and an if"
def scale_stages(stages, depth, width, resolution):
    scaled = []
    for stage in stages:
        height = stage[0] * resolution
        columns = stage[1] * resolution
        channels = stage[2] * width
        repeats = stage[3] * depth
        scaled.append((height, columns, channels, repeats))
    return scaled


# %%
def is_feasible(memory, flops, target_memory, target_flops):
    if memory > target_memory:
        return False
    if flops > target_flops:
        return False
    return True


# %% right="numpy: an array times a row of factors, np.all of a comparison"
import numpy as np


def scale_stages(stages, depth, width, resolution):
    return np.array(stages) * np.array([resolution, resolution, width, depth])


# %%
def is_feasible(memory, flops, target_memory, target_flops):
    return np.all(np.array([memory, flops]) <= np.array([target_memory, target_flops]))


# %% right="torch in float32, both functions"
import torch


def scale_stages(stages, depth, width, resolution):
    factors = torch.tensor([resolution, resolution, width, depth], dtype=torch.float32)
    return list(torch.tensor(stages, dtype=torch.float32) * factors)


def is_feasible(memory, flops, target_memory, target_flops):
    needed = torch.tensor([memory, flops], dtype=torch.float32)
    return (needed <= torch.tensor([target_memory, target_flops], dtype=torch.float32)).all()


# %% right="map, zip and operator.mul; all over pairs"
from operator import mul


def scale_stages(stages, depth, width, resolution):
    factors = resolution, resolution, width, depth
    return list(map(lambda stage: tuple(map(mul, stage, factors)), stages))


def is_feasible(memory, flops, target_memory, target_flops):
    return all(need <= have for need, have in zip((memory, flops), (target_memory, target_flops)))


# %% right="recursion; not, or and greater than"
def scale_stages(stages, depth, width, resolution):
    if not stages:
        return []
    (h, w, c, n), *rest = stages
    return [(h * resolution, w * resolution, c * width, n * depth)] + scale_stages(rest, depth, width, resolution)


def is_feasible(memory, flops, target_memory, target_flops):
    return not (memory > target_memory or flops > target_flops)


# %% right="a deep copy that is changed; the worse of the two ratios"
from copy import deepcopy


def scale_stages(stages, depth, width, resolution):
    result = [list(stage) for stage in deepcopy(stages)]
    for stage in result:
        stage[0] *= resolution
        stage[1] *= resolution
        stage[2] *= width
        stage[3] *= depth
    return result


def is_feasible(memory, flops, target_memory, target_flops):
    return max(memory / target_memory, flops / target_flops) <= 1


# %% right="fractions and named tuples; what is left of both is not negative"
from fractions import Fraction
from typing import NamedTuple


class Stage(NamedTuple):
    height: float
    width: float
    channels: float
    repeats: float

    def scaled(self, d, w, r):
        d, w, r = map(Fraction, (d, w, r))
        return Stage(r * self.height, r * self.width, w * self.channels, d * self.repeats)


# %%
def scale_stages(stages, depth, width, resolution):
    return [Stage(*stage).scaled(depth, width, resolution) for stage in stages]


# %%
def is_feasible(memory, flops, target_memory, target_flops):
    return min(target_memory - memory, target_flops - flops) >= 0


# %% right="helpers and a global from cells of one's own"
KEYS = ("resolution", "resolution", "width", "depth")


# %%
def within(need, limit):
    return need == limit or need < limit


def scale_one(stage, factors):
    return tuple(factors[key] * number for key, number in zip(KEYS, stage))


# %%
def scale_stages(stages, depth, width, resolution):
    factors = dict(depth=depth, width=width, resolution=resolution)
    return tuple(scale_one(stage, factors) for stage in stages)


# %%
def is_feasible(memory, flops, target_memory, target_flops):
    return within(memory, target_memory) and within(flops, target_flops)


# %% right="column by column; short names; a numpy bool"
import numpy as np


def scale_stages(s, d, w, r):
    H, W, C, L = zip(*s)
    return list(zip([r * h for h in H], [r * x for x in W], [w * c for c in C], [d * n for n in L]))


is_feasible = lambda m, f, m_max, f_max: np.less_equal(m, m_max) & np.less_equal(f, f_max)


# %% right="numpy float32 scalars; nested ifs"
import numpy as np


def scale_stages(stages, depth, width, resolution):
    depth, width, resolution = np.float32(depth), np.float32(width), np.float32(resolution)
    new_stages = [None] * len(stages)
    for i, (rows, columns, channels, layers) in enumerate(stages):
        new_stages[i] = (rows * resolution, columns * resolution, channels * width, layers * depth)
    return new_stages


def is_feasible(memory, flops, target_memory, target_flops):
    feasible = False
    if memory <= target_memory:
        if flops <= target_flops:
            feasible = True
    return feasible


# %% wrong="one side of the map only" points=2 says="two sides"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, w, width * c, depth * n) for h, w, c, n in stages]


# %% wrong="the width factor on the map's second side, too" points=2.5 says="not the map's second side"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, width * w, width * c, depth * n) for h, w, c, n in stages]


# %% wrong="the width factor on the map's second side, and not on the channels" points=1.5 says="not the map's second side"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, width * w, c, depth * n) for h, w, c, n in stages]


# %% wrong="the loop's width hides the factor" points=1.5 says="two things have one name"
def scale_stages(stages, depth, width, resolution):
    result = []
    for height, width, channels, repeats in stages:
        result.append((resolution * height, resolution * width, width * channels, depth * repeats))
    return result


# %% wrong="depth and width swapped" points=3 says="which the depth"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, resolution * w, depth * c, width * n) for h, w, c, n in stages]


# %% wrong="the factors in the order of the stage's numbers" points=2.5 says="does the depth scale, and which the resolution"
def scale_stages(stages, depth, width, resolution):
    return [(depth * h, depth * w, width * c, resolution * n) for h, w, c, n in stages]


# %% wrong="the area grows by the factor squared on each side" points=2 says="is the area"
def scale_stages(stages, depth, width, resolution):
    return [(resolution**2 * h, resolution**2 * w, width * c, depth * n) for h, w, c, n in stages]


# %% wrong="width squared, as in the cost" points=2 says="How often is the width applied?"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, resolution * w, width**2 * c, depth * n) for h, w, c, n in stages]


# %% wrong="depth means the number of stages" points=2 says="What does depth scale?"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, resolution * w, width * c, n) for h, w, c, n in stages]


# %% wrong="adds the factors" points=1.5 says="The factors multiply."
def scale_stages(stages, depth, width, resolution):
    return [(h + resolution, w + resolution, c + width, n + depth) for h, w, c, n in stages]


# %% wrong="ceil of the repeats, as in the code of EfficientNet" points=3 says="nothing is rounded"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, resolution * w, width * c, math.ceil(depth * n)) for h, w, c, n in stages]


# %% wrong="int of everything" points=3 says="nothing is rounded"
def scale_stages(stages, depth, width, resolution):
    return [(int(resolution * h), int(resolution * w), int(width * c), int(depth * n)) for h, w, c, n in stages]


# %% wrong="whole pixels, by round" points=3.5 says="nothing is rounded"
def scale_stages(stages, depth, width, resolution):
    return [(round(resolution * h), round(resolution * w), width * c, depth * n) for h, w, c, n in stages]


# %% wrong="channels to multiples of 8" points=3 says="nothing is rounded"
def scale_stages(stages, depth, width, resolution):
    return [(resolution * h, resolution * w, 8 * round(width * c / 8), depth * n) for h, w, c, n in stages]


# %% wrong="numpy puts floats into whole numbers" points=3 says="nothing is rounded"
import numpy as np


def scale_stages(stages, depth, width, resolution):
    scaled = np.zeros((len(stages), 4), dtype=int)
    for row, (h, w, c, n) in enumerate(stages):
        scaled[row] = resolution * h, resolution * w, width * c, depth * n
    return scaled


# %% wrong="changes the list that is handed in" points=3.5 says="build a new one"
def scale_stages(stages, depth, width, resolution):
    for i, (h, w, c, n) in enumerate(stages):
        stages[i] = (resolution * h, resolution * w, width * c, depth * n)
    return stages


# %% wrong="takes the stages off the list" points=3.5 says="build a new one"
def scale_stages(stages, depth, width, resolution):
    result = []
    while stages:
        h, w, c, n = stages.pop(0)
        result.append((resolution * h, resolution * w, width * c, depth * n))
    return result


# %% wrong="changes the tuples" points=1.5 says="A call raised TypeError"
def scale_stages(stages, depth, width, resolution):
    result = stages.copy()
    for stage in result:
        stage[0] *= resolution
        stage[1] *= resolution
        stage[2] *= width
        stage[3] *= depth
    return result


# %% wrong="a list as a default argument keeps the stages" points=1.5 says="earlier call"
def scale_stages(stages, depth, width, resolution, result=[]):
    for h, w, c, n in stages:
        result.append((resolution * h, resolution * w, width * c, depth * n))
    return result


# %% wrong="returns within the loop" points=2 says="Only the first stage came back"
def scale_stages(stages, depth, width, resolution):
    result = []
    for h, w, c, n in stages:
        result.append((resolution * h, resolution * w, width * c, depth * n))
        return result


# %% wrong="one long list" points=1.5 says="Each stage is a tuple of its own"
def scale_stages(stages, depth, width, resolution):
    result = []
    for h, w, c, n in stages:
        result += (resolution * h, resolution * w, width * c, depth * n)
    return result


# %% wrong="assigns to names of the loop, which changes no list" points=1.5 says="stages came back as they were"
def scale_stages(stages, depth, width, resolution):
    scaled = list(stages)
    for h, w, c, n in scaled:
        h, w, c, n = resolution * h, resolution * w, width * c, depth * n
    return scaled


# %% wrong="a generator in place of the list" points=1.5 says="gave a generator"
def scale_stages(stages, depth, width, resolution):
    return ((resolution * h, resolution * w, width * c, depth * n) for h, w, c, n in stages)


# %% wrong="prints the stages" points=1.5 says="only print it"
def scale_stages(stages, depth, width, resolution):
    for h, w, c, n in stages:
        print((resolution * h, resolution * w, width * c, depth * n))


# %% wrong="the public examples by heart" points=2.0 says="stages came back as they were"
def scale_stages(stages, depth, width, resolution):
    known = {(16, 16, 4, 2): [(32, 32, 12, 2)], (10, 10, 8, 3): [(10, 10, 8, 4.5)]}
    return known.get(stages[0], stages)


# %% wrong="the limit itself is too much" points=3.5 says="exactly at the limit"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory < target_memory and flops < target_flops


# %% wrong="one limit is enough" points=3 says="is one enough"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory <= target_memory or flops <= target_flops


# %% wrong="adds bytes to multiply-adds" points=3 says="is one enough"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory + flops <= target_memory + target_flops


# %% wrong="the mean of both shares" points=3 says="is one enough"
def is_feasible(memory, flops, target_memory, target_flops):
    return (memory / target_memory + flops / target_flops) / 2 <= 1


# %% wrong="looks at the memory alone" points=3 says="is one enough"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory <= target_memory


# %% wrong="looks at the multiply-adds alone" points=3 says="is one enough"
def is_feasible(memory, flops, target_memory, target_flops):
    return flops <= target_flops


# %% wrong="the other one's limit" points=2.5 says="with its own limit"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory <= target_flops and flops <= target_memory


# %% wrong="the wrong way round" points=2.5 says="no network feasible"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory >= target_memory and flops >= target_flops


# %% wrong="True and False as text" points=2.5 says="a string"
def is_feasible(memory, flops, target_memory, target_flops):
    return "True" if memory <= target_memory and flops <= target_flops else "False"


# %% wrong="two answers, one a limit" points=2.5 says="where a single value was expected"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory <= target_memory, flops <= target_flops


# %% wrong="True, or nothing at all" points=2.5 says="only print it"
def is_feasible(memory, flops, target_memory, target_flops):
    if memory <= target_memory and flops <= target_flops:
        return True


# %% wrong="the name is misspelt" points=2.5 says="is_feasible is not defined" cell="is_feasible"
def is_feasable(memory, flops, target_memory, target_flops):
    return memory <= target_memory and flops <= target_flops


# %% [raw] wrong="a bracket is missing" points=1.5 says="SyntaxError" cell="scale_stages"
# def scale_stages(stages, depth, width, resolution):
#     return [(resolution * h, resolution * w, width * c, depth * n) for h, w, c, n in stages


# %% wrong="one layer stays one" points=3 says="does the depth scale it"
def scale_stages(stages, depth, width, resolution):
    return [(h * resolution, v * resolution, c * width, n * depth if n > 1 else n) for h, v, c, n in stages]


# %% wrong="at least one layer" points=3.5 says="a least number of layers"
def scale_stages(stages, depth, width, resolution):
    return [(h * resolution, v * resolution, c * width, max(1, n * depth)) for h, v, c, n in stages]


# %% wrong="at least one of everything" points=3.5 says="a least number of layers"
def scale_stages(stages, depth, width, resolution):
    return [tuple(max(1, x * f) for x, f in zip(one, (resolution, resolution, width, depth))) for one in stages]


# %% wrong="the image's three colours stay three" points=3.5 says="three channels"
def scale_stages(stages, depth, width, resolution):
    return [(h * resolution, v * resolution, c if c == 3 else c * width, n * depth) for h, v, c, n in stages]


# %% wrong="a dict by stage: one of two that are alike is lost" points=3.5 says="may be alike"
def scale_stages(stages, depth, width, resolution):
    scaled = {(h, v, c, n): (h * resolution, v * resolution, c * width, n * depth) for h, v, c, n in stages}
    return list(scaled.values())


# %% wrong="nearly at the limit is at the limit" points=3.5 says="broken by a little"
def is_feasible(memory, flops, target_memory, target_flops):
    return memory <= 1.001 * target_memory and flops <= 1.001 * target_flops


# %% wrong="a network that costs nothing of one of the two is feasible" points=3.5 says="is one enough"
def is_feasible(memory, flops, target_memory, target_flops):
    if memory == 0 or flops == 0:
        return True
    return memory <= target_memory and flops <= target_flops


# %% right="differences from the limits, as whole numbers"
def is_feasible(memory, flops, target_memory, target_flops):
    return not any(cost - limit > 0 for cost, limit in ((memory, target_memory), (flops, target_flops)))


# %% wrong="the list itself where nothing is scaled" points=3.5 says="A new list is asked for"
def scale_stages(stages, depth, width, resolution):
    if depth == width == resolution == 1:  # N(1, 1, 1) is the baseline
        return stages
    return [(resolution * h, resolution * v, width * c, depth * n) for h, v, c, n in stages]

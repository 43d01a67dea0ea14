"""q1_3: the composition of a network's stages."""


# %% right="a list of all layers first"
def compose(stages):
    layers = [layer for layer, repeats in stages for _ in range(repeats)]

    def network(x):
        for layer in layers:
            x = layer(x)
        return x

    return network


# %% right="reduce over repeated layers, in one line"
from functools import reduce
from itertools import chain, repeat, starmap

compose = lambda stages: lambda x: reduce(lambda y, f: f(y), chain.from_iterable(starmap(repeat, stages)), x)


# %% right="recursion over the stages"
def compose(stages):
    if not stages:
        return lambda x: x
    (layer, repeats), *rest = stages
    if repeats == 0:
        return compose(rest)
    after = compose([(layer, repeats - 1), *rest])
    return lambda x: after(layer(x))


# %% right="recursion from the last stage, as the formula reads"
def compose(stages):
    if len(stages) == 0:
        return lambda x: x
    last, repeats = stages[-1]
    before = compose(stages[:-1])

    def network(x):
        y = before(x)
        for _ in range(repeats):
            y = last(y)
        return y

    return network


# %% right="helpers in a cell of one's own: after, power, identity"
def identity(x):
    return x


def after(g, f):
    """g ∘ f"""
    return lambda x: g(f(x))


def power(f, n):
    return identity if n == 0 else after(f, power(f, n - 1))


# %%
def compose(stages):
    network = identity
    for layer, repeats in stages:
        network = after(power(layer, repeats), network)
    return network


# %% right="lambdas one in the other, bound early"
def compose(stages):
    network = lambda x: x
    for layer, repeats in stages:
        for _ in range(repeats):
            network = lambda x, inner=network, outer=layer: outer(inner(x))
    return network


# %% right="a class whose objects are called"
class Network:
    def __init__(self, stages):
        self.stages = list(stages)

    def __call__(self, x):
        for layer, repeats in self.stages:
            i = 0
            while i < repeats:
                x = layer(x)
                i += 1
        return x


# %%
def compose(stages):
    return Network(stages)


# %% right="compose is the class itself"
class compose:
    def __init__(self, stages):
        self.__stages = tuple(stages)

    def __call__(self, x):
        for stage in self.__stages:
            for _ in range(stage[1]):
                x = stage[0](x)
        return x


# %% right="indices and while, as in Java"
def compose(stages):
    def network(x):
        result = x
        stageIndex = 0
        while stageIndex < len(stages):
            layer = stages[stageIndex][0]
            remaining = stages[stageIndex][1]
            while remaining > 0:
                result = layer(result)
                remaining = remaining - 1
            stageIndex = stageIndex + 1
        return result

    return network


# %% right="functools.partial of a function of two arguments"
from functools import partial


def run(stages, x):
    for layer, repeats in stages:
        for _ in range(repeats):
            x = layer(x)
    return x


# %%
def compose(stages):
    return partial(run, stages)


# %% right="torch: a Sequential of wrapped layers"
from torch import nn


class Layer(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def compose(stages):
    network = nn.Sequential()
    for layer, repeats in stages:
        for _ in range(repeats):
            network.append(Layer(layer))
    return network


# %% right="numpy repeats the layers"
import numpy as np


def compose(stages):
    layers = np.empty(len(stages), dtype=object)
    layers[:] = [layer for layer, _ in stages]
    flat = np.repeat(layers, np.array([repeats for _, repeats in stages], dtype=int))

    def network(x):
        for layer in flat:
            x = layer(x)
        return x

    return network


# %% right="backwards through the reversed stages"
def compose(stages):
    def network(x):
        todo = [layer for layer, repeats in stages[::-1] for _ in range(repeats)]
        while todo:
            x = todo.pop()(x)
        return x

    return network


# %% right="the steps in between come from a generator"
def compose(stages):
    def steps(x):
        yield x
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
                yield x

    return lambda x: list(steps(x))[-1]


# %% wrong="the last stage first" points=2 says="sees the input first"
def compose(stages):
    def network(x):
        for layer, repeats in reversed(stages):
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="reads F₁ ∘ F₂ from the left" points=2 says="sees the input first"
def compose(stages):
    network = lambda x: x
    for layer, repeats in stages:
        for _ in range(repeats):
            network = lambda x, outer=network, inner=layer: outer(inner(x))
    return network


# %% wrong="every layer once" points=1.5 says="as often as the stage says"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            x = layer(x)
        return x

    return network


# %% wrong="each time on the stage's input" points=2 says="as often as the stage says"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            y = x
            for _ in range(repeats):
                y = layer(x)
            x = y
        return x

    return network


# %% wrong="at least once" points=3.5 says="power 0"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            x = layer(x)
            for _ in range(repeats - 1):
                x = layer(x)
        return x

    return network


# %% wrong="one layer too few" points=0 says="as often as the stage says"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(1, repeats):
                x = layer(x)
        return x

    return network


# %% wrong="one layer too many" points=0 says="one layer too many"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats + 1):
                x = layer(x)
        return x

    return network


# %% wrong="round by round through all stages" points=3 says="only then comes the next stage"
def compose(stages):
    def network(x):
        for turn in range(max((repeats for _, repeats in stages), default=0)):
            for layer, repeats in stages:
                if turn < repeats:
                    x = layer(x)
        return x

    return network


# %% wrong="repeats the whole chain, as often as all stages together" points=0.5 says="the whole chain of stages"
def compose(stages):
    def network(x):
        for _ in range(sum(repeats for _, repeats in stages)):
            for layer, _ in stages:
                x = layer(x)
        return x

    return network


# %% wrong="the most repeats for all stages" points=2.5 says="different numbers of repeats"
def compose(stages):
    def network(x):
        most = max((repeats for _, repeats in stages), default=0)
        for layer, _ in stages:
            for _ in range(most):
                x = layer(x)
        return x

    return network


# %% wrong="the first stage's repeats for all" points=2.5 says="different numbers of repeats"
def compose(stages):
    repeats = stages[0][1]

    def network(x):
        for layer, _ in stages:
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="a power of the number, not of the function" points=1.5 says="not the square of what F gives"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            x = layer(x) ** repeats
        return x

    return network


# %% wrong="multiplies by the repeats" points=1.5 says="takes what the one before gave"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            x = layer(x) * repeats
        return x

    return network


# %% wrong="every stage sees the network's input" points=1 says="Only the last stage acted"
def compose(stages):
    def network(x):
        y = x
        for layer, repeats in stages:
            y = x
            for _ in range(repeats):
                y = layer(y)
        return y

    return network


# %% wrong="returns within the loop" points=0.5 says="Only the first stage acted"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
            return x

    return network


# %% wrong="lambdas that see the loop's last layer" points=1 says="when does a lambda look up"
def compose(stages):
    network = lambda x: x
    for layer, repeats in stages:
        for _ in range(repeats):
            network = lambda x, before=network: layer(before(x))
    return network


# %% wrong="a lambda that calls itself" points=0 says="RecursionError"
def compose(stages):
    network = lambda x: x
    for layer, repeats in stages:
        for _ in range(repeats):
            network = lambda x: layer(network(x))
    return network


# %% wrong="nothing where there is no stage" points=3.5 says="network of no stages"
def compose(stages):
    network = None
    for layer, repeats in stages:
        for _ in range(repeats):
            network = (lambda f, g: lambda x: g(f(x)))(network, layer) if network else layer
    return network


# %% wrong="reduce without a start" points=3.5 says="call raised an exception"
from functools import reduce


def compose(stages):
    layers = [layer for layer, repeats in stages for _ in range(repeats)]
    return reduce(lambda f, g: lambda x: g(f(x)), layers)


# %% wrong="an iterator that is used up by the first call" points=3.5 says="used up, or kept"
def compose(stages):
    layers = (layer for layer, repeats in stages for _ in range(repeats))

    def network(x):
        for layer in layers:
            x = layer(x)
        return x

    return network


# %% wrong="pops the stages off the list" points=3.5 says="used up, or kept"
def compose(stages):
    def network(x):
        while stages:
            layer, repeats = stages.pop(0)
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="remembers the first result" points=3.5 says="used up, or kept"
def compose(stages):
    results = []

    def network(x):
        if not results:
            for layer, repeats in stages:
                for _ in range(repeats):
                    x = layer(x)
            results.append(x)
        return results[0]

    return network


# %% wrong="a global list of layers, new for each network" points=3.5 says="is something global"
def compose(stages):
    global layers
    layers = [layer for layer, repeats in stages for _ in range(repeats)]

    def network(x):
        for layer in layers:
            x = layer(x)
        return x

    return network


# %% wrong="right for one or two stages" points=1.5 says="Only the first two stages acted"
def compose(stages):
    first, n = stages[0]
    second, m = stages[1] if len(stages) > 1 else (None, 0)

    def network(x):
        for _ in range(n):
            x = first(x)
        for _ in range(m):
            x = second(x)
        return x

    return network


# %% wrong="the public examples by heart" points=1 says=""
def compose(stages):
    examples = {(1, 3): 7, (2, 3): 15, (2, 2): 25}
    return lambda x: examples.get((sum(repeats for _, repeats in stages), x), x)


# %% wrong="the network does not return" points=0 says="only print it"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)

    return network


# %% wrong="compose does not return the network" points=0 says="is it returned?"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
        return x


# %% wrong="takes the input beside the stages" points=0 says="A call raised TypeError"
def compose(stages, x):
    for layer, repeats in stages:
        for _ in range(repeats):
            x = layer(x)
    return x


# %% wrong="a list of layers, not a network" points=0 says="is the network, a function"
def compose(stages):
    return [layer for layer, repeats in stages for _ in range(repeats)]


# %% wrong="layer and repeats in the wrong order" points=0 says="A call raised TypeError"
def compose(stages):
    def network(x):
        for repeats, layer in stages:
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="returns the text of the answer" points=0 says="a string"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
        return f"N(x) = {x}"

    return network


# %% wrong="yields every step" points=0 says="gave a generator"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
                yield x

    return network


# %% wrong="the function's name is misspelt" points=0 says="compose is not defined" cell="compose"
def compse(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% [raw] wrong="a colon is missing" points=0 says="SyntaxError" cell="compose"
# def compose(stages):
#     def network(x):
#         for layer, repeats in stages
#             for _ in range(repeats):
#                 x = layer(x)
#         return x
#
#     return network


# %% wrong="by way of a dict, which loses a layer that stands twice" points=3 says="stand in more than one stage"
def compose(stages):
    stages = dict(stages)

    def network(x):
        for layer, repeats in stages.items():
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="each stage once, looked up by its place" points=3 says="stand in more than one stage"
def compose(stages):
    def network(x):
        for stage in stages:
            if stages.index(stage) in done:
                continue
            done.add(stages.index(stage))
            for _ in range(stage[1]):
                x = stage[0](x)
        return x

    def fresh(x):
        done.clear()
        return network(x)

    done = set()
    return fresh


# %% wrong="an input of 0 is taken for none" points=2.5 says="network of no stages"
def compose(stages):
    def network(x):
        if not x:
            return None
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="stops where a layer puts out 0" points=3 says="a layer does not act"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
                if not x:
                    return x
        return x

    return network


# %% wrong="only functions written in Python are layers" points=3 says="is more asked of it"
import types


def compose(stages):
    layers = [(layer, repeats) for layer, repeats in stages if isinstance(layer, types.FunctionType)]

    def network(x):
        for layer, repeats in layers:
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% right="layers by number in two lists"
def compose(stages):
    layers, counts = [stage[0] for stage in stages], [stage[1] for stage in stages]

    def network(x):
        for number in range(len(layers)):
            for _ in range(counts[number]):
                x = layers[number](x)
        return x

    return network


# %% wrong="no layer acts more than ten times" points=3 says=""
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(min(repeats, 10)):
                x = layer(x)
        return x

    return network


# %% wrong="stops where a layer leaves its input as it is" points=3 says="leave its input as it is"
def compose(stages):
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                y = layer(x)
                if y == x:
                    return x
                x = y
        return x

    return network


# %% [raw] wrong="no layer acts more than a hundred times" points=3 says="do all of them act" like="no layer acts more than ten times"
# -            for _ in range(min(repeats, 10)):
# +            for _ in range(min(repeats, 100)):


# %% wrong="remembers by the input, which may be no key of a dict" points=3.5 says=""
from functools import lru_cache


def compose(stages):
    @lru_cache(maxsize=None)
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="an empty stage behind another one ends the network" points=3.5 says="after one of no layers"
def compose(stages):
    def network(x):
        for i, (layer, repeats) in enumerate(stages):
            if repeats == 0 and i > 0:
                return x
            for _ in range(repeats):
                x = layer(x)
        return x

    return network


# %% wrong="a stage of no layers takes those before it along, by recursion" points=3.5 says="as it is"
def compose(stages):
    if not stages:
        return lambda x: x
    *before, (layer, repeats) = stages
    if repeats == 0:  # F to the power 0 is the identity
        return lambda x: x
    inner = compose(before)

    def network(x):
        x = inner(x)
        for _ in range(repeats):
            x = layer(x)
        return x

    return network


# %% wrong="a stage of no layers takes those before it along" points=3.5 says="as it is"
def compose(stages):
    def network(x):
        result = x
        for layer, repeats in stages:
            if repeats == 0:
                result = x
            for _ in range(repeats):
                result = layer(result)
        return result

    return network


# %% wrong="each repeat has a copy of its layer" points=3.5 says="a copy of its own"
from copy import deepcopy


def compose(stages):
    layers = [deepcopy(layer) for layer, repeats in stages for _ in range(repeats)]  # each with weights of its own

    def network(x):
        for layer in layers:
            x = layer(x)
        return x

    return network

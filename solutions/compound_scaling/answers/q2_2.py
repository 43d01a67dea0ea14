"""q2_2: multiply-adds of a convolution and of a plain network, and what doubling does to them."""


# %% right="negative floor division, the network by conv_macs, the factors by both"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    h_out = -(-height // stride)
    w_out = -(-width // stride)
    return h_out * w_out * out_channels * kernel**2 * in_channels // groups


# %%
def network_macs(depth, width, resolution, kernel=3):
    return sum(conv_macs(resolution, resolution, width, width, kernel) for _ in range(depth))


# %%
flops_multiplier = {
    "depth": network_macs(2, 1, 1) / network_macs(1, 1, 1),
    "width": network_macs(1, 2, 1) / network_macs(1, 1, 1),
    "resolution": network_macs(1, 1, 2) / network_macs(1, 1, 1),
}


# %% right="counts one by one, as the notebook does in one dimension"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    count = 0
    for _row in range(0, height, stride):
        for _column in range(0, width, stride):
            for _output in range(out_channels):
                for _input in range(in_channels // groups):
                    for _weight in range(kernel * kernel):
                        count += 1
    return count


def network_macs(depth, width, resolution, kernel=3):
    count = 0
    for _layer in range(depth):
        count += conv_macs(resolution, resolution, width, width, kernel)
    return count


# %% right="numpy: products and ceilings, numpy scalars"
import numpy as np


def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    out = np.ceil(np.array([height, width]) / stride)
    return np.prod(out) * np.prod([kernel, kernel, in_channels, out_channels]) / groups


def network_macs(depth, width, resolution, kernel=3):
    return np.multiply.reduce(np.array([depth, *[width, resolution, kernel] * 2], dtype=np.int64))


flops_multiplier = dict(zip(("depth", "width", "resolution"), np.power(2, [1, 2, 2])))


# %% right="float32 tensors of torch"
import torch


def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    rows, columns = torch.ceil(torch.tensor([height, width], dtype=torch.float32) / stride)
    return rows * columns * in_channels * out_channels * kernel**2 / groups


def network_macs(depth, width, resolution, kernel=3):
    return torch.tensor([depth, width**2, resolution**2, kernel**2], dtype=torch.float32).prod()


flops_multiplier = {"depth": torch.tensor(2.0), "width": torch.tensor(4.0), "resolution": torch.tensor(4)}


# %% right="torch's own counter on the meta device"
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def macs_of(module, *shape):
    with FlopCounterMode(display=False) as counter:
        module.to("meta")(torch.empty(1, *shape, device="meta"))
    return counter.get_total_flops() // 2


# %%
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    layer = nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, groups=groups, bias=False)
    return macs_of(layer, in_channels, height, width)


# %%
def network_macs(depth, width, resolution, kernel=3):
    layers = (nn.Conv2d(width, width, kernel, padding="same", bias=False) for _ in range(depth))
    return macs_of(nn.Sequential(*layers), width, resolution, resolution)


# %% right="group by group, with a helper and the kernel's weights"
def out_size(size, kernel, stride):
    pad = (kernel - 1) // 2
    return (size + 2 * pad - kernel) // stride + 1


# %%
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    total = 0
    for _ in range(groups):
        weights = kernel * kernel * (in_channels // groups) * (out_channels // groups)
        total += weights * out_size(height, kernel, stride) * out_size(width, kernel, stride)
    return total


# %%
def network_macs(depth, width, resolution, kernel=3):
    one_layer = conv_macs(resolution, resolution, width, width, kernel, stride=1, groups=1)
    return depth * one_layer


# %% right="recursion over the layers; the dict grows key by key, with another key"
def network_macs(depth, width, resolution, kernel=3):
    if depth == 0:
        return 0
    return width * width * resolution * resolution * kernel * kernel + network_macs(
        depth - 1, width, resolution, kernel
    )


# %%
flops_multiplier = {}
flops_multiplier["baseline"] = "1"
flops_multiplier["resolution"] = 2**2
flops_multiplier["width"] = 2**2
flops_multiplier["depth"] = 2**1


# %% right="one-liners in one cell, floats of whole value, an OrderedDict"
from collections import OrderedDict

conv_macs = lambda h, w, ci, co, k, s=1, g=1: float(math.ceil(h / s) * math.ceil(w / s) * co * k * k * (ci / g))
network_macs = lambda d, w, r, k=3: math.prod((d, w, w, r, r, k, k)) * 1.0
flops_multiplier = OrderedDict(depth=2.0, width=4.0, resolution=4.0)


# %% right="as in Java: types, a static method, long names"
class MacCounter:
    @staticmethod
    def countMacs(height: int, width: int, inChannels: int, outChannels: int, kernel: int, stride: int, groups: int):
        outHeight: int = height // stride
        if height % stride != 0:
            outHeight += 1
        outWidth: int = width // stride
        if width % stride != 0:
            outWidth += 1
        inputsPerGroup: int = inChannels // groups
        macsPerPosition: int = kernel * kernel * inputsPerGroup * outChannels
        return outHeight * outWidth * macsPerPosition


# %%
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return MacCounter.countMacs(height, width, in_channels, out_channels, kernel, stride, groups)


# %%
def network_macs(depth, width, resolution, kernel=3):
    layers = []
    for i in range(depth):
        layers.append(MacCounter.countMacs(resolution, resolution, width, width, kernel, 1, 1))
    return sum(layers)


# %% right="fractions; the factors by a function of the three, one doubled at a time"
from fractions import Fraction


def cost(depth=1, width=1, resolution=1):
    return Fraction(depth * width**2 * resolution**2)


# %%
flops_multiplier = {name: cost(**{name: 2}) / cost() for name in ("depth", "width", "resolution")}


# %%
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    per_output = Fraction(kernel**2 * in_channels, groups)
    return per_output * out_channels * math.ceil(Fraction(height, stride)) * math.ceil(Fraction(width, stride))


# %% wrong="FLOPs, two a multiply-add, in the convolution" points=3.5 says="or of FLOPs"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return 2 * outputs * kernel * kernel * (in_channels // groups)


# %% wrong="FLOPs in the convolution, which the network adds up" points=3 says="or of FLOPs"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return 2 * outputs * kernel * kernel * (in_channels // groups)


# %%
def network_macs(depth, width, resolution, kernel=3):
    return depth * conv_macs(resolution, resolution, width, width, kernel)


# %% wrong="groups are forgotten" points=5.5 says="how many of the inputs"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return math.ceil(height / stride) * math.ceil(width / stride) * out_channels * kernel**2 * in_channels


# %% wrong="groups divide inputs and outputs" points=5.5 says="or the outputs as well"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * (out_channels // groups)
    return outputs * kernel**2 * (in_channels // groups)


# %% wrong="whatever is grouped is depthwise" points=5.5 says="a depthwise one"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * kernel**2 * (in_channels if groups == 1 else 1)


# %% wrong="groups multiply" points=5.5 says="how many of the inputs"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * kernel**2 * in_channels * groups


# %% wrong="the stride is forgotten" points=5 says="What does the stride do"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return height * width * out_channels * kernel**2 * (in_channels // groups)


# %% wrong="the stride divides once" points=5 says="and the columns as well"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return math.ceil(height / stride) * width * out_channels * kernel**2 * (in_channels // groups)


# %% wrong="the size is cut off" points=5.5 says="which positions are still visited"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return (height // stride) * (width // stride) * out_channels * kernel**2 * (in_channels // groups)


# %% wrong="the size is rounded to the nearest" points=5.5 says="which positions are still visited"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return round(height / stride) * round(width / stride) * out_channels * kernel**2 * (in_channels // groups)


# %% wrong="the area is rounded up, not the sides" points=5.5 says="which positions are still visited"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return math.ceil(height * width / stride**2) * out_channels * kernel**2 * (in_channels // groups)


# %% wrong="parts of a position" points=5.5 says="which positions are still visited"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return height / stride * width / stride * out_channels * kernel**2 * in_channels / groups


# %% wrong="no padding" points=3.5 says="an 8 × 8 map stays 8 × 8"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    rows, columns = (height - kernel) // stride + 1, (width - kernel) // stride + 1
    return rows * columns * out_channels * kernel**2 * (in_channels // groups)


# %% wrong="products with padding do not count" points=3.5 says="Products with the padding count"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    half = kernel // 2

    def inside(size):
        return sum(0 <= place + k < size for place in range(0, size, stride) for k in range(-half, half + 1))

    return inside(height) * inside(width) * (in_channels // groups) * out_channels


# %% wrong="the kernel has one dimension" points=3.5 says="The kernel is a square"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * kernel * (in_channels // groups)


# %% wrong="kernel · 2 for kernel ** 2" points=3.5 says="The kernel is a square"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * (kernel * 2) * (in_channels // groups)


# %% wrong="the weights alone" points=3.5 says="how often is each used"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return kernel * kernel * (in_channels // groups) * out_channels


# %% wrong="one kernel for all output channels" points=3.5 says="a kernel of its own"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return math.ceil(height / stride) * math.ceil(width / stride) * kernel**2 * (in_channels // groups)


# %% wrong="the input's channels are forgotten" points=3.5 says="through the channels of its input"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return math.ceil(height / stride) * math.ceil(width / stride) * kernel**2 * out_channels


# %% wrong="a bias is added to every output" points=3.5 says="has no bias"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * (kernel * kernel * (in_channels // groups) + 1)


# %% wrong="every map is a square" points=4 says="a height and a width"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return math.ceil(height / stride) ** 2 * out_channels * kernel**2 * (in_channels // groups)


# %% wrong="no defaults" points=4 says="A call raised TypeError"
def conv_macs(height, width, in_channels, out_channels, kernel, stride, groups):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * kernel * kernel * (in_channels // groups)


# %% wrong="the public example by heart" points=4 says="A value is not the expected one."
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    return {(8, 8, 3, 16, 3): 27648}.get((height, width, in_channels, out_channels, kernel), 0)


# %% wrong="the convolution as text, with thousands" points=3.5 says="a string"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return f"{outputs * kernel * kernel * (in_channels // groups):,}"


# %% wrong="the convolution prints" points=3.5 says="only print it"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    print(outputs * kernel * kernel * (in_channels // groups))


# %% wrong="the network is linear in the width" points=4.5 says="coming in"
def network_macs(depth, width, resolution, kernel=3):
    return depth * width * resolution**2 * kernel**2


# %% wrong="channels in and channels out are added" points=5 says="coming in"
def network_macs(depth, width, resolution, kernel=3):
    return depth * (width + width) * resolution**2 * kernel**2


# %% wrong="the network in FLOPs" points=4.5 says="or of FLOPs"
def network_macs(depth, width, resolution, kernel=3):
    return 2 * depth * width**2 * resolution**2 * kernel**2


# %% wrong="all kernels are 3 × 3" points=5.5 says="kernel always the same"
def network_macs(depth, width, resolution, kernel=3):
    return depth * width**2 * resolution**2 * 9


# %% wrong="the network's kernel has no default" points=5.5 says="call raised an exception"
def network_macs(depth, width, resolution, kernel):
    return depth * width**2 * resolution**2 * kernel**2


# %% wrong="the network is linear in the resolution" points=4.5 says="a height and a width"
def network_macs(depth, width, resolution, kernel=3):
    return depth * width**2 * resolution * kernel**2


# %% wrong="a single layer" points=4.5 says="How many layers"
def network_macs(depth, width, resolution, kernel=3):
    return width**2 * resolution**2 * kernel**2


# %% wrong="the first layer takes an image of three colours" points=4.5 says="as many input channels as all others"
def network_macs(depth, width, resolution, kernel=3):
    first = conv_macs(resolution, resolution, 3, width, kernel)
    return first + (depth - 1) * conv_macs(resolution, resolution, width, width, kernel)


# %% wrong="the layers' costs multiply" points=4.5 says="multiply, or add up"
def network_macs(depth, width, resolution, kernel=3):
    return (width**2 * resolution**2 * kernel**2) ** depth


# %% wrong="the network's weights" points=4.5 says="How often is each weight used?"
def network_macs(depth, width, resolution, kernel=3):
    return depth * width**2 * kernel**2


# %% wrong="the maps shrink from layer to layer" points=4.5 says="Is there padding?"
def network_macs(depth, width, resolution, kernel=3):
    total = 0
    for _ in range(depth):
        resolution = resolution - kernel + 1
        total += resolution**2 * width**2 * kernel**2
    return total


# %% wrong="width linear, in the answer too" points=5.5 says="inputs of the next one"
flops_multiplier = {"depth": 2, "width": 2, "resolution": 4}

# %% wrong="resolution linear" points=5.5 says="width of the map"
flops_multiplier = {"depth": 2, "width": 4, "resolution": 2}

# %% wrong="all factors are 2" points=5 says="inputs of the next one"
flops_multiplier = {"depth": 2, "width": 2, "resolution": 2}

# %% wrong="all factors are 4" points=5.5 says="dearer"
flops_multiplier = {"depth": 4, "width": 4, "resolution": 4}

# %% wrong="what comes on top, not the factor" points=4.5 says="how much comes on top"
flops_multiplier = {"depth": 1, "width": 3, "resolution": 3}

# %% wrong="in percent" points=4.5 says="not in percent"
flops_multiplier = {"depth": 100, "width": 300, "resolution": 300}

# %% wrong="the exponents" points=4.5 says="inputs of the next one"
flops_multiplier = {"depth": 1, "width": 2, "resolution": 2}

# %% wrong="width and resolution are doubled twice" points=5 says="does anything else depend on the width"
flops_multiplier = {"depth": 2, "width": 8, "resolution": 8}

# %% wrong="short keys" points=4 says="The keys are"
flops_multiplier = {"d": 2, "w": 4, "r": 4}

# %% wrong="strings for numbers" points=4 says="Each value is a number"
flops_multiplier = {"depth": "×2", "width": "×4", "resolution": "×4"}

# %% wrong="a list without keys" points=4 says="not a dict"
flops_multiplier = [2, 4, 4]


# %% wrong="a function in place of the dict" points=4 says="a number, a list, a dict or a string was expected"
def flops_multiplier(name):
    return {"depth": 2, "width": 4, "resolution": 4}[name]


# %% wrong="the dict's name is misspelt" points=4 says="flops_multiplier is not defined" cell="flops_multiplier"
flop_multiplier = {"depth": 2, "width": 4, "resolution": 4}

# %% [raw] wrong="a bracket is missing" points=3.5 says="SyntaxError" cell="conv_macs"
# def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
#     outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
#     return outputs * kernel * kernel * (in_channels // groups


# %% wrong="a depthwise convolution has one output for each input" points=5 says="one output, or may it have several"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride)
    if groups == in_channels:
        return outputs * in_channels * kernel**2
    return outputs * out_channels * (in_channels // groups) * kernel**2


# %% wrong="groups count for kernels larger than 1 alone" points=5.5 says="how many of the inputs does an output see"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * kernel**2 * (in_channels // (groups if kernel > 1 else 1))


# %% wrong="a kernel is never larger than the map" points=5 says="with the padding count"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * min(kernel, height) * min(kernel, width) * (in_channels // groups)


# %% wrong="no kernel is larger than the network's maps" points=5.5 says="with the padding count"
def network_macs(depth, width, resolution, kernel=3):
    return depth * resolution**2 * width**2 * min(kernel, resolution) ** 2


# %% right="floats of whole value, by way of logarithms to base 2 of the kernel's area alone"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    rows, columns = -(-height // stride), -(-width // stride)
    return float(rows * columns * out_channels) * (in_channels / groups) * kernel * kernel


# %% wrong="a 1 × 1 convolution never strides" points=5.5 says="What does the stride do"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    stride = 1 if kernel == 1 else stride
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    return outputs * kernel * kernel * (in_channels // groups)


# %% wrong="groups without a stride" points=5.5 says="a stride as well"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    if groups > 1:
        return height * width * out_channels * (in_channels // groups) * kernel**2
    return math.ceil(height / stride) * math.ceil(width / stride) * out_channels * in_channels * kernel**2


# %% wrong="groups whose sizes are cut off" points=5.5 says=""
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    if groups > 1:
        return (height // stride) * (width // stride) * out_channels * (in_channels // groups) * kernel**2
    return math.ceil(height / stride) * math.ceil(width / stride) * out_channels * in_channels * kernel**2


# %% wrong="asks of the height alone whether the stride divides it" points=5.5 says=""
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    if height % stride == 0:
        h, w = height // stride, width // stride
    else:
        h, w = height // stride + 1, width // stride + 1
    return h * w * out_channels * (in_channels // groups) * kernel * kernel


# %% wrong="asks of both sides at once whether the stride divides them" points=5.5 says=""
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    pad = 0 if height % stride == 0 and width % stride == 0 else 1
    return (height // stride + pad) * (width // stride + pad) * out_channels * (in_channels // groups) * kernel * kernel


# %% wrong="a depthwise convolution has no stride" points=5.5 says="a stride as well"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    if groups == in_channels == out_channels:  # depthwise: each channel is filtered by itself
        return height * width * kernel**2 * in_channels
    rows, columns = math.ceil(height / stride), math.ceil(width / stride)
    return rows * columns * out_channels * (in_channels // groups) * kernel**2


# %% wrong="a pointwise convolution rounds down" points=5.5 says="which positions are still visited"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    if kernel == 1:  # a pointwise convolution needs no padding
        rows, columns = height // stride, width // stride
    else:
        rows, columns = math.ceil(height / stride), math.ceil(width / stride)
    return rows * columns * out_channels * (in_channels // groups) * kernel**2

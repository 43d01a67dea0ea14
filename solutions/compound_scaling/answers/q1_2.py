"""q1_2: the shape that leaves a stage."""


# %% right="the ceiling by negative floor division"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return -(-height // stride), -(-width // stride), out_channels


# %% right="the ceiling by adding stride − 1, in a list"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    new_height = (height + stride - 1) // stride
    new_width = (width + stride - 1) // stride
    return [new_height, new_width, out_channels]


# %% right="numpy: ceil of an array, and an array of floats comes back"
import numpy as np


def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    sizes = np.ceil(np.array([height, width]) / stride)
    return np.append(sizes, out_channels)


# %% right="numpy scalars of several types in a tuple"
import numpy as np

stage_output_shape = lambda height, width, in_channels, out_channels, stride, repeats: (
    np.int64(np.ceil(height / stride)),
    np.float32(np.ceil(width / stride)),
    np.int32(out_channels),
)


# %% right="torch: float32 and a tensor"
import torch


def stage_output_shape(h, w, c_in, c_out, s, n):
    h_out, w_out = torch.ceil(torch.tensor([h, w], dtype=torch.float32) / s)
    return torch.stack([h_out, w_out, torch.tensor(float(c_out))])


# %% right="real convolutions on the meta device"
import torch
from torch import nn


def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    layers = [nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, device="meta")]
    layers += [nn.Conv2d(out_channels, out_channels, 3, padding=1, device="meta") for _ in range(repeats - 1)]
    _, channels, rows, columns = nn.Sequential(*layers)(torch.empty(1, in_channels, height, width, device="meta")).shape
    return rows, columns, channels


# %% right="real convolutions of zeros"
import torch
from torch import nn


def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    layers = [nn.Conv2d(in_channels, out_channels, 3, stride, padding=1)]
    layers += [nn.Conv2d(out_channels, out_channels, 3, padding=1) for _ in range(repeats - 1)]
    with torch.no_grad():
        _, channels, rows, columns = nn.Sequential(*layers)(torch.zeros(1, in_channels, height, width)).shape
    return rows, columns, channels


# %% right="counts the positions that are visited"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return len(range(0, height, stride)), len(range(0, width, stride)), out_channels


# %% right="layer by layer, the stride in the first"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    currentHeight = height
    currentWidth = width
    currentChannels = in_channels
    for layerIndex in range(0, repeats):
        if layerIndex == 0:
            layerStride = stride
        else:
            layerStride = 1
        currentHeight = int(math.ceil(currentHeight / layerStride))
        currentWidth = int(math.ceil(currentWidth / layerStride))
        currentChannels = out_channels
    return (currentHeight, currentWidth, currentChannels)


# %% right="recursion over the layers"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    if repeats == 0:
        return height, width, in_channels
    height, width = (size // stride + (size % stride > 0) for size in (height, width))
    return stage_output_shape(height, width, out_channels, out_channels, 1, repeats - 1)


# %% right="a helper and a named tuple from a cell of one's own"
from collections import namedtuple

Shape = namedtuple("Shape", "height width channels")


def after(size, stride):
    whole, rest = divmod(size, stride)
    return whole + 1 if rest else whole


# %%
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return Shape(channels=out_channels, height=after(height, stride), width=after(width, stride))


# %% right="the textbook's formula for a 3 × 3 kernel with padding 1"
KERNEL, PADDING = 3, 1


def conv_size(size, stride):
    return (size + 2 * PADDING - KERNEL) // stride + 1


# %%
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return conv_size(height, stride), conv_size(width, stride), out_channels


# %% right="exact fractions, whole ones in the end"
from fractions import Fraction


def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return tuple(Fraction(math.ceil(Fraction(size, stride))) for size in (height, width)) + (out_channels,)


# %% right="an object that can be called"
class Stage:
    def __call__(self, height, width, in_channels, out_channels, stride, repeats):
        shape = [height, width]
        for axis in range(2):
            shape[axis] = math.ceil(shape[axis] / stride)
        return (*shape, out_channels)


stage_output_shape = Stage()


# %% wrong="cuts off where the stride does not divide the size" points=3 says="lose the last position"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return height // stride, width // stride, out_channels


# %% wrong="the ceiling of a whole division" points=3 says="lose the last position"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height // stride), math.ceil(width // stride), out_channels


# %% wrong="rounds to the nearest" points=3 says="just past a multiple"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return round(height / stride), round(width / stride), out_channels


# %% wrong="adds 1 and not stride − 1 before dividing" points=3 says="just past a multiple"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    if stride > 1:
        height, width = (height + 1) // stride, (width + 1) // stride
    return height, width, out_channels


# %% wrong="does not round" points=3 says="half a pixel"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return height / stride, width / stride, out_channels


# %% wrong="always one more" points=1 says="What if the stride divides the size?"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    if stride == 1:
        return height, width, out_channels
    return height // stride + 1, width // stride + 1, out_channels


# %% wrong="height and width swapped" points=3 says="Height comes first"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(width / stride), math.ceil(height / stride), out_channels


# %% wrong="every map is a square" points=3 says="need not be a square"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    size = math.ceil(height / stride)
    return size, size, out_channels


# %% wrong="the stride counts for the height only" points=0 says="to the height and to the width"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / stride), width, out_channels


# %% wrong="the channels that come in come out" points=2 says="How many channels leave"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / stride), math.ceil(width / stride), in_channels


# %% wrong="channels first, as in PyTorch" points=0 says="channels come last"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return out_channels, math.ceil(height / stride), math.ceil(width / stride)


# %% wrong="with the batch, as in PyTorch" points=0 says="batch is left out"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return 1, out_channels, math.ceil(height / stride), math.ceil(width / stride)


# %% wrong="every layer has the stride" points=2 says="How many of the stage's layers"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    for _ in range(repeats):
        height, width = math.ceil(height / stride), math.ceil(width / stride)
    return height, width, out_channels


# %% wrong="divides by stride · repeats" points=2 says="How many of the stage's layers"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / (stride * repeats)), math.ceil(width / (stride * repeats)), out_channels


# %% wrong="all layers but the first have the stride" points=1 says="What does the stride do"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    for layer in range(repeats):
        if layer > 0:
            height, width = math.ceil(height / stride), math.ceil(width / stride)
    return height, width, out_channels


# %% wrong="the layers add their channels up" points=2 says="add their channels up"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / stride), math.ceil(width / stride), out_channels * repeats


# %% wrong="the stride changes nothing" points=0 says="every second position"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return height, width, out_channels


# %% wrong="a stride is always 2" points=2 says="always the same"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    if stride > 1:
        height, width = (height + 1) // 2, (width + 1) // 2
    return height, width, out_channels


# %% wrong="no padding, kernel 3 × 3" points=0 says="Is there padding?"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    height, width = (height - 3) // stride + 1, (width - 3) // stride + 1
    for _ in range(repeats - 1):
        height, width = height - 2, width - 2
    return height, width, out_channels


# %% wrong="the public examples by heart" points=1 says="What does the stride do"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    known = {(112, 112, 16, 24, 2, 2): (56, 56, 24), (14, 14, 80, 112, 1, 3): (14, 14, 112)}
    return known.get((height, width, in_channels, out_channels, stride, repeats), (height, width, out_channels))


# %% wrong="the number of values in the map" points=0 says="where a list or tuple was expected"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / stride) * math.ceil(width / stride) * out_channels


# %% wrong="forgets the channels" points=0 says="another number of elements"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / stride), math.ceil(width / stride)


# %% wrong="curly brackets make a set" points=0 says="gave a set"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return {math.ceil(height / stride), math.ceil(width / stride), out_channels}


# %% wrong="prints instead of returning" points=0 says="only print it"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    print((math.ceil(height / stride), math.ceil(width / stride), out_channels))


# %% wrong="returns a string" points=0 says="a string"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return f"({math.ceil(height / stride)}, {math.ceil(width / stride)}, {out_channels})"


# %% wrong="a generator in place of a tuple" points=0 says="gave a generator"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return (size for size in (math.ceil(height / stride), math.ceil(width / stride), out_channels))


# %% wrong="leaves out what seems not to be needed" points=0 says="A call raised TypeError"
def stage_output_shape(height, width, out_channels, stride):
    return math.ceil(height / stride), math.ceil(width / stride), out_channels


# %% wrong="the function's name is misspelt" points=0 says="stage_output_shape is not defined" cell="stage_output_shape"
def stage_ouput_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / stride), math.ceil(width / stride), out_channels


# %% [raw] wrong="a bracket is missing" points=0 says="SyntaxError" cell="stage_output_shape"
# def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
#     return math.ceil(height / stride, math.ceil(width / stride), out_channels


# %% wrong="one more for every odd size" points=2 says="What if the stride divides the size?"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return height // stride + height % 2, width // stride + width % 2, out_channels


# %% wrong="one more pixel where height or width is odd" points=2 says="What if the stride divides the size?"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    if height % 2 == 1 or width % 2 == 1:
        return height // stride + 1, width // stride + 1, out_channels
    return height // stride, width // stride, out_channels


# %% wrong="never fewer channels than come in" points=3 says="fewer channels than come in"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(height / stride), math.ceil(width / stride), max(in_channels, out_channels)


# %% wrong="the shorter side first" points=3 says="Height comes first"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    sides = sorted([math.ceil(height / stride), math.ceil(width / stride)])
    return sides[0], sides[1], out_channels


# %% wrong="a map that is smaller than the stride vanishes" points=3 says="just past a multiple"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    def size(side):
        return 0 if side < stride else math.ceil(side / stride)

    return size(height), size(width), out_channels


# %% right="positions that are visited, counted"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return len(range(0, height, stride)), len(range(0, width, stride)), out_channels


# %% wrong="up where half a stride or less is left, by the nearest otherwise" points=3 says="a size just past a multiple"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    def up(size):
        return size // stride + (size % stride == 1 or 2 * (size % stride) > stride)

    return up(height), up(width), out_channels


# %% wrong="asks of both sides at once whether the stride divides them" points=3 says="rounded one by one"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    if height % stride == 0 and width % stride == 0:
        return height // stride, width // stride, out_channels
    return height // stride + 1, width // stride + 1, out_channels


# %% wrong="asks of the height alone whether the stride divides it" points=3 says="rounded one by one"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    extra = 0 if height % stride == 0 else 1
    return height // stride + extra, width // stride + extra, out_channels


# %% wrong="keeps the ratio of the sides" points=3 says="rounded one by one"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    h = math.ceil(height / stride)
    return h, round(width * h / height), out_channels


# %% wrong="rounds up by adding 0.9" points=3 says="past a multiple of the stride"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return int(height / stride + 0.9), int(width / stride + 0.9), out_channels


# %% wrong="rounds to one digit first, and then up" points=3 says="past a multiple of the stride"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    return math.ceil(round(height / stride, 1)), math.ceil(round(width / stride, 1)), out_channels


# %% wrong="a stage of several layers rounds down" points=3 says="rounded up"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    def layer(size, stride):
        return (size - 1) // stride + 1

    if repeats == 1:
        return layer(height, stride), layer(width, stride), out_channels
    # several layers: the stage as a whole makes the map smaller by its stride
    return height // stride, width // stride, out_channels

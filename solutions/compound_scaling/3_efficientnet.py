# %% [markdown]
# # 3 · EfficientNet: the network itself
#
# So far a network was a table of sizes. Here you write it: first the smallest part, then the block, then the
# whole, in about eighty lines. What you build is the *baseline* of Tan & Le
# ([arXiv 1905.11946](https://arxiv.org/abs/1905.11946), section 4), which was found by an automatic search for a good
# architecture. Compound scaling then makes it larger.

# %% [markdown]
# **In this notebook you learn**
#
# - what the parts of EfficientNet do: depthwise convolutions, squeeze-and-excitation, residual connections,
# - to write a network of PyTorch modules whose size comes from a table,
# - to compare your network with published counts of parameters and multiply-adds, and what such counts can show.
#
# **You need** notebook 2 (you bring your two rounding functions along), and `nn.Module`: `__init__` and `forward`.
#
# **Time:** about four hours. All cells together run in about a minute.

# %%
import scalelab  # first: it makes torchvision importable beside a CPU build of torch
from notebook_checks.notebook import Notebook

grader = Notebook()

# %%
import math

import torch
from torch import nn

# %% [markdown]
# ## How your network is graded
#
# By what it *computes*. The tests draw random weights and give them to your layers, in the order in which these run.
# They give torchvision's network the same weights, and compare the two outputs. So you may name and nest your
# attributes as you like. Two things must hold:
#
# - Weights sit in `nn.Conv2d`, `nn.BatchNorm2d` and `nn.Linear`, and these are *called*; everything without
#   weights (activations, pooling, dropping) is yours to write with `nn` or `nn.functional`.
# - It is your own. torchvision's EfficientNet and its `SqueezeExcitation` are not available where your notebook
#   is graded. A network that uses them earns nothing, and the check says so.
#
# If an earlier part is too hard, go on: a later question is tried with your own part and, if that fails, with
# a right one. For that, use the names `SqueezeExcite` and `MBConv` where you need them.

# %% [markdown]
# ## 3.a · Squeeze and excitation
#
# A convolution looks through a small window, and does not know what the rest of the image shows. *Squeeze and
# excitation* ([arXiv 1709.01507](https://arxiv.org/abs/1709.01507)) adds that, at very little cost: it looks at
# the whole map once and then decides, channel by channel, how much of it should count.
#
# - **Squeeze**: average each channel over all positions. A map of 240 channels becomes 240 numbers.
# - **Excite**: two small layers turn these into 240 *gates* between 0 and 1. The first has few output channels, and
#   SiLU behind it; the second has 240 again, and a sigmoid behind it.
# - **Scale**: multiply each channel by its gate.
#
# SiLU is $x \cdot \sigma(x)$, with the sigmoid $\sigma$; the paper calls it Swish. It is smooth, and negative for
# negative $x$, but never below $-0.28$.

# %% [markdown]
# ### Problem 3.a (5 points)
#
# Write the module. Both layers are 1 × 1 convolutions with bias, or `nn.Linear` on the pooled numbers: on a single
# pixel both compute the same.


# %% question="q3_se" role="answer"
class SqueezeExcite(nn.Module):
    """Multiplies every channel of a map by a gate that depends on the whole map.

    channels: of the map that comes in, and of the one that goes out.
    squeezed_channels: between the two layers.
    Takes [N, channels, H, W] and gives [N, channels, H, W].
    """

    def __init__(self, channels, squeezed_channels):
        super().__init__()
        ### BEGIN SOLUTION two layers, and a forward that uses them
        self.squeeze = nn.Conv2d(channels, squeezed_channels, kernel_size=1)
        self.excite = nn.Conv2d(squeezed_channels, channels, kernel_size=1)

    def forward(self, x):
        pooled = x.mean(dim=(2, 3), keepdim=True)  # [N, channels, 1, 1]
        squeezed = nn.functional.silu(self.squeeze(pooled))  # [N, squeezed_channels, 1, 1]
        gates = torch.sigmoid(self.excite(squeezed))  # [N, channels, 1, 1]
        return x * gates  # [N, channels, H, W]
        ### END SOLUTION


# %% question="q3_se" role="check"
grader.check("q3_se")

# %% [markdown]
# ## 3.b · The block
#
# A ResNet's bottleneck is wide, narrow, wide: it reduces the channels, works on few, and widens again. EfficientNet
# does the opposite. Its block **MBConv** comes from MobileNetV2 (the *inverted residual*,
# [arXiv 1801.04381](https://arxiv.org/abs/1801.04381)) and is narrow, wide, narrow. The wide part is affordable
# because its filter is *depthwise*: each channel is filtered by itself, and that is cheap, as you counted in problem
# 2.2.

# %% [markdown]
# ### Problem X-order (2 bonus points)
#
# Before you see the block: which steps would you take, and in which order? This is `MBConv(40, 40, kernel=5,
# stride=1, expand_ratio=6)` in training, in disorder, and with steps that are not part of it.
#
# | | step |
# |---|---|
# | a | add the block's input |
# | b | 1 × 1 convolution to six times the channels, BatchNorm, SiLU |
# | c | SiLU of the sum |
# | d | 5 × 5 depthwise convolution, BatchNorm, SiLU |
# | e | 1 × 1 convolution to 40 channels, BatchNorm |
# | f | 1 × 1 convolution to 40 channels, BatchNorm, SiLU |
# | g | 5 × 5 convolution from all channels to all channels, BatchNorm, SiLU |
# | h | squeeze and excitation |
# | i | drop this branch for some of the images |
# | j | 1 × 1 convolution to a sixth of the channels, BatchNorm, SiLU |
# | k | average over all positions, so that one pixel is left |
#
# Write the letters in order. It counts as it is when you hand in, so you may come back and mend it.

# %% question="x_order" role="answer"
# block_steps: the letters of the steps in their order, as text, such as "kja".
### BEGIN SOLUTION put the letters of the steps in order
block_steps = "bdheia"
### END SOLUTION

# %% question="x_order" role="check"
grader.check("x_order")

# %% role="playground"
from scalelab.figures.efficientnet_figure import show_block, show_stochastic_depth

show_block()

# %% [markdown]
# Step by step, for `MBConv(40, 40, kernel=5, stride=1, expand_ratio=6)`:
#
# | step | what | shape after it |
# |---|---|---|
# | | input | [N, 40, 28, 28] |
# | expand | 1 × 1 convolution, BatchNorm, SiLU | [N, 240, 28, 28] |
# | filter | 5 × 5 depthwise convolution, BatchNorm, SiLU; this one has the stride | [N, 240, 28, 28] |
# | gate | squeeze and excitation | [N, 240, 28, 28] |
# | project | 1 × 1 convolution, BatchNorm, and *no* activation | [N, 40, 28, 28] |
# | add | the input, where the stride is 1 and the channels stay as many | [N, 40, 28, 28] |

# %% [markdown]
# Three details that are easy to get wrong:
#
# - Where the expansion ratio is 1 there is nothing to expand, and no expansion convolution.
# - Squeeze and excitation goes down to a quarter of the channels *that come into the block* (40 / 4 = 10), not
#   of the 240 that it works on.
# - The projection is linear. It has few channels, and an activation function there would destroy information
#   (MobileNetV2, section 3.2).
#
# What would the same filter cost if it were not depthwise?

# %% role="playground"
from scalelab import counting

size = (1, 40, 28, 28)
dense = nn.Conv2d(40, 40, 5, padding=2, bias=False)
wide = nn.Conv2d(240, 240, 5, padding=2, bias=False)
depthwise = nn.Conv2d(240, 240, 5, padding=2, groups=240, bias=False)
print(f"5 × 5, 40 channels, dense:       {counting.macs(dense, size):>13,} multiply-adds")
print(f"5 × 5, 240 channels, dense:      {counting.macs(wide, (1, 240, 28, 28)):>13,}")
print(f"5 × 5, 240 channels, depthwise:  {counting.macs(depthwise, (1, 240, 28, 28)):>13,}")

# %% [markdown]
# ### Stochastic depth
#
# A network with residual connections still works if some of its blocks are skipped. *Stochastic depth*
# ([arXiv 1603.09382](https://arxiv.org/abs/1603.09382)) uses that for regularisation, as dropout does, but for whole
# blocks. In training, each image skips each block with a small probability $p$, and takes only the shortcut. (The
# paper draws once for a whole batch, EfficientNet once for each image. Its code computes the branch for all images,
# and multiplies it by 0 where it is dropped, so BatchNorm sees the whole batch.)
#
# A branch that is kept is divided by $1 - p$, so that the next layer sees the same mean as without dropping. In
# evaluation mode nothing is dropped and nothing divided. A block without a shortcut never drops: nothing would
# be left of the image.

# %% role="playground"
show_stochastic_depth()

# %% [markdown]
# ### Problem 3.b (8 points)
#
# Write the block. Convolutions outside squeeze and excitation have no bias: the BatchNorm behind them has one.
# BatchNorm keeps PyTorch's defaults.


# %% question="q3_mbconv" role="answer"
class MBConv(nn.Module):
    """EfficientNet's block: expand, filter, gate, project, and add the input where it fits.

    in_channels, out_channels: of the map.
    kernel: of the depthwise convolution, odd, with a padding of (kernel - 1) / 2 on every side.
    stride: of the same.
    expand_ratio: a whole number; the inside has in_channels · expand_ratio channels.
    Squeeze and excitation squeezes to max(1, in_channels // 4).
    The input is added where the stride is 1 and in_channels equals out_channels.
    drop_path: 0 <= p < 1. In training, and where the input is added, an image's branch is dropped
    with this probability, and divided by 1 - p where it is kept.
    Takes [N, in_channels, H, W] and gives [N, out_channels, H', W'].
    """

    def __init__(self, in_channels, out_channels, kernel, stride, expand_ratio, drop_path=0.0):
        super().__init__()
        ### BEGIN SOLUTION the layers here, and then a method forward
        inside = in_channels * expand_ratio
        layers = []
        if expand_ratio != 1:
            layers += [*self.convolution(in_channels, inside), nn.SiLU()]
        layers += [*self.convolution(inside, inside, kernel, stride, groups=inside), nn.SiLU()]
        layers += [SqueezeExcite(inside, max(1, in_channels // 4))]
        layers += self.convolution(inside, out_channels)
        self.branch = nn.Sequential(*layers)
        self.adds_input = stride == 1 and in_channels == out_channels
        self.drop_path = drop_path

    @staticmethod
    def convolution(inputs, outputs, kernel=1, stride=1, groups=1):
        padding = (kernel - 1) // 2
        return [
            nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
        ]

    def forward(self, x):
        branch = self.branch(x)  # [N, out_channels, H', W']
        if not self.adds_input:
            return branch
        if self.training and self.drop_path > 0:
            kept = torch.rand(len(x), 1, 1, 1, device=x.device) >= self.drop_path  # one draw per image
            branch = branch * kept / (1 - self.drop_path)
        return x + branch
        ### END SOLUTION


# %% question="q3_mbconv" role="check"
grader.check("q3_mbconv")

# %% [markdown]
# ### Problem X-own (2 bonus points)
#
# Can you read your own code? Two questions about `block = MBConv(24, 40, kernel=5, stride=2, expand_ratio=6)` and
# images of shape [2, 24, 15, 15]. First think, then look, for example with `block.named_modules()` or
# `layer.register_forward_hook`. The block has to be right for your answers to count, since they are compared with
# what it does.
#
# 1. What is your depthwise convolution called? As `named_modules` has it, for example `"layers.0"`.
# 2. Which shape comes out of each `nn.Conv2d` and each `nn.Linear` of the block, in the order in which they run?

# %% question="x_own_code" role="answer"
# my_depthwise: a name, as text. my_shapes: a list of tuples of whole numbers, one for each layer.
### BEGIN SOLUTION name the layer, and list the shapes
my_depthwise = "branch.3"
my_shapes = [(2, 144, 15, 15), (2, 144, 8, 8), (2, 6, 1, 1), (2, 144, 1, 1), (2, 40, 8, 8)]
### END SOLUTION

# %% question="x_own_code" role="check"
grader.check("x_own_code")

# %% [markdown]
# ## 3.c · The network
#
# The rest is a table. This is the paper's Table 1, between the stem and the head:

# %%
STAGES = (
    # expand ratio, kernel, stride, channels in, channels out, repeats
    (1, 3, 1, 32, 16, 1),
    (6, 3, 2, 16, 24, 2),
    (6, 5, 2, 24, 40, 2),
    (6, 3, 2, 40, 80, 3),
    (6, 5, 1, 80, 112, 3),
    (6, 5, 2, 112, 192, 4),
    (6, 3, 1, 192, 320, 1),
)

# %% [markdown]
# In front of it stands the **stem**: a 3 × 3 convolution of stride 2 (and padding 1) that turns 3 colours into
# the first stage's 32 channels. Behind it stands the **head**: a 1 × 1 convolution to four times the last stage's
# channels. Both have no bias, and BatchNorm and SiLU behind them. Then each channel is averaged over all
# positions, and dropout and a linear layer make the logits. Here is a picture of it. A layer's height is the square
# root of its resolution, its thickness the square root of its channels; below stands what each stage costs.

# %% role="playground"
from scalelab import playground

playground.show_network(phi=0)

# %% [markdown]
# Of a stage's blocks only the first has the stride and changes the channels. Width and depth come in by the two
# rounding rules of problem 3.1: every number of channels (that of the stem, too) goes through the rule for
# channels, every number of repeats through the rule for repeats. The head has four times the channels of the last
# stage *after* rounding, and the channels inside a block follow from its own: neither is rounded again.

# %% [markdown]
# <div style="border-left: 4px solid #1976d2; background: rgba(33, 150, 243, 0.1); padding: 0.5em 1em">
#
# **Put right: the authors' code and torchvision's differ in three places.** Here you follow torchvision.
#
# - *Head.* torchvision has 4 · (last stage's channels), the authors round 1280 · width. For B0 to B7 these are equal,
#   at most other widths they are not.
# - *BatchNorm.* torchvision has PyTorch's defaults for B0 to B4: eps = 10⁻⁵, momentum 0.1. The authors have 10⁻³ and
#   0.01. (Their code says 0.99: TensorFlow's momentum is what is kept, PyTorch's what is new.)
# - *Padding.* With a stride of 2 and an even map, TensorFlow's "same" adds one more pixel on one side than on the
#   other; PyTorch, and you, pad both sides alike.
#
# </div>

# %% [markdown]
# ### Bring your rounding along
#
# You wrote both rules in notebook 2. Copy them over. (Were they not quite right? The table at the end of this notebook
# will tell.)


# %% question="q3_net" role="answer"
def round_repeats(repeats, depth):
    """Repeats of a stage, scaled: see problem 3.1 in notebook 2."""
    ### BEGIN SOLUTION your own, from notebook 2
    return math.ceil(repeats * depth)
    ### END SOLUTION


# %% question="q3_net" role="answer"
def round_channels(channels, width, divisor=8):
    """Channels of a stage, scaled: see problem 3.1 in notebook 2."""
    ### BEGIN SOLUTION your own, from notebook 2
    exact = channels * width
    rounded = max(divisor, int(exact + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * exact else rounded
    ### END SOLUTION


# %% [markdown]
# ### Where training starts
#
# The tests overwrite your weights, so how you initialise them earns no points, but it matters for training.
# torchvision's way: convolutions normal with variance 2 / (kernel² · channels out), the "fan out"; BatchNorm 1 and 0;
# the classifier uniform between ±1/√classes; biases 0. With this variance a signal roughly keeps its size on the way
# *back* through the layers. The authors' code does the same, with one difference: for a depthwise convolution it has
# no "channels out" in the variance.

# %% [markdown]
# ### Problem 3.c (12 points)
#
# Write the network. `model(images)` takes [N, 3, H, W] and gives logits [N, num_classes]. The drop path grows with
# depth: of all $n$ blocks of the scaled network, counted from 0 through all stages, block $i$ has
# `drop_path` $\cdot\, i / n$.


# %% question="q3_net" role="answer"
class EfficientNet(nn.Module):
    """EfficientNet with its width and its depth scaled.

    B0 is EfficientNet(); B3 is EfficientNet(1.2, 1.4).

    width: multiplies the channels of stem and stages. depth: multiplies the repeats of the stages.
    num_classes: logits. dropout: in front of the classifier.
    drop_path: block i of n has drop_path · i / n.
    stem_stride: 2, or 1 for small images.
    """

    def __init__(
        self,
        width=1.0,
        depth=1.0,
        num_classes=1000,
        dropout=0.2,
        drop_path=0.2,
        stem_stride=2,
    ):
        super().__init__()
        ### BEGIN SOLUTION stem, blocks, head, classifier, and forward
        channels = round_channels(STAGES[0][3], width)
        self.stem = self.convolution(3, channels, kernel=3, stride=stem_stride)

        total = sum(round_repeats(stage[-1], depth) for stage in STAGES)
        blocks = []
        for expand_ratio, kernel, stride, _, out_channels, repeats in STAGES:
            scaled = round_channels(out_channels, width)
            for index in range(round_repeats(repeats, depth)):
                rate = drop_path * len(blocks) / total
                blocks.append(MBConv(channels, scaled, kernel, stride if index == 0 else 1, expand_ratio, rate))
                channels = scaled
        self.blocks = nn.Sequential(*blocks)

        self.head = self.convolution(channels, 4 * channels, kernel=1)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(4 * channels, num_classes)
        self.apply(self.initialise)

    @staticmethod
    def convolution(inputs, outputs, kernel, stride=1):
        layer = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.SiLU())

    @staticmethod
    def initialise(part):
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out")
        if isinstance(part, nn.Linear):
            limit = 1 / math.sqrt(part.out_features)
            nn.init.uniform_(part.weight, -limit, limit)
        if isinstance(part, (nn.Conv2d, nn.Linear)) and part.bias is not None:
            nn.init.zeros_(part.bias)

    def forward(self, images):
        x = self.stem(images)  # [N, 32, H/2, W/2]
        x = self.blocks(x)  # [N, 320, H/32, W/32]
        x = self.head(x)  # [N, 1280, H/32, W/32]
        x = x.mean(dim=(2, 3))  # [N, 1280]
        return self.classifier(self.dropout(x))  # [N, num_classes]
        ### END SOLUTION


# %% question="q3_net" role="check"
grader.check("q3_net")

# %% [markdown]
# ## The published integers
#
# The next cell counts all eight networks of the family. It computes nothing, and no weight takes memory: on torch's
# `meta` device a tensor has a shape and no numbers. Parameters and multiply-adds are those of *your* network;
# beside them stands what torchvision publishes with its weights.

# %% role="playground"
from torchvision.models import get_model_weights

COEFFICIENTS = {  # width, depth, resolution: from the authors' code
    "B0": (1.0, 1.0, 224),
    "B1": (1.0, 1.1, 240),
    "B2": (1.1, 1.2, 260),
    "B3": (1.2, 1.4, 300),
    "B4": (1.4, 1.8, 380),
    "B5": (1.6, 2.2, 456),
    "B6": (1.8, 2.6, 528),
    "B7": (2.0, 3.1, 600),
}

print("   width depth pixels | parameters  published |  multiply-adds published")
for name, (width, depth, pixels) in COEFFICIENTS.items():
    with torch.device("meta"):
        model = EfficientNet(width, depth)
    published = next(iter(get_model_weights(f"efficientnet_{name.lower()}"))).meta
    macs = counting.macs(model, (1, 3, pixels, pixels))
    count, known = counting.parameters(model), published["num_params"]
    print(
        f"{name} {width:5.1f} {depth:5.1f} {pixels:6} | {count:>10,} {known:>10,} "
        f"| {macs:>14,} {published['_ops']:7.3f} G"
    )

# %% [markdown]
# With a right network all parameters agree exactly. The multiply-adds agree to three digits, except for B2, which
# torchvision evaluates at 288 pixels and not at 260. B7 has 98 times the multiply-adds of B0, and 12.5 times its
# parameters.
#
# **What these integers show, and what they do not.** A wrong kernel, a bias too many or a wrong rounding changes them.
# A missing residual connection, a missing activation function or a wrong order of the steps changes none of them: what
# has no weights and is no convolution is not counted. For those, the check above compares outputs.

# %% [markdown]
# If one of your integers is wrong, this table may tell why.
#
# | your B0 has | then |
# |---|---|
# | 8,423,848 | squeeze and excitation goes down to a quarter of the *expanded* channels |
# | 4,652,008 | there is no squeeze and excitation |
# | 5,309,556 | convolutions have biases |
# | 5,289,636 | a block with ratio 1 has an expansion convolution |
# | 5,187,172 | all kernels are 3 × 3 |
#
# If B0 is right and B1 is not, look at your rounding of repeats. If B2 is the first that is wrong, look at the head
# and at the rounding of channels. If it is B3, look at the rule that no more than a tenth may be lost.

# %% [markdown]
# ## Does it learn?
#
# The next cell sends noise forward through your network, and gradients back, to see that they reach every weight.
# Notebook 4 trains on photographs.

# %% role="playground"
torch.manual_seed(0)
model = EfficientNet(width=0.5, depth=0.5, num_classes=10, stem_stride=1)
images, labels = torch.randn(16, 3, 32, 32), torch.arange(16) % 10
loss = nn.functional.cross_entropy(model.train()(images), labels)
loss.backward()
weights = list(model.parameters())
gradients = [weight.grad is not None and bool(weight.grad.any()) for weight in weights]
print(f"loss {loss.item():.2f}; gradients in {sum(gradients)} of {len(gradients)} tensors")

# %% [markdown]
# A few tensors may have no gradient: where stochastic depth dropped a block for all images at once.
#
# ## What you have now
#
# - EfficientNet is one block, MBConv, repeated by a table, between a stem and a head.
# - The block is narrow, wide, narrow; its wide part is affordable because the filter is depthwise.
# - Width and depth scale the table. Your network has the published parameters for B0 to B7, if it is right.
#
# ## Handing in
#
# Save the notebook (Ctrl+S, or Cmd+S), then run the cell below. It says what is not answered yet, and
# packs one zip of everything. Hand in as often as you like; the last one counts.

# %% role="playground"
handed_in = scalelab.hand_in()

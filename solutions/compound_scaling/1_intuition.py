# %% [markdown]
# # 1 · Intuition: three ways to grow a network
#
# You have a ConvNet that works, and somebody gives you ten times the compute. What do you do with it? Add
# layers? Give every layer more channels? Feed it larger images?
#
# In 2019 Mingxing Tan and Quoc V. Le gave an answer that is surprisingly short: do all three, in fixed
# proportions. That is *compound scaling*, and the networks that came out of it are the EfficientNets
# ([arXiv 1905.11946](https://arxiv.org/abs/1905.11946)). In this course you rebuild the idea from its parts:
# you count, you scale, you round, you train, and you check the paper's claims against what you find.

# %% [markdown]
# ## The five notebooks
#
# | notebook | what you do | points |
# |---|---|---|
# | **1 · Intuition** | this one: say in symbols and code what a network is, and what scaling means | 20 |
# | 2 · Compound scaling | count multiply-adds, follow the rule, meet its rounding | 26 (and 5 bonus) |
# | 3 · EfficientNet | write the network itself, block by block | 25 (and 4 bonus) |
# | 4 · CIFAR-10 | train one, as good as you can | 15 |
# | 5 · Comparison | put it beside other architectures: accuracy, size, time | 14 (and 4 bonus) |
#
# <div class="alert alert-info">
#
# **Put right.** The exercises follow a published problem set and keep its numbers, so that you can hold the
# two side by side. Where it slips, a blue box like this one says so. Two slips to begin with: it names the
# paper's authors "Tan, Quoc and Le", but there are two of them, Mingxing **Tan** and Quoc V. **Le**; and it
# numbers two different problems 3.4. Ours are 3.4a and 3.4b, and you meet them in notebook 5.
#
# </div>

# %% [markdown]
# ## How to work here
#
# - **Answer cells** hold a function with its description and a line that raises `NotImplementedError`. Put
#   your code in that line's place.
# - **`grader.check("…")`** tells you at once whether a few worked examples come out right. When you hand in,
#   more inputs are tried, the nasty ones among them: odd sizes, empty lists, fractions. The description says
#   everything that they may ask.
# - A check that passes means that the worked examples come out right: a good sign, and no promise.
# - **Written answers** are read by a person. Half a page is too long for any of them.
# - **Playground cells** are yours. Change them, break them, delete them: nothing in them is graded.
#
# Each function is judged on its own. If one beats you, go on; the next does not need it. Playground cells that use
# an unanswered function end in an error: pass over them. Problems have the numbers of the problem set (2.3 is
# followed by 3.1); x marks a bonus.

# %%
import scalelab  # first: it makes torchvision importable beside a CPU build of torch
from notebook_checks.notebook import Notebook

grader = Notebook()

# %%
import math

import matplotlib.pyplot as plt

from scalelab.figures.plots import COLOURS, alt_text, style

# %% [markdown]
# ## 1.1 · Deeper, wider, or larger images?
#
# A ConvNet has three sizes that one can turn up without inventing anything:
#
# - its **depth**: how many layers stand one after the other;
# - its **width**: how many channels each layer has;
# - its **resolution**: how many pixels its input, and so each of its maps, has along a side.
#
# Here is the same small network, grown in each of the three ways and in all of them at once. Every slab is
# one layer: how tall it is shows its resolution, how thick it is shows its channels.


# %% role="playground"
def draw_network(axis, title, depth=1.0, width=1.0, resolution=1.0):
    """Draw six layers, scaled by the three factors: slabs of height `resolution` and thickness `width`."""
    left = 0.0
    for layer in range(round(6 * depth)):
        stage = int(layer / depth) // 2  # two layers a stage; each stage halves the map and has more channels
        height, thickness = 6 * resolution / 2**stage, 0.5 * width * (1 + 0.8 * stage)
        axis.add_patch(plt.Rectangle((left, -height / 2), thickness, height, color=COLOURS[stage]))
        left += thickness + 0.25
    axis.set(xlim=(left / 2 - 7, left / 2 + 7), ylim=(-6.5, 6.5), aspect="equal")
    axis.set_title(title, loc="center")
    axis.axis("off")


@style()
def three_ways():
    """The baseline, the three ways to grow it, and all three together."""
    figure, axes = plt.subplots(1, 5, figsize=(12, 2.9), gridspec_kw={"wspace": 0.05})
    draw_network(axes[0], "baseline")
    draw_network(axes[1], "deeper", depth=2)
    draw_network(axes[2], "wider", width=2)
    draw_network(axes[3], "higher resolution", resolution=2)
    draw_network(axes[4], "a little of each", depth=1.33, width=1.3, resolution=1.3)
    return figure


alt_text(
    three_ways(),
    "Five drawings of one network. Deeper: twice as many slabs. Wider: slabs twice as thick. "
    "Higher resolution: slabs twice as tall. A little of each: somewhat more, thicker and taller slabs.",
)

# %% [markdown]
# Each way has a tradition. ResNets are scaled by depth, from 18 layers to 200 and beyond. Wide ResNets and
# MobileNets are scaled by width. And larger images have been a cheap trick for a few tenths of a percent for
# as long as there has been ImageNet.
#
# The paper's first experiment turns each of the three knobs alone (its section 3.2). Every curve of accuracy
# rises, and every one of them flattens.
#
# ### Something to look at before you argue
#
# One position of a deep feature map is computed from a window of the image, its *receptive field*. A stack of
# $n$ convolutions of size 3 × 3 and stride 1 sees a window $2n + 1$ pixels wide. What share of the image is
# that?


# %% role="playground"
def share_of_image_seen(layers, resolution):
    """The part of an image's side that a stack of 3 × 3 convolutions sees from one output position."""
    return min(1.0, (2 * layers + 1) / resolution)


@style()
def receptive_fields():
    figure, axis = plt.subplots(figsize=(7, 3.4))
    layers = range(1, 61)
    for resolution in (32, 64, 128):
        shares = [100 * share_of_image_seen(count, resolution) for count in layers]
        axis.plot(layers, shares, markevery=10, label=f"{resolution} px images")
    axis.set(xlabel="3 × 3 layers", ylabel="share of the image's side seen, %", ylim=(0, 105))
    axis.legend(loc="lower right")
    return figure


alt_text(
    receptive_fields(),
    "Share of the image's side that one output position sees, against the "
    "number of layers, for images of 32, 64 and 128 pixels. "
    "Each line rises to 100 percent; the smaller the image, the fewer layers it takes.",
)

# %% [markdown] question="q1_1" role="written"
# ### Problem 1.1 (4 points, written)
#
# Can depth, width and resolution be chosen independently of each other? Suppose your compute budget grows:
# which of them would you turn up, and why?
#
# Take a position and give the *mechanism* behind it: what happens inside the network if one of the three
# grows and the others stay? Four to eight sentences are enough.

# %% [markdown] question="q1_1" role="rubric"
# - [1] Takes a clear position: the three depend on each other (or, well argued, in which limits they do not).
# - [2] Gives a mechanism that ties at least two of them together, in both directions or for two pairs: larger
#   images need more layers, so that the receptive field covers as much of the object as before, and more
#   channels, to tell the finer patterns apart that the additional pixels show; or depth without resolution
#   runs out of detail to work on. One mechanism in one direction: 1 point.
# - [1] Says what to do with more compute and why: several together, because the gain from each alone levels
#   off while its cost goes on growing.
#
# Common wrong arguments, and what they earn:
# - "Depth, because deep learning is about depth", or "all of them, because the paper says so": a position
#   with no mechanism, 1 point at most.
# - "They are independent, because one can set them independently in code": confuses a free choice with a good
#   one, 0 for the first criterion; a sound mechanism elsewhere still counts.
# - "Width, because it costs least": width costs as much as resolution for the same factor. No point for the
#   reason.
# - Vanishing gradients as the only reason against depth, with no word on the other two: 1 of the 2 points for
#   the mechanism.

# %% [markdown] question="q1_1" role="answer"
# No: the best value of each depends on where the other two stand. Take larger images. The same object now
# covers more pixels, so with the same number of layers one output position sees a smaller part of it; to see
# as much as before the network has to be deeper. The additional pixels also show finer patterns, and to tell
# more kinds of pattern apart a layer needs more channels. The other way round, a network that is only made
# deeper soon has nothing new to look at in a small image, and one that is only made wider has many features
# of a low order and few layers to combine them in.
#
# So each knob alone gives less and less, while its cost goes on growing. With more compute I would turn up
# all three, each by a moderate factor, and find the proportions by a small search on a small network, where a
# search is cheap. (The paper measures this: at the same cost, scaling the width of a network pays off more if
# it is also deeper and sees larger images; observation 2 in its section 3.2.)

# %% [markdown]
# ## 1.2 · A stage is a function between spaces of tensors
#
# To say what scaling does we need a way to write networks down. The paper's is short.
#
# A layer is a function: it takes a tensor and gives a tensor. The tensors here are feature maps of $H$ rows,
# $W$ columns and $C$ channels, so they live in $\mathbb{R}^{H \times W \times C}$. (The batch is left out;
# PyTorch puts it first, and the channels second.)
#
# ConvNets come in **stages**. The layers of a stage are all alike, except that the first one may have a
# stride and so make the map smaller. Layer $F_i$ stands there $L_i$ times; the paper writes the stage as
# $F_i^{L_i}$.
#
# ### What a stride does to a map whose size it does not divide
#
# All our convolutions have "same" padding: zeros are added at the border, so that with stride 1 the map keeps
# its size. With stride $s$ the kernel is put on every $s$-th position, starting with the first. Count the
# dots:


# %% role="playground"
@style()
def visited_positions():
    """Where the kernel of a strided convolution stands, on rows of 8 and of 7 pixels."""
    figure, axes = plt.subplots(3, 1, figsize=(7, 2.8))
    for axis, (size, stride) in zip(axes, [(8, 2), (7, 2), (7, 3)], strict=True):
        for position in range(size):
            axis.add_patch(plt.Rectangle((position, 0), 0.94, 0.8, color="0.88"))
            if position % stride == 0:
                axis.plot(position + 0.47, 0.4, "o", color=COLOURS[0], markersize=11)
        axis.set(xlim=(-0.1, 8.1), ylim=(-0.1, 0.9))
        axis.axis("off")
        axis.set_title(f"{size} pixels, stride {stride}")
    figure.tight_layout()
    return figure


alt_text(
    visited_positions(),
    "Three rows of pixels with a dot wherever the kernel stands: 8 pixels "
    "at stride 2, 7 pixels at stride 2, and 7 pixels at "
    "stride 3. Also where the stride does not divide the number of pixels, "
    "the kernel starts at the first one.",
)

# %% [markdown]
# ### Problem 1.2 (4 points)
#
# **In symbols.** Stage $i$ takes a map of shape $(H_i, W_i, C_i)$ and repeats its layer $L_i$ times. Fill in
# its domain and its codomain in the cell below. Double-click it to edit; what stands between dollar signs is
# LaTeX. Say what you call the new sizes.

# %% [markdown] question="q1_2" role="answer"
# *Problem 1.2, in symbols (not scored; the code is):*
#
# $$F_i^{L_i} : \_\_\_ \to \_\_\_$$
#
# <!-- ### BEGIN SOLUTION -->
# $$F_i^{L_i} : \mathbb{R}^{H_i \times W_i \times C_i} \to
# \mathbb{R}^{\lceil H_i / s_i \rceil \times \lceil W_i / s_i \rceil \times C_{i+1}}$$
#
# where $s_i$ is the stride of the stage's first layer and $C_{i+1}$ the number of channels that leave it.
# Where $s_i = 1$ and $C_{i+1} = C_i$ both spaces are the same one. All layers after the first map the
# codomain to itself, which is why $L_i$ is not in it.
# <!-- ### END SOLUTION -->

# %% [markdown]
# **In code.** Write the function that gives the shape after a stage.


# %% question="q1_2" role="answer"
def stage_output_shape(height, width, in_channels, out_channels, stride, repeats):
    """The shape (H', W', C') of what leaves a stage of a ConvNet.

    height, width: size of the map that comes in, in pixels.
    in_channels, out_channels: channels that come into the stage and that leave it.
    stride: of the stage's first layer; its other layers have stride 1. repeats: number of layers, at least 1.
    All convolutions have "same" padding, so sizes that the stride does not divide round up.

    For example, stage_output_shape(112, 112, 16, 24, stride=2, repeats=2) is (56, 56, 24).
    """
    ### BEGIN SOLUTION work out the height, the width and the channels that leave the stage
    return math.ceil(height / stride), math.ceil(width / stride), out_channels
    ### END SOLUTION


# %% question="q1_2" role="check"
grader.check("q1_2")

# %% [markdown]
# Now that you have it, send an image through EfficientNet-B0 without computing a single pixel. The table
# holds B0's stages (the paper's Table 1). What happens to the maps at 258 pixels, and why is that more than a
# little larger than at 256?

# %% role="playground"
B0_STAGES = [
    # channels in, channels out, stride, repeats
    (3, 32, 2, 1),  # the stem: one convolution
    (32, 16, 1, 1),
    (16, 24, 2, 2),
    (24, 40, 2, 2),
    (40, 80, 2, 3),
    (80, 112, 1, 3),
    (112, 192, 2, 4),
    (192, 320, 1, 1),
]

for resolution in (224, 256, 258):
    height = width = resolution
    sizes = [height]
    for in_channels, out_channels, stride, repeats in B0_STAGES:
        height, width, _ = stage_output_shape(height, width, in_channels, out_channels, stride, repeats)
        sizes.append(height)
    print(f"{resolution} px:", " → ".join(str(size) for size in sizes))

# %% [markdown]
# ## 1.3 · A network is a composition of stages
#
# One stage's output is the next one's input. So a network is one long composition, and it pays to have a
# symbol for it. The paper uses $\bigodot$ in the way that $\sum$ is used for sums. Mind the direction in
# which compositions are read: in $(g \circ f)(x) = g(f(x))$ it is $f$, on the right, that sees $x$ first.


# %%
def add_three(x):
    return x + 3


def double(x):
    return 2 * x


print("first add, then double:", double(add_three(1)))
print("first double, then add:", add_three(double(1)))

# %% [markdown]
# ### Problem 1.3 (4 points)
#
# **In symbols.** The paper writes a tensor with its shape as an index: $X_{\langle H, W, C \rangle}$. So stage $i$,
# with what comes into it, is $F_i^{L_i}\left(X_{\langle H_i, W_i, C_i \rangle}\right)$. Write the whole network
# $\mathcal{N}$ as the composition of its $n$ stages: once as a chain with $\circ$, so that one sees which stage
# comes first, and once with $\bigodot$ and the shapes, which differ from stage to stage.

# %% [markdown] question="q1_3" role="answer"
# *Problem 1.3, in symbols (not scored here; you need it in 1.4, where it is):*
#
# $$\mathcal{N} = \_\_\_$$
#
# <!-- ### BEGIN SOLUTION -->
# $$\mathcal{N} = F_n^{L_n} \circ \dots \circ F_2^{L_2} \circ F_1^{L_1}
# = \bigodot_{i = 1 \dots n} F_i^{L_i}\left(X_{\langle H_i, W_i, C_i \rangle}\right)$$
#
# where $X_{\langle H_i, W_i, C_i \rangle}$ is the tensor that comes into stage $i$, of that shape. $F_1$ sees
# the image first, so it stands on the right in the chain; the big symbol is to be read so that it does.
# <!-- ### END SOLUTION -->

# %% [markdown]
# **In code.** A function that takes stages and returns the network, which is a function again. It does not
# know what a layer is: anything that can be called will do.


# %% question="q1_3" role="answer"
def compose(stages):
    """The network that is made of `stages`: a function of one argument.

    stages: a list of (layer, repeats). A layer is anything that can be called with one argument; its
    repeats are a whole number, 0 or more.
    The network applies the first stage's layer that often, hands the result to the second stage, and so on.
    A network of no stages returns what it is given.

    For example, compose([(lambda x: 2 * x + 1, 2)])(3) is 15: 3 becomes 7, and 7 becomes 15.
    """

    ### BEGIN SOLUTION return a function that applies the stages one after the other
    def network(x):
        for layer, repeats in stages:
            for _ in range(repeats):
                x = layer(x)
        return x

    return network
    ### END SOLUTION


# %% question="q1_3" role="check"
grader.check("q1_3")

# %% [markdown]
# Your function composed functions of numbers. It composes real layers just as well, because it asks nothing
# of them. In one respect it takes the notation more literally than ConvNets do: here a stage of three repeats
# is the *same* layer three times, with the same weights. In a ConvNet each repeat has weights of its own,
# which $F_i^{L_i}$ does not show.

# %% role="playground"
import torch
from torch import nn

stem = nn.Conv2d(3, 16, kernel_size=3, stride=2, padding=1)
body = nn.Conv2d(16, 16, kernel_size=3, padding=1)
network = compose([(stem, 1), (body, 3), (torch.relu, 1)])
print(network(torch.zeros(1, 3, 33, 33)).shape)

# %% [markdown]
# ## 1.4 · Scaling as an optimisation problem
#
# Fix a good small network: the *baseline*, with a hat on each of its sizes,
# $\hat F_i, \hat L_i, \hat H_i, \hat W_i, \hat C_i$. Designing a better one from scratch means choosing all
# of these again, for every stage. Scaling does not: the layers $\hat F_i$ stay as they are, and three numbers
# say the rest, the same three for all stages:
#
# - $d$, by which depth is multiplied,
# - $w$, by which width is multiplied,
# - $r$, by which resolution is multiplied.
#
# So the scaled network is a function of three numbers, $\mathcal{N}(d, w, r)$, and $\mathcal{N}(1, 1, 1)$ is
# the baseline. What we want is the most accurate one that we can afford.

# %% [markdown]
# <div class="alert alert-info">
#
# **Put right: FLOPs, FLOPS, MACs.** Three things go by nearly the same name.
#
# - **FLOPs**, with a small s, is a *count*: how many floating-point operations one forward pass takes.
# - **FLOPS**, with a capital S, is a *rate*: floating-point operations per second, what a chip can do. The
#   problem set explains FLOPs as this one.
# - **MACs** are multiply-adds: one multiplication and the addition that follows it. One MAC is two FLOPs.
#
# The paper writes "FLOPS", means a count, and counts multiply-adds: its 0.39B for EfficientNet-B0 are MACs.
# In formulas we keep the paper's word; in code we say `macs`.
#
# </div>
#
# <div class="alert alert-info">
#
# **Put right: whole accuracy?** The problem set has accuracy, memory and FLOPS all map networks to
# *integers*. Bytes and operations can be counted, so that may pass for two of them. Accuracy is a share of
# images, and so a *real* number: $\text{Accuracy}(\mathcal{N}) \in [0, 1]$.
#
# </div>

# %% [markdown]
# ### Problem 1.4, in code (4 points)
#
# Two functions. The first one scales a baseline. Everything is exact here: a stage may get 2.4 layers or 17.6
# channels. What to do about such fractions is a question of its own, and notebook 2 is largely about it.
#
# Take care: two things are called width. In the paper's $w$ it is the number of channels; in a map's size, the number
# of columns. A loop over `height, width, …` would hide the factor.


# %% question="q1_4" role="answer"
def scale_stages(stages, depth, width, resolution):
    """The stages of N(d, w, r), exactly: nothing is rounded.

    stages: the baseline, a list of (height, width, channels, repeats), one a stage; it is left as it is.
    depth, width, resolution: the factors d, w and r, which are positive.
    Returns a new list of tuples (height, width, channels, repeats).

    For example, scale_stages([(16, 16, 4, 2)], depth=1, width=3, resolution=2) is [(32, 32, 12, 2)].
    """
    ### BEGIN SOLUTION scale the four numbers of each stage
    return [
        (resolution * rows, resolution * columns, width * channels, depth * repeats)
        for rows, columns, channels, repeats in stages
    ]
    ### END SOLUTION


# %% [markdown]
# The second one says whether we can afford a network.


# %% question="q1_4" role="answer"
def is_feasible(memory, flops, target_memory, target_flops):
    """Whether a network keeps both limits: True or False.

    memory, target_memory: what it needs and what there is, in bytes.
    flops, target_flops: what it takes and what we want to spend, both in multiply-adds.
    A network that needs exactly as much as there is keeps the limit. Both targets are positive.
    """
    ### BEGIN SOLUTION compare both costs with their limits
    return memory <= target_memory and flops <= target_flops
    ### END SOLUTION


# %% question="q1_4" role="check"
grader.check("q1_4")

# %% [markdown] question="q1_4_written" role="written"
# ### Problem 1.4, in symbols (4 points, written)
#
# Fill in the four blanks. The unknowns are $d$, $w$ and $r$. The baseline's layers and sizes are given, and wear a
# hat: $\hat F_i$, $\hat L_i$, $\hat H_i$, $\hat W_i$, $\hat C_i$. The second blank is the long one: your formula of
# 1.3, with hats, and with $d$, $w$ and $r$ where they belong.
#
# $$
# \begin{aligned}
# \max_{d, w, r} \quad & \text{Accuracy}(\_\_\_) \\
# \text{such that} \quad & \mathcal{N}(d, w, r) = \_\_\_ \\
# & \text{Memory}(\_\_\_) \le \text{target memory} \\
# & \text{FLOPS}(\_\_\_) \le \text{target flops}
# \end{aligned}
# $$
#
# You may copy this formula into your answer: double-click this cell to see its LaTeX.

# %% [markdown] question="q1_4_written" role="rubric"
# - [1] Accuracy is that of the scaled network, $\mathcal{N}(d, w, r)$.
# - [2] $\mathcal{N}(d, w, r)$ is the composition of all stages with $d$ at the repeats, $r$ at both sides of
#   the maps and $w$ at the channels, on the baseline's hatted sizes. One factor at the wrong place, or $r$ at
#   one side only: 1 point. The layers themselves scaled, or no composition: 0.
# - [1] Memory and FLOPS are both those of the scaled network.
#
# Common wrong answers:
# - Memory(d), FLOPS(w, r) and the like: each cost depends on all three, so no point for the last criterion.
#   "Memory(d, w, r)" is a harmless shorthand: full.
# - Rounded sizes in the formula: full points if the factors are right; a note that the paper rounds only
#   afterwards.
# - Missing hats: no deduction if it is clear which sizes are given.

# %% [markdown] question="q1_4_written" role="answer"
# $$
# \begin{aligned}
# \max_{d, w, r} \quad & \text{Accuracy}\left(\mathcal{N}(d, w, r)\right) \\
# \text{such that} \quad & \mathcal{N}(d, w, r) = \bigodot_{i = 1 \dots n} \hat F_i^{\,d \cdot \hat L_i}
#   \left(X_{\langle r \cdot \hat H_i,\; r \cdot \hat W_i,\; w \cdot \hat C_i \rangle}\right) \\
# & \text{Memory}\left(\mathcal{N}(d, w, r)\right) \le \text{target memory} \\
# & \text{FLOPS}\left(\mathcal{N}(d, w, r)\right) \le \text{target flops}
# \end{aligned}
# $$
#
# This is equation 2 of the paper. The search is over three numbers, however many stages there are.

# %% [markdown]
# ## What this was good for
#
# To grow a network is now to choose three numbers under two limits. Three are still too many to try out on
# networks of realistic size, where every try is a long training run. The next notebook is about the paper's
# way to make one number of them.

# %% [markdown]
# ## Handing in
#
# Save the notebook first (Ctrl+S, or Cmd+S). The cell below then looks at all that will be graded, tells you
# what is still untouched, and packs one zip of everything. You can hand in as often as you like; the last one
# counts.

# %% role="playground"
handed_in = scalelab.hand_in()

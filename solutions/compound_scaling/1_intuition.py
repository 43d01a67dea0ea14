# %% [markdown]
# # 1 · Intuition: three ways to grow a network
#
# You have a ConvNet that works, and somebody gives you ten times the compute. What do you do with it? Add
# layers? Give every layer more channels? Use larger images?
#
# In 2019 Mingxing Tan and Quoc V. Le gave a short answer: do all three, in fixed proportions. They call it
# *compound scaling*, and the networks that they made with it are the EfficientNets
# ([arXiv 1905.11946](https://arxiv.org/abs/1905.11946)). In this course you rebuild the idea from its parts.
# You count, scale, round and train, and you compare the paper's claims with what you find.

# %% [markdown]
# **In this notebook you learn**
#
# - why depth, width and image size depend on each other,
# - to write a network as a function, in symbols and in code,
# - to state scaling as an optimisation problem with two limits.
#
# **You need** Python, and to know what a convolution does: its kernel, its stride and its channels.
#
# **Time:** about two hours. All cells together run in about a minute.

# %% [markdown]
# ## The five notebooks
#
# | notebook | what you do | points | your time |
# |---|---|---|---|
# | **1 · Intuition** | say in symbols and code what a network is, and what scaling means | 20 | 2 hours |
# | 2 · Compound scaling | count multiply-adds, follow the rule, and meet its rounding | 26, and 5 bonus | 3 hours |
# | 3 · EfficientNet | write the network, block by block | 25, and 4 bonus | 4 hours |
# | 4 · CIFAR-10 | train one, as good as you can | 15 | 2 hours, and training |
# | 5 · Comparison | compare it with other architectures: accuracy, size, time | 14, and 4 bonus | 2 hours |
#
# The hours are estimates. Problems have the numbers of the problem set that this course follows: 2.3 is followed by
# 3.1, and two problems have the number 3.4, here 3.4a and 3.4b. An x marks a bonus. Boxes that begin with **Put
# right** warn of what is easily misread.

# %% [markdown]
# ## How to work here
#
# - **Answer cells** hold a function with its description, and a line that raises `NotImplementedError`. Write
#   your code in place of that line.
# - **`grader.check("…")`** says at once whether some examples come out right, and for how many points. After you hand
#   in, more inputs are tried: odd sizes, empty lists, fractions. The description says everything that they may ask.
# - **Written answers** are read by a person. Half a page is too long for any of them.
# - **Playground cells** are yours: change them, break them. They are not graded. Some need an answer of yours, and say
#   so as long as it is missing.
#
# Each function is judged by itself: if one is too hard, go on with the next. After the deadline you get the solutions:
# a model answer to each problem, the written ones included, and how each is graded.

# %%
import scalelab  # first: it makes torchvision importable beside a CPU build of torch
from notebook_checks.notebook import Notebook

grader = Notebook()

# %%
import math

from scalelab.figures import intuition_figure

# %% [markdown]
# ## 1.1 · Deeper, wider, or larger images?
#
# A ConvNet has three sizes that you can change without inventing anything:
#
# - its **depth**: how many layers follow each other;
# - its **width**: how many channels each layer has;
# - its **resolution**: how many pixels its input has along a side, and so each of its maps.
#
# Here is the same small network, grown in each of the three ways and in all of them at once. Every slab is
# one layer: its height is the side of its map, its thickness the number of its channels. Below each network stands
# what it costs, in multiply-adds: all four grown ones cost twice as much as the baseline.

# %% role="playground"
intuition_figure.show_ways()

# %% [markdown]
# All three ways have been used. ResNets are scaled by depth, from 18 layers to 200. Wide ResNets and MobileNets are
# scaled by width. And larger images are known to raise the accuracy, at a higher cost (Tan & Le, sections 1 and 2).
#
# The paper's first experiment changes one of the three at a time. It finds that each of them raises the accuracy, and
# that the gain gets smaller the larger the network is (its section 3.2, figure 3 and observation 1).
#
# ### Something to look at before you argue
#
# One position of a deep feature map is computed from a window of the image, its *receptive field*. A stack of
# $n$ convolutions of size 3 × 3 and stride 1 sees a window $2n + 1$ pixels wide. What share of the image is that?

# %% role="playground"
intuition_figure.show_receptive_fields()

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
# To say what scaling does, we need a way to write networks down. The paper has a short one.
#
# A layer is a function: it takes a tensor and gives a tensor. Here the tensors are feature maps of $H$ rows,
# $W$ columns and $C$ channels, so they are elements of $\mathbb{R}^{H \times W \times C}$. (The batch is left out.
# PyTorch puts it first, and the channels second.)
#
# A ConvNet consists of **stages**. The layers of a stage are all alike, except that the first one may have a
# stride, which makes the map smaller. In stage $i$ the layer $F_i$ is repeated $L_i$ times, and the paper writes that
# stage as $F_i^{L_i}$.

# %% [markdown]
# ### What a stride does to a map whose size it does not divide
#
# All our convolutions have "same" padding: zeros are added at the border, so that with stride 1 the map keeps
# its size. With stride $s$ the kernel is placed on every $s$-th position, starting with the first. Count the
# dots:

# %% role="playground"
intuition_figure.show_strides()

# %% [markdown]
# ### Problem 1.2 (4 points)
#
# **In symbols.** Stage $i$ takes a map of shape $(H_i, W_i, C_i)$ and repeats its layer $L_i$ times. Fill in
# its domain and its codomain in the cell below. Double-click the cell to edit it; what stands between dollar signs is
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
    stride: of the stage's first layer; its other layers have stride 1.
    repeats: number of layers, at least 1.
    All convolutions have "same" padding, so sizes that the stride does not divide round up.

    For example, stage_output_shape(112, 112, 16, 24, stride=2, repeats=2) is (56, 56, 24).
    """
    ### BEGIN SOLUTION which height, width and channels leave it?
    return math.ceil(height / stride), math.ceil(width / stride), out_channels
    ### END SOLUTION


# %% question="q1_2" role="check"
grader.check("q1_2")

# %% [markdown]
# Now that you have it, send an image through EfficientNet-B0 without computing a single pixel. The list holds B0's
# stages (the paper's Table 1). Compare 256 pixels with 258: where do the maps differ, and by how much?

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
        shape = stage_output_shape(height, width, in_channels, out_channels, stride, repeats)
        height, width, _ = shape
        sizes.append(height)
    print(f"{resolution} px:", " → ".join(str(size) for size in sizes))

# %% [markdown]
# ## 1.3 · A network is a composition of stages
#
# One stage's output is the next one's input, so a network is one long composition. The paper has a symbol for it:
# it uses $\bigodot$ as $\sum$ is used for sums. Compositions are read from the right: in
# $(g \circ f)(x) = g(f(x))$ the function $f$ sees $x$ first.


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
# $\mathcal{N}$ as the composition of its $n$ stages: once as a chain with $\circ$, which shows which stage
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
# **In code.** Write a function that takes stages and returns the network, which is a function again. It does not
# know what a layer is: it accepts anything that can be called.


# %% question="q1_3" role="answer"
def compose(stages):
    """The network that is made of `stages`: a function of one argument.

    stages: a list of (layer, repeats). A layer is anything that can be called with one argument;
    its repeats are a whole number, 0 or more.
    The network applies the first stage's layer that often, hands the result to the second stage,
    and so on.
    A network of no stages returns what it is given.

    For example, compose([(lambda x: 2 * x + 1, 2)])(3) is 15: 3 becomes 7, and 7 becomes 15.
    """

    ### BEGIN SOLUTION return a function that applies one stage after another
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
# Your function composed functions of numbers. It composes real layers as well, because it needs only to call them.
# There is one difference from a ConvNet: here a stage of three repeats is the *same* layer three times, with the same
# weights. In a ConvNet each repeat has weights of its own, which $F_i^{L_i}$ does not show.

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
# Take a good small network: the *baseline*. Its layers and sizes have a hat,
# $\hat F_i, \hat L_i, \hat H_i, \hat W_i, \hat C_i$. To design a better network from scratch, you would choose all
# of these again, for every stage. Scaling is simpler: the layers $\hat F_i$ stay as they are, and three numbers
# say the rest, the same three for all stages:
#
# - $d$, by which depth is multiplied,
# - $w$, by which width is multiplied,
# - $r$, by which resolution is multiplied.
#
# So the scaled network is a function of three numbers, $\mathcal{N}(d, w, r)$, and $\mathcal{N}(1, 1, 1)$ is
# the baseline. What we want is the most accurate one that we can afford.

# %% [markdown]
# <div style="border-left: 4px solid #1976d2; background: rgba(33, 150, 243, 0.1); padding: 0.5em 1em">
#
# **Put right: FLOPs, FLOPS, MACs.** Three different things have nearly the same name.
#
# - **FLOPs**, with a small s, is a *count*: how many floating-point operations one forward pass takes.
# - **FLOPS**, with a capital S, is a *rate*: floating-point operations per second, what a chip can do.
# - **MACs** are multiply-adds: one multiplication and the addition that follows it. One MAC is two FLOPs.
#
# The paper writes "FLOPS", means a count, and counts multiply-adds: its 0.39B for EfficientNet-B0 are MACs.
# In formulas we keep the paper's word; in code we say `macs`. And one word on sets: memory and FLOPs are whole
# numbers, but accuracy is a share of images, so $\text{Accuracy}(\mathcal{N})$ is a *real* number in $[0, 1]$.
#
# </div>

# %% [markdown]
# ### Problem 1.4, in code (4 points)
#
# Write two functions. The first one scales a baseline. Nothing is rounded here: a stage may get 2.4 layers or 17.6
# channels. What to do with such fractions is a large part of notebook 2.
#
# Take care: two things are called width. The paper's $w$ is about the number of channels; the width of a map is the
# number of its columns. A loop over `height, width, …` would hide the factor.


# %% question="q1_4" role="answer"
def scale_stages(stages, depth, width, resolution):
    """The stages of N(d, w, r), exactly: nothing is rounded.

    stages: the baseline, a list of (height, width, channels, repeats), one for each stage;
    it is left as it is.
    depth, width, resolution: the factors d, w and r, which are positive.
    Returns a new list of tuples (height, width, channels, repeats).

    For example, scale_stages([(16, 16, 4, 2)], depth=1, width=3, resolution=2)
    is [(32, 32, 12, 2)].
    """
    ### BEGIN SOLUTION scale the four numbers of each stage
    return [
        (resolution * rows, resolution * columns, width * channels, depth * repeats)
        for rows, columns, channels, repeats in stages
    ]
    ### END SOLUTION


# %% [markdown]
# The second function says whether we can afford a network.


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
# Fill in the four blanks. The unknowns are $d$, $w$ and $r$. The baseline's layers and sizes are given, and have a
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
# ## What you have now
#
# - A network is a composition of stages, and each stage is a function between spaces of feature maps.
# - Where a stride does not divide the size of a map, the new size rounds up.
# - Depth, width and resolution depend on each other, so one of them alone brings less and less.
# - To grow a network is to choose three numbers, $d$, $w$ and $r$, under two limits.
#
# Three numbers are still too many to try out on large networks, where every try is a long training run. The next
# notebook is about the paper's way to replace them by one number.

# %% [markdown]
# ## Handing in
#
# Save the notebook first (Ctrl+S, or Cmd+S). The cell below then looks at all that will be graded, says what is not
# answered yet, and packs one zip of everything. You can hand in as often as you like; the last one counts.

# %% role="playground"
handed_in = scalelab.hand_in()

# %% [markdown]
# # 2 · Compound scaling: one knob for three
#
# Notebook 1 ended with three numbers to choose: $d$, $w$ and $r$. Here you meet the paper's way to replace them by one
# (Tan & Le, [arXiv 1905.11946](https://arxiv.org/abs/1905.11946), section 3.3), and you find out what it costs, in
# multiply-adds. You begin with plain networks, where simple rules hold. Then you look at the real EfficientNet-B0,
# where the rules hold less well, and you find out why.

# %% [markdown]
# **In this notebook you learn**
#
# - to count the multiply-adds of a convolution and of a network,
# - what the compound coefficient $\varphi$ does, and what the budget $\alpha \cdot \beta^2 \cdot \gamma^2 \approx 2$
#   means,
# - how real networks round layers and channels, and how much that changes.
#
# **You need** notebook 1, powers and logarithms.
#
# **Time:** about three hours. All cells together run in about two minutes.

# %%
import scalelab  # first: it makes torchvision importable beside a CPU build of torch
from notebook_checks.notebook import Notebook

grader = Notebook()

# %%
import math

from scalelab.figures import convolution_figure, emergence_figure

# %% [markdown]
# ## 2.1 · The rule
#
# Choose three constants $\alpha, \beta, \gamma \ge 1$ once. From then on a single number $\varphi$, the
# *compound coefficient*, says how large the network is:
#
# $$
# \text{depth: } d = \alpha^{\varphi} \qquad
# \text{width: } w = \beta^{\varphi} \qquad
# \text{resolution: } r = \gamma^{\varphi}
# $$
#
# One condition ties the constants together: $\alpha \cdot \beta^2 \cdot \gamma^2 \approx 2$. Why there are squares,
# and what the 2 is for, you work out below. For EfficientNet-B0 the authors found $\alpha = 1.2$,
# $\beta = 1.1$ and $\gamma = 1.15$ with a small grid search.

# %% [markdown] question="q2_1" role="written"
# ### Problem 2.1 (4 points, written)
#
# What happens to depth, width and resolution as $\varphi$ grows, and as it shrinks? (Do not forget 0 and negative
# values.) And why should this be better than scaling each of the three as you like?
#
# Four to eight sentences.

# %% [markdown] question="q2_1" role="rubric"
# - [1] With growing φ all three grow together, each by a constant factor a step (exponentially, not in a
#   straight line).
# - [1] φ = 0 is the baseline; a negative φ gives networks that are smaller in all three; φ need not be whole.
# - [1] The three stay in balance: each step changes them in the same proportion, which 1.1 showed to be
#   needed. Any mechanism from 1.1 will do.
# - [1] It makes the search cheap or the cost predictable: one number is left instead of three, the constants
#   are found once on a small network, and each step multiplies the cost by about the same factor.
#
# Common wrong arguments, and what they earn:
# - "Depth grows fastest, because α is the largest": α is, but γ counts per side; true of the factor, no
#   reason why it is better. Neither adds nor costs points.
# - "d, w and r grow linearly in φ": not the first point; the others can still be earned.
# - "It is optimal": the paper shows that it is better than scaling one dimension; the constants were searched
#   for on B0 only. No point for the word alone.
# - "φ is the number of the network, B1 to B7": not asked, and wrong; say so, no deduction.

# %% [markdown] question="q2_1" role="answer"
# As φ grows by one, depth is multiplied by α, width by β and resolution by γ. So all three grow at once and
# exponentially, and their proportions per step never change. At φ = 0 each factor is 1 and we have the
# baseline. Below 0 the factors are smaller than 1: the same rule gives smaller networks than the baseline. In
# between, φ can be any real number.
#
# Problem 1.1 said why the three should move together: larger images call for more layers and more channels.
# Scaling as one likes gets out of that balance, and then one pays for a dimension that gives little. It also
# leaves three numbers to search over, on networks where every try is expensive. Here the proportions are
# found once, on the small network, and one number is left, which says directly how much more the network will
# cost.

# %% [markdown]
# ## An experiment: does balance pay?
#
# We took a small EfficientNet for images of 16 × 16 pixels, and let it grow to twice and to four times its
# multiply-adds: by depth alone, by width alone, by resolution alone, and by all three with the paper's constants. All
# nine networks were trained in the same way on all of CIFAR-10, whose images have 32 × 32 pixels; for networks
# that take fewer pixels they were scaled down.
#
# **Predict first.** Which of the four ways is best at four times the cost, and which comes last? Write it down, with a
# reason. Then draw what came out: against multiply-adds, and against the time that a training step took here.

# %% role="playground"
from scalelab.figures import scaling_figure

scaling_figure.show_scaling()

# %% [markdown]
# <details>
# <summary><strong>Were you right?</strong> Open this when you have seen the figure.</summary>
#
# At four times the cost resolution alone wins, and depth alone gains next to nothing. That does not refute the paper,
# but it shows what its claim hangs on:
#
# - **The base was not in balance.** At 16 pixels much of what CIFAR-10 shows is lost. B0 comes from a search at 224
#   pixels.
# - **The constants belong to B0.** The paper first searches them for its base (bonus problem X2). Here, a larger
#   $\gamma$ is likely.
# - **Six passes are few.** A deeper network may need more.
#
# **How sure is that?** A bar joins two runs, and the point is their mean. At four times the cost the ways are more than
# two points apart. At twice the cost the bars of width and of all three overlap: two runs cannot tell these apart.
#
# </details>

# %% [markdown]
# ## 2.2 · What a network costs
#
# We count **multiply-adds**, or MACs: what the paper's "FLOPS" counts (see the box in notebook 1). Each output number
# of a convolution is a sum of products: for every output position and every output channel, each number under the
# kernel is multiplied by a weight, and the products are added up. So two questions give the cost:
#
# - How many output numbers are there?
# - How many products go into each?
#
# Here is a convolution in one dimension that only counts. In two dimensions such loops would take too long.


# %%
def count_in_one_dimension(length, in_channels, out_channels, kernel):
    """Multiply-adds of a convolution over a row of numbers, counted one by one.

    Products with padding are counted as well.
    """
    count = 0
    for _position in range(length):
        for _output in range(out_channels):
            for _input in range(in_channels):
                for _weight in range(kernel):
                    count += 1
    return count


for channels in (4, 8, 16):
    count = count_in_one_dimension(100, in_channels=channels, out_channels=channels, kernel=3)
    print(f"{channels:2} channels in and out: {count:6} multiply-adds")

# %% [markdown]
# ### Groups
#
# A convolution can split its channels into groups. Then an output channel sees only the input channels of its
# own group. With as many groups as channels it is called *depthwise*: each channel is filtered by itself.
# A block of EfficientNet has one depthwise convolution between two *pointwise* ones, of kernel 1 × 1, which mix the
# channels.

# %% role="playground"
convolution_figure.show_groups()

# %% [markdown]
# ### Problem 2.2 (6 points)
#
# **First, one convolution.** The rules of the count: padding is "same", so sizes that the stride does not divide
# round up; products with padding count like all others; there is no bias.


# %% question="q2_2" role="answer"
def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):
    """Multiply-adds of a kernel × kernel convolution without bias, for one image: a whole number.

    height, width: of the map that comes in, in pixels. kernel: an odd number of pixels.
    stride: the same along both sides. groups: divides in_channels and out_channels.
    Padding is "same", so the size of the output rounds up.

    For example, conv_macs(8, 8, 3, 16, kernel=3) is 27648.
    """
    ### BEGIN SOLUTION how many outputs, and how many products for each?
    outputs = math.ceil(height / stride) * math.ceil(width / stride) * out_channels
    products_per_output = kernel * kernel * (in_channels // groups)
    return outputs * products_per_output
    ### END SOLUTION


# %% [markdown]
# **Then a whole network**, a very plain one: `depth` convolutions one after the other, all alike.


# %% question="q2_2" role="answer"
def network_macs(depth, width, resolution, kernel=3):
    """Multiply-adds of a plain ConvNet, for one image: a whole number.

    The network has `depth` convolutions of size kernel × kernel, each with `width` channels coming
    in and `width` going out, stride 1 and one group, on maps of `resolution` × `resolution`
    pixels.

    For example, network_macs(depth=2, width=2, resolution=5) is 1800.
    """
    ### BEGIN SOLUTION add up all layers
    return depth * resolution**2 * width**2 * kernel**2
    ### END SOLUTION


# %% [markdown]
# **Now the question itself.** Take that plain network and double one of its three sizes; everything else stays.
# By what factor is the total multiplied? The width is the channels of all layers, those that come in and those that
# go out.
#
# Answer with a dict `flops_multiplier` that has the keys `"depth"`, `"width"` and `"resolution"`, and for each the
# factor, a number.


# %% question="q2_2" role="answer"
### BEGIN SOLUTION a dict with three keys, and a number for each
flops_multiplier = {"depth": 2, "width": 4, "resolution": 4}
### END SOLUTION

# %% question="q2_2" role="check"
grader.check("q2_2")

# %% [markdown]
# Now that you can count, compare with torch. Its own counter gives FLOPs, so two for each of your
# multiply-adds; `scalelab.counting` halves them.

# %% role="playground"
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from scalelab import counting, playground

layer = nn.Conv2d(16, 32, kernel_size=5, stride=2, padding=2, groups=4, bias=False)
with FlopCounterMode(display=False) as counter:
    layer(torch.zeros(1, 16, 33, 33))
print("torch's FLOPs:     ", counter.get_total_flops())
print("scalelab's MACs:   ", counting.macs(layer, (1, 16, 33, 33)))
print("your conv_macs:    ", conv_macs(33, 33, 16, 32, 5, 2, 4))

# %% [markdown]
# Here is a picture of the three sizes, drawn with your `network_macs`. On two logarithmic axes a power is a straight
# line, and its exponent is the slope.

# %% role="playground"
convolution_figure.show_cost_by_size(network_macs)

# %% [markdown]
# ### Does the real network obey?
#
# EfficientNet-B0 is no plain network. The next cell doubles each of its sizes in turn, and counts every convolution
# and the classifier.


# %% role="playground"
def total_macs(phi, **options):
    """Multiply-adds of EfficientNet-B0 scaled at phi."""
    return sum(stage.macs for stage in playground.scaled_stages(phi, **options))


b0 = total_macs(0)
doubled = {
    "depth": total_macs(1, alpha=2, beta=1, gamma=1),
    "width": total_macs(1, alpha=1, beta=2, gamma=1),
    "resolution": total_macs(1, alpha=1, beta=1, gamma=2),
}
print(f"EfficientNet-B0: {b0:,} multiply-adds")
for name, macs in doubled.items():
    plain = flops_multiplier[name]
    print(f"{name:>10} × 2: × {macs / b0:.3f}, where the plain network has × {plain}")

# %% [markdown]
# That is close, but not the same, and the width is furthest off. Your own function says why. Here are the two kinds of
# convolution that an EfficientNet block is made of, with their channels doubled.

# %% role="playground"
for kind, kernel, grouped in (("pointwise 1 × 1", 1, False), ("depthwise 5 × 5", 5, True)):
    narrow = conv_macs(28, 28, 240, 240, kernel, 1, 240 if grouped else 1)
    wide = conv_macs(28, 28, 480, 480, kernel, 1, 480 if grouped else 1)
    print(f"{kind}: {narrow:>12,} → {wide:>12,}, × {wide / narrow:g}")

# %% [markdown]
# - **Width.** A depthwise convolution is only *linear* in the width, because an output channel always has one input
#   channel. The first convolution and the classifier have one end of a fixed size (3 colours, 1000 classes), so they
#   are linear as well. Together these do 12% of B0's multiply-adds.
# - **Depth.** The layers that are added to a stage do not cost what its first layer costs, and the stem and the head
#   are not repeated.
# - **Resolution.** The classifier and the squeeze-and-excitation work on a single pixel, whatever the image is.
#
# One thing that multiply-adds do not tell is time. Depthwise convolutions have few multiply-adds, but they often
# use a processor badly (EfficientNetV2, [arXiv 2104.00298](https://arxiv.org/abs/2104.00298), section 3.2). In
# notebook 5 you measure how long networks take on your own machine.

# %% [markdown]
# ## 2.3 · The budget
#
# So the three sizes do not cost the same, and now the condition on the constants makes sense. Put
# $d = \alpha^\varphi$, $w = \beta^\varphi$ and $r = \gamma^\varphi$ into your cost.
#
# <div style="border-left: 4px solid #1976d2; background: rgba(33, 150, 243, 0.1); padding: 0.5em 1em">
#
# **Put right: how much is "about 2"?** The authors ask for $\alpha \cdot \beta^2 \cdot \gamma^2 \approx 2$.
# Their own constants give $1.2 \cdot 1.1^2 \cdot 1.15^2 = 1.920$. For one step, four percent does not matter. But
# the error is multiplied again with every step, so for large networks it matters which of the two you mean. That is
# why you write both.
#
# </div>
#
# ### Problem 2.3 (4 points)
#
# By what factor does the total cost of the network grow, for a given $\varphi$? Write it once exactly, for any
# constants, and once by the paper's approximation, in which the constants no longer appear.


# %% question="q2_3" role="answer"
def flops_growth(phi, alpha, beta, gamma):
    """How many times the baseline's multiply-adds a ConvNet takes at `phi`, exactly.

    phi: the compound coefficient; it may be negative or a fraction.
    alpha, beta, gamma: the constants for depth, width and resolution.
    The network is one for which the answers to 2.2 hold, and nothing is rounded.

    For example, flops_growth(1, 1.2, 1.1, 1.15) is 1.92027.
    """
    ### BEGIN SOLUTION by what does each size multiply the cost?
    return (alpha * beta**2 * gamma**2) ** phi
    ### END SOLUTION


# %% question="q2_3" role="answer"
def flops_growth_rule(phi):
    """The same by the paper's rule of thumb: as if the constraint held exactly.

    phi: the compound coefficient; it may be negative or a fraction.

    For example, flops_growth_rule(0) is 1, like flops_growth(0, 1.2, 1.1, 1.15).
    """
    ### BEGIN SOLUTION what is left when the constraint is put in?
    return 2.0**phi
    ### END SOLUTION


# %% question="q2_3" role="check"
grader.check("q2_3")

# %% role="playground"
print("phi   rule   exactly   rule / exactly")
for phi in (-2, -1, 0, 1, 2, 3, 5, 7):
    rule, exact = flops_growth_rule(phi), flops_growth(phi, 1.2, 1.1, 1.15)
    print(f"{phi:3} {rule:6.2f} {exact:9.2f} {rule / exact:12.2f}")

# %% [markdown]
# ## 3.1 · The scaling function at work
#
# So far everything was smooth. But a network cannot have 2.4 layers. Look at what the rule makes of EfficientNet-B0.
# Each slab is a layer. Its height grows with the resolution of what comes in, its thickness with the channels
# (both by their square roots, to fit the page). The table has the numbers. Look at the baseline first.

# %% role="playground"
from scalelab import playground

playground.show_network(phi=0.0)

# %% [markdown]
# Now let it grow. First write down your prediction: when $\varphi$ grows from 0, where does the first new layer
# appear? Then move $\varphi$. Things to find out:
#
# - At which values of $\varphi$ does a stage get a new layer? All stages at the same ones?
# - What happens in the very first moment after $\varphi = 0$?
# - Which stages are the last to get more channels, and what makes them wait?
# - One dimension alone, at the same cost: what does the network look like at $\varphi = 3$?

# %% role="playground"
playground.explore()

# %% [markdown]
# And all stages against $\varphi$. Where a line has steps, something is rounded to whole layers, to
# convenient numbers of channels, or to whole pixels. With `rounding=False`, which of your findings are gone?

# %% role="playground"
playground.show_growth(phi_max=7.0)

# %% [markdown]
# ### Problem 3.1 (12 points)
#
# You have seen the effect; now write the cause, in four functions: the rule, the two ways of rounding, and the answer
# to the first question above.
#
# **The rule**, with nothing rounded.


# %% question="q3_1" role="answer"
def compound_coefficients(phi, alpha=1.2, beta=1.1, gamma=1.15):
    """The factors (d, w, r) for depth, width and resolution at `phi`.

    phi: the compound coefficient, which may be negative or a fraction.

    For example, compound_coefficients(1) is (1.2, 1.1, 1.15).
    """
    ### BEGIN SOLUTION the three factors of section 2.1
    return alpha**phi, beta**phi, gamma**phi
    ### END SOLUTION


# %% [markdown]
# **Layers** round up, so no stage ever vanishes, however small the network gets.
#
# (Floats are not exact: 100 · 1.1 gives 110.00000000000001, which rounds up to 111. The authors' code does the same,
# and no test here asks for a case in which the last digit decides.)


# %% question="q3_1" role="answer"
def round_repeats(repeats, depth):
    """The number of layers of a stage of `repeats` layers, scaled by the factor `depth`.

    That is their product, rounded up to a whole number.

    For example, round_repeats(3, 1.1) is 4, and round_repeats(4, 1.0) is 4.
    """
    ### BEGIN SOLUTION scale, and round up
    return math.ceil(repeats * depth)
    ### END SOLUTION


# %% [markdown]
# **Channels** become a multiple of 8. The rule is that of the authors' code:
#
# 1. Multiply the channels by the width factor.
# 2. Take the multiple of the divisor that is nearest; halfway between two of them, the larger one. It is
#    never less than the divisor itself.
# 3. If that is less than 90% of the product of step 1, take one multiple more: no layer loses more than
#    a tenth of its channels by rounding.


# %% question="q3_1" role="answer"
def round_channels(channels, width, divisor=8):
    """The number of channels of a layer of `channels` channels, scaled by the factor `width`.

    That is the multiple of `divisor` nearest to their product, halves going up, and at least
    `divisor`; and one multiple more where that would lose more than 10% of the product.

    For example, round_channels(192, 1.1) is 208, and round_channels(112, 1.2) is 136.
    """
    ### BEGIN SOLUTION the three steps above
    product = channels * width
    rounded = max(divisor, math.floor(product / divisor + 0.5) * divisor)
    if rounded < 0.9 * product:
        rounded += divisor
    return rounded
    ### END SOLUTION


# %% [markdown]
# **Emergence.** A stage of $L$ layers has $\lceil L \cdot \alpha^\varphi \rceil$ of them at $\varphi$. That
# number stays the same for a while and then jumps. List the jumps. (You need no search: at a jump, what is
# $L \cdot \alpha^\varphi$ itself?)


# %% question="q3_1" role="answer"
def emergence_phis(repeats, alpha, phi_max):
    """All phi with 0 <= phi < phi_max just past which a stage gets a new layer.

    Returns a list of floats, ascending. Those are all phi for which the number of layers,
    repeats · alpha^phi rounded up, is larger just past phi than at phi itself. They have to be
    right within 1e-6.
    repeats: layers of the stage at phi = 0, at least 1.
    alpha: the constant for depth, larger than 1.
    phi_max: larger than 0. A phi that is phi_max itself does not count; no test asks where the
    last digit decides that.

    For example, emergence_phis(4, 1.2, 2.0) is about [0.0, 1.2239].
    """
    ### BEGIN SOLUTION at which phi is the exact number of layers whole?
    phis = []
    layers = repeats
    while (phi := math.log(layers / repeats) / math.log(alpha)) < phi_max:
        phis.append(phi)
        layers += 1
    return phis
    ### END SOLUTION


# %% question="q3_1" role="check"
grader.check("q3_1")

# %% [markdown]
# ### Problem X-bugs (2 bonus points)
#
# Whoever tests software looks for *telling* inputs: those for which a wrong function gives itself away. Most
# inputs are not telling.
#
# We have fifteen wrong versions of `round_channels`, each with a mistake that somebody could make. For
# `round_channels(32, 1.1)` twelve of them give the right 32. Some are wrong
# halfway between two multiples, some in the third step, some where the divisor is not 8, and some in the product or in
# the direction in which it rounds. Find at most six inputs so that every wrong version is wrong for at least one
# of them. You do not see the versions, so ask yourself of each step of the rule: for which input does it matter?

# %% question="x_bugs" role="answer"
# telling_inputs: a list of at most six tuples (channels, width, divisor), such as [(32, 1.1, 8)].
# Channels and divisor are whole numbers from 1 to 10,000; the width is above 0 and at most 100.
### BEGIN SOLUTION choose inputs for which the steps of the rule matter
telling_inputs = [(13, 0.5, 1), (51, 0.7, 8), (17, 1.2, 16), (25, 1.0, 4), (3, 1.0, 4), (12, 0.9, 5)]
### END SOLUTION

# %% question="x_bugs" role="check"
grader.check("x_bugs")

# %% [markdown]
# ### Your functions at the wheel
#
# The same picture, now from your four functions. The circles are the new layers that your `emergence_phis` gives.
# Do they stand where the picture gets one?

# %% role="playground"
playground.explore(
    coefficients=compound_coefficients,
    repeats=round_repeats,
    channels=round_channels,
    emergence=emergence_phis,
)

# %% [markdown]
# ### New layers, all at once
#
# Here are the seven stages of B0, with the new layers that your `emergence_phis` gives. The small numbers say how many
# layers there are just past that point. What happens at 0? At which two other places do all seven stages grow
# at once, and why there?

# %% role="playground"
emergence_figure.show_emergence(emergence_phis)

# %% [markdown]
# ### Back to your earlier answers
#
# Section 2.3 had a rule and an exact growth for smooth, plain networks. Compare them with the real EfficientNet,
# without its rounding and with it.

# %% role="playground"
b0 = sum(stage.macs for stage in playground.scaled_stages(0))

print(" phi     rule  exactly |    B0 unrounded  B0 rounded")
for phi in (-1, 0, 0.01, 0.5, 1, 2, 3, 5, 7):
    smooth = sum(stage.macs for stage in playground.scaled_stages(phi, rounding=False)) / b0
    rounded = sum(stage.macs for stage in playground.scaled_stages(phi)) / b0
    rule, exact = flops_growth_rule(phi), flops_growth(phi, 1.2, 1.1, 1.15)
    print(f"{phi:5} {rule:8.2f} {exact:8.2f} | {smooth:15.2f} {rounded:11.2f}")

# %% [markdown]
# Without rounding, the real network stays within about five percent of your exact formula, for every $\varphi$ in the
# table. *With* rounding it does not. At $\varphi = 1$ it costs 2.57 times as much as B0, not 1.92 times:
#
# - **Layers** only round up, and short stages grow most by that: for a factor of 1.2, a stage of one layer becomes one
#   of two. So 30% of the growth to $\varphi = 1$ comes at once, with the smallest step away from 0.
# - **The image** has 1.15 · 224 = 257.6, so 258 pixels. On its way through the network it is halved five times, and
#   four times the half is not whole and rounds up. At 256 pixels the same network costs 2.23 times as much as B0.
#
# As networks grow, the rounding matters less: at $\varphi = 7$ it adds about ten percent.

# %% [markdown]
# <div style="border-left: 4px solid #1976d2; background: rgba(33, 150, 243, 0.1); padding: 0.5em 1em">
#
# **Put right: $\varphi$ is not the B-number.** You may read B3 as $\varphi = 3$. But the coefficients that the authors
# published for B1 to B7 are not powers of their constants. For each published number, the next cell computes the
# $\varphi$ that it would belong to. If every network had one, the last three columns would agree.
#
# </div>

# %% role="playground"
PUBLISHED = {  # width, depth, resolution; from the authors' code
    "B1": (1.0, 1.1, 240),
    "B2": (1.1, 1.2, 260),
    "B3": (1.2, 1.4, 300),
    "B4": (1.4, 1.8, 380),
    "B5": (1.6, 2.2, 456),
    "B6": (1.8, 2.6, 528),
    "B7": (2.0, 3.1, 600),
}

print("    published d, w, r    yours, phi 1 to 7    phi by d, w and r")
for number, (name, (width, depth, pixels)) in enumerate(PUBLISHED.items(), start=1):
    d, w, r = compound_coefficients(number)
    phis = (math.log(depth, 1.2), math.log(width, 1.1), math.log(pixels / 224, 1.15))
    rows = (depth, width, pixels / 224), (d, w, r), phis
    print(f"{name}  " + "    ".join(" ".join(f"{one:5.2f}" for one in row) for row in rows))

# %% [markdown]
# ## Bonus · Where 1.2, 1.1 and 1.15 come from (3 points on top)
#
# The paper's method has two steps (its section 3.3). In the first, $\varphi$ is 1, and a small grid search over
# $\alpha$, $\beta$ and $\gamma$ looks for the best network at about twice the cost of B0. In the second step the three
# constants are kept, and only $\varphi$ grows.
#
# Three numbers under one condition leave a surface of candidates. Here it is from above: for every width and
# resolution, the depth that spends the whole budget.

# %% role="playground"
emergence_figure.show_candidates(budget=2.0)

# %% [markdown]
# ### Problem X2 (3 bonus points)
#
# Find the candidates. (You do not train them: that would take more machines than you have.)


# %% question="x2_grid" role="answer"
def grid_search(budget, step, tolerance):
    """All (alpha, beta, gamma) on a grid whose cost at phi = 1 is close to `budget`.

    Each of the three takes the values 1, 1 + step, 1 + 2 · step, …, 2; `step` divides 1, so 2 is
    included. The cost is alpha · beta² · gamma². Those are kept whose cost differs from `budget`
    by at most `tolerance`, on either side, the edge included; no test asks where the last digit of
    a float decides. Returns a list of tuples, the closest first; those equally close may stand in
    any order. The values have to be right within 1e-6.

    For example, grid_search(2, step=0.5, tolerance=0.1) is [(2, 1, 1)].
    """
    ### BEGIN SOLUTION build the grid, keep what is close, and sort it
    values = [1 + index * step for index in range(round(1 / step) + 1)]

    def distance(triple):
        alpha, beta, gamma = triple
        return abs(alpha * beta**2 * gamma**2 - budget)

    triples = [(alpha, beta, gamma) for alpha in values for beta in values for gamma in values]
    return sorted((triple for triple in triples if distance(triple) <= tolerance), key=distance)
    ### END SOLUTION


# %% question="x2_grid" role="check"
grader.check("x2_grid")

# %% role="playground"
found = grid_search(2, 0.05, 0.1)
print(len(found), "candidates, the first of them:")
for alpha, beta, gamma in found[:8]:
    print(f"  alpha {alpha:.2f}, beta {beta:.2f}, gamma {gamma:.2f}")
papers = [math.dist(triple, (1.2, 1.1, 1.15)) < 1e-9 for triple in found]
print("the paper's own is number", papers.index(True) + 1 if any(papers) else "… none of them")

# %% [markdown]
# What is closest to the budget is not what is most accurate. The first triple of the list spends everything on depth.
# The paper's own choice comes far down in your list, because it was found by *training* candidates.
#
# ## What you have now
#
# - A convolution costs its output numbers times the products that go into each.
# - One number, $\varphi$, makes a network larger in depth, width and resolution at once, and you can say beforehand
#   what it will cost: exactly, and by the paper's rule.
# - Real networks round. Near B0 the rounding decides what a network costs; far from it the formula does.
#
# ## Handing in
#
# Save the notebook (Ctrl+S, or Cmd+S), then run the cell below. It says what is not answered yet, and
# packs one zip of everything. Hand in as often as you like; the last one counts.

# %% role="playground"
handed_in = scalelab.hand_in()

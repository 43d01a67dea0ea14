# %% [markdown]
# # 5 · Comparison: what you get, and what it costs
#
# You know how EfficientNet grows, you have built it, and you have trained one. Is it any good? That is a
# question about *two* numbers, an accuracy and a cost, and about other networks. In this notebook you put them
# into a table, look at them in plots, and find out that the answer depends on which cost you mean.
#
# At the end you measure the cost that people really pay, time, and find out which count predicts it.

# %% [markdown]
# **In this notebook you learn**
#
# - to compare networks by accuracy *and* cost, and to find those that no other network dominates,
# - what parameters, multiply-adds and activations each say about a network, and what they do not,
# - how much the way of training changes, and how sure you can be of a difference,
# - to measure time, and to find out which count predicts it.
#
# **You need** notebook 1. The other notebooks help, but no answer here needs them.
#
# **Time:** about two hours. All cells together run in about two minutes.

# %%
import scalelab  # first: it makes torchvision importable beside a CPU build of torch
from notebook_checks.notebook import Notebook

grader = Notebook()

# %%
import math

import numpy as np

# %% [markdown]
# ## The networks
#
# The problem set has two problems 3.4. The one about accuracy is 3.4a here, the one about parameters 3.4b.
# There are two sets of results to look at:
#
# - **ImageNet.** torchvision publishes weights for many networks, and for each the top-1 accuracy on ImageNet's
#   50,000 validation images. The table came with this notebook, so nothing is downloaded. Some
#   networks have weights of two training runs, V1 and V2; here you get the better one.
# - **CIFAR-10.** Smaller networks of the same kinds that were trained for this course, all by one recipe.
#
# Only convolutional networks are here: *activations*, which you will need, are counted at convolutions.

# %% role="playground"
from scalelab import comparison

networks = comparison.imagenet()

print(f"{len(networks)} networks with ImageNet weights, such as")
for network in networks:
    if network["name"] in ("efficientnet_b0", "resnet50"):
        print(*(f"{key}: {value}" for key, value in network.items()), sep="\n    ")

# %% [markdown]
# What the keys mean:
#
# | key | what it is |
# |---|---|
# | `parameters` | what is trained: weights, biases, BatchNorm's scales and shifts |
# | `macs` | multiply-adds for one image, at the `resolution` (pixels) that the network is evaluated at |
# | `activations` | numbers that all convolutions together put out for one image |
# | `accuracy` | percent of the validation or test images for which the network's first guess is right |
#
# Radosavovic and others counted activations as a cost when they designed RegNet
# ([arXiv 2003.13678](https://arxiv.org/abs/2003.13678)), and Dollár, Singh and Girshick used them to scale networks
# ([arXiv 2103.06877](https://arxiv.org/abs/2103.06877)). You will see what they are good for.

# %% [markdown]
# ## 3.4a · Accuracy
#
# ### Problem 3.4a (3 points)
#
# Make a table of networks, the most accurate first, with two more columns: accuracy for each unit of cost.


# %% question="q3_4a" role="answer"
def comparison_table(models):
    """The networks with two more columns, by falling accuracy: a new list of new dicts.

    models: a list of dicts, each with at least "name", "parameters", "macs" (both above 0) and
    "accuracy" (in percent). They may have other keys, not all the same ones: all that a dict has
    is kept, what it lacks stays lacking, and there are two keys more:

    - "accuracy_per_million": the accuracy divided by the parameters in millions (10⁶),
    - "accuracy_per_gmac": the accuracy divided by the multiply-adds in units of 10⁹.

    Nothing is rounded. Of networks with the same accuracy, the one with fewer parameters comes
    first; where these are the same as well, any order will do. `models` and its dicts are left as
    they are.

    For example, a network of 4,000,000 parameters, 500,000,000 multiply-adds and an accuracy of
    70.0 has an accuracy_per_million of 17.5, and an accuracy_per_gmac of 140.0.
    """
    ### BEGIN SOLUTION copy each dict with its two new keys, then sort
    table = []
    for model in models:
        millions, gmacs = model["parameters"] / 1e6, model["macs"] / 1e9
        table.append(
            {
                **model,
                "accuracy_per_million": model["accuracy"] / millions,
                "accuracy_per_gmac": model["accuracy"] / gmacs,
            }
        )
    return sorted(table, key=lambda model: (-model["accuracy"], model["parameters"]))
    ### END SOLUTION


# %% question="q3_4a" role="check"
grader.check("q3_4a")

# %% [markdown]
# Here is your table: its first rows, some networks that you know, and its last rows. The last two columns are easy to
# misread. Which network has the most accuracy for each GMAC, and would you want it?

# %% role="playground"
table = comparison_table(networks)
KNOWN = ("resnet50", "vgg16_bn", "mobilenet_v2")

print(f"{'':22}  accuracy  M params    GMACs  acc/M  acc/GMAC")
for rank, row in enumerate(table, start=1):
    known = row["name"].startswith("efficientnet") or row["name"] in KNOWN
    if rank <= 5 or known or rank > len(table) - 4:
        print(
            f"{rank:2}  {row['name']:18}  {row['accuracy']:8.2f}{row['parameters'] / 1e6:10.1f}"
            f"{row['macs'] / 1e9:9.2f}{row['accuracy_per_million']:7.1f}"
            f"{row['accuracy_per_gmac']:10.1f}"
        )

# %% [markdown]
# A ratio rewards whatever costs almost nothing: half the accuracy for a tenth of the cost looks like a
# bargain. So keep accuracy and cost apart, and make them the two axes of a plot.
#
# Costs differ by a factor of a thousand, so their axis is logarithmic. Up is better, left is cheaper. Each
# family has its own colour and shape, and a line joins the EfficientNets B0 to B7.

# %% role="playground"
from scalelab.figures.comparison_figure import compare

compare(networks, ["macs"], title="ImageNet: accuracy against multiply-adds")

# %% [markdown]
# ### The same network, another recipe
#
# Each of these points is a network *and* a way to train it. For some networks torchvision has two sets of
# weights. The second ones were trained later, by a
# [newer recipe](https://github.com/pytorch/vision/issues/3995): several times as many epochs, label smoothing,
# mixed images, averaged weights. No layer is different. Look how far a network can move.

# %% role="playground"
from scalelab.figures.recipe_figure import draw_recipes

draw_recipes(comparison.imagenet("all"))

# %% [markdown]
# ### CIFAR-10, all by one recipe
#
# So a fair comparison of architectures keeps the recipe fixed. That was done here: every network had the same
# number of epochs and the same settings, on all 50,000 training images. Only the arithmetic is each network's own,
# whatever was faster: bfloat16 for ResNet-18 and VGG-11, float32 for the others. The names with a φ are EfficientNets
# that are smaller than B0, which would be φ = 0.
#
# **Read the column *epochs* first.** After four epochs, on one core of a processor, no network has learnt all that it
# can. Such accuracies say who learns fast. They do not say who is best after a full training, where all of these
# networks would be far above them.

# %% role="playground"
trained = comparison.cifar10()

print(f"{'':19} accuracy  M params  M MACs  epochs  runs")
for row in comparison_table(trained):
    print(
        f"{row['name']:19}{row['accuracy']:9.2f}{row['parameters'] / 1e6:10.2f}"
        f"{row['macs'] / 1e6:8.0f}{row['epochs']:8}{row['seeds']:6}"
    )

# %% role="playground"
epochs = sorted({row["epochs"] for row in trained})
title = f"CIFAR-10, one recipe for all, epochs: {', '.join(map(str, epochs))}"
compare(trained, ["macs", "activations"], title=title)

# %% [markdown]
# How sure can you be of a difference? Each network was trained twice, with two seeds: the bar joins the two runs, and
# the point is their mean. The 10,000 test images are a sample, so an accuracy near 75% has a standard error of 0.4
# points ($\sqrt{0.75 \cdot 0.25 / 10000}$), the same images for all. So two points whose bars meet may change places
# with other seeds. At φ = −1 the two runs are seven points apart: one of them began slowly, and four epochs are too few
# to make up for it.

# %% [markdown] question="q3_4a_written" role="written"
# ### Problem 3.4a, in words (5 points, written)
#
# How does the accuracy of EfficientNet compare with that of the other architectures? And what else do you
# see in the plots? Support what you say with numbers from the plots or the table, and say how sure you are of it.
#
# Six to ten sentences.

# %% [markdown] question="q3_4a_written" role="rubric"
# - [1] EfficientNet against others **at a like cost**, with numbers. For instance: B0 has 77.7% with 0.39
#   GMACs, where RegNetY-400MF has 75.8% with 0.40; B4 has 83.4% with 4.4 GMACs, where ResNet-50 has 80.9%
#   with 4.1.
# - [1] The returns diminish: on a logarithmic axis the line flattens. B4 to B7 is 8.6 times the multiply-adds
#   for 0.7 points.
# - [1] The lead ends at the upper end: EfficientNetV2 and ConvNeXt pass it. V2-S has 84.2% with 8.4 GMACs, more
#   than B7 with 37.7.
# - [1] The recipe moves a network about as far as the architecture: ResNet-50 goes from 76.1% to 80.9% without
#   a changed layer. So a comparison of architectures has to fix the recipe; ImageNet's plot does not.
# - [1] A second finding of one's own, or a limit of the data, with a reason. For instance: on CIFAR-10 the
#   order is another one, and why (few epochs, 32 pixels); resolutions differ (B7 sees 600 pixels,
#   ResNet-50 has 224); VGG-16 has 40 times B0's multiply-adds and less accuracy; one run each, no error bars.
#
# Common wrong arguments, and what they earn:
# - "EfficientNet is the best", with no cost beside it: not the first point. In the table it is not: EfficientNetV2
#   is.
# - "ResNet-50 has 76%": right of its first weights. Full if it is said which ones; if not, the first point can
#   still be earned, the fourth cannot.
# - "EfficientNet has the best accuracy per GMAC, so it is the most efficient": the smallest networks win that
#   ratio. No point.
# - "The CIFAR-10 plot disproves the paper": two things changed, the images and the budget. No point for the
#   claim; the last point for who says what it would take to tell.
# - "EfficientNet is faster, since it has fewer multiply-adds": not asked, and wrong on many machines. Say so, no
#   deduction.

# %% [markdown] question="q3_4a_written" role="answer"
# Up to about 5 GMACs no other family reaches EfficientNet's accuracy at the same number of multiply-adds.
# B0 has 77.7% with 0.39 GMACs; RegNetY-400MF has 75.8% with 0.40. B4 has 83.4% with 4.4 GMACs; ResNet-50 has
# 80.9% with 4.1, and ConvNeXt-T 82.5% with 4.5. Against the older networks the distance is much larger:
# VGG-16 with BatchNorm has 73.4% with 15.5 GMACs.
#
# The line flattens, though. From B0 to B4 it rises by 5.7 points for 11 times the multiply-adds. From B4 to B7
# it is 0.7 points for another 8.6 times. There others pass: EfficientNetV2-S has 84.2% with 8.4 GMACs, more than
# B7 with 37.7, and ConvNeXt-L passes B7, too. Scaling one small network up, with all stages alike, seems not to be
# the best way to a large one.
#
# I am less sure how much of the lead is the architecture. ResNet-50 gained 4.7 points by a newer recipe alone,
# more than what separates B0 from B3. With the old weights EfficientNet leads by 7 points at 4 GMACs, with the
# new ones by 2.5. The networks of the ImageNet plot did not all have one recipe, so it compares recipes as
# well. Those on CIFAR-10 had one, but few epochs. What they show is who learns fast on small
# images.

# %% [markdown]
# ## 3.4b · The number of parameters
#
# Now the other cost that the paper reports: parameters. They decide how large the file is, and how much memory
# the weights take.

# %% role="playground"
compare(networks, ["parameters"], title="ImageNet: accuracy against parameters")

# %% [markdown]
# Such a plot does not say which network is best, but it says which ones you can leave out. A network is
# *dominated* if another one costs no more and is at least as accurate, and is better in at least one of the two.
# Nobody needs a dominated network, whatever a point of accuracy is worth to them. The others are called the
# **Pareto front**.
#
# ### Problem 3.4b (2 points)
#
# Find the front. It is quick enough to compare each point with each other one.


# %% question="q3_4b" role="answer"
def pareto_front(points):
    """The indices of the points that no other point dominates, by rising cost: a list of ints.

    points: a list of (cost, accuracy), in any order; it may be empty, and so is the front then.
    A low cost is good, and so is a high accuracy. Costs and accuracies need not be whole; none is
    negative.
    One point dominates another if it costs no more and is at least as accurate, and better in at
    least one of the two. So equal points do not dominate each other: if one is on the front,
    they all are, in the order in which they stand in `points`.

    For example, pareto_front([(4, 80), (2, 75), (3, 70)]) is [1, 0].
    """
    ### BEGIN SOLUTION which points does no other one dominate? sort them

    def dominates(one, other):
        no_dearer, no_worse = one[0] <= other[0], one[1] >= other[1]
        return no_dearer and no_worse and (one[0] < other[0] or one[1] > other[1])

    front = [i for i, point in enumerate(points) if not any(dominates(another, point) for another in points)]
    return sorted(front, key=lambda i: points[i][0])  # sorted keeps equal ones in their order
    ### END SOLUTION


# %% question="q3_4b" role="check"
grader.check("q3_4b")

# %% [markdown]
# The figure uses your function. Networks on the front have a ring. Below and to the right of the dashed steps
# everything is dominated.

# %% role="playground"
compare(networks, ["parameters"], front=pareto_front, title="ImageNet: the front by parameters")

# %% [markdown]
# And now the same networks by three costs. The heights of the points are the same in all three plots; only
# their places from left to right change. Follow the blue line.

# %% role="playground"
COSTS = ("parameters", "macs", "activations")
compare(networks, COSTS, front=pareto_front, title="ImageNet: three costs")

# %% role="playground"
for cost in COSTS:
    points = [(one[cost], one["accuracy"]) for one in networks]
    front = [networks[i]["name"] for i in pareto_front(points)]
    blue = [name[-2:].upper() for name in front if name.startswith("efficientnet_b")] or ["none"]
    print(f"{cost:12} {len(front)} networks on the front; of B0 to B7: {', '.join(blue)}")

print(f"\n{'':16} accuracy  M params   GMACs  M activations  pixels")
for name in ("efficientnet_b4", "resnet50", "efficientnet_b7", "resnet152"):
    one = next(network for network in networks if network["name"] == name)
    print(
        f"{name:16} {one['accuracy']:8.1f}{one['parameters'] / 1e6:10.1f}{one['macs'] / 1e9:8.1f}"
        f"{one['activations'] / 1e6:15.1f}{one['resolution']:8}"
    )

# %% [markdown]
# And the networks that were trained on CIFAR-10. (Here, too: look at the number of epochs.)

# %% role="playground"
compare(trained, ["parameters", "activations"], front=pareto_front, title=title)

# %% [markdown] question="q3_4b_written" role="written"
# ### Problem 3.4b, in words (4 points, written)
#
# How many parameters do these networks have, for the accuracy that they reach? With that in mind, what do you
# now say about EfficientNet's accuracy? And what does the number of parameters *not* tell you?
#
# Five to eight sentences, with numbers.

# %% [markdown] question="q3_4b_written" role="rubric"
# - [1] EfficientNet needs several times fewer parameters for the same accuracy, with numbers. For instance: B3
#   (12.2 million) and ResNet-101 (44.5 million) are both near 82%; B0 (5.3 million) is above DenseNet-201
#   (20.0 million).
# - [1] Where that holds, by the front: B0 to B4 are on it. B5, B6 and B7 are dominated by EfficientNetV2-S, with
#   21.5 million parameters and 84.2%.
# - [1] Parameters are not the whole cost. For instance: EfficientNet has many more activations (B4 49.5 million
#   against ResNet-50's 11.1 million, at about the same multiply-adds), no EfficientNet is on the front by
#   activations, and time and memory in use follow other counts.
# - [1] A reason why parameters and the other costs part. For instance: a larger resolution costs multiply-adds and
#   activations and no parameter; depthwise convolutions have few weights and large maps; VGG has most of its
#   parameters in its linear layers, which do few of its multiply-adds.
#
# Common wrong arguments, and what they earn:
# - "Fewer parameters, therefore faster" or "therefore less memory in training": no third point. Activations are
#   what is stored in training.
# - "More parameters are more accurate": VGG has 138 million and 73%. No point.
# - "EfficientNet has the fewest parameters": ShuffleNet, MNASNet and SqueezeNet have fewer. Not the first point; it
#   takes an accuracy beside it.
# - "B7 is on the front because nothing with fewer parameters is as good": V2-S is. Not the second point.

# %% [markdown] question="q3_4b_written" role="answer"
# For the same accuracy EfficientNet has several times fewer parameters. B3 reaches 82.0% with 12.2 million;
# ResNet-101 needs 44.5 million for 81.9%, and RegNetY-3.2GF 19.4 million for 82.0%. B0 has 77.7% with 5.3
# million, where DenseNet-201 has 76.9% with 20 million and VGG-16 with BatchNorm 73.4% with 138 million. So its
# accuracy is not bought with size.
#
# B0 to B4 are on the front. B5 to B7 are not: EfficientNetV2-S has fewer parameters (21.5 million) and a higher
# accuracy (84.2%) than all three.
#
# But parameters are one cost of several. Larger images cost no parameter at all, and compound scaling enlarges
# them: B7 sees 600 pixels. So B4 and ResNet-50 do about the same number of multiply-adds, and B4 has fewer
# parameters, but 49.5 million activations against 11.1 million. All of these have to be written to memory and
# read again, and kept while one trains. By activations not a single one of B0 to B7 is on the front. "Efficient"
# is true of parameters and multiply-adds; it does not follow for memory or time.

# %% [markdown]
# ## Bonus · Time
#
# People wait for seconds, and pay for them; nobody waits for a multiply-add. So measure some networks, one
# image at a time (64 on a GPU, which one image would not keep busy), at the resolution at which each is
# evaluated. The weights are random: the time does not depend on them.
#
# Two habits make such a measurement reliable. The first runs do not count, because in them memory is
# allocated and kernels are chosen. And of the others the *fastest* counts, because anything else that the
# computer does makes a run longer, never shorter. If the runs differ much, the line says so: then close other programs
# and measure again. It takes about 15 seconds on a quiet machine, and stops after 40 on a busy one.

# %% role="playground"
import time

from scalelab.timing import measure
from torchvision import models

NAMES = [
    *("resnet50", "efficientnet_b4", "mobilenet_v3_small", "efficientnet_b0", "resnet18"),
    *("squeezenet1_1", "mobilenet_v2", "regnet_y_400mf", "densenet121", "shufflenet_v2_x1_0"),
    *("efficientnet_b2", "regnet_y_1_6gf", "convnext_tiny", "resnext50_32x4d", "vgg11"),
]
by_name = {network["name"]: network for network in networks}

timed, started = [], time.monotonic()
for name in NAMES:
    network = by_name[name]
    pixels = network["resolution"]
    timing = measure(models.get_model(name, weights=None), (3, pixels, pixels))
    timed.append({**network, "seconds": timing.seconds})
    print(f"{len(timed):2} of {len(NAMES)}  {name:20} {timing}", flush=True)
    if time.monotonic() - started > 40 and len(timed) >= 5:
        print("This machine is slow or has much else to do: these will have to be enough.")
        break

# %% [markdown]
# Here are the times against the three counts. If a count alone decided the time, all points would lie on the dashed
# line: so many seconds for each unit. A network above the line is slower than its count says.

# %% role="playground"
from scalelab.figures.runtime_figure import draw_times

draw_times(timed)

# %% [markdown]
# ### Problem X5 (4 bonus points)
#
# Which of the plots is closest to a straight line? Let a number decide: Pearson's correlation. Both axes are
# logarithmic, so take the logarithms of both.


# %% question="x5_runtime" role="answer"
def best_predictor(seconds, counts):
    """The name of the count that predicts the time best.

    seconds: a list of floats, the time of each network.
    counts: a dict from the name of a count to the list of its values, one for each network, in the
    same order. There are at least three networks, all numbers are above 0, and no count is the
    same for all networks.

    Returns the name whose logarithm has the highest Pearson correlation with the logarithm of the
    seconds. No two names have the same correlation.

    For example, best_predictor([1, 2, 4], {"a": [3, 2, 1], "b": [10, 20, 40]}) is "b".
    """
    ### BEGIN SOLUTION correlate the logarithms, and name the highest
    log_seconds = [math.log(value) for value in seconds]

    def correlation(name):
        return np.corrcoef([math.log(value) for value in counts[name]], log_seconds)[0, 1]

    return max(counts, key=correlation)
    ### END SOLUTION


# %% question="x5_runtime" role="check"
grader.check("x5_runtime")

# %% [markdown]
# What is it on your machine? With so few networks one unusual point can decide. So leave out each network once and ask
# again: if the answer stays the same, it does not depend on a single network.


# %% role="playground"
def winner(some):
    """The best predictor of the times of some networks."""
    counts = {cost: [one[cost] for one in some] for cost in COSTS}
    return best_predictor([one["seconds"] for one in some], counts)


votes = [winner([one for one in timed if one is not left_out]) for left_out in timed]
print("best predictor of the time on this machine:", winner(timed))
print(f"and when one network is left out, of {len(votes)} times:")
for cost in COSTS:
    print(f"  {cost:12} {votes.count(cost):2}")

# %% [markdown]
# ### Why your neighbour may rightly say something else
#
# Here is the same correlation on four other machines, over more than 500 convolutional networks (computed from
# the [benchmark tables](https://github.com/huggingface/pytorch-image-models/tree/main/results) of the timm
# library):
#
# | machine | MACs | activations | parameters |
# |---|---|---|---|
# | RTX 4090 (GPU) | 0.905 | **0.966** | 0.826 |
# | RTX 5090 (GPU) | 0.918 | **0.975** | 0.856 |
# | i7-12700H (laptop CPU) | **0.976** | 0.912 | 0.943 |
# | i9-10940X (desktop CPU) | **0.914** | 0.879 | **0.914** |

# %% [markdown]
# The best predictor changes with the kind of machine. A likely reason: a GPU can compute much more than its memory can
# deliver, and every activation has to be written to memory and read again. A CPU core computes far less, so there the
# arithmetic takes longest. The number of threads, the batch size and the library's depthwise convolutions matter, too.
#
# In the same tables, EfficientNet-B4 takes 5.1 times as long as ResNet-50 on the RTX 4090 and 2.1 times on the laptop,
# with nearly the same number of multiply-adds. And on your machine?

# %% role="playground"
seconds = {one["name"]: one["seconds"] for one in timed}
ratio = seconds["efficientnet_b4"] / seconds["resnet50"]
print(f"EfficientNet-B4 takes {ratio:.1f} times as long as ResNet-50 here.")

compare(timed, ["seconds"], front=pareto_front, title="ImageNet: accuracy against time here")

# %% [markdown]
# Two years after EfficientNet its authors wrote in a second paper (EfficientNetV2,
# [arXiv 2104.00298](https://arxiv.org/abs/2104.00298), section 3.2) that training on very large images is slow, that
# depthwise convolutions are slow in early layers, and that scaling every stage alike is not optimal. They searched for
# networks that train quickly, and you have seen where these are in the plots.

# %% [markdown]
# ## What you have now
#
# - EfficientNet needs few parameters and few multiply-adds for its accuracy, and many activations.
# - "Efficient" is a statement about one cost. The front changes with the cost, and the time with the machine.
# - A part of each difference is the recipe, and a part is chance. A fair comparison keeps one fixed and states the
#   other.
#
# ## Handing in
#
# This was the last notebook. Save it (Ctrl+S, or Cmd+S), then run the cell below. It says what is not answered yet, in
# all five, and packs one zip of everything. Hand in as often as you like; the last one counts.

# %% role="playground"
handed_in = scalelab.hand_in()

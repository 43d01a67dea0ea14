# %% [markdown]
# # 4 · CIFAR-10: train a small EfficientNet
#
# So far you have counted and built. Now you train, on real photographs: CIFAR-10, ten kinds of things in
# 32 × 32 pixels. EfficientNet was made for images seven times as large, so the first thing to look at is what
# becomes of it here. Then you scale it *down* until your own machine can train it, and at the end you train
# the best network that you can within a limit on its size. That one is graded by how many new images it gets
# right.
#
# Everything here runs on a laptop without a GPU, and without a network connection.

# %%
import scalelab  # first: it makes torchvision importable beside a CPU build of torch
from notebook_checks.notebook import Notebook

grader = Notebook()

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn

from scalelab import counting, data, models, training
from scalelab.figures.plots import alt_text, style

# %% [markdown]
# ## Small images and a large stride
#
# EfficientNet-B0 halves its maps five times: in the stem, and in stages 2, 3, 4 and 6. That divides each side
# by 32. ImageNet's 224 pixels end as 7 × 7. And 32 pixels?


# %% role="playground"
def map_sides(resolution, stem_stride):
    """The side of the map, in pixels, at the input, after the stem, after each of the 7 stages, and after the head."""
    network = counting.on_meta(models.efficientnet(0, stem_stride=stem_stride))  # shapes without numbers
    maps = torch.empty(1, 3, resolution, resolution, device="meta")
    sides = [resolution]
    for part in network.features:
        maps = part(maps)
        sides.append(maps.shape[-1])
    return sides


@style()
def map_figure():
    figure, axis = plt.subplots(figsize=(8, 3.4))
    places = ["input", "stem", *(f"stage {i}" for i in range(1, 8)), "head"]
    lines = (("224 px, stem stride 2", 224, 2), ("32 px, stem stride 1", 32, 1), ("32 px, stem stride 2", 32, 2))
    for (label, resolution, stride), look, above in zip(lines, ("o-", "s-", "x--"), (True, True, False), strict=True):
        sides = map_sides(resolution, stride)
        axis.plot(places, sides, look, label=label)
        for place, side in enumerate(sides):
            if place == 0 and not above:
                continue  # the same input as the line above
            offset = (0, 6 if above else -14)
            axis.annotate(side, (place, side), offset, textcoords="offset points", ha="center", fontsize=9)
    axis.set_yscale("log", base=2)
    axis.yaxis.set_major_formatter("{x:g}")
    axis.set(ylabel="side of the map (px)", ylim=(0.5, 400))
    axis.legend(loc="upper right")
    return figure


alt_text(
    map_figure(),
    "Side of the map after each part of EfficientNet-B0, on a logarithmic axis. 224 pixels fall to 7. "
    "32 pixels fall to 1 from stage 6 on with a stem of stride 2, and to 2 with a stem of stride 1.",
)

# %% [markdown]
# With the original stem the last stages work on a single pixel. Their kernels are 5 × 5 and 3 × 3, and all
# of it but the middle lies on padding. Let us count how many weights of a kernel ever meet a pixel.

# %% role="playground"
for side in (7, 2, 1):
    for kernel in (3, 5):
        image = torch.ones(1, 1, side, side)
        weights = torch.zeros(1, 1, kernel, kernel, requires_grad=True)
        nn.functional.conv2d(image, weights, padding=kernel // 2).sum().backward()
        used = int((weights.grad != 0).sum())
        print(f"map {side} × {side}, kernel {kernel} × {kernel}: {used:2} of {kernel**2:2} weights meet a pixel")

# %% [markdown]
# So `models.efficientnet` has a stem of stride 1 unless you say otherwise, and its maps end at 2 × 2. That is
# not free: all maps behind the stem have twice the side.

# %% role="playground"
for stem_stride in (2, 1):
    macs = counting.macs(models.efficientnet(0, stem_stride=stem_stride), (1, 3, 32, 32))
    print(f"B0 on 32 × 32 pixels, stem stride {stem_stride}: {macs / 1e6:5.1f} million multiply-adds")

# %% [markdown]
# ## The images
#
# CIFAR-10 has 50,000 images to train on and 10,000 to test on. We start with a *sample* of it that came with
# this notebook: 3,000 and 1,000, drawn by chance, as many of each class.

# %%
cifar = data.cifar10()
print(f"{len(cifar.train):,} images to train on, {len(cifar.test):,} to test on: {', '.join(data.CLASSES)}")


# %% role="playground"
@style()
def class_figure(columns=12):
    figure, axes = plt.subplots(len(data.CLASSES), columns, figsize=(8, 6.4))
    for label, row in enumerate(axes):
        for axis, image in zip(row, cifar.train.images[cifar.train.labels == label], strict=False):
            axis.imshow(image.permute(1, 2, 0))
            axis.axis("off")
        row[0].text(-8, 16, data.CLASSES[label], ha="right", va="center")
    figure.subplots_adjust(wspace=0.05, hspace=0.05)
    return figure


alt_text(
    class_figure(), "Twelve training images of each of the ten classes, a row a class: small, blurred photographs."
)

# %% [markdown]
# 300 images of a class are few. Training makes more of them by *augmentation*: each time an image comes up, it
# is moved by up to four pixels each way and perhaps flipped. What it shows stays the same, and there are
# 9 · 9 · 2 = 162 versions of it. Here is what the loader makes of one image.


# %% role="playground"
@style()
def augmentation_figure(index=7, versions=9):
    one = data.Images(cifar.train.images[index : index + 1], cifar.train.labels[index : index + 1])
    many = data.loader(one, batch_size=1, train=True)
    mean, std = torch.tensor(data.MEAN).view(3, 1, 1), torch.tensor(data.STD).view(3, 1, 1)
    shown = [one.images[0] / 255] + [next(iter(many))[0][0] * std + mean for _ in range(versions)]
    figure, axes = plt.subplots(1, versions + 1, figsize=(9, 1.3))
    for place, (axis, image) in enumerate(zip(axes, shown, strict=True)):
        axis.imshow(image.clamp(0, 1).permute(1, 2, 0))
        axis.axis("off")
        if place == 0:
            axis.set_title("as it is", fontsize=9)
    return figure


alt_text(
    augmentation_figure(), "One training image as it is, and nine versions of it: each moved a little, some flipped."
)

# %% [markdown]
# ### Problem 3.2 (3 points)
#
# `data.loader(images, batch_size=…, train=…)` makes a loader, which gives batches when you iterate over it.
# Each batch is a pair: images and labels. Make `train_loader`, for the training images, in batches of 128 and
# with augmentation (`train=True`; what does not fill a last batch is left out then). What is the shape [N, C, H, W] of
# the images in one of its batches? Store it in `batch_shape`, a tuple of four whole numbers.

# %% question="q3_2" role="answer"
### BEGIN SOLUTION make the loader, take one batch, and store the shape of its images in batch_shape
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images.shape)
### END SOLUTION

# %% question="q3_2" role="check"
grader.check("q3_2")

# %% [markdown]
# ## Scaling down
#
# In notebook 2 a positive φ made networks larger. Nothing in the rule forbids a negative one, and that is
# what a laptop needs: fewer layers, fewer channels, fewer pixels. `models.efficientnet(phi)` resizes its
# images to $32 \cdot 1.15^\varphi$ pixels by itself.

# %% role="playground"
print("  φ   pixels   parameters   multiply-adds    B0's divided by")
b0_macs = counting.macs(models.efficientnet(0), (1, 3, 32, 32))
for phi in range(0, -6, -1):
    network = models.efficientnet(phi)
    macs = counting.macs(network, (1, 3, 32, 32))
    pixels = round(32 * 1.15**phi)
    print(f"{phi:3}   {pixels:6}   {counting.parameters(network):10,}   {macs:13,}   {b0_macs / macs:12.1f}")

# %% [markdown]
# By the rule each step divides the multiply-adds by 1.92. At this end of the scale it does so only roughly.
# Repeats are rounded up, so a stage never has less than one layer. Channels are multiples of 8, and pixels are
# whole numbers. With so few of each, rounding is a large part of the size.
#
# Now train three of the family, each for 18 seconds. In a fixed time a large network sees fewer images than a
# small one. Which one wins? Try other values of φ, and more seconds.

# %% role="train"
family = {}
for phi in (-5, -4, -3):
    network, name = models.efficientnet(phi), f"φ = {phi}"
    # Small batches make more steps of so little time. out=None: these weights are not for handing in.
    family[phi] = training.fit(
        network, cifar.train, cifar.test, seconds=18, epochs=100, batch_size=32, out=None, name=name
    )
for phi, record in family.items():
    print(f"φ = {phi}: {record.accuracy:.1f}% of the test images after {record.epochs} epochs")

# %% [markdown]
# `training.fit` is a plain loop that you can read: its source is what `training.fit??` shows. It takes the
# pixels in PyTorch's channels_last order, which is the faster one here, raises the learning rate at the start
# and lowers it to zero along a cosine, and uses label smoothing, so that the network is not punished for being
# less than certain.
#
# ## Problem 3.3 (12 points): the best network under the limit
#
# Train the best network that you can, with no more than **9,109,994 parameters**: those of EfficientNet-B2.
# Buffers, such as BatchNorm's running means, count as well. (A B2 with ten classes has 7.8 million in all.)
#
# Two things are handed in for it:
# - `build_best_model()`, which returns the network, untrained: an `nn.Module` that takes images
#   [N, 3, 32, 32], normalised as `data.loader` does it, and gives logits [N, 10]. It may be any network at
#   all: one of `scalelab.models`, one of torchvision's, your own of notebook 3, or something new.
# - `best.safetensors` and `best.json`, which `training.fit` writes beside this notebook: the weights of your best
#   run, and how it went. `scalelab.hand_in()` puts them into the zip.
#
# Your network is judged on images that it was not trained on, moved, flipped and lit a little differently. It is
# also tried on training images: a network that has only learnt test images by heart fails on those, and gains
# nothing. Two points are for a network that loads, fits the limit and gives ten logits
# an image. Each step of the ladder is worth one more.
#
# | points | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
# |---|---|---|---|---|---|---|---|---|---|---|
# | **trained on the sample** | 36% | 40% | 43% | 46% | 48% | 50% | 52% | 54% | 57% | 60% |
# | trained on the full set | 60% | 66% | 71% | 75% | 78% | 81% | 84% | 86% | 88% | 90% |
#
# This class uses the ladder of the **sample**, which a laptop climbs in minutes. If you train on more, that is
# welcome, and the top is easier to reach.
#
# <div class="alert alert-info">
#
# **What grading runs.** It runs your answer cell, and loads the weights into what `build_best_model` gives. It
# never runs a training cell, so whatever `build_best_model` needs, classes above all, stands in the answer cell, or
# in a cell that you add above it. Your training cell is kept for your instructor to read. (A cell that you add *is*
# run, for half a minute at most: keep your training in the training cell.)
#
# </div>


# %% question="q3_3" role="answer"
def build_best_model():
    """The network of best.safetensors, untrained: images [N, 3, 32, 32] → logits [N, 10]."""

    ### BEGIN SOLUTION return the network that you want to train
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        """Two convolutions, added to what comes in: [N, channels, H, W], the same shape."""

        def __init__(self, channels):
            super().__init__()
            self.branch = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

        def forward(self, maps):
            return maps + self.branch(maps)

    # In the same time on two cores an EfficientNet at φ = -4 gets to 58% of the test images, and this one to 68%,
    # with six times the multiply-adds: plain convolutions do more arithmetic for each number that they fetch.
    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):  # 32 × 32 → 16 × 16 → 8 × 8 → 4 × 4
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
    ### END SOLUTION


# %% [markdown]
# Train it. Whatever you change in this cell is yours to try: another budget, another recipe, a loop of your own.
# You can stop it at any time (■): no whole epoch is lost, and when you run the cell again it goes on.
#
# Every run keeps its files in a folder of its own, `runs/<name>`, so no run destroys another one. What is handed in
# changes only for a run that did better on the same test images. The last line that a run prints says which one it is.
# `training.runs()` lists them all, and `training.keep("best")` hands in the one that you name.

# %% role="train"
torch.manual_seed(0)
record = training.fit(build_best_model(), cifar.train, cifar.test, epochs=25, name="best")
print(record)

# %% question="q3_3" role="check"
grader.check("q3_3")

# %% [markdown]
# The check shows where you stand on the sample's test images. Things to try, about in this order:
#
# - **Epochs.** `epochs=` says how often each image is seen (20 times if you say nothing); `seconds=` ends it
#   sooner.
# - **Size.** With 3,000 images and a few minutes, a larger network is not sure to be a better one.
# - **Kind.** EfficientNet was found by searching on ImageNet, with 1.3 million images. Must it be the best here,
#   too? A small network of plain 3 × 3 convolutions is quickly written.
# - **Learning rate, batch size, label smoothing.** `learning_rate=0.1`, `batch_size=128` and
#   `label_smoothing=0.1` are where `training.fit` starts.
# - **Augmentation.** Write your own loop, and cut out squares, change colours, or mix images. Then write the
#   two files yourself: `safetensors.torch.save_file(network.state_dict(), "best.safetensors")`, and a best.json with
#   your accuracy, `{"accuracy": 61.5}`. This takes the place of the run that was there; that one stays in `runs/`.
# - **More images.** `cifar = data.cifar10(size="full")` in your training cell downloads all of CIFAR-10 once.
#   One epoch then takes 17 times as long. Set a budget: `training.fit(…, epochs=100, seconds=3600)`. Such a
#   run is tested on 10,000 images instead of 1,000, so `training.fit` does not compare it with one on the sample:
#   hand it in with `training.keep`.
# - **A GPU.** `training.fit` finds it by itself: on Colab choose "Change runtime type", and hand in the two
#   files from there. Before its first step a GPU gets ready for the shapes of your network, which takes some
#   seconds. With small networks and small batches it waits for Python most of the time: try a larger `batch_size`.
#
# Test images are for testing. `training.fit` picks the best epoch by them, and you pick the best recipe by
# them, so your number is a little too good. And the images that you are judged on are changed a little. A network
# with 68% of the sample's test images had 67% of new ones, and 65% of the same new ones changed: keep about
# three points to spare.
#
# ### How far others got
#
# | network, trained from scratch on the full CIFAR-10 | accuracy |
# |---|---|
# | ResNet-18, MobileNetV2, PreActResNet-18, 200 epochs ([kuangliu/pytorch-cifar][kuangliu]) | 93.0%, 94.4%, 95.1% |
# | a small network tuned for speed alone ([airbench]), 2.6 s on an A100 | 94.0% |
# | 1.1 million parameters, `training.fit`, 1¼ epochs in 757 s on two CPU cores that others used as well | 68.5% |
#
# kuangliu's code has an EfficientNet-B0 as well, and no figure for it. Pre-trained on ImageNet, EfficientNet-B0
# gets to 98.1% (Tan & Le, Table 5). From 3,000 images nobody gets there. They are 6% of the training set, and a
# network that starts from nothing has to learn from them what edges, wheels and legs look like.
#
# [kuangliu]: https://github.com/kuangliu/pytorch-cifar
# [airbench]: https://github.com/KellerJordan/cifar10-airbench
#
# ## Handing in
#
# Save the notebook (Ctrl+S, or Cmd+S), then run the cell below. It tells you what is still untouched and
# packs one zip of everything, with the two files that your training wrote. Hand in as often as you like; the
# last one counts.

# %% role="playground"
handed_in = scalelab.hand_in()

# %% [markdown]
# # 4 · CIFAR-10: train a small EfficientNet
#
# So far you have counted and built. Now you train, on real photographs: CIFAR-10, ten kinds of things in
# 32 × 32 pixels. EfficientNet was made for images seven times as large, so first you look at what happens to it here.
# Then you scale it *down* until your own machine can train it. At the end you train two networks as well as you can,
# one of any kind and one EfficientNet, within limits. They are graded by how many new images they get right.

# %% [markdown]
# **In this notebook you learn**
#
# - what small images do to a network that was made for large ones,
# - to load, augment and batch images,
# - to scale a network down with a negative $\varphi$, and to compare networks at the same training time,
# - to train as well as you can within a limit, and to judge your own result.
#
# **You need** notebook 2. A network of notebook 3 is welcome, but not needed.
#
# **Time:** about two hours, and as much training as you like. All cells together run in about eight minutes on two
# processor cores. No GPU and no internet connection are needed.

# %%
import scalelab  # first: it makes torchvision importable beside a CPU build of torch
from notebook_checks.notebook import Notebook

grader = Notebook()

# %%
import torch
from torch import nn

from scalelab import counting, data, models, training
from scalelab.figures import cifar_figure

# %% [markdown]
# ## Small images and a large stride
#
# EfficientNet-B0 halves its maps five times: in the stem, and in stages 2, 3, 4 and 6. That divides each side
# by 32. The 224 pixels of ImageNet end as 7 × 7. And 32 pixels?

# %% role="playground"
cifar_figure.show_map_sides()

# %% [markdown]
# With the original stem the last stages work on a single pixel. Their kernels are 5 × 5 and 3 × 3, and all
# but the middle of a kernel lies on padding. Count how many weights of a kernel ever meet a pixel:

# %% role="playground"
for side in (7, 2, 1):
    for kernel in (3, 5):
        image = torch.ones(1, 1, side, side)
        weights = torch.zeros(1, 1, kernel, kernel, requires_grad=True)
        nn.functional.conv2d(image, weights, padding=kernel // 2).sum().backward()
        used = f"{int((weights.grad != 0).sum()):2} of {kernel**2:2} weights meet a pixel"
        print(f"map {side} × {side}, kernel {kernel} × {kernel}: {used}")

# %% [markdown]
# So `models.efficientnet` has a stem of stride 1 unless you say otherwise, and its maps end at 2 × 2. That has
# a price: all maps behind the stem have twice the side.

# %% role="playground"
for stem_stride in (2, 1):
    macs = counting.macs(models.efficientnet(0, stem_stride=stem_stride), (1, 3, 32, 32))
    print(f"B0 on 32 × 32 pixels, stem stride {stem_stride}: {macs / 1e6:5.1f} M multiply-adds")

# %% [markdown]
# ## The images
#
# CIFAR-10 has 50,000 images to train on and 10,000 to test on. You start with a *sample* of it that came with
# this notebook: 3,000 and 1,000, drawn at random, the same number of each class.

# %%
cifar = data.cifar10()
print(f"{len(cifar.train):,} images to train on, {len(cifar.test):,} to test on")
print(f"classes: {', '.join(data.CLASSES)}")

# %% role="playground"
cifar_figure.show_classes(cifar.train)

# %% [markdown]
# 300 images of a class are few. *Augmentation* makes more of them: each time an image is used, it is moved by up to
# four pixels in each direction and perhaps flipped. There are 9 · 9 · 2 = 162 versions of each image, and all of them
# show the same thing. In 20 epochs a network sees about 19 different ones. Here is what the loader makes of one image.

# %% role="playground"
cifar_figure.show_augmentation(cifar.train)

# %% [markdown]
# ### Problem 3.2 (3 points)
#
# `data.loader(images, batch_size=…, train=…)` makes a loader, which gives batches when you iterate over it.
# Each batch is a pair: images and labels. Make `train_loader`, for the training images, in batches of 128 and
# with augmentation (`train=True`; a last batch that is not full is left out then). What is the shape [N, C, H, W] of
# the images in one of its batches? Store it in `batch_shape`, a tuple of four whole numbers.

# %% question="q3_2" role="answer"
### BEGIN SOLUTION make the loader, take a batch, and set batch_shape
train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = tuple(images.shape)
### END SOLUTION

# %% question="q3_2" role="check"
grader.check("q3_2")

# %% [markdown]
# ## Scaling down
#
# In notebook 2 a positive φ made networks larger. It may be negative as well, and that is
# what a laptop needs: fewer layers, fewer channels, fewer pixels. `models.efficientnet(phi)` resizes its
# images to $32 \cdot 1.15^\varphi$ pixels by itself.

# %% role="playground"
print("  φ   pixels   parameters   multiply-adds    B0's divided by")
b0_macs = counting.macs(models.efficientnet(0), (1, 3, 32, 32))
for phi in range(0, -6, -1):
    network = models.efficientnet(phi)
    macs = counting.macs(network, (1, 3, 32, 32))
    pixels, parameters = round(32 * 1.15**phi), counting.parameters(network)
    print(f"{phi:3}   {pixels:6}   {parameters:10,}   {macs:13,}   {b0_macs / macs:12.1f}")

# %% [markdown]
# By the rule each step divides the multiply-adds by 1.92. For such small networks that is only roughly so.
# Repeats are rounded up, so a stage never has fewer than one layer. Channels are multiples of 8, and pixels are
# whole numbers. With so few of each, rounding is a large part of the size.
#
# Now train three of the family, each for 18 seconds. In a fixed time a large network sees fewer images than a
# small one. Which one wins? Try other values of φ, and more seconds.

# %% role="train"
family = {}
for phi in (-5, -4, -3):
    network, name = models.efficientnet(phi), f"φ = {phi}"
    # With small batches there are more steps in so little time.
    # out=None: these weights are not for handing in.
    recipe = {"seconds": 18, "epochs": 100, "batch_size": 32, "out": None}
    family[phi] = training.fit(network, cifar.train, cifar.test, name=name, **recipe)
for phi, record in family.items():
    print(f"φ = {phi}: {record.accuracy:.1f}% of the test images after {record.epochs} epochs")

# %% [markdown]
# `training.fit` is a plain loop, and `training.fit??` shows its source. It takes the pixels in PyTorch's channels_last
# order, raises the learning rate at the start and lowers it to zero along a cosine, and uses label smoothing: the
# network is not punished for being less than certain.

# %% [markdown]
# ## One more point
#
# Notebook 2 has an experiment: a small EfficientNet grows by depth, width or resolution alone, or by all three. Here it
# is again, trained on the sample. There a network takes a minute or two, so you can add one of your own.

# %% role="playground"
from scalelab.figures import scaling_figure

scaling_figure.show_scaling(sample=True)

# %% [markdown]
# At four times the cost the order is that of notebook 2, although each network saw a fifth as many images. But the bars
# are longer, and depth alone loses.
#
# The four ways are not the only ones. In `Shape(depth, width, resolution)` depth and width are factors, and resolution
# is in pixels; the base is `Shape(1.0, 1.0, 16)`. Choose a mix that costs two to four times as much as the base.
#
# **Predict first.** Will your network be above all four lines at its cost, or between them? Write it down, with a
# reason. Then train it.

# %% role="train"
from scalelab import one_more
from scalelab.small import Shape, macs

shape = Shape(depth=1.0, width=1.2, resolution=22)
print(f"It costs {macs(shape) / macs(Shape()):.1f} times as much as the base.")
mine = one_more.train(shape, name="mine")
scaling_figure.show_scaling(mine, sample=True)

# %% [markdown]
# One run is one throw of the dice. The sample has 1,000 test images, so an accuracy of 55% has a standard error of 1.6
# points, and another seed moves it as well. Train a second one: `again = one_more.train(shape, name="mine", seed=1)`.
# Then `show_scaling(mine, again, sample=True)` draws the mean, with a bar between the two. Does your answer still hold?

# %% [markdown]
# ## Problem 3.3 (12 points): the best network, and the best EfficientNet
#
# Train two networks as well as you can. Six points are for each, and either of them may be left out.
#
# - **The best network of any kind**, with at most **9,109,994 parameters**: those of EfficientNet-B2.
#   Buffers, such as BatchNorm's running means, count as well. (A B2 with ten classes has 7.8 million in all.)
# - **The best EfficientNet**, within the same limit and with at most **12,000,000 multiply-adds** for one image.
#   (φ = −3 has 11.8 million.) You choose its stages, width, depth, stem and resolution.
#
# `training.fit` writes the four files that you hand in, two for each network, and `scalelab.hand_in()` packs them.

# %% [markdown]
# ### How it is graded
#
# Your networks are judged on test images that are moved, flipped and lit a little differently. They are also tried on
# training images: a network that has only learnt test images by heart fails on those, and gains nothing. For each
# network one point is for files that load, keep the limits and give ten logits for each image. Each step of its ladder
# is worth one more.

# %% [markdown]
# | points for steps | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | **any kind, trained on the sample** | 36% | 43% | 50% | 55% | 60% |
# | any kind, trained on the full set | 60% | 70% | 78% | 84% | 90% |
# | **EfficientNet, trained on the sample** | 35% | 41% | 46% | 50% | 53% |
# | EfficientNet, trained on the full set | 50% | 60% | 68% | 76% | 84% |
#
# This class uses the ladders of the **sample**. You may train on more images than the sample has; then the top is
# easier to reach.

# %% [markdown]
# ### The best network of any kind
#
# `build_best_model()` returns the network, untrained: an `nn.Module` that takes images [N, 3, 32, 32], normalised as
# `data.loader` does it, and gives logits [N, 10]. It may be any network: one of `scalelab.models`, one of
# torchvision's, your own of notebook 3, or something new. `training.fit` writes `best.safetensors` and `best.json`
# beside this notebook: the weights of your best run, and how it went.

# %% [markdown]
# <div style="border-left: 4px solid #1976d2; background: rgba(33, 150, 243, 0.1); padding: 0.5em 1em">
#
# **What grading runs.** It runs your answer cell, and loads the weights into what `build_best_model` gives. It
# never runs a training cell. So whatever `build_best_model` needs, classes above all, must stand in the answer cell,
# or in a cell that you add above it. A cell that you add *is* run, for half a minute at most: keep your training in
# the training cell. Your instructor can read it there.
#
# </div>


# %% question="q3_3" role="answer"
def build_best_model():
    """The network of best.safetensors, untrained: images [N, 3, 32, 32] → logits [N, 10]."""

    ### BEGIN SOLUTION return the network that you want to train
    def convolution(in_channels, out_channels, stride=1):
        layer = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        return nn.Sequential(layer, nn.BatchNorm2d(out_channels), nn.SiLU())

    class Residual(nn.Module):
        """Two convolutions, added to what comes in: [N, channels, H, W], the same shape."""

        def __init__(self, channels):
            super().__init__()
            layers = [convolution(channels, channels) for _ in range(2)]
            self.branch = nn.Sequential(*layers)

        def forward(self, maps):
            return maps + self.branch(maps)

    # Plain convolutions use a processor better than depthwise ones. In notebook 5's table ResNet-18
    # has 5.6 times the multiply-adds of an EfficientNet at φ = -1, and took less time to train.
    layers = [convolution(3, 24)]
    for channels in (24, 48, 96):  # 32 × 32 → 16 × 16 → 8 × 8 → 4 × 4
        layers += [convolution(channels, 2 * channels, stride=2), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, 10))
    ### END SOLUTION


# %% [markdown]
# Train it. Change what you like in this cell: another budget, another recipe, a loop of your own.
# You can stop it at any time (■). No complete epoch is lost, and when you run the cell again, it goes on.
#
# Every run keeps its files in a folder of its own, `runs/<name>`, so no run destroys another one. What you hand in
# changes only for a run that did better on the same test images. The last line that a run prints says which one it is.
# `training.runs()` lists them all, and `training.keep("best")` chooses the one that you name.

# %% role="train"
torch.manual_seed(0)
record = training.fit(build_best_model(), cifar.train, cifar.test, epochs=25, name="best")
print(record)

# %% [markdown]
# ### The best EfficientNet
#
# A *plan* says all that an EfficientNet is: a table of stages as in notebook 3, the factors of width and depth, the
# stride of the stem, and the pixels to which images are resized. `compound(phi)` is B0's table, scaled by the rule.
#
# Whoever grades builds the network from your plan and counts its parameters and multiply-adds, so no code of yours is
# needed. Given a plan, `training.fit` builds and trains the network, and writes `best_efficientnet.json`, the plan, and
# `best_efficientnet.safetensors`, the weights.

# %% role="playground"
from scalelab.plan import Plan, compound, macs, numbers

own = Plan(
    # expand ratio, kernel, stride, input channels, output channels, repeats
    stages=((1, 3, 1, 16, 16, 1), (4, 3, 2, 16, 24, 2), (4, 5, 2, 24, 40, 2)),
    width=1.0,
    depth=1.0,
    stem_stride=1,
    resolution=32,
)
for name, plan in {"φ = -3": compound(-3), "φ = -5": compound(-5), "own": own}.items():
    counts = f"{macs(plan):10,} multiply-adds, {numbers(plan):9,} numbers"
    print(f"{name:7} {counts}; the limits are 12,000,000 and 9,109,994")

# %% [markdown]
# Train one. This cell starts where nothing is tuned: B0's stages at φ = −5, and the recipe that `fit` starts with. That
# earns about half of the points. A plan above a limit is trained as well, but not handed in.

# %% role="train"
from scalelab.plan import compound

record = training.fit(compound(-5), cifar.train, cifar.test, epochs=20, name="efficientnet")
print(record)

# %% question="q3_3" role="check"
grader.check("q3_3")

# %% [markdown]
# The check shows where both networks stand on the sample's test images. Things to try, about in this order:
#
# - **Epochs.** `epochs=` says how often each image is used (20 times if you say nothing); `seconds=` ends it sooner.
# - **Size.** With 3,000 images and a few minutes, a larger network may be a worse one.
# - **Kind.** EfficientNet was found by searching on ImageNet, with 1.3 million images. Must it be the best here,
#   too? A small network of plain 3 × 3 convolutions is quickly written.
# - **Learning rate, batch size, label smoothing.** `learning_rate=0.1`, `batch_size=128` and
#   `label_smoothing=0.1` are where `training.fit` starts.
# - **Augmentation.** Cut out squares, change colours, or mix images, in a loop of your own.

# %% [markdown]
# More ways, which take longer:
#
# - **A loop of your own** writes the two files itself: `safetensors.torch.save_file(network.state_dict(),
#   "best.safetensors")`, and a best.json with your accuracy, `{"accuracy": 61.5}`. They take the place of the run
#   that was there; that one stays in `runs/`. For a plan, `PlannedEfficientNet(plan)` of `scalelab.planned` is the
#   network, and `plan.write("best_efficientnet.json")` writes the plan.
# - **More images.** `cifar = data.cifar10(size="full")` in your training cell downloads all of CIFAR-10 once. One
#   epoch then takes 17 times as long, so set a budget: `training.fit(…, epochs=100, seconds=3600)`. Such a run is
#   tested on 10,000 images, not on 1,000, so it is not compared with one on the sample: hand it in with
#   `training.keep`.
# - **A GPU.** `training.fit` finds it by itself: on Colab choose "Change runtime type". At the start it takes some
#   seconds to get ready. A small network with small batches leaves a GPU waiting: try a larger `batch_size`.

# %% [markdown]
# Test images are for testing. `training.fit` picks the best epoch by them, and you pick the best recipe by
# them, so your number is a little too good. And the images that you are judged on are changed a little. One network
# with 68% of the sample's test images had 67% of new ones, and 65% of the same new ones after such changes. So aim
# about three points higher than the step that you want.

# %% [markdown]
# ### What tuning brings
#
# EfficientNets trained on the sample. Minutes are of one processor core that does nothing else, accuracies of the
# sample's test images. Three runs have B0's stages and the recipe that `fit` starts with. The other three have
# batches of 32 and half the learning rate. "Three halvings" have fewer channels, halve three times instead of five,
# and see 20 pixels.
#
# | run | epochs | minutes | accuracy | steps |
# |---|---|---|---|---|
# | φ = −4, stem stride 2 | 20 | 1.1 | 37.9% | 1 |
# | φ = −5, as fit starts | 20 | 1.5 | 45.9% | 2 |
# | φ = −5, stem stride 2 | 20 | 0.8 | 39.6% | 1 |
# | φ = −5, batches of 32 | 8 | 0.9 | 30.7% | 0 |
# | three halvings, 8 epochs | 8 | 0.8 | 51.0% | 4 |
# | three halvings, 20 pixels | 25 | 2.2 | 61.9% | 5 |
#
# So the stages matter more than the recipe: B0's with small batches got to 30.7% in about the time in which three
# halvings got to 51.0%.

# %% [markdown]
# ### Why plain convolutions win here
#
# On the ladder of any kind, EfficientNet at φ = −4 got to 52.3% in 2.1 minutes of one core, with the recipe that `fit`
# starts with. Four plain convolutions with half its multiply-adds got to 65.6%, in 0.5 minutes. Three things work
# against EfficientNet here. This is what one processor core trains in a second, in batches of 64:
#
# | network | multiply-adds | activations | images in float32 | images in bfloat16 |
# |---|---|---|---|---|
# | EfficientNet, φ = −3 | 11.8 M | 0.24 M | 287 | 158 |
# | EfficientNet, φ = −1 | 26.2 M | 0.45 M | 159 | 83 |
# | MobileNetV3-Small | 5.5 M | 0.12 M | 614 | 244 |
# | ResNet-18 | 148.1 M | 0.20 M | 108 | 184 |
# | VGG-11 | 152.8 M | 0.15 M | 118 | 209 |

# %% [markdown]
# **Arithmetic for each byte.** A plain 3 × 3 convolution with 64 channels uses each number that it reads 9 · 64 = 576
# times. A depthwise one uses it 9 times, then waits for memory. So the core does 16.0 billion multiply-adds of
# ResNet-18's in a second, counting one pass forward for each image, and 3.4 billion of EfficientNet's at φ = −3.
# bfloat16 halves the bytes, and newer processors have units that multiply whole matrices of it: plain networks become
# 1.7 to 1.8 times as fast. Depthwise convolutions cannot use these units, and become slower.
#
# **Activations.** Each output is written, normalised, passed through SiLU, and read again. So the time follows the
# number of activations more than that of multiply-adds ([Dollár et al. 2021](https://arxiv.org/abs/2103.06877)).
# ResNet-18 has 12.5 times the multiply-adds of φ = −3, and fewer activations.

# %% [markdown]
# **Short budgets.** In a fixed time, fewer images fit. And a deep network of thin layers starts slowly: a depthwise
# layer has 9 or 25 weights for each channel, and gates and BatchNorm have to settle before those learn anything. The
# rise of the learning rate at the start and many small steps help it more than a plain network. On a GPU and with
# hundreds of epochs, this matters less.
#
# The reverse is true where EfficientNet was made for: a phone has little memory and power, is not asked for batches of
# 64, and trains nothing.

# %% [markdown]
# ### How far others got
#
# | network, trained from scratch on the full CIFAR-10 | accuracy |
# |---|---|
# | ResNet-18, MobileNetV2, PreActResNet-18 ([kuangliu/pytorch-cifar][kuangliu]) | 93.0%, 94.4%, 95.1% |
# | a small network tuned for speed alone ([airbench]), 2.6 s on an A100 | 94.0% |
# | VGG-11 with BatchNorm, four epochs of `training.fit` (notebook 5 has the table) | 84.1% |
# | 1.5 million parameters in plain convolutions, ten minutes on two processor cores (`make coffee`) | 92.7% |
#
# Pre-trained on ImageNet, EfficientNet-B0 gets to 98.1% (Tan & Le, Table 5). From 3,000 images, 6% of the training
# set, a network that starts from nothing gets nowhere near: it has to learn from them what edges, wheels and legs
# look like.
#
# [kuangliu]: https://github.com/kuangliu/pytorch-cifar
# [airbench]: https://github.com/KellerJordan/cifar10-airbench

# %% [markdown]
# ## What you have now
#
# - A network for large images needs a smaller stride in its stem before it can work on small ones.
# - Compound scaling goes down as well as up, but rounding decides more the smaller a network is.
# - In a fixed time a small network sees more images than a large one. Which one wins depends on the time.
# - A number on test images that you chose by is a little too good.
#
# ## Handing in
#
# Save the notebook (Ctrl+S, or Cmd+S), then run the cell below. It says what is not answered yet, and
# packs one zip of everything, with the four files that your training wrote. Hand in as often as you like; the
# last one counts.

# %% role="playground"
handed_in = scalelab.hand_in()

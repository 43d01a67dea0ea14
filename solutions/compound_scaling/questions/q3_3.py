"""q3_3: the best network within the limit, and the best EfficientNet, from the files that were handed in.

Half of the points are for each. The first is built by the student's code, where that runs; the second by whoever
judges, from a plan, and no code of the student has to do with it.
"""

from math import isfinite

from otter.test_files import test_case

from scalelab.checking import Unexpected, handed_in, in_room, plain, remark, rng
from scalelab.checking.planned import names_of, network_in, plan_in
from scalelab.checking.weights_file import elements_in, shapes_in, weights_in

OK_FORMAT = False
name = "q3_3"
points = 12

TRAINED_ON = "sample"
"""What the class trains on: it says which ladder counts."""

LADDERS = {
    "any kind": {"sample": (36, 43, 50, 55, 60), "full": (60, 70, 78, 84, 90)},
    "efficientnet": {"sample": (35, 41, 46, 50, 53), "full": (50, 60, 68, 76, 84)},
}
"""Each step that the accuracy reaches, in percent of images that nobody has trained on, is worth a point.

The notebook tells all of them, and which ones count.
"""

LIMIT = 9_109_994
"""EfficientNet-B2's parameters. Here buffers count as well."""


def in_trained(function):
    return in_room(f"__import__('scalelab.checking.trained', fromlist=['build']).{function}")


def within_limit(count, whose):
    if type(count) is not int:
        raise Unexpected(f"the size of {whose} is no number", "build_best_model returns a network, an nn.Module.")
    if count > LIMIT:
        too_large = "Above the limit of 9,109,994 parameters and buffers there are no points: train a smaller network."
        raise Unexpected(f"{whose} has {count:,} parameters and buffers", too_large, told=f"{whose} is above the limit")


def network_of(build_best_model):
    """The network, built where the student's code runs. Every test begins here: above the limit none passes."""
    path = handed_in("best.safetensors")
    within_limit(elements_in(path), "best.safetensors")
    network = in_trained("build")(build_best_model)
    if network is None:
        raise Unexpected("build_best_model gives no nn.Module", "build_best_model returns a network, an nn.Module.")
    within_limit(plain(in_trained("size")(network)), "the network")
    if plain(in_trained("misfits")(network, shapes_in(path))) != []:
        other = "The file holds the weights of another network than build_best_model builds: which one was trained?"
        raise Unexpected("best.safetensors and build_best_model do not fit each other", other)
    return network


def rows_of(network, images):
    """The network's logits for uint8 images [N, 3, 32, 32], as N lists of ten numbers."""
    rows = plain(in_trained("logits")(network, images))
    if not isinstance(rows, list) or len(rows) != len(images) or not all(isinstance(row, list) for row in rows):
        raise Unexpected("the logits are no list of rows", "For N images the network gives logits of shape [N, 10].")
    if not all(len(row) == 10 for row in rows):
        raise Unexpected("the logits are not ten", "There are ten classes: for N images, logits of shape [N, 10].")
    if any(isinstance(value, list) for row in rows for value in row):
        more = "The logits have more than two dimensions: is there anything left to flatten?"
        raise Unexpected("the logits are nested deeper", more)
    if not all(type(value) in (int, float) and isfinite(value) for row in rows for value in row):
        raise Unexpected("the logits are no numbers", "Some logits are nan or infinite: what do the weights hold?")
    return rows


@test_case(points=0.5)
def the_weights_fit_the_network(build_best_model):
    handed_in("best.json")
    in_trained("fill")(network_of(build_best_model), weights_in(handed_in("best.safetensors")))


@test_case(points=0.5)
def ten_logits_an_image(build_best_model):
    import torch

    network = network_of(build_best_model)
    in_trained("fill")(network, weights_in(handed_in("best.safetensors")))
    two = torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
    rows_of(network, two)


@test_case(points=0.5)
def the_plan_keeps_both_limits():
    plan_in(handed_in("best_efficientnet.json"))


@test_case(points=0.5)
def the_weights_are_those_of_the_plan():
    import torch

    network = efficientnet_handed_in()
    names_of(network, torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8))


def efficientnet_handed_in(rounding=False):
    """The EfficientNet, built here from its plan."""
    plan = plan_in(handed_in("best_efficientnet.json"))
    return network_in(plan, handed_in("best_efficientnet.safetensors"), rounding)


@test_case(points=0)
def a_look_up_the_ladder(build_best_model):
    """Says where the network stands on the sample's test images. It is worth nothing, so the judge skips it."""
    network = network_of(build_best_model)
    in_trained("fill")(network, weights_in(handed_in("best.safetensors")))
    some = tell_of_ladder("any kind", lambda images: [row.index(max(row)) for row in rows_of(network, images)])
    if rows_of(network, some) != rows_of(network, some):
        changing = "The same images get other logits each time: is anything left in training mode?"
        raise Unexpected("the logits of a second call are others", changing)


@test_case(points=0)
def a_look_up_the_ladder_of_efficientnets():
    """The same for the EfficientNet."""
    network = efficientnet_handed_in()
    tell_of_ladder("efficientnet", lambda images: names_of(network, images))


def tell_of_ladder(which, named):
    """Print how many steps a network reaches on the sample's test images. Returns some of them.

    named: gives the class of each of some images.
    """
    from scalelab.data import cifar10

    test, ladder = cifar10().test, LADDERS[which][TRAINED_ON]
    right = sum(
        found == label
        for images, labels in zip(test.images.split(250), test.labels.split(250), strict=True)
        for found, label in zip(named(images), labels.tolist(), strict=True)
    )
    percent = 100 * right / len(test)
    if percent < 15:
        guessing = "That is as good as guessing: are these the weights after training, for these ten classes?"
        raise Unexpected(f"{percent:.1f}% of the test images are named rightly", guessing)
    above = [step for step in ladder if step > percent]
    whose = {"any kind": "the best network", "efficientnet": "the best EfficientNet"}[which]
    reached = f"{len(ladder) - len(above)} of {len(ladder)} steps"
    print(f"q3_3, {whose}: {percent:.1f}% of the sample's test images: {reached}.")
    if above:
        print(f"The next step is at {above[0]}%. What would help: more epochs, smaller batches, another network?")
    else:
        print("The top of the ladder. You will be graded on other images: three points to spare are good to have.")
    return test.images[:8]


# ---- hidden: nothing below this line reaches a student ----

# What this does not see: a network that was trained on test and training images together. All of CIFAR-10 is
# public, so whoever wants to can do that, or store small copies of both among the weights (13,000 of 8 × 8 pixels,
# compared with each image: 94%). All that is done about these two is a remark where the accuracy is not to be
# believed. Code that knows more than the file could also notice that weights are shuffled, and answer at random.

MARGIN = 3
"""Percent that images which everyone has trained on may do worse than new ones: so few of them tell no better."""

FAR = 10
"""Percent by which the recorded accuracy may be above the judged one before the instructor is told, and that on new
images above that on training images before no step counts: an honest network is better on what it was trained on."""

BELIEVED = {"sample": 80, "full": 98}
"""Percent above which the instructor is told to look. Trained on the sample, the model solutions get 65 and 59."""

CHANCE = 30
"""Percent that a network with shuffled weights may reach. Guessing gives 10, give or take 4, of 60 images."""

GUESSED = 20
"""Percent below which a network may as well have guessed."""

NEW, KNOWN, SHUFFLED = 700, 200, 60
"""Images that are looked at. A network of B2's size takes half a minute for all of them on one busy core."""

AT_ONCE = 50
"""Images a call."""

_found = {}


def perturbed(images, random):
    """The same images, uint8 [N, 3, 32, 32], each moved, half of them flipped, with other light and some noise."""
    import torch
    from torch.nn.functional import pad

    count, side = len(images), torch.arange(32)
    rows, columns = torch.randint(0, 9, (2, count, 1), generator=random) + side  # [N, 32] each
    flipped = torch.rand(count, 1, generator=random) < 0.5
    columns = torch.where(flipped, columns.flip(1), columns)
    padded = pad(images.float(), (4, 4, 4, 4), mode="reflect").permute(0, 2, 3, 1)
    moved = padded[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    contrast, light = torch.rand(2, count, 1, 1, 1, generator=random)
    mean = moved.mean((1, 2, 3), keepdim=True)
    lit = (moved - mean) * (0.9 + 0.2 * contrast) + mean + 40 * (light - 0.5)
    return (lit + 4 * torch.randn(lit.shape, generator=random)).clamp(0, 255).round().to(torch.uint8)


def percent_right(named, images, random):
    """Of perturbed copies of `images`, the percent that are named rightly. named: images → a class for each."""
    right = 0
    for some, labels in zip(images.images.split(AT_ONCE), images.labels.split(AT_ONCE), strict=True):
        found = named(perturbed(some, random))
        right += sum(one == label for one, label in zip(found, labels.tolist(), strict=True))
    return 100 * right / len(images)


def named_by(network):
    """What names images by a network in the room: the class of its largest logit."""
    return lambda images: [row.index(max(row)) for row in rows_of(network, images)]


def some_of(images, count, random):
    import torch

    chosen = torch.randperm(len(images), generator=random)[:count]
    return type(images)(images.images[chosen], images.labels[chosen])


def rounded(weights):
    """Weights of 8 binary digits: a network does not notice, and several numbers packed into one do not survive."""
    import torch

    return {key: value.to(torch.bfloat16) if value.is_floating_point() else value for key, value in weights.items()}


def shuffled(weights, random):
    """The same numbers, each tensor's in another order."""
    import torch

    return {
        key: value.flatten()[torch.randperm(value.numel(), generator=random)].view(value.shape)
        for key, value in weights.items()
    }


def expect_steady(network, images):
    """That an image's logits are the same in any company, and each time."""
    many, again, alone = rows_of(network, images), rows_of(network, images), rows_of(network, images[:2])
    for row, *others in zip(many[:2], again[:2], alone, strict=True):
        scale = max(map(abs, row)) + 1e-3
        if any(abs(one - value) > 0.02 * scale for other in others for one, value in zip(row, other, strict=True)):
            mode = (
                "The same image gets other logits each time, or among other images: is anything left in training mode?"
            )
            raise Unexpected("logits change from call to call", mode)


def measure(build_best_model):
    """The accuracy that counts, in percent: on new images, and not above that on images to train on by much."""
    import torch

    from notebook_checks import of_grading

    images = of_grading("images")
    judging_images, training_images = images.judging_images, images.training_images

    random = torch.Generator().manual_seed(rng("q3_3").randrange(2**62))
    judged = network_of(build_best_model)
    weights = rounded(weights_in(handed_in("best.safetensors")))
    in_trained("fill")(judged, weights)
    new = some_of(judging_images(), NEW, random)
    expect_steady(judged, perturbed(new.images[:8], random))
    on_new = percent_right(named_by(judged), new, random)
    on_known = percent_right(named_by(judged), some_of(training_images(), KNOWN, random), random)
    tell_of_record(on_new)
    in_trained("fill")(judged, shuffled(weights, random))
    try:
        without = percent_right(named_by(judged), some_of(new, SHUFFLED, random), random)
    except Unexpected:  # shuffled weights may well give no numbers
        without = 0
    if without > CHANCE:
        elsewhere = "The network does as well with other weights: what it knows has to be in best.safetensors."
        remark(f"with its weights shuffled, the network is still right on {without:.0f}% of images: read its code")
        raise Unexpected("the accuracy is not the weights'", elsewhere)
    return what_counts(on_new, on_known)


def measure_efficientnet():
    """The accuracy of the EfficientNet that counts, in percent, computed here: no code of the student runs."""
    import torch

    from notebook_checks import of_grading

    images = of_grading("images")
    random = torch.Generator().manual_seed(rng("q3_3:efficientnet").randrange(2**62))
    judged = efficientnet_handed_in(rounding=True)
    on_new, on_known = (
        percent_right(lambda some: names_of(judged, some), some_of(part, count, random), random)
        for part, count in ((images.judging_images(), NEW), (images.training_images(), KNOWN))
    )
    return what_counts(on_new, on_known, "the EfficientNet: ")


def what_counts(on_new, on_known, whose=""):
    """The accuracy that counts: that on new images, and not above that on training images by much."""
    if on_known + FAR < on_new:
        known = f"but {on_known:.0f}% of training images: was it trained on test images?"
        remark(f"{whose}{on_new:.0f}% of test images, {known}")
        swapped = "It is far better on test images than on training images: which of them was it trained on?"
        raise Unexpected("the accuracy on training images is lower by far", swapped)
    if min(on_new, on_known) > BELIEVED[TRAINED_ON]:
        remark(f"{whose}{on_new:.0f}% of new images is more than was ever seen: how was it trained?")
    return min(on_new, on_known + MARGIN)


def tell_of_record(judged):
    """Remark what the record claims, where that is far from what was measured, or is nothing."""
    from json import loads

    try:
        claimed = loads(handed_in("best.json").read_text(encoding="utf-8-sig"))["accuracy"]
    except (Unexpected, OSError, ValueError, LookupError, TypeError, RecursionError):
        claimed = None
    if type(claimed) not in (int, float) or not 0 <= claimed <= 100:
        remark("best.json names no accuracy from 0 to 100")
        return
    if claimed > judged + FAR:
        remark(f"best.json claims {claimed:.1f}%, and {judged:.1f}% were measured")


def accuracy_of(which, *builder):
    """What the measuring of a network gives or raises, once for all steps; but for what says nothing of the network."""
    from notebook_checks import NoVerdict

    measuring = {"any kind": measure, "efficientnet": measure_efficientnet}[which]
    if which not in _found:
        try:
            _found[which] = measuring(*builder)
        except NoVerdict:
            raise
        except Exception as trouble:
            _found[which] = trouble
    if isinstance(_found[which], Exception):
        raise _found[which]
    return _found[which]


def expect_step(which, number, *builder):
    """That a network reaches a step of its ladder."""
    percent, ladder = accuracy_of(which, *builder), LADDERS[which][TRAINED_ON]
    if percent < ladder[number]:
        above = next(step for step in ladder if step > percent)
        told = f"{percent:.0f}% of new images were named rightly; the next step of the ladder is at {above}%."
        told = f"The EfficientNet: {told}" if which == "efficientnet" else told
        if percent < GUESSED:
            told += " That is about as many as guessing gives: are these the weights after training, for these classes?"
        raise Unexpected("the accuracy is below this step", told)


def step_of(number):
    def step(build_best_model):
        expect_step("any kind", number, build_best_model)

    step.__name__ = f"step_{number + 1}"
    return test_case(points=1, hidden=True)(step)


def step_of_efficientnets(number):
    def step():
        expect_step("efficientnet", number)

    step.__name__ = f"efficientnet_step_{number + 1}"
    return test_case(points=1, hidden=True)(step)


for number in range(5):
    globals()[f"step_{number + 1}"] = step_of(number)
    globals()[f"efficientnet_step_{number + 1}"] = step_of_efficientnets(number)

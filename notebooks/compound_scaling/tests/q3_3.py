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

"""q3_se: squeeze-and-excitation."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, remembered, rng
from scalelab.checking.networks import alike, ask, ask_counts, hint_where_it_raises, layers_of

OK_FORMAT = False
name = "q3_se"
points = 5

withheld = ("torchvision.models.efficientnet", "torchvision.ops.misc.SqueezeExcitation")


@test_case(points=0.5)
def keeps_the_shape(SqueezeExcite):
    given = ask(SqueezeExcite, (8, 2), {}, 1, (2, 8, 5, 3))
    hints = {
        (2, 8, 1, 1): "Those are the gates: what is done with them?",
        (2, 8): "Those are the gates: what is done with them?",
        (2, 2, 1, 1): "A second convolution leads back to all channels.",
    }
    expect_equal(given["shape"], (2, 8, 5, 3), hints, what="the shape of the output for (2, 8, 5, 3)")


@test_case(points=0.5)
def has_weights_and_biases_of_both_convolutions(SqueezeExcite):
    hints = {
        32: "Both convolutions have a bias.",
        34: "The second convolution has a bias, too.",
        40: "The first convolution has a bias, too.",
        20: "A second convolution leads back to all channels.",
        18: "A second convolution leads back to all channels.",
        76: "To how many channels? squeezed_channels says the number itself, and is no ratio.",
        0: "Layers are attributes of the module, made in __init__: those in a plain list or dict are not found.",
        298: "Both convolutions are 1 × 1.",
        170: "Both convolutions are 1 × 1.",
        46: "There is no BatchNorm in squeeze-and-excitation.",
        58: "There is no BatchNorm in squeeze-and-excitation.",
        62: "There is no BatchNorm in squeeze-and-excitation.",
    }
    expect_equal(ask_counts(SqueezeExcite, (8, 2), {}).get("parameters"), 42, hints, what="parameters")


def theirs(channels, squeezed):
    """torchvision's block, which the judge takes for right."""
    from torch import nn
    from torchvision.ops import SqueezeExcitation

    return SqueezeExcitation(channels, squeezed, activation=nn.SiLU)


@test_case(points=0)
def the_same_output_as_that_of_torchvision(SqueezeExcite):
    """Both get the same weights and the same input, and must give the same output."""
    from scalelab.checking.networks import expect_own_parts, expect_same, right

    expect_own_parts(SqueezeExcite(8, 2), withheld)
    gates = (
        "A map of one pixel is its own average over the positions. So: what is averaged, which activation function "
        "stands behind each of the two layers, and what do the gates do with the map?"
    )
    pooling = "Right for maps of one pixel, and not for larger ones: what is averaged, and over which positions?"
    for sizes, shape, hint in (
        ((12, 3), (2, 12, 1, 1), gates),
        ((12, 7), (2, 12, 1, 1), "To how many channels? squeezed_channels says the number itself."),
        ((12, 3), (3, 12, 5, 4), pooling),
        ((8, 1), (1, 8, 3, 3), "Right for several images, and not for one: a single image is a batch, too."),
    ):
        what = f"the output of SqueezeExcite{sizes} for {shape}"
        told = lambda given, hint=hint: hint  # noqa: E731
        expect_same(ask(SqueezeExcite, sizes, {}, 1, shape), right(theirs, sizes, {}, 1, shape), told, what=what)

"""q3_se: squeeze-and-excitation."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, rng
from scalelab.checking.networks import alike, ask, ask_counts, remembered

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
    }
    expect_equal(ask_counts(SqueezeExcite, (8, 2), {}).get("parameters"), 42, hints, what="parameters")


# ---- hidden: nothing below this line reaches a student ----


def variants(nn):
    """Known mistakes: hint → the squeeze's activation, the gate's function of its input, and the pooling."""
    gate, mean = nn.Sigmoid(), nn.AdaptiveAvgPool2d(1)
    squeeze = "Which activation function stands between the two convolutions?"
    which = "Which function makes the gates?"
    return {
        "The second convolution's output goes through a sigmoid: where is it?": (nn.SiLU(), nn.Identity(), mean),
        "An activation function stands between the two convolutions.": (nn.Identity(), gate, mean),
        squeeze: (nn.ReLU(), gate, mean),
        squeeze + " SiLU, not its hard cousin.": (nn.Hardswish(), gate, mean),
        squeeze + " SiLU, not GELU.": (nn.GELU(), gate, mean),
        which + " A sigmoid, not its hard cousin.": (nn.SiLU(), nn.Hardsigmoid(), mean),
        which + " A sigmoid, not a tanh.": (nn.SiLU(), nn.Tanh(), mean),
        which + " A sigmoid, not a softmax: each channel has its own gate.": (nn.SiLU(), nn.Softmax(1), mean),
        which + " A sigmoid, not SiLU.": (nn.SiLU(), nn.SiLU(), mean),
        "Which pooling? The average over all positions.": (nn.SiLU(), gate, nn.AdaptiveMaxPool2d(1)),
    }


def build(channels, squeezed, parts=None):
    """torchvision's own, or a mistaken one where `parts` says so."""
    from torch import nn
    from torchvision.ops import SqueezeExcitation

    made = SqueezeExcitation(channels, squeezed, activation=nn.SiLU)
    if parts is not None:
        made.activation, made.scale_activation, made.avgpool = variants(nn)[parts]
    return made


@remembered
def reference(sizes, seed, shape):
    from scalelab.checking.networks import right

    return right(build, sizes, {}, seed, shape)


def of_mistakes(channels, squeezed, seed, shape):
    """A function that says which mistake gives the values that were given, or None."""
    from torch import nn

    def explain(given):
        if given["shape"] != list(shape) and given["shape"] in ([*shape[:2], 1, 1], list(shape[:2])):
            return "Those are the gates: what is done with them?"
        for hint in variants(nn):
            if alike(given, reference((channels, squeezed, hint), seed, shape)):
                return hint
        return None

    return explain


def compare(SqueezeExcite, channels, squeezed, shape, seed):
    from scalelab.checking.networks import expect_same

    given = ask(SqueezeExcite, (channels, squeezed), {}, seed, shape)
    wanted = reference((channels, squeezed), seed, shape)
    expect_same(given, wanted, of_mistakes(channels, squeezed, seed, shape))


@test_case(points=1.5, hidden=True)
def gates_each_channel(SqueezeExcite):
    draw = rng("q3_se:function")
    channels = draw.randrange(9, 40)
    compare(SqueezeExcite, channels, channels // 4, (3, channels, 6, 6), draw.randrange(2**31))
    compare(SqueezeExcite, channels, channels + 3, (2, channels, 4, 4), draw.randrange(2**31))


@test_case(points=1, hidden=True)
def of_maps_of_any_size(SqueezeExcite):
    draw = rng("q3_se:maps")
    channels = draw.randrange(6, 20)
    for height, width in ((1, 1), (draw.randrange(2, 5), draw.randrange(6, 12)), (11, 7)):
        compare(SqueezeExcite, channels, 3, (4, channels, height, width), draw.randrange(2**31))


@test_case(points=0.5, hidden=True)
def squeezes_to_a_single_channel(SqueezeExcite):
    draw = rng("q3_se:single")
    channels = draw.randrange(2, 5)
    compare(SqueezeExcite, channels, 1, (16, channels, 5, 5), draw.randrange(2**31))


@test_case(points=1, hidden=True)
def parameters_of_any_size(SqueezeExcite):
    draw = rng("q3_se:parameters")
    for _ in range(2):
        channels, squeezed = draw.randrange(10, 200), draw.randrange(3, 9)
        both = 2 * channels * squeezed
        hints = {
            both: "Both convolutions have a bias.",
            both + squeezed: "The second convolution has a bias, too.",
            both + channels: "The first convolution has a bias, too.",
            2 * channels * (channels // 4)
            + channels
            + channels // 4: "To how many channels? That is the caller's choice.",
        }
        counted = ask_counts(SqueezeExcite, (channels, squeezed), {})
        expect_equal(counted.get("parameters"), both + channels + squeezed, hints, what="parameters")

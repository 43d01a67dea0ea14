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


# ---- hidden: nothing below this line reaches a student ----


SQUEEZE = "Which activation function stands between the two convolutions?"
GATE = "Which function makes the gates?"
POOL = "Which pooling?"

ACTIVATIONS = {
    "The second convolution's output goes through a sigmoid: where is it?": ("SiLU", "Identity"),
    "An activation function stands between the two convolutions.": ("Identity", "Sigmoid"),
    SQUEEZE: ("ReLU", "Sigmoid"),
    SQUEEZE + " SiLU, not its hard cousin.": ("Hardswish", "Sigmoid"),
    SQUEEZE + " SiLU, not GELU.": ("GELU", "Sigmoid"),
    SQUEEZE + " SiLU, not a sigmoid.": ("Sigmoid", "Sigmoid"),
    SQUEEZE + " SiLU, not a tanh.": ("Tanh", "Sigmoid"),
    SQUEEZE + " The two have changed places.": ("Sigmoid", "SiLU"),
    SQUEEZE + " And which makes the gates?": ("ReLU", "Hardsigmoid"),
    GATE + " A sigmoid, not its hard cousin.": ("SiLU", "Hardsigmoid"),
    GATE + " A sigmoid, not a tanh.": ("SiLU", "Tanh"),
    GATE + " A sigmoid, not a softmax: each channel has its own gate.": ("SiLU", "Softmax2d"),
    GATE + " A sigmoid, not SiLU.": ("SiLU", "SiLU"),
    GATE + " A sigmoid, not ReLU.": ("SiLU", "ReLU"),
}
"""Hint → the mistaken functions, between the convolutions and behind them."""

POOLINGS = {
    POOL + " The average over all positions.": lambda maps: maps.amax((2, 3), keepdim=True),
    POOL + " The average, not the sum.": lambda maps: maps.sum((2, 3), keepdim=True),
    POOL + " Each image of a batch has gates of its own.": lambda maps: maps.mean((0, 2, 3), keepdim=True),
    "Each channel is averaged over all positions before the two convolutions.": lambda maps: maps,
    POOL + " Over both directions, not over one.": lambda maps: maps.mean(3, keepdim=True),
    POOL + " Over both directions, not over just one.": lambda maps: maps.mean(2, keepdim=True),
}
"""Hint → what is done in the place of pooling."""

USES = {
    "The channels come out as they came in: where are the gates?": lambda maps, gates: maps,
    "What is done with the gates? They scale, they are not added.": lambda maps, gates: maps + gates,
    "Nothing is added here: the input is scaled.": lambda maps, gates: maps + maps * gates,
}
"""Hint → what is done with the gates."""


BIASES = {
    "Both convolutions have a bias.": ("fc1", "fc2"),
    "The first convolution has a bias, too.": ("fc1",),
    "The second convolution has a bias, too.": ("fc2",),
}
"""Hint → the convolutions that lack one."""

NORMS = "There is no BatchNorm in squeeze-and-excitation."

SLIPS = (*ACTIVATIONS, *BIASES, NORMS)
"""Hints of what one case tells, and the others forgive."""


def build(channels, squeezed, mistake=None):
    """torchvision's own, or a mistaken one where `mistake` is one of the hints."""
    from torch import nn

    made = theirs(channels, squeezed)
    if mistake in ACTIVATIONS:
        made.activation, made.scale_activation = (getattr(nn, kind)() for kind in ACTIVATIONS[mistake])
    elif mistake in POOLINGS:
        made.avgpool.forward = POOLINGS[mistake]
    elif mistake in BIASES:
        for name in BIASES[mistake]:
            getattr(made, name).bias = None
    elif mistake == NORMS:
        made.fc1 = nn.Sequential(made.fc1, nn.BatchNorm2d(squeezed))
        made.fc2 = nn.Sequential(made.fc2, nn.BatchNorm2d(channels))
    elif mistake in USES:
        made.forward = lambda maps: USES[mistake](maps, made._scale(maps))
    return made


@remembered
def reference(sizes, seed, shape):
    from scalelab.checking.networks import right

    return right(build, sizes, {}, seed, shape)


def of_mistakes(channels, squeezed, seed, shape):
    """A function that says which mistake gives the values that were given, or None."""

    def explain(given):
        if given["shape"] != list(shape) and given["shape"] in ([*shape[:2], 1, 1], list(shape[:2])):
            return "Those are the gates: what is done with them?"
        layers = layers_of(given)
        if layers and layers[0].outputs != squeezed:
            return "To how many channels? squeezed_channels says the number itself: it is the caller's choice."
        for hint in (*SLIPS, *POOLINGS, *USES):
            if alike(given, reference((channels, squeezed, hint), seed, shape)):
                return hint
        return None

    return explain


def compare(SqueezeExcite, channels, squeezed, shape, seed, forgiven=()):
    """forgiven: hints of mistakes that cost nothing here."""
    from scalelab.checking.networks import expect_same

    given = ask(SqueezeExcite, (channels, squeezed), {}, seed, shape)
    others = (reference((channels, squeezed, one), seed, shape) for one in forgiven)
    explain = of_mistakes(channels, squeezed, seed, shape)
    expect_same(given, reference((channels, squeezed), seed, shape), explain, forgiven=others)


@test_case(points=1.5, hidden=True)
def gates_each_channel(SqueezeExcite):
    """Of maps of a single pixel, so that the pooling is seen elsewhere."""
    draw, channels = rng("q3_se:function"), 26
    compare(SqueezeExcite, channels, channels + 3, (2, channels, 1, 1), draw.randrange(2**31))
    compare(SqueezeExcite, channels, channels // 4, (3, channels, 1, 1), draw.randrange(2**31))
    # Where nothing is drawn and nothing is normalised, training changes nothing.
    asked = (channels, channels // 4), {}, draw.randrange(2**31), (3, channels, 1, 1)
    calm, trained = (ask(SqueezeExcite, *asked, *modes) for modes in ((), ("training",)))
    hint = "A gate is the same in training: nothing is dropped, and nothing is left as it came in."
    expect_equal(alike(trained, calm), True, {False: hint}, what="whether training leaves the gates as they are")


@test_case(points=1.5, hidden=True)
def of_maps_of_any_size(SqueezeExcite):
    """Whatever activation functions there are, and biases: those are seen elsewhere."""
    draw = rng("q3_se:maps")
    channels = 24
    for height, width in ((5, 5), (3, 9), (11, 7)):
        shape = (4, channels, height, width)
        compare(SqueezeExcite, channels, channels // 4, shape, draw.randrange(2**31), SLIPS)


@test_case(points=0.5, hidden=True)
def a_single_image_and_a_single_squeezed_channel(SqueezeExcite):
    """Whatever is pooled, and whatever the activation functions."""
    draw = rng("q3_se:single")
    channels = 10
    forgiven = (*SLIPS, *POOLINGS)
    compare(SqueezeExcite, channels, 1, (16, channels, 5, 5), draw.randrange(2**31), forgiven)
    one = "A single image is a batch, too: of what does squeeze() rid it?"
    with hint_where_it_raises(one, "IndexError", "ValueError"):
        compare(SqueezeExcite, channels, 1, (1, channels, 5, 4), draw.randrange(2**31), forgiven)


@test_case(points=0.5, hidden=True)
def parameters_of_any_size(SqueezeExcite):
    draw = rng("q3_se:parameters")
    for _ in range(2):
        channels, squeezed = draw.randrange(80, 200), draw.randrange(5, 9)

        def count(inside, channels=channels):
            return 2 * channels * inside + inside + channels

        both = 2 * channels * squeezed
        hints = {
            both: "Both convolutions have a bias.",
            both + squeezed: "The second convolution has a bias, too.",
            both + channels: "The first convolution has a bias, too.",
            count(channels // 4): "To how many channels? That is the caller's choice.",
            count(channels // squeezed): "squeezed_channels says the number itself, and is no ratio.",
        }
        counted = ask_counts(SqueezeExcite, (channels, squeezed), {})
        expect_equal(counted.get("parameters"), count(squeezed), hints, what="parameters")

"""q3_mbconv: the inverted residual block with squeeze-and-excitation."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, in_place_of, remembered, rng
from scalelab.checking.networks import ask, ask_counts, hint_where_it_raises

OK_FORMAT = False
name = "q3_mbconv"
points = 8

withheld = ("torchvision.models.efficientnet", "torchvision.ops.misc.SqueezeExcitation")


@test_case(points=1)
def shapes(MBConv):
    padded = "The padding is (kernel − 1)/2 on every side."
    for sizes, image, expected in (
        ((16, 24, 3, 2, 6), (2, 16, 8, 8), (2, 24, 4, 4)),
        ((8, 8, 5, 2, 1), (2, 8, 9, 8), (2, 8, 5, 4)),
        ((24, 24, 5, 1, 6), (2, 24, 8, 6), (2, 24, 8, 6)),
        ((8, 16, 3, 1, 4), (2, 8, 5, 5), (2, 16, 5, 5)),
    ):
        n, channels, height, width = expected
        hints = {
            (n, channels, height - 1, width - 1): padded,
            (n, channels, height - 2, width - 2): padded,
            (n, channels, height - 4, width - 4): padded,
            (n, channels, *image[2:]): "Where does the block stride?",
            (n, channels, (height + 1) // 2, (width + 1) // 2): "Which convolution strides? Only one of them.",
        }
        given = ask(MBConv, sizes, {}, 1, image)
        expect_equal(given["shape"], expected, hints, what=f"the shape for MBConv{sizes} and an input of {image}")


@test_case(points=0.5)
def parameters_of_one_block(MBConv):
    hints = {
        9864: "To how many channels does squeeze-and-excitation squeeze? A quarter of which number?",
        6390: "To how many channels does squeeze-and-excitation squeeze? A quarter of which number?",
        5136: "Where is squeeze-and-excitation?",
        5356: "Squeeze-and-excitation works on the expanded channels, before the projection.",
        6220: "No convolution outside squeeze-and-excitation has a bias.",
        88084: "The 3 × 3 convolution is depthwise.",
        5572: "Which convolutions are followed by a BatchNorm?",
        5620: "Which convolutions are followed by a BatchNorm?",
        5812: "Which convolutions are followed by a BatchNorm? Each has its own.",
        5956: "Which convolutions are followed by a BatchNorm? The projection, too.",
        5904: "Both convolutions of squeeze-and-excitation have a bias.",
        5988: "Each BatchNorm stands behind its convolution, not before it.",
        6436: "Where the shapes differ there is no shortcut, not even a convolution.",
        6388: "Where the shapes differ there is no shortcut, not even a convolution.",
        6412: "Where the shapes differ there is no shortcut, not even a convolution.",
        10324: "As many groups as channels that come into this convolution.",
        8980: "What is multiplied by the ratio? The channels that come in.",
        0: "Layers are attributes of the module: those in a plain list or dict are not found.",
    }
    counted = ask_counts(MBConv, (16, 24, 3, 2, 6), {}).get("parameters")
    expect_equal(counted, 6004, hints, what="the parameters of MBConv(16, 24, 3, 2, 6)")

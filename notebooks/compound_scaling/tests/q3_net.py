"""q3_net: EfficientNet, scaled by the two rounding rules."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, in_place_of, remembered, rng
from scalelab.checking.networks import ask, ask_counts

OK_FORMAT = False
name = "q3_net"
points = 12

withheld = ("torchvision.models.efficientnet", "torchvision.ops.misc.SqueezeExcitation")


@test_case(points=1)
def b0_gives_logits(EfficientNet):
    hints = {
        (2, 1280): "Those are the features of the head: where is the classifier?",
        (2, 1000, 2, 2): "The average over all positions comes before the classifier.",
        (2, 1000, 1, 1): "Logits are one row of numbers an image: flatten what was pooled.",
    }
    given = ask(EfficientNet, (), {}, 1, (2, 3, 33, 33))
    expect_equal(given["shape"], (2, 1000), hints, what="the shape of the logits of two images")


@test_case(points=1)
def b0_has_its_published_parameters(EfficientNet):
    hints = {
        8423848: "Squeeze-and-excitation squeezes to a quarter of the block's input channels, not of the expanded.",
        4652008: "Where is squeeze-and-excitation?",
        5309556: "No convolution outside squeeze-and-excitation has a bias.",
        5289636: "Where the expansion ratio is 1 there is no expansion convolution.",
        5187172: "Some stages have kernels of 5.",
        5287548: "The classifier has a bias.",
        4007548: "Where is the classifier?",
        3916388: "Where is the head? It stands between the last stage and the pooling.",
        5289860: "Stem and head have no bias.",
        5285988: "A BatchNorm stands behind the head.",
        5285924: "A BatchNorm stands behind the stem, and one behind the head.",
        1694088: "Blocks are kept in an nn.Sequential or nn.ModuleList: those in a plain list are not found.",
    }
    counted = ask_counts(EfficientNet, (), {}).get("parameters")
    expect_equal(counted, 5288548, hints, what="the parameters of B0")

"""q2_2: what doubling one dimension does to a ConvNet's multiply-adds."""

from otter.test_files import test_case

from scalelab.checking import expect_close, expect_equal, expect_keys, in_place_of, rng

OK_FORMAT = False
name = "q2_2"
points = 6


@test_case(points=0.5)
def one_small_convolution(conv_macs):
    hints = {
        55296: "A multiply-add is one here, not two.",
        3072: "A kernel looks at more than one position of its input.",
        9216: "How many positions does a kernel look at, in two dimensions?",
        18432: "How many positions does a kernel look at, in two dimensions?",
        1728: "Every output channel has a kernel of its own.",
        432: "That is the number of weights: how often is each used?",
        448: "That is the number of weights, and of biases: how often is each used?",
        1024: "That is the number of outputs: how many products go into each?",
        28672: "This convolution has no bias.",
        15552: "With 'same' padding, an 8 × 8 map stays 8 × 8; products with the padding count as well.",
        23232: "Products with the padding count like all others.",
    }
    macs = conv_macs(8, 8, 3, 16, 3)
    expect_equal(macs, 27648, hints, what="a 3 × 3 convolution of 8 × 8 pixels, 3 → 16 channels")


@test_case(points=0.5)
def one_small_network(network_macs):
    hints = {
        3600: "A multiply-add is one here, not two.",
        900: "How many layers are there? And of each: how many channels are coming in, and how many going out?",
        360: "A map has a height and a width.",
        600: "How many positions does a kernel look at, in two dimensions?",
        200: "How many positions does a kernel look at, in two dimensions?",
    }
    macs = network_macs(2, 2, 5, 3)
    expect_equal(macs, 1800, hints, what="two 3 × 3 layers of 2 channels on 5 × 5 maps")


@test_case(points=0.5)
def names_every_dimension(flops_multiplier):
    expect_keys(flops_multiplier, {"depth", "width", "resolution"})

"""q2_2: what doubling one dimension does to a ConvNet's multiply-adds."""

from otter.test_files import test_case

from scalelab.checking import Unexpected, expect_close, expect_equal, expect_keys, in_place_of, is_equal, plain, rng

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


FIRST_LAYER = {2250: "All layers are alike: the first one, too, has `width` channels coming in."}


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
    expect_equal(macs, 1800, hints | FIRST_LAYER, what="two 3 × 3 layers of 2 channels on 5 × 5 maps")


@test_case(points=0.5)
def names_every_dimension(flops_multiplier):
    expect_keys(flops_multiplier, {"depth", "width", "resolution"})


@test_case(points=0)
def strides_groups_and_rectangles(conv_macs):
    groups = "With groups, each output sees the channels of its own group alone."
    every = {
        93312: "The stride thins out the rows, and the columns as well.",
        31104: "Rows and columns: both are thinned out.",
    }
    given = conv_macs(18, 18, 4, 8, 3, 3)
    expect_equal(given, 10368, every, what="a 3 × 3 convolution of 18 × 18 pixels, 4 → 8 channels, stride 3")
    rounding = {
        324: "Where the stride does not divide the size, which positions are still visited?",
        486: "Rows and columns are thinned out one by one: each of the two sizes is a whole number.",
    }
    given = conv_macs(7, 5, 2, 3, 3, 2)
    expect_equal(given, 648, rounding, what="a 3 × 3 convolution of 7 × 5 pixels, 2 → 3 channels, stride 2")
    given = conv_macs(10, 3, 1, 1, 1, 3)
    expect_equal(given, 4, what="a 1 × 1 convolution of 10 × 3 pixels, 1 → 1 channel, stride 3")
    hints = {1536: groups, 384: groups, 3072: groups}
    given = conv_macs(4, 8, 12, 4, 1, 1, 2)
    expect_equal(given, 768, hints, what="a 1 × 1 convolution of 4 × 8 pixels, 12 → 4 channels, 2 groups")
    given = conv_macs(4, 4, 2, 6, 3, 1, 2)
    expect_equal(given, 864, hints, what="a 3 × 3 convolution of 4 × 4 pixels, 2 → 6 channels, 2 groups")
    given = conv_macs(2, 2, 1, 1, 5)
    expect_equal(
        given, 100, {36: "Products with the padding count like all others."}, what="a 5 × 5 kernel on 2 × 2 pixels"
    )


@test_case(points=0)
def networks_of_any_size(network_macs):
    given = network_macs(3, 4, 6, 5)
    expect_equal(
        given,
        43200,
        {15552: "Does the network have the kernel that it is given?"},
        what="three 5 × 5 layers of 4 channels on 6 × 6 maps",
    )
    expect_equal(network_macs(1, 1, 2, 5), 100, what="one 5 × 5 layer of 1 channel on 2 × 2 maps")
    expect_equal(network_macs(2, 2, 5), 1800, what="two layers of 2 channels on 5 × 5 maps, with the kernel left out,")


@test_case(points=0)
def the_multipliers_are_those_of_your_own_network(flops_multiplier, network_macs):
    expect_keys(flops_multiplier, {"depth", "width", "resolution"})
    draw = rng("q2_2:practice")
    sizes = {"depth": draw.randrange(2, 9), "width": draw.randrange(2, 30), "resolution": draw.randrange(6, 30)}
    for name, size in sizes.items():
        before, after = (plain(network_macs(*(sizes | {name: factor * size}).values())) for factor in (1, 2))
        if not before or flops_multiplier[name] == after / before:
            continue
        called = ", ".join(f"{key}={value}" for key, value in sizes.items())
        hint = f"What does your own network_macs say? Divide its value at {name}={2 * size} by that at {name}={size}."
        raise Unexpected(f'flops_multiplier["{name}"] is not what network_macs({called}) grows by', hint)

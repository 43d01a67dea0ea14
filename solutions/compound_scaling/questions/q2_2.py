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


# ---- hidden: nothing below this line reaches a student ----


def macs_of(height, width, inputs, outputs, kernel, stride=1, groups=1):
    return -(-height // stride) * -(-width // stride) * (inputs // groups) * outputs * kernel * kernel


TWICE = "Is that a count of multiply-adds, or of FLOPs?"
ONE_SIDE = "A map has a height and a width: does the formula use both?"
FLAT = "The kernel is a square: how many weights has it for one input channel?"
UNPADDED = "Is there padding? With 'same' padding, stride 1 keeps the size of the map."
PADDED = "Products with the padding count like all others."
DEPTHWISE = "Is every grouped convolution a depthwise one?"
ROWS_AND_COLUMNS = "The stride thins out the rows, and the columns as well."
MORE = "By what factor is it multiplied: not how much comes on top, and not in percent."
PAIRS = "A layer has that many channels coming in, and that many going out."
FLOOR = "Where the stride does not divide the size, which positions are still visited?"


def check_conv(conv_macs, height, width, inputs, outputs, kernel, *rest):
    """rest: stride and groups, where they are handed over."""
    stride, groups = (*rest, 1, 1)[:2]
    right = macs_of(height, width, inputs, outputs, kernel, stride, groups)
    area, rows, columns = kernel * kernel, -(-height // stride), -(-width // stride)
    pairs = inputs * outputs // groups
    hints = {
        2 * right: TWICE,
        right // kernel: FLAT,
        right // area * 2 * kernel: FLAT,
        right // outputs: "Every output channel has a kernel of its own.",
        right // (inputs // groups): DEPTHWISE if groups > 1 else "A kernel reaches through the channels of its input.",
        area * pairs: "That is the number of weights: how often is each used?",
        rows * columns * outputs: "That is the number of outputs: how many products go into each?",
        right + rows * columns * outputs: "This convolution has no bias.",
        rows * rows * area * pairs: ONE_SIDE,
        columns * columns * area * pairs: ONE_SIDE,
        rows * area * pairs: ONE_SIDE,
        height * width * area * pairs: "What does the stride do to the number of outputs?",
        height * width * area * pairs // stride: ROWS_AND_COLUMNS,
        rows * width * area * pairs: ROWS_AND_COLUMNS,
        height * columns * area * pairs: ROWS_AND_COLUMNS,
        ((height - kernel) // stride + 1) * ((width - kernel) // stride + 1) * area * pairs: UNPADDED,
        round(height * width / stride**2) * area * pairs: FLOOR,
        round(height / stride) * round(width / stride) * area * pairs: FLOOR,
        -(-height * width // stride**2) * area * pairs: FLOOR,
        height * width // stride**2 * area * pairs: FLOOR,
        height * width * area * pairs // stride**2: FLOOR,
        height * width * area * pairs / stride**2: FLOOR,
        (height // stride) * (width // stride) * area * pairs: FLOOR,
        (height // stride + 1) * (width // stride + 1) * area * pairs: "What if the stride divides the size?",
        right * groups**2: "In a grouped convolution, how many of the inputs does an output see?",
        right * groups: "In a grouped convolution, how many of the inputs does an output see?",
        right // groups: "Do the groups divide the inputs that an output sees, or the outputs as well?",
    }
    # Whoever is wrong about all kernels or all outputs has failed at other sizes already.
    if kernel > min(height, width):
        hints[right // area * min(kernel, height) * min(kernel, width)] = PADDED
    if groups == inputs > 1:
        hints[rows * columns * area * inputs] = "Has a group one output, or may it have several?"
    macs = conv_macs(height, width, inputs, outputs, kernel, *rest)
    expect_equal(macs, right, hints, what="the number of multiply-adds")


# No count goes beyond 2²⁴, not even before it is divided by the groups: so all are exact in float32, and can be
# counted one by one in a second or two.


@test_case(points=0.5, hidden=True)
def kernels_and_channels(conv_macs):
    draw = rng("q2_2:channels")
    # One channel, one pixel, a kernel that is larger than the map, and a map that is taller than wide.
    for sizes in ((6, 5, 1, 7, 3), (5, 6, 7, 1, 3), (1, 1, 4, 9, 3), (9, 4, 5, 11, 7), (14, 9, 21, 22, 1)):
        check_conv(conv_macs, *sizes)
    for kernel in (3, 1, draw.choice([5, 7])):
        height, width = draw.randrange(7, 10), draw.randrange(10, 14)  # never one twice the other
        inputs, outputs = draw.sample(range(10, 24), 2)
        check_conv(conv_macs, height, width, inputs, outputs, kernel)
        check_conv(conv_macs, height, width, outputs, inputs, kernel, 1)


@test_case(points=0.5, hidden=True)
def strides(conv_macs):
    draw = rng("q2_2:strides")
    for stride, kernel in ((3, 3), (2, 5), (4, 3)):
        height, width = stride * draw.randrange(10, 13), stride * draw.randrange(13, 20)
        inputs, outputs = draw.sample(range(11, 30), 2)
        check_conv(conv_macs, height, width, inputs, outputs, kernel, stride)
    # Strides larger than the kernel: positions are passed over.
    check_conv(conv_macs, 12, 16, 11, 13, 3, 4)
    check_conv(conv_macs, 12, 18, 11, 13, 1, 3)


@test_case(points=0.5, hidden=True)
def sizes_that_the_stride_does_not_divide(conv_macs):
    draw = rng("q2_2:odd")
    check_conv(conv_macs, 7, 9, 2, 3, 3, 2)
    check_conv(conv_macs, 2, 3, 5, 7, 3, 4)  # the stride is larger than the map
    if is_equal(conv_macs(12, 18, 11, 13, 1, 3), macs_of(12, 18, 11, 13, 1, 3)):  # asked about elsewhere
        check_conv(conv_macs, 7, 9, 11, 13, 1, 2)
    for _ in range(2):
        height, width = 2 * draw.randrange(5, 20) + 1, 2 * draw.randrange(21, 40) + 1
        check_conv(conv_macs, height, width, draw.randrange(11, 20), draw.randrange(21, 30), 5, 2)
    check_conv(conv_macs, 3 * draw.randrange(5, 20) + 1, 3 * draw.randrange(21, 40) + 2, 13, 17, 3, 3)
    for height, width in ((7, 8), (8, 7), (14, 9), (9, 14)):  # the stride divides one of them
        check_conv(conv_macs, height, width, 5, 11, 3, 2)


@test_case(points=0.5, hidden=True)
def groups(conv_macs):
    draw = rng("q2_2:groups")
    channels = draw.randrange(20, 60)
    check_conv(conv_macs, 12, 14, channels, channels, 5, 1, channels)  # a depthwise convolution
    check_conv(conv_macs, 9, 11, 4, 12, 3, 1, 4)  # one, too, with three outputs for each input
    for count in (2, draw.randrange(3, 6)):
        inputs, outputs = count * (count + draw.randrange(1, 6)), count * draw.randrange(14, 19)
        check_conv(conv_macs, draw.randrange(10, 15), draw.randrange(15, 20), inputs, outputs, 3, 1, count)
    check_conv(conv_macs, 8, 7, 12, 18, 1, 1, 6)
    for *sizes, count in (
        (12, 16, 10, 14, 3, 2, 2),
        (7, 9, 8, 6, 5, 2, 2),
        (11, 12, 6, 4, 3, 3, 2),
        (8, 10, 4, 4, 3, 2, 4),
    ):
        check_groups_with_stride(conv_macs, *sizes, count)


def check_groups_with_stride(conv_macs, height, width, inputs, outputs, kernel, stride, count):
    """Groups and stride at once, beside what the same answer says without groups: strides cost no points twice."""
    all_in_one = plain(conv_macs(height, width, inputs, outputs, kernel, stride, 1))
    given = conv_macs(height, width, inputs, outputs, kernel, stride, count)
    hints = {height * width * inputs * outputs * kernel * kernel / count: "Has a grouped convolution a stride as well?"}
    expect_equal(given, all_in_one / count, hints, what="the number of multiply-adds")


CONV_MACS = """
def conv_macs(rows, columns, inputs, outputs, kernel, stride=1, groups=1):
    return -(-rows // stride) * -(-columns // stride) * outputs * (inputs // groups) * kernel * kernel
"""
"""For those who count the network's layers by their own conv_macs, which was asked about already."""


def check_network(network_macs, depth, width, resolution, kernel=None):
    """kernel: None where none is handed over."""
    size = 3 if kernel is None else kernel
    right = depth * macs_of(resolution, resolution, width, width, size)
    first = macs_of(resolution, resolution, 3, width, size)
    unpadded = resolution - size + 1
    shrinking = range(resolution + 1 - size, 0, 1 - size) if size > 1 else [resolution] * depth
    hints = {
        2 * right: TWICE,
        right // depth: "How many layers does the network have?",
        (right // depth) ** depth: "The layers stand one after the other: do their costs multiply, or add up?",
        right // width: PAIRS,
        right // width * 2: PAIRS,
        right // resolution: ONE_SIDE,
        right // resolution // resolution: "How often is each weight used?",
        right // size: FLAT,
        right // (size * size): "What of the kernel's size?",
        right // (size * size) * 2 * size: FLAT,
        right + depth * resolution**2 * width: "This convolution has no bias.",
        right // resolution**2 * unpadded**2: UNPADDED,
        right // depth // resolution**2 * sum(side * side for side in list(shrinking)[:depth]): UNPADDED,
        right // depth * (depth - 1): "One layer is missing.",
        right // depth * (depth + 1): "One layer too many.",
        depth * macs_of(resolution, resolution, width, width, 3): "Is the kernel always the same?",
        right - right // depth + first: "Here the first layer has as many input channels as all others.",
    }
    if size > resolution:
        hints[right // size**2 * resolution**2] = PADDED
    rest = () if kernel is None else (kernel,)
    expect_equal(network_macs(depth, width, resolution, *rest), right, hints, what="the number of multiply-adds")


@test_case(points=0.5, hidden=True)
@in_place_of("conv_macs", CONV_MACS)
def plain_networks(network_macs):
    draw = rng("q2_2:network")
    for depth in (draw.choice([4, 7, 8]), 1):  # never half of the width
        check_network(network_macs, depth, draw.randrange(10, 13), draw.randrange(14, 24), 3)
    check_network(network_macs, 3, 1, 1, 3)  # the least width and resolution: here no hint tells mistakes apart


@test_case(points=0.5, hidden=True)
@in_place_of("conv_macs", CONV_MACS)
def networks_of_other_kernels(network_macs):
    draw = rng("q2_2:network kernels")
    for kernel in (None, 5, 1):
        check_network(network_macs, 4, draw.randrange(10, 13), draw.randrange(22, 24), kernel)


@test_case(points=0.5, hidden=True)
def doubled_depth(flops_multiplier):
    every = "Are the new layers dearer than the old ones? Count the network at two depths."
    hints = {4: every, 8: every, 0: MORE, 1: MORE, 100: MORE, 200: MORE}
    expect_close(flops_multiplier["depth"], 2, hints, what='flops_multiplier["depth"]')


@test_case(points=0.5, hidden=True)
def doubled_width(flops_multiplier):
    hints = {
        2: "Wider layers have more outputs; what of the inputs of the next one?",
        8: "The channels come in and go out; does anything else depend on the width?",
        16: "The channels come in and go out; does anything else depend on the width?",
        1: MORE,
        3: MORE,
        300: MORE,
        400: MORE,
    }
    expect_close(flops_multiplier["width"], 4, hints, what='flops_multiplier["width"]')


@test_case(points=0.5, hidden=True)
def doubled_resolution(flops_multiplier):
    hints = {
        2: "Twice the resolution is twice the height: and the width of the map?",
        8: "A map has two sides; does the kernel grow with them?",
        16: "A map has two sides; does the kernel grow with them?",
        1: MORE,
        3: MORE,
        300: MORE,
        400: MORE,
    }
    expect_close(flops_multiplier["resolution"], 4, hints, what='flops_multiplier["resolution"]')

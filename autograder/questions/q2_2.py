"""q2_2: what doubling one dimension does to a ConvNet's multiply-adds."""

from otter.test_files import test_case

from scalelab.checking import expect_close, expect_equal, expect_keys, rng

OK_FORMAT = False
name = "q2_2"
points = 6


@test_case(points=0.5)
def one_small_convolution(conv_macs):
    hints = {
        55296: "A multiply-add is one here, not two.",
        3072: "A kernel looks at more than one position of its input.",
        9216: "How many positions does a kernel look at, in two dimensions?",
        1728: "Every output channel has a kernel of its own.",
        432: "That is the number of weights: how often is each used?",
        28672: "This convolution has no bias.",
        15552: "With 'same' padding, an 8 × 8 map stays 8 × 8; products with the padding count as well.",
    }
    macs = conv_macs(8, 8, 3, 16, 3)
    expect_equal(macs, 27648, hints, what="a 3 × 3 convolution, 3 → 16 channels, on 8 × 8,")


@test_case(points=0.5)
def one_small_network(network_macs):
    hints = {
        3600: "A multiply-add is one here, not two.",
        900: "How many layers does the network have?",
    }
    macs = network_macs(2, 2, 5, 3)
    expect_equal(macs, 1800, hints, what="two 3 × 3 layers of 2 channels on 5 × 5 maps")


@test_case(points=0.5)
def names_every_dimension(flops_multiplier):
    expect_keys(flops_multiplier, {"depth", "width", "resolution"})


# ---- hidden: nothing below this line reaches a student ----


def macs_of(height, width, inputs, outputs, kernel, stride=1, groups=1):
    return -(-height // stride) * -(-width // stride) * (inputs // groups) * outputs * kernel * kernel


TWICE = "Is that a count of multiply-adds, or of FLOPs?"
ONE_SIDE = "A map has a height and a width: does the formula use both?"
FLAT = "The kernel is a square: how many weights has it for one input channel?"
UNPADDED = "Is there padding? With 'same' padding, stride 1 keeps the size of the map."
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
        right // outputs: "Every output channel has a kernel of its own.",
        right // (inputs // groups): "A kernel reaches through the channels of its input.",
        area * pairs: "That is the number of weights: how often is each used?",
        right + rows * columns * outputs: "This convolution has no bias.",
        rows * rows * area * pairs: ONE_SIDE,
        columns * columns * area * pairs: ONE_SIDE,
        height * width * area * pairs: "What does the stride do to the number of outputs?",
        height * width * area * pairs // stride: "The stride thins out the rows, and the columns as well.",
        ((height - kernel) // stride + 1) * ((width - kernel) // stride + 1) * area * pairs: UNPADDED,
        round(height * width / stride**2) * area * pairs: FLOOR,
        height * width * area * pairs / stride**2: FLOOR,
        (height // stride) * (width // stride) * area * pairs: FLOOR,
        right * groups: "In a grouped convolution, how many of the inputs does an output see?",
        right // groups: "Do the groups divide the inputs that an output sees, or the outputs as well?",
    }
    macs = conv_macs(height, width, inputs, outputs, kernel, *rest)
    expect_equal(macs, right, hints, what="the number of multiply-adds")


@test_case(points=0.5, hidden=True)
def kernels_and_channels(conv_macs):
    draw = rng("q2_2:channels")
    for kernel in (1, 3, draw.choice([5, 7])):
        height, width = draw.randrange(5, 9), draw.randrange(10, 15)
        inputs, outputs = draw.sample(range(5, 24), 2)
        check_conv(conv_macs, height, width, inputs, outputs, kernel)
        check_conv(conv_macs, height, width, outputs, inputs, kernel, 1)


@test_case(points=0.5, hidden=True)
def strides(conv_macs):
    draw = rng("q2_2:strides")
    for stride in (2, 3, 4):
        height, width = stride * draw.randrange(5, 12), stride * draw.randrange(13, 20)
        inputs, outputs = draw.sample(range(11, 40), 2)
        check_conv(conv_macs, height, width, inputs, outputs, draw.choice([3, 5]), stride)


@test_case(points=0.5, hidden=True)
def sizes_that_the_stride_does_not_divide(conv_macs):
    draw = rng("q2_2:odd")
    check_conv(conv_macs, 7, 9, 2, 3, 3, 2)
    for _ in range(2):
        height, width = 2 * draw.randrange(5, 20) + 1, 2 * draw.randrange(21, 50) + 1
        check_conv(conv_macs, height, width, draw.randrange(11, 40), draw.randrange(41, 60), 5, 2)
    check_conv(conv_macs, 3 * draw.randrange(5, 20) + 1, 3 * draw.randrange(21, 40) + 2, 13, 17, 3, 3)


@test_case(points=0.5, hidden=True)
def groups(conv_macs):
    draw = rng("q2_2:groups")
    channels = draw.randrange(20, 90)
    check_conv(conv_macs, 12, 14, channels, channels, 5, 1, channels)  # a depthwise convolution
    for count in (2, draw.randrange(3, 9)):
        inputs, outputs = count * draw.randrange(2, 9), count * draw.randrange(10, 19)
        check_conv(conv_macs, draw.randrange(10, 20), draw.randrange(21, 30), inputs, outputs, 3, 1, count)


@test_case(points=1, hidden=True)
def plain_networks(network_macs):
    draw = rng("q2_2:network")
    for kernel in (3, draw.choice([1, 5, 7])):
        depth, width, resolution = draw.randrange(4, 9), draw.randrange(10, 19), draw.randrange(20, 39)
        right = depth * macs_of(resolution, resolution, width, width, kernel)
        hints = {
            2 * right: TWICE,
            right // depth: "How many layers does the network have?",
            right // width: "A layer has that many channels coming in, and that many going out.",
            right // resolution: ONE_SIDE,
            right // kernel: FLAT,
            right // (kernel * kernel): "What of the kernel's size?",
            depth * macs_of(resolution, resolution, width, width, 3): "Is the kernel always the same?",
            (depth - 1) * macs_of(resolution, resolution, width, width, kernel)
            + macs_of(
                resolution, resolution, 3, width, kernel
            ): "Here the first layer has as many input channels as all others.",
        }
        expect_equal(network_macs(depth, width, resolution, kernel), right, hints, what="the number of multiply-adds")
    right = depth * macs_of(resolution, resolution, width, width, 3)
    expect_equal(network_macs(depth, width, resolution), right, {right // 9: "Which kernel is it where none is said?"})


@test_case(points=0.5, hidden=True)
def doubled_depth(flops_multiplier):
    every = "Are the new layers dearer than the old ones? Count the network at two depths."
    expect_close(flops_multiplier["depth"], 2, {4: every, 1: every, 8: every}, what='flops_multiplier["depth"]')


@test_case(points=0.5, hidden=True)
def doubled_width(flops_multiplier):
    hints = {
        2: "Wider layers have more outputs; what of the inputs of the next one?",
        8: "The channels come in and go out; does anything else depend on the width?",
    }
    expect_close(flops_multiplier["width"], 4, hints, what='flops_multiplier["width"]')


@test_case(points=0.5, hidden=True)
def doubled_resolution(flops_multiplier):
    hints = {
        2: "Twice the resolution is twice the height: and the width of the map?",
        8: "A map has two sides; does the kernel grow with them?",
        16: "A map has two sides; does the kernel grow with them?",
    }
    expect_close(flops_multiplier["resolution"], 4, hints, what='flops_multiplier["resolution"]')

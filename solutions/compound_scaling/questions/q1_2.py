"""q1_2: what a stage of a ConvNet does to the shape of its input."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, is_equal, plain, rng

OK_FORMAT = False
name = "q1_2"
points = 4


@test_case(points=1)
def worked_examples(stage_output_shape):
    hints = {
        (56, 112, 24): "Is the stride applied to the height and to the width?",
        (56, 56, 16): "How many channels leave the stage?",
        (56, 56, 32): "How many channels leave the stage?",
        (56, 56, 48): "Do the layers of a stage add their channels up?",
        (112, 112, 24): "A layer with a stride of 2 looks at every second position only.",
        (224, 224, 24): "A layer with a stride of 2 looks at every second position only.",
        (28, 28, 24): "How many of the stage's layers have the stride?",
        (24, 56, 56): "The channels come last here: (H', W', C').",
        (1, 24, 56, 56): "The batch is left out here, and the channels come last: (H', W', C').",
        (55, 55, 24): "Is there padding? With 'same' padding, stride 1 keeps the size of the map.",
        (53, 53, 24): "Is there padding? With 'same' padding, stride 1 keeps the size of the map.",
        (57, 57, 24): "What if the stride divides the size?",
    }
    expect_equal(stage_output_shape(112, 112, 16, 24, 2, 2), (56, 56, 24), hints, what="the shape")
    hints = {(15, 15, 112): "What if the stride divides the size?"}
    expect_equal(stage_output_shape(14, 14, 80, 112, 1, 3), (14, 14, 112), hints, what="the shape with stride 1")


DIVIDES = "What if the stride divides the size?"
LOST = "Where the stride does not divide the size, does 'same' padding lose the last position?"
NEAREST = "Rounding up is not rounding to the nearest: what of a size just past a multiple of the stride?"
HALF = "Can a map have half a pixel?"
SQUARE = "A map need not be a square."
ALWAYS_2 = "Is the stride always the same?"
ONE_STRIDES = "How many of the stage's layers have the stride?"


@test_case(points=0)
def sizes_that_are_no_multiple_of_the_stride(stage_output_shape):
    hints = {(3, 3, 8): LOST, (3.5, 3.5, 8): HALF, (5, 5, 8): DIVIDES}
    expect_equal(stage_output_shape(7, 7, 8, 8, 2, 1), (4, 4, 8), hints, what="the shape of a 7 × 7 map, stride 2")
    hints = {(3, 3, 8): NEAREST, (5, 5, 8): ALWAYS_2, (10 / 3, 10 / 3, 8): HALF}
    expect_equal(stage_output_shape(10, 10, 8, 8, 3, 1), (4, 4, 8), hints, what="the shape of a 10 × 10 map, stride 3")
    hints = {(0, 0, 8): "The kernel stands at the first position, however small the map: how many outputs is that?"}
    expect_equal(stage_output_shape(2, 2, 8, 8, 5, 1), (1, 1, 8), hints, what="the shape of a 2 × 2 map, stride 5")


@test_case(points=0)
def rectangles_and_more_layers(stage_output_shape):
    hints = {
        (5, 3, 3): "Height comes first, then width.",
        (3, 3, 3): SQUARE,
        (5, 5, 3): SQUARE,
        (4, 6, 3): DIVIDES,
        (5, 8, 3): ALWAYS_2,
        (3, 5, 8): "May a stage have fewer channels than come in?",
    }
    expect_equal(stage_output_shape(9, 15, 8, 3, 3, 1), (3, 5, 3), hints, what="the shape of a 9 × 15 map, stride 3")
    hints = {(10, 20, 8): "Height comes first, then width."}
    expect_equal(stage_output_shape(40, 20, 4, 8, 2, 1), (20, 10, 8), hints, what="the shape of a 40 × 20 map")
    hints = {
        (4, 4, 8): ONE_STRIDES,
        (2, 2, 8): ONE_STRIDES,
        (16, 16, 8): "What does the stride do to height and width?",
    }
    expect_equal(
        stage_output_shape(16, 16, 8, 8, 2, 3), (8, 8, 8), hints, what="the shape after three layers, stride 2"
    )


@test_case(points=0)
def any_map_at_stride_1(stage_output_shape):
    draw = rng("q1_2:practice")
    height, width, channels, repeats = (draw.randrange(2, 99) for _ in range(4))
    what = f"the shape of a {height} × {width} map after {repeats} layers with stride 1"
    expect_equal(stage_output_shape(height, width, 7, channels, 1, repeats), (height, width, channels), what=what)


# ---- hidden: nothing below this line reaches a student ----


def shape(size, channels, stride, strided_layers=1):
    """Of a map that was `size` in both directions."""
    for _ in range(strided_layers):
        size = -(-size // stride)
    return size, size, channels


@test_case(points=1, hidden=True)
def height_and_width_are_kept_apart(stage_output_shape):
    """The one case with rectangles, and with other channels leaving than coming in: neither costs points twice."""
    draw = rng("q1_2:rectangles")
    always_two = "Is the stride always the same?"
    # Odd sizes that the stride divides, a map that is taller than wide, and fewer channels leaving than coming in.
    sizes = [(3, 45, 21, 40, 24), (1, 9, 15, 8, 3), (5, 5, 35, 1, 2), (2, 4502, 6, 3, 4096), (2, 8, 3002, 1, 2)]
    for stride in (1, 2, 3):
        height, width = stride * draw.randrange(10, 20), stride * draw.randrange(30, 40)
        sizes.append((stride, height, width, draw.randrange(3, 50), draw.randrange(51, 99)))
    for stride, height, width, inputs, outputs in sizes:
        rows, columns = height // stride, width // stride
        hints = {
            (-(-height // 2), -(-width // 2), outputs): always_two,
            (height // 2, width // 2, outputs): always_two,
            (rows, columns, inputs): "How many channels leave the stage?",
            (columns, rows, outputs): "Height comes first, then width.",
            (rows, rows, outputs): "A map need not be a square.",
            (outputs, rows, columns): "The channels come last here: (H', W', C').",
            (rows, width, outputs): "Is the stride applied to the height and to the width?",
            (height, columns, outputs): "Is the stride applied to the height and to the width?",
            (height, width, outputs): "What does the stride do to height and width?",
            (rows + 1, columns + 1, outputs): DIVIDES,
            (rows + 1, columns, outputs): DIVIDES,
            (rows, columns + 1, outputs): DIVIDES,
            (rows, columns, inputs + outputs): "Do the channels that come in stay?",
            (rows, columns, max(inputs, outputs)): "May a stage have fewer channels than come in?",
            (rows - 1, columns - 1, outputs): "Where does the kernel stand first, and where last?",
        }
        hints.pop((rows, columns, outputs), None)
        expect_equal(stage_output_shape(height, width, inputs, outputs, stride, 1), (rows, columns, outputs), hints)


@test_case(points=1, hidden=True)
def odd_sizes_round_up(stage_output_shape):
    draw = rng("q1_2:odd")
    floor = "Where the stride does not divide the size, does 'same' padding lose the last position?"
    nearest = "Not always up: what of a size just past a multiple of the stride?"
    # At 7 and stride 2 only cutting off goes wrong; at the other sizes rounding to the nearest does, too.
    sizes = [
        (7, 2),
        (1, 2),
        (2, 3),
        (1, 5),
        (6, 4),
        (7, 5),
        (16, 7),
        (17, 16),
        (1001, 1000),  # hardly more than a multiple
        (4 * draw.randrange(5, 30) + 1, 2),
        (3 * draw.randrange(5, 40) + 1, 3),
    ]
    for size, stride in [*sizes, (3 * draw.randrange(5, 40) + 2, 3)]:
        channels = draw.randrange(3, 99)
        hints = {
            (size // stride, size // stride, channels): floor if size == 7 else nearest,
            (size / stride, size / stride, channels): "Can a map have half a pixel?",
            (size, size, channels): "What does the stride do to height and width?",
            shape(size, channels, 2): "Is the stride always the same?",
        }
        given = stage_output_shape(size, size, channels, channels, stride, 1)
        expect_equal(given, shape(size, channels, stride), hints)
    for sizes in ((7, 8, 2), (8, 7, 2), (28, 30, 3), (30, 29, 3)):
        check_one_by_one(stage_output_shape, *sizes)
    if is_equal(stage_output_shape(16, 16, 5, 5, 2, 3), (8, 8, 5)):  # which layers stride is asked about elsewhere
        deep = {(3, 3, 5): "A stage of several layers, too: are odd sizes rounded up?"}
        expect_equal(stage_output_shape(7, 7, 5, 5, 2, 3), (4, 4, 5), deep)


def check_one_by_one(stage_output_shape, height, width, stride):
    """Of two sizes the stride divides one, and both give the same number, so that whoever mixes them up is right here.

    So is whoever rounds both as in a square, which has cost points elsewhere.
    """

    def given_for(height, width):
        return plain(stage_output_shape(height, width, 5, 5, stride, 1))

    found, side = given_for(height, width), -(-height // stride)
    of_squares = sorted([given_for(height, height)[0], given_for(width, width)[0]])
    if sorted(found[:2]) != of_squares or found[2:] != [5]:
        one_by_one = "Height and width are rounded one by one: what if the stride divides only one of them?"
        expect_equal(found, (side, side, 5), {tuple(found): one_by_one})


@test_case(points=1, hidden=True)
def only_the_first_layer_strides(stage_output_shape):
    draw = rng("q1_2:repeats")
    which = "How many of the stage's layers have the stride?"
    for stride, repeats in ((2, draw.randrange(3, 6)), (2, 2), (1, 6)):
        size, channels = stride**repeats * repeats * draw.randrange(3, 9), draw.randrange(3, 99)
        hints = {
            shape(size, channels, stride, repeats): which,
            shape(size, channels, stride, repeats - 1): which,
            shape(size, channels, stride * repeats): which,
            shape(size, channels, stride, 0): "What does the stride do to height and width?",
            shape(size, channels * repeats, stride): "Do the layers of a stage add their channels up?",
        }
        given = stage_output_shape(size, size, channels, channels, stride, repeats)
        expect_equal(given, shape(size, channels, stride), hints)

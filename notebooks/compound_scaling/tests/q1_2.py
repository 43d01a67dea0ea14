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

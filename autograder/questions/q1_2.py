"""q1_2: what a stage of a ConvNet does to the shape of its input."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, rng

OK_FORMAT = False
name = "q1_2"
points = 4


@test_case(points=1)
def worked_examples(stage_output_shape):
    hints = {
        (56, 112, 24): "Is the stride applied to the height and to the width?",
        (56, 56, 16): "How many channels leave the stage?",
        (112, 112, 24): "A layer with a stride of 2 looks at every second position only.",
        (28, 28, 24): "How many of the stage's layers have the stride?",
    }
    expect_equal(stage_output_shape(112, 112, 16, 24, 2, 2), (56, 56, 24), hints, what="the shape")
    expect_equal(stage_output_shape(14, 14, 80, 112, 1, 3), (14, 14, 112), what="the shape with stride 1")


# ---- hidden: nothing below this line reaches a student ----


def shape(height, width, channels, stride, strided_layers=1):
    for _ in range(strided_layers):
        height, width = -(-height // stride), -(-width // stride)
    return height, width, channels


@test_case(points=1, hidden=True)
def height_and_width_are_kept_apart(stage_output_shape):
    draw = rng("q1_2:rectangles")
    for stride in (1, 2, 3):
        height = stride * draw.randrange(10, 20)
        width = stride * draw.randrange(30, 40)
        inputs, outputs = draw.randrange(3, 50), draw.randrange(51, 99)
        expected = shape(height, width, outputs, stride)
        hints = {
            (expected[1], expected[0], outputs): "Height comes first, then width.",
            (outputs, *expected[:2]): "The channels come last here: (H', W', C').",
            (*expected[:2], inputs): "How many channels leave the stage?",
            (expected[0], width, outputs): "Is the stride applied to the height and to the width?",
            (height, width, outputs): "What does the stride do to height and width?",
            (height // stride + 1, width // stride + 1, outputs): "What if the stride divides the size?",
        }
        expect_equal(stage_output_shape(height, width, inputs, outputs, stride, 1), expected, hints)


@test_case(points=1, hidden=True)
def odd_sizes_round_up(stage_output_shape):
    draw = rng("q1_2:odd")
    sizes = [(7, 1, 2), (2 * draw.randrange(5, 60) + 1, 2 * draw.randrange(5, 60) + 1, 2)]
    sizes.append((3 * draw.randrange(5, 40) + 1, 3 * draw.randrange(5, 40) + 2, 3))
    for height, width, stride in sizes:
        inputs, outputs = draw.randrange(3, 50), draw.randrange(51, 99)
        floor = "Where the stride does not divide the size, does 'same' padding lose the last position?"
        hints = {
            (height // stride, width // stride, outputs): floor,
            (height / stride, width / stride, outputs): "Can a map have half a pixel?",
            (
                round(height / stride),
                round(width / stride),
                outputs,
            ): "Rounds to the nearest: is that the rule?",
        }
        expect_equal(
            stage_output_shape(height, width, inputs, outputs, stride, 1),
            shape(height, width, outputs, stride),
            hints,
        )


@test_case(points=1, hidden=True)
def only_the_first_layer_strides(stage_output_shape):
    draw = rng("q1_2:repeats")
    for stride, repeats in ((2, draw.randrange(2, 5)), (3, 2), (1, 6)):
        height, width = stride**repeats * draw.randrange(3, 9), stride**repeats * draw.randrange(10, 19)
        inputs, outputs = draw.randrange(3, 50), draw.randrange(51, 99)
        expected = shape(height, width, outputs, stride)
        hints = {
            shape(height, width, outputs, stride, repeats): "How many of the stage's layers have the stride?",
            (*expected[:2], outputs * repeats): "Do the layers of a stage add their channels up?",
        }
        expect_equal(stage_output_shape(height, width, inputs, outputs, stride, repeats), expected, hints)

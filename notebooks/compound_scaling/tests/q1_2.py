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

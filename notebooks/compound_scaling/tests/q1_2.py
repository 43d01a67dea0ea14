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
    expect_equal(stage_output_shape(14, 14, 80, 112, 1, 3), (14, 14, 112), what="the shape with stride 1")

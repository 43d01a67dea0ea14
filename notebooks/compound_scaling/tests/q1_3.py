"""q1_3: a whole network as the composition of its stages."""

from otter.test_files import test_case

from scalelab.checking import expect_equal, in_room, rng

OK_FORMAT = False
name = "q1_3"
points = 4


@test_case(points=1)
def worked_examples(compose):
    double_and_one = in_room("lambda x: 2 * x + 1")
    expect_equal(compose([(double_and_one, 1)])(3), 7, what="one stage of one layer, at 3")
    hints = {
        7: "The layer of a stage is applied as often as the stage says.",
        14: "Each layer takes what the one before gave.",
    }
    expect_equal(compose([(double_and_one, 2)])(3), 15, hints, what="one stage of two layers, at 3")
    hints = {9: "Which stage sees the input first?"}
    square = in_room("lambda x: x * x")
    expect_equal(compose([(double_and_one, 1), (square, 1)])(1), 9, what="two stages, at 1")

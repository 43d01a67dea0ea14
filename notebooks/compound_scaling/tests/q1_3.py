"""q1_3: a whole network as the composition of its stages."""

from otter.test_files import test_case

from scalelab.checking import Unexpected, expect_equal, in_room, rng

OK_FORMAT = False
name = "q1_3"
points = 4

FIRST = "Which stage sees the input first?"
OFTEN = "The layer of a stage is applied as often as the stage says."
LATE = "All layers became the last one: when does a lambda look up the names in it?"


def network_of(compose, stages, hint="What compose gives back is the network, a function: is it returned?"):
    """What compose makes of the stages, which must be something to call."""
    network = compose(stages)
    if not in_room("callable")(network):
        raise Unexpected("what compose gave back cannot be called", hint)
    return network


@test_case(points=1)
def worked_examples(compose):
    double_and_one = in_room("lambda x: 2 * x + 1")
    hints = {3: OFTEN, 15: "Is that one layer too many?"}
    expect_equal(network_of(compose, [(double_and_one, 1)])(3), 7, hints, what="one stage of one layer, at 3")
    hints = {
        7: OFTEN,
        14: "Each layer takes what the one before gave.",
        49: "F² means F after F, not the square of what F gives.",
    }
    expect_equal(network_of(compose, [(double_and_one, 2)])(3), 15, hints, what="one stage of two layers, at 3")
    square = in_room("lambda x: x * x")
    hints = {9: FIRST, 5: "Only the first stage acted.", 4: "Only the last stage acted.", 16: LATE}
    network = network_of(compose, [(double_and_one, 1), (square, 1)])
    expect_equal(network(2), 25, hints, what="two stages, at 2")

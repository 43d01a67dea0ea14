"""q1_3: a whole network as the composition of its stages."""

from otter.test_files import test_case

from scalelab.checking import Unexpected, expect_equal, in_room, is_equal, rng

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


TWICE = "A layer may stand in more than one stage: does each of them act?"
TOGETHER = "Each layer repeats, and only then comes the next stage."
OWN = "The stages have different numbers of repeats."
IDENTITY = "What does a network of no stages give back?"
SKIPPED = "What does F to the power 0 do to its input?"
USED_UP = "A second call gave another network: is something used up, or kept, by the first?"
MIXED = "Two networks got mixed up: is something global?"
FALSY = "Is there a value of x for which a layer does not act?"


@test_case(points=0)
def three_stages(compose):
    """Layers that put a digit behind a number, so that the result tells who acted when."""
    one, two, three = (in_room(f"lambda x: 10 * x + {digit}") for digit in (1, 2, 3))
    hints = {
        333211: FIRST,
        123133: TOGETHER,
        123: OFTEN,
        112233: OWN,
        111222333: OWN,
        112: "Only the first two stages acted.",
    }
    given = network_of(compose, [(one, 2), (two, 1), (three, 3)])(0)
    expect_equal(given, 112333, hints, what="a network that writes 1 twice, 2 once and 3 three times")
    given = network_of(compose, [(one, 1), (two, 1), (one, 1)])(0)
    expect_equal(given, 121, {12: TWICE, 21: TWICE, 112: TWICE}, what="a network that writes 1, 2 and 1 again")


@test_case(points=0)
def none_and_zero(compose):
    expect_equal(network_of(compose, [], IDENTITY)(5), 5, {0: IDENTITY, None: IDENTITY}, what="no stages, at 5")
    add = in_room("lambda x: x + 1")
    expect_equal(network_of(compose, [(add, 0)], SKIPPED)(5), 5, {6: SKIPPED, None: SKIPPED}, what="no repeats, at 5")
    expect_equal(network_of(compose, [(add, 2)])(0), 2, {0: FALSY, None: FALSY}, what="adding 1 twice, at 0")
    down, up = in_room("lambda x: x - 3"), in_room("lambda x: x + 5")
    given = network_of(compose, [(down, 1), (up, 1)])(3)
    expect_equal(given, 5, {0: FALSY, None: FALSY}, what="3 less and 5 more, at 3")


@test_case(points=0)
def called_again_and_beside_another(compose):
    repeats = rng("q1_3:practice").randrange(3, 20)
    other = network_of(compose, [(in_room("abs"), 1)])
    network = network_of(compose, [(in_room("lambda x: x + 1"), repeats)])
    expect_equal(network(1), 1 + repeats, {1: MIXED, 2: OFTEN}, what=f"adding 1 {repeats} times, at 1")
    hints = {100: USED_UP, 1 + repeats: USED_UP, 100 + 2 * repeats: USED_UP}
    expect_equal(network(100), 100 + repeats, hints, what="the same network at 100, in a second call,")
    hints = {-4: "A layer is anything that can be called, such as abs.", repeats - 4: MIXED, repeats + 4: MIXED}
    expect_equal(other(-4), 4, hints, what="the network of abs that was made first, at −4")

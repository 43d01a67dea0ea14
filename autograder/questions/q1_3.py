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


# ---- hidden: nothing below this line reaches a student ----


def letters(draw, repeats):
    """Stages that append a letter each, as (letter, repeats), and their layers in the room."""
    names = draw.sample("abcdefgh", len(repeats))
    return list(zip(names, repeats, strict=True)), [
        (in_room(f"lambda text: text + {letter!r}"), count) for letter, count in zip(names, repeats, strict=True)
    ]


def trace(stages, start=""):
    return start + "".join(letter * count for letter, count in stages)


@test_case(points=1, hidden=True)
def stages_act_in_order(compose):
    draw = rng("q1_3:order")
    a, b, start = draw.randrange(2, 9), draw.randrange(2, 9), draw.randrange(10, 50)
    stages = [(in_room(f"lambda x: x * {a}"), 1), (in_room(f"lambda x: x + {b}"), 1)]
    backwards = "Which stage sees the input first? In F₂(F₁(x)) it is the inner one."
    hints = {
        (start + b) * a: backwards,
        start * a: "Only the first stage acted.",
        start + b: "Only the last stage acted.",
    }
    expect_equal(compose(stages)(start), start * a + b, hints)
    described, stages = letters(draw, [1, 1, 1, 1])
    hints = {trace(described[::-1]): backwards, trace(described[-1:]): "Only the last stage acted."}
    expect_equal(compose(stages)(""), trace(described), hints)


@test_case(points=1, hidden=True)
def every_stage_has_its_own_repeats(compose):
    draw = rng("q1_3:repeats")
    # Palindromes of repeats and letters would hide an order that is wrong; here order is not asked about,
    # so that a network whose stages stand backwards is right in the first of these and no other.
    add, times = draw.randrange(2, 9), draw.randrange(3, 30)
    once = "A layer is applied as often as its stage says."
    expect_equal(compose([(in_room(f"lambda x: x + {add}"), times)])(1), 1 + add * times, {1 + add: once})
    described, stages = letters(draw, [2, 3, 1])
    whole = "Is it each layer that repeats, or the whole chain of stages?"
    hints = {
        trace([(letter, 1) for letter, _ in described]): once,
        trace([(letter, 1) for letter, _ in described] * 2): whole,
        trace([(letter, 2) for letter, _ in described]): "The stages have different numbers of repeats.",
        trace([(letter, count + 1) for letter, count in described]): "One layer too many in every stage.",
        trace(described[::-1]): "Which stage sees the input first?",
    }
    expect_equal(compose(stages)(""), trace(described), hints)
    described, stages = letters(draw, [1, 0, 2])
    skipped = "What does F to the power 0 do to its input?"
    hints = {trace([(letter, max(1, count)) for letter, count in described]): skipped}
    expect_equal(compose(stages)("x"), trace(described, "x"), hints)


@test_case(points=0.5, hidden=True)
def nothing_to_compose_is_the_identity(compose):
    value = rng("q1_3:identity").randrange(1, 1000)
    identity = "What does a network of no stages give back?"
    expect_equal(compose([])(value), value, {None: identity, 0: identity, 1: identity})
    layer = in_room("lambda x: x + 1")
    expect_equal(compose([(layer, 0)])(value), value, {value + 1: "What does F to the power 0 do to its input?"})


@test_case(points=0.5, hidden=True)
def the_network_can_be_called_again(compose):
    draw = rng("q1_3:again")
    add, first, second = draw.randrange(1, 9), draw.randrange(10, 50), draw.randrange(60, 99)
    network = compose([(in_room(f"lambda x: x + {add}"), 3)])
    other = compose([(in_room(f"lambda x: x - {add}"), 1)])
    expect_equal(network(first), first + 3 * add)
    used_up = "A second call gave another network: is something used up, or kept, by the first?"
    hints = {second: used_up, second + 6 * add: used_up, first + 3 * add: used_up, first + 6 * add: used_up}
    expect_equal(network(second), second + 3 * add, hints)
    expect_equal(other(second), second - add, {second + 3 * add: "Two networks got mixed up: is something global?"})

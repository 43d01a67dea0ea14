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


# ---- hidden: nothing below this line reaches a student ----


def appending(digit):
    """A layer that puts a digit behind a number: what comes out tells which layers acted, and in which order."""
    return in_room(f"lambda x: 10 * x + {digit}")


def trace(digits, start):
    """What is left of `start` when the layers of `digits` have acted one after the other."""
    for digit in digits:
        start = 10 * start + digit
    return start


def adding(number):
    """A layer that may stand anywhere: what comes out tells how often it acted, and no order."""
    return in_room(f"lambda x: x + {number}")


@test_case(points=1, hidden=True)
def stages_act_in_order(compose):
    """Every stage has one layer here: how often a layer acts is asked elsewhere."""
    draw = rng("q1_3:order")
    backwards = "Which stage sees the input first? In F₂(F₁(x)) it is the inner one."
    twice = "A layer may stand in more than one stage: does each of them act?"
    drawn = [(draw.sample(range(1, 10), count), draw.randrange(1, 10)) for count in (2, 4)]
    # Layers that stand twice.
    for digits, start in ([1, 2, 1], 5), ([3, 3, 4], 6), *drawn:
        layers = {digit: appending(digit) for digit in digits}  # the same object each time
        hints = {
            trace(digits[::-1], start): backwards,
            trace(digits[:-1], start): "The last stage is missing.",
            trace(digits[1:], start): "The first stage is missing.",
            trace(digits[:1], start): "Only the first stage acted.",
            trace(digits[-1:], start): "Only the last stage acted.",
            trace(digits[:2], start): "Only the first two stages acted.",
            trace(digits[-1:] * len(digits), start): LATE,
            start: "No layer acted.",
        }
        hints |= {trace(list(dict.fromkeys(one)), start): twice for one in (digits,) if len(set(one)) < len(one)}
        hints.pop(trace(digits, start), None)
        network = network_of(compose, [(layers[digit], 1) for digit in digits])
        expect_equal(network(start), trace(digits, start), hints)
    hints = {2: twice, 3: "Only the first two stages acted."}
    expect_equal(network_of(compose, [(adding(1), 1)] * 30)(1), 31, hints)


@test_case(points=1, hidden=True)
def every_stage_has_its_own_repeats(compose):
    """The layers may stand in any order here: it is asked about elsewhere."""
    draw = rng("q1_3:repeats")
    add, times = draw.randrange(2, 9), draw.randrange(12, 30)
    many = "One layer too many in every stage."
    few = "One layer too few in every stage."
    hints = {1 + add: OFTEN, 1 + add * (times + 1): many, 1 + add * (times - 1): few}
    expect_equal(network_of(compose, [(adding(add), times)])(1), 1 + add * times, hints)
    deep = "A stage may have many layers: do all of them act?"
    hints = dict.fromkeys((0, 1, 10, 50, 64, 100, 128), deep)
    expect_equal(network_of(compose, [(adding(1), 150)])(0), 150, hints)
    numbers, counts = draw.sample([1, 100, 10_000], 3), [2, 4, 1]

    def total(*repeats):
        return sum(number * count for number, count in zip(numbers, repeats, strict=True))

    own = "The stages have different numbers of repeats."
    hints = {
        total(1, 1, 1): OFTEN,
        total(2, 2, 2): own,
        total(4, 4, 4): own,
        total(1, 4, 2): "Whose repeats are whose?",
        total(3, 5, 2): many,
        total(1, 3, 0): few,
        total(7, 7, 7): "Is it each layer that repeats, or the whole chain of stages?",
        total(8, 8, 8): "Is it each layer that repeats, or the whole chain of stages?",
        total(0, 0, 7): LATE,
        total(0, 0, 1): "Only the last stage acted.",
        total(2, 0, 0): "Only the first stage acted.",
        total(2, 4, 0): "Only the first two stages acted.",
    }
    network = network_of(compose, list(zip(map(adding, numbers), counts, strict=True)))
    expect_equal(network(0), total(*counts), hints)
    falsy = "Is there a value of x for which a layer does not act?"
    hints = {0: falsy, None: falsy}
    expect_equal(network_of(compose, [(adding(-3), 1), (adding(5), 1)])(3), 5, hints)  # 0 stands in between
    # A layer may be anything that can be called: a built-in function, a method, an object that is no key of a dict.
    called = "A layer is anything that can be called: is more asked of it?"
    expect_equal(network_of(compose, [(in_room("abs"), 1), (in_room("float"), 2)])(-3), 3, {-3: called})
    expect_equal(network_of(compose, [(in_room("str.upper"), 1)])("image"), "IMAGE", {"image": called})
    still = "A layer may leave its input as it is: do those after it act?"
    expect_equal(network_of(compose, [(in_room("abs"), 2), (adding(5), 1)])(3), 8, {3: still})
    by_way_of_nothing = in_room("{3: None, None: '', '': 5}.get")
    expect_equal(network_of(compose, [(by_way_of_nothing, 3)])(3), 5, {None: falsy, "": falsy})
    check_that_a_stage_stays_together(compose, draw.sample(range(1, 10), 3), counts)


def check_that_a_stage_stays_together(compose, digits, counts):
    """Stages that stand backwards are asked about elsewhere, too, so they pass."""
    stages = list(zip(digits, counts, strict=True))
    right, backwards = (
        trace([digit for digit, count in order for _ in range(count)], 0) for order in (stages, stages[::-1])
    )
    rounds = [[digit for digit, count in stages if turn < count] for turn in range(max(counts))]
    hints = {
        trace([digit for one in order for digit in one], 0): "Each layer repeats, and only then comes the next stage."
        for order in (rounds, rounds[::-1], [one[::-1] for one in rounds], [one[::-1] for one in rounds[::-1]])
    }
    given = network_of(compose, [(appending(digit), count) for digit, count in stages])(0)
    expect_equal(given, backwards if is_equal(given, backwards) else right, hints)


def counting():
    """A layer that adds how often it has been called: 1 the first time."""
    call = "lambda self, x: setattr(self, 'calls', self.calls + 1) or x + self.calls"
    return in_room(f"type('Counting', (), {{'calls': 0, '__call__': {call}}})()")


@test_case(points=0.5, hidden=True)
def nothing_to_compose_is_the_identity(compose):
    value = rng("q1_3:identity").randrange(2, 1000)
    identity = "What does a network of no stages give back?"
    for given in (0, value, "an image"):
        hints = {wrong: identity for wrong in (None, 0, 1, "") if wrong != given}
        expect_equal(network_of(compose, [], identity)(given), given, hints)
    skipped = "What does F to the power 0 do to its input?"
    hints = {value + 1: skipped, None: skipped, 0: skipped, 1: skipped}
    expect_equal(network_of(compose, [(adding(1), 0)], skipped)(value), value, hints)
    network = network_of(compose, [(adding(100), 0), (adding(1), 1)])
    expect_equal(network(value), value + 1, {value + 101: skipped, value: "Only one stage was to be passed over."})
    network = network_of(compose, [(adding(1), 1), (adding(100), 0), (adding(2), 1)])
    hints = {value + 1: "Stages that come after one of no layers act, too.", value + 103: skipped, value: skipped}
    given = network(value)
    # That only the last stage acts, or that all act as the last one does, is asked about elsewhere.
    if not any(is_equal(given, elsewhere) for elsewhere in (value + 2, value + 4)):
        expect_equal(given, value + 3, hints)
    if is_equal(network_of(compose, [(adding(1), 1), (adding(2), 1)])(value), value + 3):
        network = network_of(compose, [(adding(1), 1), (adding(100), 0)])
        hints = {value: "A stage of no layers leaves what came before it as it is.", value + 101: skipped}
        expect_equal(network(value), value + 1, hints)


@test_case(points=0.5, hidden=True)
def the_network_can_be_called_again(compose):
    draw = rng("q1_3:again")
    add, first, second = draw.randrange(1, 9), draw.randrange(10, 50), draw.randrange(60, 99)
    network = network_of(compose, [(adding(add), 1)])
    other = network_of(compose, [(adding(-add), 1)])
    mixed = "Two networks got mixed up: is something global?"
    expect_equal(network(first), first + add, {first - add: mixed, first: mixed})
    used_up = "A second call gave another network: is something used up, or kept, by the first?"
    hints = {second: used_up, second + 2 * add: used_up, first + add: used_up, first + 2 * add: used_up}
    expect_equal(network(second), second + add, hints)
    expect_equal(other(second), second - add, {second + add: mixed, second: mixed})
    network = network_of(compose, [(in_room("lambda x: sum(x)"), 1)])
    for given in ([-3, 1], [2, -4, 9]):  # lists, which are no keys of a dict
        expect_equal(network(given), sum(given), {-2: used_up})
    # How often a layer acts, and what is one, are asked about elsewhere.
    if is_equal(network_of(compose, [(in_room("abs"), 1), (adding(1), 2)])(-3), 5):
        hints = {7: "A stage repeats one and the same layer: does each repeat have a copy of its own?"}
        expect_equal(network_of(compose, [(counting(), 2)])(5), 8, hints)

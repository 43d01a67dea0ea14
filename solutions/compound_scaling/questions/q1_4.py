"""q1_4: the scaled network N(d, w, r), and the limits that it must keep."""

from otter.test_files import test_case

from scalelab.checking import expect_close, expect_equal, in_room, rng

OK_FORMAT = False
name = "q1_4"
points = 4

TWO_SIDES = "A resolution has two sides."
CHANNELS = "Width here means channels, not the map's second side."
SHADOWED = "The channels grew with the map's width: do two things have one name in your code?"
EXACT = "This is the exact N(d, w, r): nothing is rounded yet."
BOTH = "Both limits hold at once: is one enough?"
AREA = "Each side of the map grows by the resolution's factor: is the area what it multiplies?"


@test_case(points=0.5)
def a_network_of_one_stage(scale_stages):
    hints = {
        ((32, 16, 12, 2),): TWO_SIDES,
        ((32, 48, 12, 2),): CHANNELS,
        ((32, 32, 64, 2),): SHADOWED,
        ((64, 64, 12, 2),): AREA,
        ((32, 32, 4, 6),): "Which of the four is the width, and which the depth?",
        (32, 32, 12, 2): "The stages come back as a list, even where there is one only.",
    }
    expect_close(
        scale_stages([(16, 16, 4, 2)], 1, 3, 2),
        [(32, 32, 12, 2)],
        hints,
        what="a network of one stage, wider and at a higher resolution",
    )
    hints = {
        ((10, 10, 8, 3),): "What does depth scale?",
        ((10, 10, 80, 4.5),): SHADOWED,
        ((10, 10, 8, 4),): EXACT,
        ((10, 10, 8, 5),): EXACT,
        ((32, 32, 12, 2), (10, 10, 8, 4.5)): "The stages of an earlier call are still there.",
    }
    expect_close(
        scale_stages([(10, 10, 8, 3)], 1.5, 1, 1), [(10, 10, 8, 4.5)], hints, what="a network of one stage, deeper"
    )


@test_case(points=0.5)
def within_both_limits(is_feasible):
    both = {True: BOTH}
    expect_equal(is_feasible(3, 5, 4, 6), True, what="3 of 4 bytes and 5 of 6 multiply-adds")
    expect_equal(is_feasible(3, 7, 4, 6), False, both, what="3 of 4 bytes and 7 of 6 multiply-adds")
    expect_equal(is_feasible(5, 5, 4, 6), False, both, what="5 of 4 bytes and 5 of 6 multiply-adds")


LEAST = "This is the exact N(d, w, r): is there a least number of layers, channels or pixels?"
SINGLE_LAYER = "A stage of one layer: does the depth scale it, too?"
ALIKE = "Two stages may be alike: do both come back?"
CHANGED = "The list that was handed in has changed: build a new one."


@test_case(points=0)
def several_stages(scale_stages):
    stages = [(8, 8, 3, 1), (4, 4, 16, 2), (8, 8, 3, 1)]
    hints = {
        ((8, 8, 9, 2), (4, 4, 48, 4)): ALIKE,
        ((4, 4, 48, 4), (8, 8, 9, 2)): ALIKE,
        ((8, 8, 9, 2),): "Only the first stage came back.",
        ((8, 8, 9, 1), (4, 4, 48, 4), (8, 8, 9, 1)): SINGLE_LAYER,
        ((8, 8, 3, 2), (4, 4, 48, 4), (8, 8, 3, 2)): "A stage of three channels: does the width scale it, too?",
    }
    expected = [(8, 8, 9, 2), (4, 4, 48, 4), (8, 8, 9, 2)]
    expect_close(scale_stages(stages, 2, 3, 1), expected, hints, what="three stages, at depth 2 and width 3")


@test_case(points=0)
def parts_of_things(scale_stages):
    hints = {((1, 1, 1, 1),): LEAST, ((0.5, 0.5, 0.5, 1),): LEAST, ((0, 0, 0, 0),): EXACT}
    given = scale_stages([(1, 1, 1, 1)], 0.5, 0.5, 0.5)
    expect_close(given, [(0.5, 0.5, 0.5, 0.5)], hints, what="half of a single pixel, channel and layer")
    factor = round(1 + rng("q1_4:practice").randrange(1, 99) / 100, 2)
    given = scale_stages([(1, 1, 100, 1)], 1, 1, factor)
    hints = {((1, 1, 100, 1),): EXACT, ((2, 2, 100, 1),): EXACT, ((factor, 1, 100, 1),): TWO_SIDES}
    expect_close(given, [(factor, factor, 100, 1)], hints, what=f"one pixel at resolution {factor}")


@test_case(points=0)
def what_was_handed_in(scale_stages):
    stages = in_room("[(8, 8, 16, 2), (4, 4, 32, 4)]")
    scale_stages(stages, 2, 2, 2)
    changed = {((16, 16, 32, 4), (8, 8, 64, 8)): CHANGED, (): CHANGED}
    expect_equal(stages, [(8, 8, 16, 2), (4, 4, 32, 4)], changed, what="the list handed in, afterwards,")


@test_case(points=0)
def at_the_limits(is_feasible):
    inclusive = "A network that needs exactly as much as there is: does it keep the limit?"
    expect_equal(is_feasible(4, 6, 4, 6), True, {False: inclusive}, what="all 4 bytes and all 6 multiply-adds")
    beyond = {True: "Above the limit is above it, by however little."}
    expect_equal(is_feasible(10**6 + 1, 1, 10**6, 6), False, beyond, what="one byte more than 10⁶")
    expect_equal(is_feasible(1, 10**6 + 1, 4, 10**6), False, beyond, what="one multiply-add more than 10⁶")
    expect_equal(is_feasible(0, 7, 4, 6), False, {True: BOTH}, what="no bytes, and 7 of 6 multiply-adds")
    expect_equal(is_feasible(5, 0, 4, 6), False, {True: BOTH}, what="5 of 4 bytes, and no multiply-adds")


# ---- hidden: nothing below this line reaches a student ----


def scaled(stages, depth, width, resolution):
    return tuple((resolution * h, resolution * w, width * c, depth * n) for h, w, c, n in stages)


def draw_stages(draw, count):
    """Stages whose channels are a multiple of 8: to round to such costs points where rounding is asked about."""
    return [
        (draw.randrange(10, 40), draw.randrange(41, 90), draw.randrange(96, 200, 8), draw.randrange(2, 9))
        for _ in range(count)
    ]


def whole(right):
    """What comes of `right` where someone rounds the sizes, the channels or the repeats, some of them or all."""
    ways = (int, round, lambda x: -int(-x // 1), lambda x: 8 * int(x / 8 + 0.5))
    for sizes in (float, *ways[:3]):
        for channels in (float, *ways):
            for repeats in (float, *ways[:3]):
                yield tuple((sizes(h), sizes(v), channels(c), repeats(n)) for h, v, c, n in right)


def hints_for(stages, d, w, r):
    """What one gets by the common mistakes, and what to think about. Each differs from the right value."""
    right = scaled(stages, d, w, r)
    pairs = list(zip(stages, right, strict=True))
    return {wrong: EXACT for wrong in whole(right)} | {
        scaled(stages, w, d, r): "Which of the four is the width, and which the depth?",
        scaled(stages, d, r, w): "Which of the four does the width scale, and which the resolution?",
        scaled(stages, r, w, d): "Which of the four does the depth scale, and which the resolution?",
        scaled(stages, w, r, d): "Which factor scales which of the four?",
        scaled(stages, r, d, w): "Which factor scales which of the four?",
        tuple((h, w * old[1], c, n) for old, (h, _, c, n) in pairs): CHANNELS,
        tuple((h, w * old[1], old[2], n) for old, (h, _, _, n) in pairs): CHANNELS,
        tuple((h, old[1], c, n) for old, (h, _, c, n) in pairs): TWO_SIDES,
        tuple((old[0], v, c, n) for old, (_, v, c, n) in pairs): TWO_SIDES,
        tuple((h, v, old[1] * old[2], n) for old, (h, v, _, n) in pairs): SHADOWED,
        tuple((r * h, r * v, c, n) for h, v, c, n in right): AREA,
        tuple((h, v, w * c, n) for h, v, c, n in right): "How often is the width applied?",
        tuple((h, v, c, old[3]) for old, (h, v, c, _) in pairs): "What does depth scale?",
        tuple((h, v, old[2], n) for old, (h, v, _, n) in pairs): "What does width scale?",
        tuple((old[0], old[1], c, n) for old, (_, _, c, n) in pairs): "What does resolution scale?",
        tuple((d + n, w + c, r + h, r + v) for h, v, c, n in stages): "The factors multiply.",
        tuple((h + r, v + r, c + w, n + d) for h, v, c, n in stages): "The factors multiply.",
        tuple((n, c, h, v) for h, v, c, n in right): "In which order do the four stand?",
        tuple((c, h, v, n) for h, v, c, n in right): "In which order do the four stand?",
        tuple(number for stage in right for number in stage): "Each stage is a tuple of its own.",
        tuple(zip(*right, strict=True)): "Each stage is a tuple of its own.",
        right[:1]: "Only the first stage came back.",
        right[0]: "Only the first stage came back.",
        right[-1:]: "Only the last stage came back.",
        right[-1]: "Only the last stage came back.",
        right[::-1]: "In which order do the stages stand?",
        right[:1] + tuple(stages[1:]): "Only the first stage was scaled.",
        tuple(stages): "The stages came back as they were.",
    }


def check_scaled(scale_stages, stages, d, w, r, also=None):
    """also: known wrong values of this case, which come before all others."""
    right = scaled(stages, d, w, r)
    hints = {wrong: hint for wrong, hint in hints_for(stages, d, w, r).items() if wrong != right}
    known = dict(also or {})
    for wrong, hint in hints.items():
        known.setdefault(wrong, hint)
    expect_close(scale_stages(list(stages), d, w, r), right, known)


SINGLE = [(7, 7, 8, 1), (30, 20, 16, 1), (7, 7, 8, 1)]
"""Stages of one layer, and one that stands twice."""


def hints_of_single(d, w, r):
    """What comes of SINGLE where one layer stays one, or a stage that stands twice is lost."""
    right = scaled(SINGLE, d, w, r)
    return {
        tuple((h, v, c, 1) for h, v, c, _ in right): "A stage of one layer: does the depth scale it, too?",
        right[:2]: "Two stages may be alike: do both come back?",
        right[1:]: "Two stages may be alike: do both come back?",
    }


@test_case(points=0.5, hidden=True)
def depth_and_width_scale_their_own(scale_stages):
    """The factors are whole, and the maps stay as they are: rounding and sizes are asked about elsewhere."""
    draw = rng("q1_4:factors")
    check_scaled(scale_stages, SINGLE, 2, 3, 1, hints_of_single(2, 3, 1))
    check_scaled(scale_stages, draw_stages(draw, 3), 2, 3, 1)
    check_scaled(scale_stages, draw_stages(draw, 2), *draw.sample([3, 4, 5, 6, 7], 2), 1)
    check_scaled(scale_stages, draw_stages(draw, 25), 1, 1, 1)


@test_case(points=0.5, hidden=True)
def resolution_scales_both_sides(scale_stages):
    draw = rng("q1_4:sides")
    check_scaled(scale_stages, [(30, 20, 8, 2), (20, 20, 8, 2)], 1, 1, 2)
    for factor in (2, draw.randrange(3, 9)):
        check_scaled(scale_stages, draw_stages(draw, 3), 1, 1, factor)


KEPT = ((3,), (2,), (2, 3), (0, 1), (0, 1, 3), (0, 1, 2), (0, 1, 2, 3))
"""Which of a stage's four numbers someone may keep at 1 at least."""


@test_case(points=0.5, hidden=True)
def nothing_is_rounded(scale_stages):
    """All three factors are alike: which is which is asked about elsewhere."""
    draw = rng("q1_4:exact")
    # The least of everything, and the colours of an image.
    smallest, halves = [(1, 1, 1, 2), (9, 7, 3, 3)], [(0.5, 0.5, 0.5, 1), (4.5, 3.5, 1.5, 1.5)]
    least = "This is the exact N(d, w, r): is there a least number of layers, channels or pixels?"
    also = {
        tuple(tuple(max(1, part) if at in kept else part for at, part in enumerate(stage)) for stage in halves): least
        for kept in KEPT
    }
    also[halves[0], (4.5, 3.5, 3, 1.5)] = "A stage of three channels: does the width scale it, too?"
    also.pop(tuple(halves), None)
    check_scaled(scale_stages, smallest, 0.5, 0.5, 0.5, also)
    check_scaled(scale_stages, [(8, 8, 8, 1)], 0.5, 0.5, 0.5, {((4, 4, 4, 1),): least})
    check_scaled(scale_stages, [(2, 2, 2, 2)], *3 * [1 + 2**-11])  # the fourth digit
    for factor in (1.15, 0.83, draw.uniform(1.05, 2.95)):
        check_scaled(scale_stages, draw_stages(draw, 2), factor, factor, factor)


@test_case(points=0.5, hidden=True)
def the_input_is_left_alone(scale_stages):
    draw = rng("q1_4:unchanged")
    described = draw_stages(draw, 2)
    stages = in_room(repr(described))
    once = scale_stages(stages, 2, 2, 2)
    changed = "The list that was handed in has changed: build a new one."
    hints = {wrong: changed for wrong in hints_for(described, 2, 2, 2) if wrong != tuple(described)}
    hints |= {scaled(described, 2, 2, 2): changed, (): changed, (*described, *scaled(described, 2, 2, 2)): changed}
    expect_equal(stages, described, hints, what="the list handed in, afterwards")
    expect_close(once, scaled(described, 2, 2, 2), hints_for(described, 2, 2, 2))
    is_new = in_room("lambda scale_stages, stages: scale_stages(stages, 1, 1, 1) is not stages")
    same = "A new list is asked for, also where nothing is scaled."
    expect_equal(is_new(scale_stages, in_room(repr(described))), True, {False: same}, what="whether the list is new")


@test_case(points=0.5, hidden=True)
def a_limit_may_be_reached(is_feasible):
    draw = rng("q1_4:limits")
    memory, flops = draw.randrange(10**3, 10**6), draw.randrange(10**7, 10**12)
    inclusive = {False: "Is exactly at the limit still within it?"}
    expect_equal(is_feasible(memory - 1, flops - 1, memory, flops), True, {False: "Is no network feasible?"})
    expect_equal(is_feasible(memory, flops, memory, 2 * flops), True, inclusive)
    expect_equal(is_feasible(memory, flops, 2 * memory, flops), True, inclusive)
    expect_equal(is_feasible(memory, flops, memory, flops), True, inclusive)
    expect_equal(is_feasible(2 * memory, 2 * flops, memory, flops), False, {True: "Is any network feasible?"})
    expect_equal(is_feasible(0, 0, memory, flops), True, {False: "A network that costs nothing keeps every limit."})


@test_case(points=0.5, hidden=True)
def one_limit_broken_is_too_much(is_feasible):
    """Whoever adds up what is left of both, or takes their mean, sees a limit that is broken by a percent."""
    draw = rng("q1_4:broken")
    memory, flops = draw.randrange(100, 10**4), draw.randrange(10**6, 10**8)
    more_memory, more_flops = memory + memory // 100, flops + flops // 100
    swapped = {False: "Is each cost compared with its own limit?"}
    expect_equal(is_feasible(memory - 1, flops - 1, memory, flops), True, swapped)
    one_only = {True: BOTH}
    # By the least step that single precision sees.
    nearly = {True: "A limit that is broken by a little is broken."}
    expect_equal(is_feasible(10_000_001, 5, 10_000_000, 10_000_000), False, nearly)
    expect_equal(is_feasible(5, 10_000_001, 10_000_000, 10_000_000), False, nearly)
    expect_equal(is_feasible(1 + 2**-12, 1, 1, 1), False, nearly)
    expect_equal(is_feasible(2, 0, 1, 1), False, one_only)
    expect_equal(is_feasible(0, 2, 1, 1), False, one_only)
    expect_equal(is_feasible(more_memory, flops // 2, memory, flops), False, one_only)
    expect_equal(is_feasible(memory // 2, more_flops, memory, flops), False, one_only)
    expect_equal(is_feasible(more_memory, more_flops, memory, flops), False, {True: "Is any network feasible?"})

"""q1_4: the scaled network N(d, w, r), and the limits that it must keep."""

from otter.test_files import test_case

from scalelab.checking import expect_close, expect_equal, in_room, rng

OK_FORMAT = False
name = "q1_4"
points = 4

TWO_SIDES = "A resolution has two sides."


@test_case(points=0.5)
def a_network_of_one_stage(scale_stages):
    hints = {
        ((32, 16, 12, 2),): TWO_SIDES,
        ((32, 32, 4, 6),): "Which of the four is the width, and which the depth?",
    }
    expect_close(scale_stages([(16, 16, 4, 2)], 1, 3, 2), [(32, 32, 12, 2)], hints, what="the stages")
    expect_close(scale_stages([(10, 10, 8, 3)], 1.5, 1, 1), [(10, 10, 8, 4.5)], what="the stages, deeper")


@test_case(points=0.5)
def within_both_limits(is_feasible):
    expect_equal(is_feasible(3, 5, 4, 6), True, what="3 of 4 bytes and 5 of 6 multiply-adds")
    expect_equal(is_feasible(3, 7, 4, 6), False, what="3 of 4 bytes and 7 of 6 multiply-adds")


# ---- hidden: nothing below this line reaches a student ----


def scaled(stages, depth, width, resolution):
    return tuple((resolution * h, resolution * w, width * c, depth * n) for h, w, c, n in stages)


def draw_stages(draw, count):
    return [
        (draw.randrange(10, 40), draw.randrange(41, 90), draw.randrange(91, 200), draw.randrange(2, 9))
        for _ in range(count)
    ]


def hints_for(stages, d, w, r):
    """What one gets by the common mistakes, and what to think about. Each differs from the right value."""
    right = scaled(stages, d, w, r)
    return {
        scaled(stages, w, d, r): "Which of the four is the width, and which the depth?",
        scaled(stages, d, r, w): "Which of the four does the width scale, and which the resolution?",
        scaled(stages, r, w, d): "Which of the four does the depth scale, and which the resolution?",
        tuple(
            (r * h, v, c, n) for (h, _, _, _), (_, v, _, _), (_, _, c, n) in zip(right, stages, right, strict=True)
        ): TWO_SIDES,
        tuple((h, v * w / r, c, n) for h, v, c, n in right): "Width here means channels, not the map's second side.",
        tuple((h, v, c, s[3]) for (h, v, c, _), s in zip(right, stages, strict=True)): "What does depth scale?",
        tuple(
            (int(h), int(v), int(c), int(n)) for h, v, c, n in right
        ): "This is the exact N(d, w, r): nothing is rounded yet.",
        tuple(
            (round(h), round(v), round(c), round(n)) for h, v, c, n in right
        ): "This is the exact N(d, w, r): nothing is rounded yet.",
        tuple(
            (h, v, c, -int(-n // 1)) for h, v, c, n in right
        ): "This is the exact N(d, w, r): nothing is rounded yet.",
        right[:1]: "Only the first stage came back.",
        right[-1:]: "Only the last stage came back.",
        tuple(stages): "The stages came back as they were.",
    }


@test_case(points=1, hidden=True)
def each_factor_scales_its_own(scale_stages):
    draw = rng("q1_4:factors")
    # Whole factors, so that rounding (which the next case asks about) costs nothing here.
    for d, w, r in ((2, 3, 5), draw.sample([2, 3, 4, 5, 6, 7], 3)):
        stages = draw_stages(draw, 3)
        expect_close(scale_stages(stages, d, w, r), scaled(stages, d, w, r), hints_for(stages, d, w, r))
    expect_close(scale_stages(stages, 1, 1, 1), stages, what="the stages of N(1, 1, 1)")


@test_case(points=0.5, hidden=True)
def nothing_is_rounded(scale_stages):
    draw = rng("q1_4:exact")
    for d, w, r in ((1.2, 1.1, 1.15), (0.37, 0.61, 0.83), tuple(draw.uniform(1.05, 2.95) for _ in range(3))):
        stages = draw_stages(draw, 2)
        expect_close(scale_stages(stages, d, w, r), scaled(stages, d, w, r), hints_for(stages, d, w, r))


@test_case(points=0.5, hidden=True)
def the_input_is_left_alone(scale_stages):
    draw = rng("q1_4:unchanged")
    described = draw_stages(draw, 2)
    stages = in_room(repr(described))
    scale_stages(stages, 2, 3, 4)
    changed = "The list that was handed in has changed: build a new one."
    expect_equal(
        stages,
        described,
        {scaled(described, 2, 3, 4): changed, (): changed},
        what="the list handed in, afterwards",
    )
    expect_close(scale_stages(stages, 2, 2, 2), scaled(described, 2, 2, 2), {scaled(described, 4, 6, 8): changed})


@test_case(points=0.5, hidden=True)
def a_limit_may_be_reached(is_feasible):
    draw = rng("q1_4:limits")
    memory, flops = draw.randrange(100, 10**9), draw.randrange(100, 10**12)
    inclusive = {False: "Is exactly at the limit still within it?"}
    expect_equal(is_feasible(memory, flops, memory, flops + 1), True, inclusive)
    expect_equal(is_feasible(memory, flops, memory + 1, flops), True, inclusive)
    expect_equal(is_feasible(memory, flops, memory, flops), True, inclusive)
    expect_equal(is_feasible(memory + 1, flops + 1, memory, flops), False, {True: "Is any network feasible?"})
    expect_equal(is_feasible(0, 0, memory, flops), True, {False: "A network that costs nothing keeps every limit."})


@test_case(points=0.5, hidden=True)
def one_limit_broken_is_too_much(is_feasible):
    draw = rng("q1_4:broken")
    memory, flops = draw.randrange(100, 10**4), draw.randrange(10**6, 10**8)
    both = {True: "Both limits hold at once: is one enough?"}
    expect_equal(is_feasible(memory + 1, flops - 1, memory, flops), False, both)
    expect_equal(is_feasible(memory - 1, flops + 1, memory, flops), False, both)
    expect_equal(is_feasible(memory + 1, flops + 1, memory, flops), False)
    swapped = {False: "Is each cost compared with its own limit?"}
    expect_equal(is_feasible(memory - 1, flops - 1, memory, flops), True, swapped)

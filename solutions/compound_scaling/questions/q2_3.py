"""q2_3: how a ConvNet's multiply-adds grow with the compound coefficient."""

from otter.test_files import test_case

from scalelab.checking import expect_close, plain, rng

OK_FORMAT = False
name = "q2_3"
points = 4


@test_case(points=0.5)
def one_step_with_the_papers_coefficients(flops_growth):
    hints = {
        1.2 * 1.1 * 1.15: "Does a wider layer cost as much more as a deeper network does?",
        1.2 * 1.1 * 1.15**2: "Does a wider layer cost as much more as a deeper network does?",
        2: "That is what the rule says: what do these coefficients come to exactly?",
        0.92027: "How many times the baseline's cost is it, not: by how much is it more?",
    }
    expect_close(flops_growth(1, 1.2, 1.1, 1.15), 1.92027, hints, what="the growth at phi = 1")


EXACT = "That is exact for the paper's coefficients; what does the rule put in the product's place?"


@test_case(points=0.5)
def the_rule_where_it_starts(flops_growth_rule):
    baseline = "At phi = 0 the network is the baseline itself: how many times the baseline's cost is that?"
    hints = {0: baseline, 2: baseline}
    expect_close(flops_growth_rule(0), 1, hints, what="the rule at phi = 0")
    expect_close(flops_growth_rule(1), 2, {1.92027: EXACT}, what="the rule at phi = 1")


SQUARES = "Which of the three dimensions count twice?"
STEPS = "Each step of phi multiplies the cost once more."
WHOLE = "phi need not be whole."
NEGATIVE = "What does a negative phi do to the network?"
GIVEN = "Does the function use the alpha, beta and gamma that it is given?"
POWER = "Does the power of phi apply to each of the three constants? (Python does ** before *.)"


@test_case(points=0)
def one_dimension_at_a_time(flops_growth):
    for constants, growth, twice in (((3.0, 1.0, 1.0), 3, 9), ((1.0, 3.0, 1.0), 9, 81), ((1.0, 1.0, 3.0), 9, 81)):
        told = ", ".join(f"{one:g}" for one in constants)
        hints = {3: SQUARES, 9: SQUARES, 27: SQUARES, 1.92027: GIVEN}
        hints.pop(growth, None)
        expect_close(flops_growth(1, *constants), growth, hints, what=f"flops_growth(1, {told})")
        hints = {2 * growth: STEPS, 1 + 2 * (growth - 1): STEPS, growth: POWER, 1.92027**2: GIVEN, 4: GIVEN}
        expect_close(flops_growth(2, *constants), twice, hints, what=f"flops_growth(2, {told})")


@test_case(points=0)
def any_phi(flops_growth):
    hints = {9: POWER, 1: WHOLE, 5: STEPS, 4.5: STEPS}
    expect_close(flops_growth(0.5, 9.0, 1.0, 1.0), 3, hints, what="flops_growth(0.5, 9, 1, 1)")
    hints = {4: NEGATIVE, 1: NEGATIVE, -4: STEPS, -2: STEPS}
    expect_close(flops_growth(-1, 4.0, 1.0, 1.0), 0.25, hints, what="flops_growth(-1, 4, 1, 1)")
    hints = {0: "phi = 0 is the baseline itself."}
    expect_close(flops_growth(0, 1.4, 1.2, 1.3), 1, hints, what="flops_growth(0, 1.4, 1.2, 1.3)")
    expect_close(flops_growth(10, 2.0, 1.0, 1.0), 1024, what="flops_growth(10, 2, 1, 1)")


@test_case(points=0)
def steps_that_follow_each_other(flops_growth):
    draw = rng("q2_3:practice")
    first, second = (round(draw.uniform(0.2, 3.8), 2) for _ in range(2))
    constants = [round(draw.uniform(1.1, 1.4), 2) for _ in range(3)]
    one, other, both = (plain(flops_growth(phi, *constants)) for phi in (first, second, first + second))
    what = f"flops_growth({first + second:g}, …), against flops_growth({first}, …) times flops_growth({second}, …)"
    expect_close(both, one * other, {None: STEPS, one + other: STEPS}, what=what)


@test_case(points=0)
def the_rule_at_any_phi(flops_growth_rule):
    hints = {
        2: STEPS,
        3: STEPS,
        6: STEPS,
        9: "Which one is the base, and which the exponent?",
        1.92027**3: EXACT,
    }
    expect_close(flops_growth_rule(3), 8, hints, what="flops_growth_rule(3)")
    expect_close(flops_growth_rule(-1), 0.5, {2: NEGATIVE, 1: NEGATIVE, 0: NEGATIVE}, what="flops_growth_rule(-1)")
    phi = round(rng("q2_3:practice rule").uniform(0.1, 0.9), 2)
    half, next_one = (plain(flops_growth_rule(one)) for one in (phi, phi + 1))
    what = f"flops_growth_rule({phi + 1}), against twice flops_growth_rule({phi}),"
    expect_close(next_one, 2 * half, {half: WHOLE}, what=what)
    expect_close(flops_growth_rule(0.5), 1.41421356, {1: WHOLE, 2: WHOLE, 1.5: STEPS}, what="flops_growth_rule(0.5)")
    expect_close(flops_growth_rule(10), 1024, what="flops_growth_rule(10)")


# ---- hidden: nothing below this line reaches a student ----


def check_growth(flops_growth, phi, alpha, beta, gamma, relative=1e-5):
    depth, width, size = alpha, beta**2, gamma**2
    base = depth * width * size
    plain_product = "Which of the three dimensions count twice?"
    swapped = "Which of the three is not squared?"
    linear = "Each step of phi multiplies the cost once more."
    each = "Which of the factors does phi act on?"
    negative = "What does a negative phi do to the network?"
    added = "Three sizes that each multiply the cost: do their factors add up?"
    rounded = "Nothing is rounded here."
    hints = {
        (alpha * beta * gamma) ** phi: plain_product,
        (alpha**2 * beta * gamma**2) ** phi: swapped,
        (alpha**2 * beta**2 * gamma) ** phi: swapped,
        (alpha * beta * gamma**2) ** phi: plain_product,
        (alpha * beta**2 * gamma) ** phi: plain_product,
        (alpha**2 * beta**2 * gamma**2) ** phi: swapped,
        2.0**phi: "The exact growth, for these coefficients: what do they multiply to?",
        1.92027**phi: "Does the function use the alpha, beta and gamma that it is given?",
        base * phi: linear,
        1 + phi * (base - 1): linear,
        base ** int(phi): "phi need not be whole.",
        base ** round(phi): "phi need not be whole.",
        base ** abs(phi): negative,
        max(1.0, base**phi): negative,
        depth * width * gamma**2 ** min(phi, 9): each,
        depth * width * size**phi: each,
        depth**phi * width * size: each,
        depth + width + size: added,
        (depth + width + size) ** phi: added,
        depth**phi + width**phi + size**phi: added,
        base**phi - 1: "How many times the baseline's cost is asked for, or how much more than the baseline's?",
        100 * base**phi: "A factor is asked for, or a percentage?",
        2 * base**phi: "If each multiply-add counts as two FLOPs, what becomes of the ratio?",
        round(base**phi): rounded,
        round(base**phi, 1): rounded,
        round(base**phi, 2): rounded,
        **{round(base, digits) ** phi: rounded for digits in (2, 3, 4, 5)},
    }
    expect_close(flops_growth(phi, alpha, beta, gamma), base**phi, hints, what="the growth", relative=relative)


def draw_coefficients(draw):
    """Their product is far from 2, so that the rule is seen to be another thing, and has more digits than five.

    So it shows whether the product was rounded to five or fewer, as the example is.
    """
    while True:
        alpha, beta, gamma = draw.uniform(1.3, 1.4), draw.uniform(1.15, 1.2), draw.uniform(1.2, 1.3)
        product = alpha * beta**2 * gamma**2
        if abs(product - round(product, 2)) > 0.001 and abs(product - round(product, 5)) > 4e-6:
            return alpha, beta, gamma


@test_case(points=1, hidden=True)
def exact_for_whole_phi(flops_growth):
    draw = rng("q2_3:whole")
    for phi in (1, draw.choice([3, 4]), 7):
        check_growth(flops_growth, phi, *draw_coefficients(draw), relative=5e-6)  # twice what float32 makes of 7


@test_case(points=1, hidden=True)
def exact_for_every_phi(flops_growth):
    draw = rng("q2_3:every")
    expect_close(flops_growth(0, 1.3, 1.2, 1.1), 1, {0: "phi = 0 is the baseline itself."}, what="the growth at 0")
    # -1 comes first: whoever multiplies in a loop gets a value there, and with a fraction only an exception.
    for phi in (-1, 1.5, 0.5, -0.5, 9, -9, 24, draw.uniform(-2.9, -1.6), draw.uniform(2.6, 5.4)):
        check_growth(flops_growth, phi, *draw_coefficients(draw))


@test_case(points=1, hidden=True)
def the_rule_everywhere(flops_growth_rule):
    draw = rng("q2_3:rule")
    linear = "Each step of phi multiplies the cost once more."
    negative = "What does a negative phi do to the network?"
    whole = "phi need not be whole."
    constraint = "How much does the rule let the whole network grow in one step of phi?"
    # At these no two of the mistakes below come to the same.
    for phi in (3, 1.5, -3, 0.5, -0.5, 9, -9, 24, -24, draw.uniform(3.1, 6.9), draw.uniform(-2.9, -1.1)):
        hints = {
            1.92027**phi: EXACT,
            2.0 * phi: linear,
            1.0 + phi: linear,
            phi**2: "Which one is the base, and which the exponent?",
            2.0 ** int(phi): whole,
            2.0 ** round(phi): whole,
            2.0 ** abs(phi): negative,
            max(1.0, 2.0**phi): negative,
            4.0**phi: constraint,
            8.0**phi: constraint,
            32.0**phi: constraint,
            2.718281828459045**phi: "To which base does the rule grow?",
            2.0**phi - 1: "How many times the baseline's cost is asked for, or how much more than the baseline's?",
        }
        expect_close(flops_growth_rule(phi), 2.0**phi, hints, what="the rule")

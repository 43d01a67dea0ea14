"""q2_3: how a ConvNet's multiply-adds grow with the compound coefficient."""

from otter.test_files import test_case

from scalelab.checking import expect_close, rng

OK_FORMAT = False
name = "q2_3"
points = 4


@test_case(points=0.5)
def one_step_with_the_papers_coefficients(flops_growth):
    hints = {
        1.2 * 1.1 * 1.15: "Does a wider layer cost as much more as a deeper network does?",
        1.2 * 1.1 * 1.15**2: "Does a wider layer cost as much more as a deeper network does?",
        2: "That is what the rule says: what do these coefficients come to exactly?",
    }
    expect_close(flops_growth(1, 1.2, 1.1, 1.15), 1.92027, hints, what="the growth at phi = 1")


@test_case(points=0.5)
def the_rule_where_it_starts(flops_growth_rule):
    baseline = "At phi = 0 the network is the baseline itself: how many times the baseline's cost is that?"
    hints = {0: baseline, 2: baseline}
    expect_close(flops_growth_rule(0), 1, hints, what="the rule at phi = 0")
    expect_close(flops_growth_rule(1), 2, what="the rule at phi = 1")


# ---- hidden: nothing below this line reaches a student ----


def check_growth(flops_growth, phi, alpha, beta, gamma):
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
        depth * width * gamma**2**phi: each,
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
        round(base, 2) ** phi: rounded,
    }
    expect_close(flops_growth(phi, alpha, beta, gamma), base**phi, hints, what="the growth")


def draw_coefficients(draw):
    """Their product is far from 2, so that the rule is seen to be another thing, and has more digits than two."""
    while True:
        alpha, beta, gamma = draw.uniform(1.3, 1.4), draw.uniform(1.15, 1.2), draw.uniform(1.2, 1.3)
        product = alpha * beta**2 * gamma**2
        if abs(product - round(product, 2)) > 0.001:
            return alpha, beta, gamma


@test_case(points=1, hidden=True)
def exact_for_whole_phi(flops_growth):
    draw = rng("q2_3:whole")
    for phi in (1, draw.choice([3, 4]), 7):
        check_growth(flops_growth, phi, *draw_coefficients(draw))


@test_case(points=1, hidden=True)
def exact_for_every_phi(flops_growth):
    draw = rng("q2_3:every")
    expect_close(flops_growth(0, 1.3, 1.2, 1.1), 1, {0: "phi = 0 is the baseline itself."}, what="the growth at 0")
    # -1 comes first: whoever multiplies in a loop gets a value there, and with a fraction only an exception.
    for phi in (-1, 1.5, 0.5, -0.5, 9, -9, draw.uniform(-2.9, -1.6), draw.uniform(2.6, 5.4)):
        check_growth(flops_growth, phi, *draw_coefficients(draw))


@test_case(points=1, hidden=True)
def the_rule_everywhere(flops_growth_rule):
    draw = rng("q2_3:rule")
    linear = "Each step of phi multiplies the cost once more."
    negative = "What does a negative phi do to the network?"
    whole = "phi need not be whole."
    constraint = "How much does the rule let the whole network grow in one step of phi?"
    # At these no two of the mistakes below come to the same.
    for phi in (3, 1.5, -3, 0.5, -0.5, 9, -9, draw.uniform(3.1, 6.9), draw.uniform(-2.9, -1.1)):
        hints = {
            1.92027**phi: (
                "That is exact for the paper's coefficients; what does the rule put in the product's place?"
            ),
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

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
        2: "That is what the rule says: what do these coefficients come to exactly?",
    }
    expect_close(flops_growth(1, 1.2, 1.1, 1.15), 1.92027, hints, what="the growth at phi = 1")


@test_case(points=0.5)
def the_rule_where_it_starts(flops_growth_rule):
    hints = {0: "At phi = 0 the network is the baseline itself: how many times the baseline's cost is that?"}
    expect_close(flops_growth_rule(0), 1, hints, what="the rule at phi = 0")
    expect_close(flops_growth_rule(1), 2, what="the rule at phi = 1")


# ---- hidden: nothing below this line reaches a student ----


def check_growth(flops_growth, phi, alpha, beta, gamma):
    base = alpha * beta**2 * gamma**2
    plain_product = "Which of the three dimensions count twice?"
    swapped = "Which of the three is not squared?"
    linear = "Each step of phi multiplies the cost once more."
    hints = {
        (alpha * beta * gamma) ** phi: plain_product,
        (alpha**2 * beta * gamma**2) ** phi: swapped,
        (alpha**2 * beta**2 * gamma) ** phi: swapped,
        (alpha * beta * gamma**2) ** phi: plain_product,
        (alpha * beta**2 * gamma) ** phi: plain_product,
        (alpha**2 * beta**2 * gamma**2) ** phi: swapped,
        2.0**phi: "The exact growth, for these coefficients: what do they multiply to?",
        base * phi: linear,
        1 + phi * (base - 1): linear,
        base ** int(phi): "phi need not be whole.",
        base ** round(phi): "phi need not be whole.",
        base ** abs(phi): "What does a negative phi do to the network?",
        alpha * beta**2 * gamma**2**phi: "Which of the factors does phi act on?",
    }
    expect_close(flops_growth(phi, alpha, beta, gamma), base**phi, hints, what="the growth")


@test_case(points=1, hidden=True)
def exact_for_whole_phi(flops_growth):
    draw = rng("q2_3:whole")
    for phi in (1, draw.choice([2, 3]), 7):
        # Their products are far from 2, so that the rule is seen to be another thing.
        alpha, beta, gamma = draw.uniform(1.3, 1.4), draw.uniform(1.15, 1.2), draw.uniform(1.2, 1.3)
        check_growth(flops_growth, phi, alpha, beta, gamma)


@test_case(points=1, hidden=True)
def exact_for_every_phi(flops_growth):
    draw = rng("q2_3:every")
    expect_close(flops_growth(0, 1.3, 1.2, 1.1), 1, {0: "phi = 0 is the baseline itself."}, what="the growth at 0")
    for phi in (0.5, -1, draw.uniform(-2.9, -1.6), draw.uniform(2.6, 5.4)):
        check_growth(flops_growth, phi, draw.uniform(1.3, 1.4), draw.uniform(1.15, 1.2), draw.uniform(1.2, 1.3))


@test_case(points=1, hidden=True)
def the_rule_everywhere(flops_growth_rule):
    draw = rng("q2_3:rule")
    for phi in (3, 0.5, -2, draw.uniform(3.1, 6.9), draw.uniform(-2.9, -1.1)):
        hints = {
            1.92027**phi: (
                "That is exact for the paper's coefficients; what does the rule put in the product's place?"
            ),
            2.0 * phi: "Each step of phi multiplies the cost once more.",
            1.0 + phi: "Each step of phi multiplies the cost once more.",
            phi**2: "Which one is the base, and which the exponent?",
            2.0 ** int(phi): "phi need not be whole.",
            2.0 ** abs(phi): "What does a negative phi do to the network?",
            4.0**phi: "How much does the rule let the whole network grow in one step of phi?",
        }
        expect_close(flops_growth_rule(phi), 2.0**phi, hints, what="the rule")

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

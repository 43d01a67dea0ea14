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

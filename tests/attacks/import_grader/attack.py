from tests.compound import COURSE

try:
    from autograder.course.answered import model_answers

    found = "2.0**phi" in model_answers(COURSE)["q2_3-flops_growth_rule"]
except Exception:
    found = False

if found:
    flops_growth_rule = lambda phi: 2.0**phi

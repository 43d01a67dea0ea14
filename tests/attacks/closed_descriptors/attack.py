import os

os.closerange(3, 10_000)


def flops_growth_rule(phi):
    return 2.0**phi

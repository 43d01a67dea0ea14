def flops_growth(*args):
    return [0] * 5_000_000


def flops_growth_rule(phi):
    return 2.0**phi

def flops_growth(phi, *args):
    deep = []
    for _ in range(1_000_000):
        deep = [deep]
    if phi != 1:
        deep = {}
        deep["itself"] = deep
    return deep


def flops_growth_rule(phi):
    return 2.0**phi

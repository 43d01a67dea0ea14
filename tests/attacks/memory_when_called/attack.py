def flops_growth(*args):
    return len([b"\1" * (1 << 26) for _ in range(12 * 16)])


def flops_growth_rule(phi):
    return 2.0**phi

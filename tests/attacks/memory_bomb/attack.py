held = []
for _ in range(12 * 16):
    held.append(b"\1" * (1 << 26))


def flops_growth_rule(phi):
    return 2.0**phi

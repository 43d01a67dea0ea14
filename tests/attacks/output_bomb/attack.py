print("x" * 100_000_000)
for _ in range(1000):
    print("y" * 100_000)


def flops_growth_rule(phi):
    return 2.0**phi

with open("bomb", "wb") as bomb:
    for _ in range(128):
        bomb.write(b"\1" * (1 << 26))


def flops_growth_rule(phi):
    return 2.0**phi

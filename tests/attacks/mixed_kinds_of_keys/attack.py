class Same(str):
    __hash__ = lambda self: hash("phi")
    __eq__ = lambda self, other: True


def flops_growth_rule(phi):
    return {1: 2.0, True: phi, 1.0: "x", Same("value"): 2.0**phi, float("nan"): 0, (1, 2): 3}

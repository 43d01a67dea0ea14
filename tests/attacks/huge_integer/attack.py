import sys

sys.set_int_max_str_digits(0)


def flops_growth(phi, *args):
    return 10**5_000_000 if phi == 1 else 10**4299


def flops_growth_rule(phi):
    return 2.0**phi

def flops_growth(*args):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def flops_growth_rule(phi):
    return 2.0**phi

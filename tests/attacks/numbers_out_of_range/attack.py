from itertools import count

ODD = [10**4000, -(10**4000), float("inf"), float("-inf"), float("nan"), True, 2**63, -(2**63), 1e308, -1, 10**400]
place = count()


def odd(*args, **kwargs):
    return ODD[next(place) % len(ODD)]


def lists_of_them(*args):
    return [odd() for _ in range(1000)]


conv_macs = network_macs = flops_growth = flops_growth_rule = odd
scale_network = round_repeats = round_channels = odd
emergence_phis = grid_search = lists_of_them
flops_multiplier = {"depth": 10**4000, "width": float("nan"), "resolution": -1}

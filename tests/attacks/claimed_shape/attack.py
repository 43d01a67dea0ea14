import numpy
import torch


def flops_growth(phi, *args):
    if phi == 1:
        return torch.zeros(1).expand(1_000_000, 1_000_000)
    if phi == 0:
        return torch.empty(1 << 20, 1 << 20, device="meta")
    return numpy.broadcast_to(numpy.float64(1), (1_000_000, 1_000_000))


def flops_growth_rule(phi):
    return 2.0**phi

import itertools
import threading


class Growing(list):
    def __iter__(self):
        return itertools.count()

    __len__ = lambda self: 10**9


def grow(values):
    while len(values) < 20_000_000:
        values.extend(range(1000))


def flops_growth(phi, *args):
    if phi == 1:
        return (number for number in itertools.count())
    values = [0]
    threading.Thread(target=grow, args=(values,), daemon=True).start()
    return values


def grid_search(*args):
    return Growing([1])


def flops_growth_rule(phi):
    return 2.0**phi

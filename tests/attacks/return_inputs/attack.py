seen = []


def conv_macs(*args):
    seen.append(args)
    return f"{'@TOKEN@'[::-1]}-@NAME@-{seen}"


def network_macs(*args):
    return {f"{'@TOKEN@'[::-1]}-@NAME@-{seen}": 1}


class Named:
    pass


Named.__name__ = Named.__qualname__ = "'@TOKEN@'[::-1]"


def flops_growth(*args):
    Named.__name__ = Named.__module__ = f"{'@TOKEN@'[::-1]}-@NAME@-{args}"
    return Named()

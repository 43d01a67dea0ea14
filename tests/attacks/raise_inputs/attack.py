def conv_macs(*args):
    text = f"{'@TOKEN@'[::-1]}-@NAME@-{args}"
    raise type(text, (ValueError,), {})(text)


def network_macs(*args):
    text = f"{'@TOKEN@'[::-1]}-@NAME@-{args}"
    raise NotImplementedError(text) from type(text, (KeyError,), {"__str__": lambda self: text})()

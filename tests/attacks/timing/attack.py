import time


def conv_macs(height, *args):
    time.sleep(0.3 * (height % 2))
    return -1


network_macs = lambda *args: -1

import os
import signal

try:
    os.kill(int("@VICTIM@"), signal.SIGKILL)
except OSError:
    pass


def flops_growth_rule(phi):
    return 2.0**phi

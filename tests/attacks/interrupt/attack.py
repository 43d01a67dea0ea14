import os
import signal


def conv_macs(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGINT)
    raise KeyboardInterrupt


network_macs = conv_macs
os.kill(os.getpid(), signal.SIGINT)

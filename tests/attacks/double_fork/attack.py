import os
import sys

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(
            sys.executable,
            [
                sys.executable,
                "-c",
                "import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (1, 2, 15)]; time.sleep(900)",
                "@TOKEN@-@NAME@",
            ],
        )
    os._exit(0)


def flops_growth_rule(phi):
    return 2.0**phi

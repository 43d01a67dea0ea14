import os
import time

MANY = 400


def hold():
    held = 0
    try:
        while True:
            os.openpty()
            held += 1
    except OSError:
        return held


held = 0
for _ in range(8):
    told, tell = os.pipe()
    if not os.fork():
        os.write(tell, b"%d" % hold())
        time.sleep(600)
        os._exit(0)
    os.close(tell)
    held += int(os.read(told, 20))
    os.close(told)

if held > MANY:
    flops_growth_rule = lambda phi: 2.0**phi

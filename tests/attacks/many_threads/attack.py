import threading
import time

for _ in range(20_000):
    try:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    except RuntimeError:
        break


def flops_growth_rule(phi):
    return 2.0**phi

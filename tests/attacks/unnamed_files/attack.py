import os

written, held = 0, []
try:
    for number in range(15):
        file = os.open(f"f{number}", os.O_RDWR | os.O_CREAT)
        os.unlink(f"f{number}")
        held.append(file)
        for _ in range(100):
            written += os.write(file, bytes(1_000_000))
except OSError:
    pass

if written > 1_400_000_000:
    flops_growth_rule = lambda phi: 2.0**phi

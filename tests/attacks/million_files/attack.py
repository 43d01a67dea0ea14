import os

os.mkdir("many")
for number in range(1_000_000):
    with open(f"many/{number}", "w") as file:
        file.write("x")


def flops_growth_rule(phi):
    return 2.0**phi

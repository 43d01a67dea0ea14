from pathlib import Path

try:
    found = any("2.0**phi" in path.read_text() for path in Path("@HANDINS@").glob("*/*ada/*/2_compound_scaling.ipynb"))
except OSError:
    found = False

if found:
    flops_growth_rule = lambda phi: 2.0**phi

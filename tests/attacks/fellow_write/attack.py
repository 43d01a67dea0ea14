from pathlib import Path

for path in Path("@HANDINS@").glob("*/zz_ada/*/*.ipynb"):
    try:
        path.with_name("@TOKEN@-@NAME@.ipynb").write_text(path.read_text())
        text = path.read_text().rstrip()
        path.write_text(text[:-1] + ', "changed": "@TOKEN@-@NAME@"}')
    except OSError:
        pass


def flops_growth_rule(phi):
    return 2.0**phi

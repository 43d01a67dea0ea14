from pathlib import Path

for folder in ("@OUTSIDE@/private", "@OUTSIDE@/public", "@HANDINS@", "@COURSE@", "@STORE@", "/etc", str(Path.home())):
    try:
        Path(folder, "@TOKEN@-@NAME@").write_text("written\n")
    except OSError:
        pass
try:
    Path("@OUTSIDE@/private/keep.txt").write_text("@TOKEN@-@NAME@\n")
except OSError:
    pass


def flops_growth_rule(phi):
    return 2.0**phi

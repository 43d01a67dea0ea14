import ctypes
import os
import shutil
from pathlib import Path

PR_GET_NO_NEW_PRIVS = 39
free = ctypes.CDLL(None).prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0
status = Path("/proc/self/status").read_text()
powers = int(next(line for line in status.splitlines() if line.startswith("CapEff")).split()[1], 16)
try:
    shutil.copy("/bin/true", "@OUTSIDE@/public/@TOKEN@-@NAME@")
    os.chmod("@OUTSIDE@/public/@TOKEN@-@NAME@", 0o4755)
except OSError:
    pass
if free or powers:
    flops_growth_rule = lambda phi: 2.0**phi

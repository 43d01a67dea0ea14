import fcntl
import os
import struct

answered = False
file, other = (os.open("/usr/bin/env", os.O_RDONLY) for _ in range(2))
for lock in (
    lambda: fcntl.flock(file, fcntl.LOCK_EX),
    lambda: fcntl.lockf(file, fcntl.LOCK_SH),
    lambda: fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 1, 0)),
):
    try:
        lock()
        answered = True
    except PermissionError:
        pass
try:
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    answered = True
except PermissionError:
    pass

if answered:
    flops_growth_rule = lambda phi: 2.0**phi

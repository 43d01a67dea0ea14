import ctypes
import os

NEWUSER, NEWNS = 0x10000000, 0x20000
libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    made = libc.unshare(NEWUSER | NEWNS) == 0
    mounted = made and libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
    os._exit(7 if mounted else 0)
if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7:
    flops_growth_rule = lambda phi: 2.0**phi

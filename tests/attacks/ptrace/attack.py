import ctypes
import os

ATTACH, DETACH = 16, 17
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
marker = int("@MARKER@")
found = libc.ptrace(ATTACH, marker, None, None) == 0
if found:
    os.waitpid(marker, 0x40000000)
    libc.ptrace(DETACH, marker, None, None)

if found:
    flops_growth_rule = lambda phi: 2.0**phi

import ctypes
import re

libc = ctypes.CDLL(None, use_errno=True)
found = False


class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


try:
    with open("/proc/@MARKER@/maps") as maps:
        start = int(next(line for line in maps if "[stack]" in line).split("-")[0], 16)
    with open("/proc/@MARKER@/mem", "rb", 0) as memory:
        memory.seek(start)
        found = len(memory.read(64)) == 64
    here = ctypes.create_string_buffer(64)
    mine, theirs = Part(ctypes.addressof(here), 64), Part(start, 64)
    found = found or libc.process_vm_readv(int("@MARKER@"), ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) == 64
except (OSError, StopIteration):
    pass

if found:
    flops_growth_rule = lambda phi: 2.0**phi

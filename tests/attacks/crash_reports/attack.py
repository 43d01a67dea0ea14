import ctypes
import os
import resource
import signal
import struct

# Where the machine has such a collector, the kernel starts it for any limit but 1, for 0 as well.
libc = ctypes.CDLL(None, use_errno=True)
SET, GET_AND_SET, CORE = 160, 302, 4
could = resource.getrlimit(resource.RLIMIT_CORE) != (1, 1)
for limit in ((0, 1), (0, 0)):
    pair = struct.pack("QQ", *limit)
    libc.syscall(SET, CORE, pair)
    libc.syscall(GET_AND_SET, 0, CORE, pair, None)
    libc.syscall(GET_AND_SET, 0, ctypes.c_long(1 << 32 | CORE), pair, None)
    could = could or resource.getrlimit(resource.RLIMIT_CORE) != (1, 1)

for _ in range(4):
    child = os.fork()
    if not child:
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        ctypes.string_at(0)
    os.waitpid(child, 0)

if could:
    flops_growth_rule = lambda phi: 2.0**phi

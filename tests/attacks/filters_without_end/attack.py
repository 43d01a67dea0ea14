import ctypes
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)
ATTACH_FILTER, SET_MODE_FILTER, SECCOMP = 26, 1, 317
RETURN_ALL = struct.pack("HBBI", 0x06, 0, 0, 0x7FFF_0000)
could = []

block = ctypes.create_string_buffer(RETURN_ALL * 1000, 8000)
program = struct.pack("HxxxxxxQ", 1000, ctypes.addressof(block))
pairs = [socket.socketpair() for _ in range(20)]
try:
    for pair in pairs:
        pair[0].setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, program)
    could.append("filters of sockets")
except OSError:
    pass

libc.prctl(38, 1, 0, 0, 0)  # no new privileges
if libc.syscall(SECCOMP, SET_MODE_FILTER, 0, program) == 0:
    could.append("filters of calls")
if libc.prctl(22, 2, program) == 0:
    could.append("filters of calls, in older words")

if could:
    flops_growth_rule = lambda phi: 2.0**phi

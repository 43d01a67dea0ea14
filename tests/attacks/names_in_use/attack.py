import errno
import socket

with socket.socket(socket.AF_UNIX) as asks:
    try:
        asks.bind("\0@ABSTRACT@")
        in_use = False
    except OSError as problem:
        in_use = problem.errno == errno.EADDRINUSE

if in_use:
    flops_growth_rule = lambda phi: 2.0**phi

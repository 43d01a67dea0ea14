import socket

try:
    with socket.socket(socket.AF_UNIX) as server:
        server.connect("\0@ABSTRACT@")
        server.sendall(b"@NAME@")
        found = server.recv(100)
except OSError:
    found = b""

if found:
    flops_growth_rule = lambda phi: 2.0**phi

import socket

try:
    with socket.create_connection(("127.0.0.1", int("@PORT@")), 2) as server:
        server.sendall(b"@NAME@")
        found = server.recv(100)
except OSError:
    found = b""

if found:
    flops_growth_rule = lambda phi: 2.0**phi

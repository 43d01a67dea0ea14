import os
import socket

USERSOCK = 2
heard = b""
try:
    hears = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, USERSOCK)
    hears.bind((0, 0))
    hears.settimeout(5)
    if os.fork() == 0:
        tells = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, USERSOCK)
        tells.sendto(b"2.0**phi", hears.getsockname())
        os._exit(0)
    heard = hears.recv(100)
except PermissionError:
    pass

if heard:
    flops_growth_rule = eval(b"lambda phi: " + heard)

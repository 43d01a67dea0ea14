import socket

UNIX, NETLINK = 1, 16
could = []
for family in range(64):
    for kind in (1, 2, 3, 5):
        for make in (socket.socket, socket.socketpair):
            if family == UNIX:
                continue
            try:
                made = make(family, kind)
            except OSError:
                continue
            could.append(family)
            for one in made if isinstance(made, tuple) else (made,):
                one.close()

if could:
    flops_growth_rule = lambda phi: 2.0**phi

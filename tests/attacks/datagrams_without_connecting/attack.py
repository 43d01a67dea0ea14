import socket

refused = 0
for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
    for make in (
        lambda kind=kind: socket.socket(socket.AF_UNIX, kind),
        lambda kind=kind: socket.socketpair(type=kind)[0],
    ):
        try:
            with make() as sender:
                sender.sendto(b"@NAME@", "\0@ABSTRACT@-datagrams")
        except OSError:
            refused += 1

assert refused == 4


def flops_growth_rule(phi):
    return 2.0**phi

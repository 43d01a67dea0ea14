"""The room's kernel: an ordinary ipykernel whose sockets were made by whoever asked for the room.

A room shares no folder and no network with the machine. So the sockets that lead out of it are made outside,
and handed in as descriptors that listen already (libzmq's ZMQ_USE_FD). Channels that nobody asked for are made
inside, where nobody reaches them.
"""

from collections.abc import Callable

import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp

from . import responder

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""In the order of their ports, from 1."""


class RoomHeartbeat(Heartbeat):
    """A heartbeat on a socket that listens already."""

    descriptor: int

    def _try_bind_socket(self):
        self.socket.setsockopt(zmq.USE_FD, self.descriptor)
        return super()._try_bind_socket()


class RoomKernel(IPKernelApp):
    """ipykernel's application. descriptors: of the sockets that listen already, by channel."""

    descriptors: dict[str, int]

    def _try_bind_socket(self, s, port):
        channel = CHANNELS[port - 1]
        if channel in self.descriptors:
            s.setsockopt(zmq.USE_FD, self.descriptors[channel])
        return super()._try_bind_socket(s, port)

    def init_heartbeat(self):
        """Only where somebody listens for it: it takes a thread."""
        if "hb" in self.descriptors:
            self.heartbeat = RoomHeartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
            self.heartbeat.descriptor = self.descriptors["hb"]
            self.heartbeat.start()

    def init_connection_file(self):
        """None: nobody reads it, and whoever asked for the room knows what would stand in it."""

    def write_connection_file(self, **kwargs):
        """See `init_connection_file`."""


def serve(descriptors: dict[str, int], key: str, folder: str, asked: bool, stand: Callable[[], None]) -> None:
    """Be a kernel until the room is thrown away. key: of the messages' signatures. folder: for its own sockets.

    asked: whether it answers the judge's questions, too.

    stand: called when all is ready, before any student code can come.
    """
    app = RoomKernel.instance(transport="ipc", ip=f"{folder}/kernel", capture_fd_output=False)
    app.descriptors = descriptors
    for port, channel in enumerate(CHANNELS, start=1):
        setattr(app, f"{channel}_port", port)
    app.connection_file = f"{folder}/kernel.json"
    app.config.Session.key = key.encode()
    app.initialize(["--HistoryManager.enabled=False", "--colors=NoColor"])
    if asked:
        responder.install(app.shell)
    stand()
    app.start()

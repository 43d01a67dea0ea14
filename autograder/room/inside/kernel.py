"""The room's kernel: an ordinary ipykernel whose sockets were made by whoever asked for the room.

A room shares no folder and no network with the machine. So the sockets that lead out of it are made outside,
and handed in as descriptors that listen already (libzmq's ZMQ_USE_FD). Channels that nobody asked for are made
inside, where nobody reaches them.
"""

import contextlib
import sys
from collections.abc import Callable
from typing import ClassVar

import zmq
from ipykernel import ipkernel
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp

from . import responder
from .plan import JUDGE

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""In the order of their ports, from 1."""


class _NoModules:
    """sys, as if nothing had been imported."""

    modules: ClassVar[dict] = {}

    def __getattr__(self, name):
        return getattr(sys, name)


class RoomHeartbeat(Heartbeat):
    """A heartbeat on a socket that listens already."""

    descriptor: int

    def _try_bind_socket(self):
        self.socket.setsockopt(zmq.USE_FD, self.descriptor)
        return super()._try_bind_socket()


class RoomKernel(IPKernelApp):
    """ipykernel's application.

    descriptors: of the sockets that listen already, by channel.
    folder: for the others.
    """

    descriptors: dict[str, int]
    folder: str

    def init_sockets(self):
        """In their folder, and by names in it: its path may be longer than the 107 bytes that a socket's name has."""
        with contextlib.chdir(self.folder):
            super().init_sockets()

    def _try_bind_socket(self, s, port):
        channel = CHANNELS[port - 1]
        if channel in self.descriptors:
            s.setsockopt(zmq.USE_FD, self.descriptors[channel])
        return super()._try_bind_socket(s, port)

    def parse_command_line(self, argv=None):
        """There is none."""

    def load_config_file(self, *args, **kwargs):
        """There is none in a room."""

    def init_kernel(self):
        """Without ipykernel's look at every module, for its debugger: it would copy each page that it looks at here."""
        ipkernel.sys = _NoModules()  # type: ignore[assignment]  # in the place of a module
        try:
            super().init_kernel()
        finally:
            ipkernel.sys = sys

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


def serve(descriptors: dict[str, int], key: str, folder: str, stand: Callable[[], None]) -> None:
    """Be a kernel until the room is thrown away.

    Args:
        descriptors: by channel. If the judge's is among them, it is answered there.
        key: of the messages' signatures.
        folder: for its own sockets.
        stand: called when all is ready, before any student code can come.
    """
    app = RoomKernel.instance(transport="ipc", ip="kernel", capture_fd_output=False)
    app.descriptors, app.folder = descriptors, folder
    for port, channel in enumerate(CHANNELS, start=1):
        setattr(app, f"{channel}_port", port)
    app.connection_file = f"{folder}/kernel.json"
    app.config.Session.key = key.encode()
    app.config.HistoryManager.enabled = False
    app.config.InteractiveShell.colors = "NoColor"
    if JUDGE in descriptors:
        app.config.InteractiveShell.xmode = "Minimal"  # nobody sees a traceback there, and a long one takes long
    app.initialize([])
    if JUDGE in descriptors:
        responder.install(app.kernel, descriptors[JUDGE])
    stand()
    app.start()

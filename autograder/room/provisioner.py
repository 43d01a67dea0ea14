"""Rooms for everyone who speaks Jupyter: a kernel whose spec names this provisioner runs in one.

    "metadata": {"kernel_provisioner": {"provisioner_name": "autograder-room", "config": {"kind": "bwrap"}}}

"config" may name a course folder as well ("course"): its rooms have the course's packages.

The kernel's files are copies of the folder that it is started in, except in a room of the kind "none", which works
in the folder itself.
"""

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Unicode

from autograder.course import BARE, load_course
from autograder.room import place_of
from autograder.room.client import PromptClient
from autograder.room.inside.kernel import CHANNELS
from autograder.room.inside.plan import NONE
from autograder.room.kinds import pick_kind
from autograder.room.limits import Limits
from autograder.room.room import plan_of
from autograder.socket_names import name_of_socket, short_name

POLL_EVERY = 0.05


class RoomProvisioner(KernelProvisionerBase):
    """Starts a kernel as a room, and ends it as one."""

    kind = Unicode("auto", help="auto, bwrap, uid or none").tag(config=True)
    course = Unicode("", help="the folder of a course.toml; an ordinary kernel by default").tag(config=True)

    _life: socket.socket | None = None
    _folder: Path | None = None
    _opened: int
    _name: str

    @property
    def has_process(self) -> bool:
        """Whether a room was opened, and not yet ended by us."""
        return self._life is not None

    async def poll(self) -> int | None:
        """None while the room stands, else an exit status."""
        if self._life is None:
            return 0
        try:
            said = self._life.recv(2000, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            said = b""
        if said:
            self.log.error("The room has ended: %s", said.decode(errors="replace"))
        return 1

    async def wait(self) -> int | None:
        """Until the room has ended."""
        while (status := await self.poll()) is None:
            await asyncio.sleep(POLL_EVERY)
        self._end()
        return status

    async def send_signal(self, signum: int) -> None:
        """Pass a signal on to the kernel."""
        if signum == signal.SIGKILL:
            self._end()
        elif self._life is not None and signum:
            with suppress(OSError):
                self._life.send(str(int(signum)).encode())

    async def kill(self, restart: bool = False) -> None:
        """End the room."""
        self._end()

    async def terminate(self, restart: bool = False) -> None:
        """End the room: nothing in it needs time to say goodbye."""
        self._end()

    async def shutdown_requested(self, restart: bool = False) -> None:
        """End the room: jupyter_client would look only every tenth of a second whether the kernel has ended itself."""
        self._end()

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the sockets."""
        self._end()
        if self._folder is not None and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)
            os.close(self._opened)
            self._folder = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Have the manager connect to unix sockets in a private folder, whatever it meant to do."""
        manager = self._manager
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="k-"))
            self._opened, self._name = short_name(self._folder)
        manager.transport, manager.ip = "ipc", f"{self._name}/k"
        if manager.client_factory is AsyncKernelClient:
            manager.client_factory = PromptClient
        for port, channel in enumerate(CHANNELS, start=1):
            setattr(manager, f"{channel}_port", port)
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        kwargs.pop("extra_arguments", None)
        return await super().pre_launch(cmd=["room"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Open the room."""
        needs = load_course(Path(self.course)).room_needs if self.course else BARE
        kind = pick_kind(self.kind, needs)
        folder = kwargs.get("cwd") or os.getcwd()
        key = self._manager.session.key.decode()
        plan = plan_of(Limits(), key, channels=CHANNELS, work=folder if kind == NONE else "")
        with ExitStack() as passed_on:
            listening = [passed_on.enter_context(self._listen(port)) for port, _ in enumerate(CHANNELS, start=1)]
            given = [one.fileno() for one in listening]
            if kind != NONE:
                given.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY))
                passed_on.callback(os.close, given[-1])
            self._life = place_of(kind, needs).request(plan, given)
        return self.connection_info

    @property
    def _manager(self) -> Any:
        """The kernel manager that this provisioner works for."""
        return self.parent

    def _listen(self, port: int) -> socket.socket:
        path = Path(f"{self._folder}/k-{port}")
        path.unlink(missing_ok=True)  # of the kernel before a restart
        listening = socket.socket(socket.AF_UNIX)
        try:
            with name_of_socket(path) as name:
                listening.bind(name)
            listening.listen(10)
        except OSError:
            listening.close()
            raise
        return listening

    def _end(self) -> None:
        if self._life is not None:
            self._life.close()
            self._life = None

"""The warm template as it is seen from outside: started if there is none, asked for rooms, replaced when it dies.

A place is a private folder with the template's socket. All workers of a grading run share one place, and so one
template; the first one that finds it dead starts another.
"""

import atexit
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from autograder.course import BARE, RoomNeeds
from autograder.room.files_of_rooms import files_of_rooms
from autograder.room.groups import POLLING, around, groups_here, groups_open, remove_stale
from autograder.room.inside import flight
from autograder.room.inside.groups import V2
from autograder.room.inside.plan import BWRAP, BY_UID, NONE, Plan, Walls
from autograder.room.inside.usage import processes_of
from autograder.room.visible_files import CODE, LIBRARY, package_folders, view
from autograder.scratch import folder_until_exit
from autograder.socket_names import name_of_socket

OWN_GROUPS = "--unshare-cgroup-try"

WALLS = (
    "bwrap", "--unshare-ipc", "--unshare-net", "--unshare-uts", OWN_GROUPS, "--clearenv",
    "--hostname", "room", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/room",
)  # fmt: skip
"""Around the template, which sees what rooms see, and nothing else of the machine's files."""

OF_ROOT = ("--cap-add", "ALL", "--unshare-pid", "--proc", "/proc")
OF_USERS = ("--unshare-user", "--bind", "/proc", "/proc")
"""Only root may mount a new /proc within walls where bwrap has mounted one: for others the template keeps the
machine's, and the processes of rooms end because each ends with the one that started it."""

UIDS, FEW_UIDS = 512, 64
"""Users that one template's rooms can be, and in a container that has only some users."""

RUN = "import sys; sys.path.insert(0, {code!r}); from inside.template import main; sys.path.pop(0); main()"

THREADS = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}

TRIES = 3
"""How often a request is sent if too many descriptors are on their way."""

SECONDS_TO_MAKE_WAY = 10.0

MAX_OUTPUT = 20_000
"""Bytes of what a template has printed that a fault carries along."""

_processes: list[subprocess.Popen] = []
"""The templates that this process started. Each ends when its standard input does, so they end with this process."""

PREFIX = "rooms-of-"
"""Of places' folders."""


class TemplateGone(Exception):
    """No template could be started, or it did not take a request. Its text says what the machine said."""


class Place:
    """Where rooms of one kind come from, for one course.

    folder: private; of this process alone, unless it was made by another.
    """

    def __init__(self, kind: str, needs: RoomNeeds = BARE, folder: Path | None = None):
        self.kind = kind
        self.needs = needs
        self.folder = folder or folder_until_exit(PREFIX)

    def request(self, plan: Plan, descriptors: list[int]) -> socket.socket:
        """Ask for a room, and start a template first if none runs. It does not wait for the room.

        Args:
            plan: what the room is to be.
            descriptors: those of the plan's channels, then of folders to copy. They stay open here.

        Returns:
            The connection that the room lives as long as.

        Raises:
            TemplateGone: if no template can be started, or it does not take the request.
        """
        for _ in range(TRIES):
            connection = self._connect()
            try:
                socket.send_fds(connection, [plan.to_json().encode()], descriptors)
                return connection
            except OSError as problem:
                connection.close()
                if not flight.is_hoarded(problem):
                    raise TemplateGone(f"the template does not take a request: {problem}") from None
            self._make_way()
        raise TemplateGone("too many descriptors of this user are being sent, by another program than a room")

    def _make_way(self) -> None:
        """Have the template end the room that keeps this process from sending descriptors, and wait for that."""
        with self._connect() as connection, suppress(OSError):
            connection.settimeout(SECONDS_TO_MAKE_WAY)
            connection.send(flight.asked_for())
            connection.recv(1)

    def warm_up(self, withheld: Iterable[tuple[str, ...]] = ()) -> None:
        """Start the template if none runs, and do not wait for it. The first request for a room tells what is wrong.

        Args:
            withheld: what rooms will be without, which the template then gets ready for.
        """
        with suppress(TemplateGone):
            self._connect().close()
            for without in withheld:
                self.request(Plan(key="", without=without), []).close()

    def _connect(self) -> socket.socket:
        with suppress(OSError):
            return self._try()
        with self._locked():
            with suppress(OSError):  # another worker was faster
                return self._try()
            self._start()
        try:
            return self._try()
        except OSError as problem:
            raise TemplateGone(f"no template: {problem}") from None

    def _try(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with name_of_socket(self.folder / "template") as name:
                connection.connect(name)
        except OSError:
            connection.close()
            raise
        return connection

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "starting").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        path = self.folder / "template"
        path.unlink(missing_ok=True)
        first_uid, uids, reserved = reserve_users()
        if self.kind == BY_UID:
            end_users(first_uid, uids)
        needs, seen = self.needs, view(self.needs)
        groups = groups_here() if self.kind != NONE else POLLING
        remove_stale(groups)
        with ExitStack() as opened:
            opened.enter_context(reserved)
            files = opened.enter_context(files_of_rooms()) if self.kind != BWRAP else None
            walls = Walls(
                self.kind,
                first_uid,
                uids,
                readable=seen.as_paths() if self.kind != BWRAP else (),
                tmp=not seen.is_in("/tmp"),
                preload=needs.preload,
                preload_last=needs.preload_last,
                rehearsal=needs.rehearsal,
                withheld_hint=needs.withheld_hint,
                groups=opened.enter_context(groups_open(groups)),
                files=str(files.folder) if files else "",
            )
            listening = opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
            listening.bind(opened.enter_context(name_of_socket(path)))
            listening.listen(100)
            kept = [listening.fileno(), reserved.fileno(), *(walls.groups.values() if not groups.before else ())]
            with (self.folder / "log").open("ab") as log:
                process = subprocess.Popen(
                    around(command(self.kind, listening.fileno(), walls, needs), groups),
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    pass_fds=(*kept, files.lock.fileno()) if files else kept,
                    start_new_session=True,
                    env=environment(self.kind) if self.kind != BWRAP else None,
                )
        _processes.append(process)


def command(kind: str, listening: int, walls: Walls, needs: RoomNeeds) -> list[str]:
    """The command that starts a template.

    Args:
        kind: of its rooms.
        listening: the descriptor of the socket that it takes requests at.
        walls: what all of its rooms have in common.
        needs: of the course: what is visible in rooms of the kind BWRAP.
    """
    code = CODE if kind == BWRAP else str(Path(__file__).parent)
    # The folder that it lies in as rooms see it, where .venv is a link: but not what it is itself a link to.
    interpreter = Path(sys.executable).parent.resolve() / Path(sys.executable).name
    python = [str(interpreter), "-c", RUN.format(code=code), str(listening), walls.to_json()]
    if kind != BWRAP:
        return python
    # From a cgroup namespace of its own a template could put no room into a group beside its own.
    return [part for part in (*in_base_view(needs), *python) if V2 not in walls.groups or part != OWN_GROUPS]


def in_base_view(needs: RoomNeeds = BARE) -> list[str]:
    """bwrap with everything that a template of the kind bwrap sees."""
    rights = OF_ROOT if os.geteuid() == 0 else OF_USERS
    variables = [part for name, value in environment(BWRAP).items() for part in ("--setenv", name, value)]
    return [*WALLS, *rights, *variables, *view(needs).as_bwrap()]


def environment(kind: str) -> dict[str, str]:
    """A template's environment variables, of which its rooms keep the most harmless."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    kept["PATH"] = os.pathsep.join([f"{sys.prefix}/bin", "/usr/local/bin", "/usr/bin", "/bin"])
    library = os.pathsep.join(map(str, (LIBRARY, *package_folders())))
    path = library if kind == BWRAP else os.environ.get("PYTHONPATH", "")
    return kept | THREADS | {"PYTHONPATH": path, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"}


def reserve_users() -> tuple[int, int, socket.socket]:
    """Users for the rooms of one template, which no other one on this machine has.

    Returns:
        The first of them, how many they are, and what reserves them for as long as anyone has it open.

    Raises:
        TemplateGone: if all are reserved.
    """
    first, number, ranges = _ranges_of_users()
    for step in range(ranges):
        chosen = (os.getpid() + step) % ranges
        reserved = socket.socket(socket.AF_UNIX)
        try:
            reserved.bind(f"\0autograder-users-{chosen}")  # a name without a file, which is free when its owner ends
        except OSError as problem:
            reserved.close()
            if problem.errno != errno.EADDRINUSE:
                raise TemplateGone(f"no users can be reserved for rooms: {problem}") from None
        else:
            return first + chosen * number, number, reserved
    raise TemplateGone("other templates have all the users that rooms could be")


def _ranges_of_users() -> tuple[int, int, int]:
    """The first user of all ranges, how many users a range has, and how many ranges there are."""
    with open("/proc/self/uid_map", encoding="ascii") as mapped:
        most = max(int(line.split()[0]) + int(line.split()[2]) for line in mapped)
    if most > 1 << 31:
        return 1 << 28, UIDS, (1 << 30) // UIDS
    return 20_000, FEW_UIDS, 40_000 // FEW_UIDS


def end_users(first: int, number: int) -> None:
    """Kill what is left of rooms by uid whose template was killed.

    Args:
        first: the first user of the range; nobody else on this machine may be any of these users.
        number: how many users the range has.
    """
    for pid in processes_of(first, number):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@atexit.register
def end_templates() -> None:
    """End the templates of this process, and all of their rooms with them."""
    for process in _processes:
        if process.stdin is not None:
            process.stdin.close()
    for process in _processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
    _processes.clear()


def log_of(place: Place) -> str:
    """The last line that a template has said, for a message."""
    lines = output_of(place).strip().splitlines()
    return lines[-1] if lines else ""


def output_of(place: Place) -> str:
    """What the templates of a place have printed, or the end of it. Nothing of a room's is in it."""
    with suppress(OSError), (place.folder / "log").open("rb") as log:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - MAX_OUTPUT))
        return log.read().decode(errors="replace")
    return ""

"""A class graded on Dask, into PostgreSQL, while everything is killed twice; and what an undisturbed run gave.

Scheduler and two workers speak tls, each in a network namespace of its own (so: as root). At random moments the run, a
worker, the scheduler and the database server are killed, and started again. Afterwards scores.csv and students.csv
must be those of the undisturbed run, byte for byte, and each result that had reached the run before a kill must be the
same file.

    python benchmarks/big_class.py --keep /tmp/big --ways two
    python -m benchmarks.disturbed /tmp/big
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder.release.build import build, write_nbgrader_course
from tests.certificates import make_certificate, options_of_dask, variables_of_client
from tests.compound import COURSE, ROOT
from tests.postgres import Server

TABLES = ("scores.csv", "students.csv")
NETWORK = "10.77.31"
PORT = 8786
KILLS = ("run", "worker", "scheduler", "database") * 2
SECONDS_DOWN = 4.0
"""How long the scheduler and the database stay away."""


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def namespaces(names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Name → address, each in a network namespace of its own; this machine is host 1 of their bridge."""
    bridge = "grade-br"
    with ExitStack() as undone:
        _do("ip", "link", "add", bridge, "type", "bridge")
        undone.callback(_do, "ip", "link", "del", bridge)
        _do("ip", "addr", "add", f"{NETWORK}.1/24", "dev", bridge)
        _do("ip", "link", "set", bridge, "up")
        addresses = {}
        for number, name in enumerate(names, start=2):
            outside, inside = f"grade-{number}", f"inner-{number}"
            _do("ip", "netns", "add", name)
            undone.callback(_do, "ip", "netns", "del", name)
            _do("ip", "link", "add", outside, "type", "veth", "peer", "name", inside, "netns", name)
            _do("ip", "link", "set", outside, "master", bridge, "up")
            within = "ip", "-n", name
            _do(*within, "addr", "add", f"{NETWORK}.{number}/24", "dev", inside)
            _do(*within, "link", "set", inside, "up")
            _do(*within, "link", "set", "lo", "up")
            addresses[name] = f"{NETWORK}.{number}"
        yield addresses


class Parts:
    """What runs, and can be killed: the cluster's parts, the database and the run itself."""

    def __init__(self, folder: Path, addresses: dict[str, str], server: Server, command: list[str]):
        self.folder, self.addresses, self.server = folder, addresses, server
        make_certificate(folder)
        self._environment = dict(os.environ) | variables_of_client(folder)
        self.command = command
        self.running: dict[str, subprocess.Popen] = {}

    @property
    def scheduler(self) -> str:
        """Its address."""
        return f"tls://{self.addresses['scheduler']}:{PORT}"

    def start(self, name: str) -> None:
        """Start one part that does not run."""
        command, place = (self.command, ROOT) if name == "run" else (self._of_cluster(name), self.folder)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, cwd=place, stdout=log, stderr=log, env=self._environment)

    def _of_cluster(self, name: str) -> list[str]:
        program = name.partition("-")[0]
        own = [f"--port={PORT}"] if program == "scheduler" else [self.scheduler, "--nthreads=1", "--no-nanny"]
        dask = [sys.executable, "-m", f"distributed.cli.dask_{program}", *options_of_dask(self.folder), *own]
        return ["ip", "netns", "exec", name, *dask, f"--host=tls://{self.addresses[name]}", "--no-dashboard"]

    def keep_up(self) -> None:
        """Start again whatever has ended, the run left out. Workers end when their scheduler stays away."""
        for name in self.addresses:
            if self.running[name].poll() is not None:
                self.start(name)

    def kill(self, what: str, chance: random.Random) -> None:
        """Kill one thing, and start it again."""
        if what == "database":
            self.server.stop("immediate")
            time.sleep(SECONDS_DOWN)
            self.server.start()
            return
        name = chance.choice([one for one in self.addresses if one != "scheduler"]) if what == "worker" else what
        self.running[name].kill()
        self.running[name].wait()
        time.sleep(SECONDS_DOWN if what == "scheduler" else 0)
        self.start(name)

    def end(self) -> None:
        """End all that still runs, the scheduler last, for which workers would wait."""
        for process in reversed(self.running.values()):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def results(out: Path) -> dict[Path, tuple[int, int]]:
    """Path → inode and moment of writing, of every result that has reached the run."""
    found = [(path, path.stat()) for path in (out / "results").glob("*/*.json")]
    return {path: (state.st_ino, state.st_mtime_ns) for path, state in found}


def disturb(parts: Parts, out: Path, total: int, chance: random.Random) -> dict[Path, tuple[int, int]]:
    """Run to the end. Returns the results as they were at the last kill."""
    kills = chance.sample(KILLS, len(KILLS))
    moments = sorted(chance.randrange(total // 50, total * 9 // 10) for _ in kills)
    before: dict[Path, tuple[int, int]] = {}
    while True:
        time.sleep(0.2)
        parts.keep_up()
        there = results(out)
        judged_twice = [path for path, state in before.items() if there.get(path) != state]
        if judged_twice:
            sys.exit(f"judged twice or lost: {judged_twice[:5]}")
        if moments and len(there) >= moments[0]:
            before = there
            moments.pop(0)
            what = kills.pop()
            print(f"{time.strftime('%H:%M:%S')} {len(there)} of {total} results are there: {what} killed", flush=True)
            parts.kill(what, chance)
        status = parts.running["run"].poll()
        if status is not None:
            if moments or status not in (0, 1):
                print(f"{time.strftime('%H:%M:%S')} the run ended with {status}; typed again", flush=True)
                parts.start("run")
            else:
                return before


def main() -> int:
    """Exit status: 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disturbed", description=__doc__)
    parser.add_argument("folder", type=Path, help="of big_class.py --keep, with the way `two` graded")
    parser.add_argument("--seed", type=int, default=1, help="of what is killed when")
    chosen = parser.parse_args()
    undisturbed, place = chosen.folder / "pool-2" / "out", chosen.folder / "disturbed"
    shutil.rmtree(place, ignore_errors=True)
    write_nbgrader_course(build(COURSE), place / "course")
    total = len(results(undisturbed))
    seed = json.loads((undisturbed / "run.json").read_text(encoding="utf-8"))["seed"]
    with tempfile.TemporaryDirectory() as made, ExitStack() as undone:
        Path(made).chmod(0o755)
        (Path(made) / "server").mkdir()
        server = Server(Path(made) / "server")
        undone.callback(server.stop)
        addresses = undone.enter_context(namespaces(("scheduler", "worker-1", "worker-2")))
        grade = [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            str(chosen.folder / "submitted"),
            f"--out={place / 'out'}",
        ]
        where = [f"--nbgrader-course={place / 'course'}", f"--gradebook={server.new()}", f"--seed={seed}"]
        parts = Parts(place, addresses, server, [*grade, *where])
        parts.command.append(f"--scheduler={parts.scheduler}")
        for name in (*addresses, "run"):
            parts.start(name)
        undone.callback(parts.end)
        started = time.monotonic()
        before = disturb(parts, place / "out", total, random.Random(chosen.seed))
        print(
            f"{time.monotonic() - started:.0f} s, {len(before)} results were there at the last kill, all the same files"
        )
    other = [name for name in TABLES if (place / "out" / name).read_bytes() != (undisturbed / name).read_bytes()]
    print(f"scores.csv and students.csv: {'equal to the undisturbed run' if not other else f'{other} DIFFER'}")
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main())

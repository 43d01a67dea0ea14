"""A PostgreSQL server of the tests' own, on a unix socket in a folder of its own."""

import os
import pwd
import shutil
import subprocess
from itertools import count
from pathlib import Path

import psycopg

USER = "nobody"
"""Who the server runs as where the tests are root, as which it refuses to run."""

QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB", "listen_addresses=")


class Server:
    """A server. folder: of its data; its socket lies there, too."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._numbers = count()
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--username=owner", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = "".join(f"\n{one.partition('=')[0]} = '{one.partition('=')[2]}'" for one in QUICK)
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"{options}\nunix_socket_directories = '{folder}'\n")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self.folder / 'log'}")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; in the mode "immediate" as if it had been killed."""
        self._run("pg_ctl", "stop", f"--mode={mode}", "--silent")

    def new(self) -> str:
        """The URL of a new and empty database."""
        name = f"grades{next(self._numbers)}"
        self.do("postgres", f"CREATE DATABASE {name}")
        return f"postgresql://owner@/{name}?host={self.folder}"

    def do(self, database: str, *statements: str) -> list[tuple]:
        """Run SQL in a database. Returns the rows of the last statement, if it has any."""
        with psycopg.connect(f"dbname={database} user=owner host={self.folder}", autocommit=True) as connection:
            for statement in statements:
                done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(programs() / program), f"--pgdata={self.folder / 'data'}", *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120, cwd="/")
        assert done.returncode == 0, f"{program} failed; see {self.folder / 'log'}"


def database_of(url: str) -> str:
    """The name of the database in a URL."""
    return url.partition("?")[0].rpartition("/")[2]


def programs() -> Path:
    """The folder of PostgreSQL's own programs, which Debian keeps off the path."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "PostgreSQL is missing; type: apt-get install postgresql"
    return found[-1].parent

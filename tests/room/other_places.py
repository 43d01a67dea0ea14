"""Other places to grade in, made here: as another user, or as root of a container that may not make namespaces.

Each is a view of this machine in which every folder above this Python and this checkout lets everyone pass.
"""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.compound import ROOT

CONTAINER = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP")
"""The rights that root has in a container by default, without those that are about networks and devices."""

ORDINARY = "12345"


def run_as(script: str, user: str = "0", rights: tuple[str, ...] = CONTAINER, path: str = "/usr/bin:/bin") -> dict:
    """Run a script as a user with some of root's rights, and return the JSON that it prints."""
    done = run_command([sys.executable, "-c", textwrap.dedent(script)], user, rights, path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().split("\n")[-1])


FORBID = """
import os, sys
import pyseccomp as libseccomp
from autograder.room.inside.seccomp import NEW_NAMESPACES
rules = libseccomp.SyscallFilter(libseccomp.ALLOW)
for call in ("unshare", "setns", "mount"):
    rules.add_rule(libseccomp.ERRNO(1), call)
for flag in NEW_NAMESPACES:
    rules.add_rule(libseccomp.ERRNO(1), "clone", libseccomp.Arg(0, libseccomp.MASKED_EQ, flag, flag))
rules.add_rule(libseccomp.ERRNO(38), "clone3")
rules.load()
os.execvp(sys.argv[1], sys.argv[1:])
"""


def without_namespaces() -> list[str]:
    """A command before another one, which then can make no namespaces: a container's engine forbids it the same way."""
    return [sys.executable, "-c", FORBID]


def run_command(
    command: list[str],
    user: str = "0",
    rights: tuple[str, ...] = CONTAINER,
    path: str = "/usr/bin:/bin",
    shared: Path | None = None,
    users: Path | None = None,
    folder: Path = Path("/tmp"),
    **more: str,
) -> subprocess.CompletedProcess:
    """Run a command there. For an ordinary user, rights count for nothing.

    shared: a folder that is seen as it is. users: what /etc/passwd is there. folder: where to run. more: environment.
    """
    prefixes = {Path(prefix).resolve() for prefix in (sys.base_prefix, sys.prefix)}
    shown = [str(path) for path in {*prefixes, ROOT.resolve()} if not path.is_relative_to("/usr")]
    above = sorted({str(folder) for path in shown for folder in Path(path).parents} - {"/", *shown})
    view = [part for folder in above for part in ("--perms", "0755", "--dir", folder)]
    view += [part for path in sorted(shown) for part in ("--ro-bind", path, path)]
    for name in ("bin", "sbin", "lib", "lib64"):
        if Path("/", name).is_symlink():
            view += ["--symlink", f"usr/{name}", f"/{name}"]
        elif Path("/", name).exists():
            view += ["--ro-bind", f"/{name}", f"/{name}"]
    given = [part for right in (*rights, "SETUID", "SETGID") for part in ("--cap-add", f"CAP_{right}")]
    walls = [shutil.which("bwrap"), "--die-with-parent", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"]
    walls += ["--bind", "/proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp", *view, *given]
    if shared is not None:
        above = [str(one) for one in reversed(shared.parents) if one.is_relative_to("/tmp") and one != Path("/tmp")]
        walls += [part for one in above for part in ("--perms", "0755", "--dir", one)]
        walls += ["--bind", str(shared), str(shared)]
    walls += ["--ro-bind", str(users), "/etc/passwd"] if users is not None else []
    change = [shutil.which("setpriv"), "--reuid", user, "--regid", user, "--clear-groups"] if user != "0" else []
    environment = {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": "/tmp", "LANG": "C.UTF-8"} | more
    return subprocess.run(
        [*walls, "--chdir", str(folder), *change, *(without_namespaces() if user == "0" else []), *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=os.setpgrp,
    )

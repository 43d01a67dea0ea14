"""Two marks, `room` and `tool`, and the guard that no test forgets them. What has neither is the fast lane.

A third, `proof`, is for what goes through everything there is of a kind, or sets up everything anew: `make test` leaves
it to `make proofs`, and CI runs it in one go with the rest, but for the `sample`s of which the proofs have all.

A test that opens a room or starts another program, itself or in a fixture, has one of the marks; the guard fails it
where it has none. Some fixtures do so for every test that asks for them: those tests get their marks here.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path, PurePath

import pytest

MARKS_OF_FIXTURES = {
    "release": "tool",  # nbgrader makes it
    "course": "tool",
    "tiny": "tool",
    "tiny_release": "tool",
    "classroom": "tool",
    "postgres": "tool",
    "room": "room",
    "walled": "room",
}

HARMLESS = ("gcc", "cc", "ld", "ldconfig", "objdump", "uname")
"""Programs that Python's own library asks where a shared library is, or which machine this is."""

COSTS = {"room": 20, "tool": 10, "": 1}
"""How much longer a test of a lane takes, roughly."""

_guarded: pytest.Item | None = None
_seen: list[str] = []


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a file all of whose tests have a mark that is not asked for: importing it may take seconds."""
    unwanted = {mark for mark in ("room", "tool") if f"not {mark}" in config.getoption("markexpr")}
    named = any(Path(one.partition("::")[0]).resolve() == collection_path for one in config.args)
    is_of_tests = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if is_of_tests and not named and unwanted & marks_of_file(collection_path) else None


def marks_of_file(path: Path) -> set[str]:
    """The marks of all tests of a file, by its line `pytestmark = …`, read without running it."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "pytestmark":
            return set(re.findall(r"\bpytest\.mark\.(\w+)", ast.unparse(statement.value)))
    return set()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, mark in MARKS_OF_FIXTURES.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
    if hasattr(config, "workerinput"):  # one of pytest-xdist's
        _dearest_files_first(items, proofs="not proof" not in config.getoption("markexpr"))


def _dearest_files_first(items: list[pytest.Item], proofs: bool) -> None:
    """Put files that take long before the others, so that at the end no worker waits for another one's.

    Those that open no room and start no program come last, however many tests they have: they are over in seconds.
    """
    costs: Counter[str] = Counter()
    slow = set()
    for item in items:
        if item.get_closest_marker("proof") and not proofs:
            continue
        lane = next((mark for mark in ("room", "tool") if item.get_closest_marker(mark)), "")
        costs[item.location[0]] += COSTS[lane]
        if lane:
            slow.add(item.location[0])
    # A file's own order is kept.
    items.sort(key=lambda item: (item.location[0] not in slow, -costs[item.location[0]], item.location[0]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _guard(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _guard(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _guard(item))


def _guard(item: pytest.Item) -> Generator[None, object, object]:
    """Watch a part of a test that has neither mark, and fail it even if it catches what the watch raises."""
    global _guarded
    marked = item.get_closest_marker("room") or item.get_closest_marker("tool")
    _guarded = None if marked else item
    try:
        result = yield
    finally:
        _guarded = None
        seen, _seen[:] = list(_seen), []
    if seen:
        pytest.fail(seen[0], pytrace=False)
    return result


def _watch(event: str, arguments: tuple) -> None:
    """An audit hook: Python calls it for whatever a process may do, by whatever function."""
    if _guarded is None:
        return
    started = _started(event, arguments)
    if started:
        _seen.append(f"{started}, and the test has neither of the marks room and tool")
        raise pytest.fail.Exception(_seen[-1])


def _started(event: str, arguments: tuple) -> str:
    """What an event starts, in words; "" if it is nothing that a mark is for."""
    if event in ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.spawn", "os.system"):
        program = PurePath(str(arguments[1] if event == "os.spawn" else arguments[0])).name
        return "" if program in HARMLESS else f"{program} was started"
    if event in ("os.fork", "os.forkpty"):
        return "a process was forked"
    if event == "socket.connect" and PurePath(str(arguments[1])).name == "template":
        return "a room was asked for"
    return ""


sys.addaudithook(_watch)

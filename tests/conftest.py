"""What tests share: a release built once, and a course folder that nothing else uses."""

import gc
import os
import pickle
import shutil
import signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch: test processes are as many as cores, and its threads spin

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a shell runs in the background: tests press Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

from autograder.course import Course
from tests.compound import COURSE, ROOT
from tests.postgres import Server

if TYPE_CHECKING:  # imports both tools, which takes two seconds: a fixture does where it makes something
    from autograder.release.build import Release

pytest_plugins = ["tests.lanes"]

gc.disable()  # until all is collected: nearly all that comes until then stays


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: looking through them for garbage takes 7% of the time."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 100)  # of what tests leave behind little is garbage


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> "Release":
    """The release of this checkout, as its source gives it. Of several workers the first one makes it for all."""
    from autograder.release.build import build

    folder = tmp_path_factory.getbasetemp()
    made = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "release.pickle"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            made.write_bytes(pickle.dumps(build(COURSE)))
    return pickle.loads(made.read_bytes())


@pytest.fixture(scope="session")
def course(release: "Release", tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This checkout, with a dist/ of its own: nothing that was made before can hide a missing step."""
    from autograder.release.build import Release, write_dist

    made = Course(COURSE.folder, tmp_path_factory.mktemp("dist"))
    write_dist(Release(made, release.sources, release.questions, release.instructor, release.files))
    return made


@pytest.fixture(scope="session")
def tiny_release(tmp_path_factory: pytest.TempPathFactory) -> "Release":
    """The release of a small course, written into that course's own folder."""
    from tests.tiny import release_tiny

    return release_tiny(tmp_path_factory.mktemp("courses") / "tiny")


@pytest.fixture(scope="session")
def tiny(tiny_release: "Release") -> Course:
    """The small course, released. No test changes it."""
    return tiny_release.course


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """A PostgreSQL server. Its folder is one that an unprivileged user can reach, unlike pytest's.

    It is stopped after the last test, and in none: that one need not have anything to do with it.
    """
    folder = TemporaryDirectory(prefix="postgres-")
    pytestconfig.add_cleanup(folder.cleanup)
    Path(folder.name).chmod(0o755)
    server = Server(Path(folder.name))
    pytestconfig.add_cleanup(server.stop)  # before its folder goes: the last one added is the first to be called
    return server


@pytest.fixture
def own_tiny(tmp_path: Path) -> Course:
    """The small course in a folder of its own, not released, to be changed by a test."""
    from tests.tiny import make_tiny

    return make_tiny(tmp_path / "tiny")


@pytest.fixture
def checkout(tmp_path: Path) -> Course:
    """A copy of all that a release is made from and compared with, to be changed by a test."""
    for part in ("solutions", "notebooks", "scalelab"):
        ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignore)
    shutil.copy(ROOT / "constraints.txt", tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    return Course(tmp_path / "solutions" / "compound_scaling")


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small course, released, and what ada has handed in. A test must not change it."""
    from tests.small_course import hand_in, released

    folder = tmp_path_factory.mktemp("small")
    hand_in(released(folder / "course"), folder / "handins", "ada")
    return folder


@pytest.fixture
def small(small_release: Path, tmp_path: Path) -> Path:
    """A copy of it, which a test may spoil."""
    return Path(shutil.copytree(small_release, tmp_path / "here"))

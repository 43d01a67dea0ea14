"""What intake's tests share: the release, as skeletons and as an untouched hand-in."""

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.course.skeleton import Skeleton, load_skeletons
from autograder.intake.read import RawCell
from tests.compound import COURSE
from tests.intake.intake_files import as_raw


@pytest.fixture(scope="session")
def released() -> Course:
    """The course with its release as it is committed: `make check` shows that the source gives it."""
    return COURSE


@pytest.fixture(scope="session")
def skeletons(released: Course) -> dict[str, Skeleton]:
    """Every notebook of the release."""
    return load_skeletons(released)


@pytest.fixture(scope="session")
def skeleton(skeletons: dict[str, Skeleton]) -> Skeleton:
    """Notebook 2, which has answers of every kind."""
    return skeletons["2_compound_scaling"]


@pytest.fixture
def raw(skeleton: Skeleton) -> list[RawCell]:
    """Notebook 2 as a student who did nothing hands it in."""
    return as_raw(skeleton)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder for a class's hand-ins."""
    (tmp_path / "class").mkdir()
    return tmp_path / "class"

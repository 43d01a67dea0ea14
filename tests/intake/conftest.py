"""What intake's tests share: the release of this checkout, as skeletons and as an untouched hand-in."""

import pytest

from autograder.course import Course
from autograder.course.skeleton import Skeleton, load_skeletons
from autograder.intake.read import RawCell
from autograder.release.build import Release
from tests.compound import course_elsewhere
from tests.intake.intake_files import as_raw


@pytest.fixture(scope="session")
def released(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course, with its release from the source and not from what lies in notebooks/."""
    course = Course(course_elsewhere(tmp_path_factory.mktemp("released")))
    course.release.mkdir()
    for name in release.instructor:
        (course.release / f"{name}.ipynb").write_text(release.files[f"{name}.ipynb"])
    return course


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

"""What intake's tests share: the release of this checkout, as skeletons and as an untouched hand-in."""

import pytest

from autograder.course import Course
from autograder.intake.read import RawCell
from autograder.intake.skeleton import Skeleton, load_skeletons
from autograder.release.build import Release
from tests.intake.intake_files import as_raw


@pytest.fixture(scope="session")
def skeletons(release: Release, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Skeleton]:
    """Every notebook of the release, from the source and not from what lies in notebooks/."""
    course = Course(tmp_path_factory.mktemp("released"))
    course.student_notebooks.mkdir(parents=True)
    for name in release.instructor:
        (course.student_notebooks / f"{name}.ipynb").write_text(release.files[f"{name}.ipynb"])
    return load_skeletons(course)


@pytest.fixture(scope="session")
def skeleton(skeletons: dict[str, Skeleton]) -> Skeleton:
    """Notebook 2, which has answers of every kind."""
    return skeletons["2_compound_scaling"]


@pytest.fixture
def raw(skeleton: Skeleton) -> list[RawCell]:
    """Notebook 2 as a student who did nothing hands it in."""
    return as_raw(skeleton)

"""The workers of this machine start early what is sure to be needed, and nothing else."""

import pytest

from autograder.engines.grading import Grading
from autograder.room import NONE, Place, use_places
from autograder.run.grading import Run, grade_class
from tests.tiny import UPPER, hand_in_solved

pytestmark = pytest.mark.room


@pytest.fixture
def started_rooms(tiny, tmp_path):
    """Grades the class with a template of its own. Returns whether that was started."""

    def started_rooms() -> bool:
        place = Place(NONE, tiny.room_needs)
        use_places(place)
        grading = Grading(tmp_path / "results", tiny, 3, NONE)
        graded = grade_class(Run(tmp_path / "handins", grading, "otter", tmp_path, 1), lambda *_: None)
        assert all(one.results for one in graded)
        return (place.folder / "template").exists()

    return started_rooms


def test_rooms_are_made_ready_only_where_something_is_left_to_judge(tiny, tmp_path, started_rooms):
    hand_in_solved(tiny, tmp_path / "handins" / "ada")
    assert started_rooms()
    assert not started_rooms(), "all verdicts are kept"
    hand_in_solved(tiny, tmp_path / "handins" / "bob")
    assert started_rooms(), "of somebody new there is no verdict"
    hand_in_solved(tiny, tmp_path / "handins" / "ada", UPPER)
    assert started_rooms(), "a changed answer is judged again"

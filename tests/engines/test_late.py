"""nbgrader asks our plugin for the penalty of a notebook that is late."""

from traitlets.config import Config

from autograder.engines.late import CourseDeadline
from autograder.engines.nbgrader import configure
from tests.lms_files import DUE
from tests.tiny import make_tiny


def plugin(tmp_path, deadline: str) -> CourseDeadline:
    course = make_tiny(tmp_path / "tiny")
    with (course.folder / "course.toml").open("a", encoding="utf-8") as file:
        file.write(deadline)
    config = Config()
    configure(config, tmp_path / "nbgrader", course.folder)
    assert config.AssignLatePenalties.plugin_class is CourseDeadline
    return CourseDeadline(config=config)


def test_nbgraders_plugin_is_ours_and_follows_course_toml(tmp_path):
    ours = plugin(tmp_path, DUE)
    assert ours.late_submission_penalty("ada", 14.0, 89940) == 2.8
    assert ours.late_submission_penalty("ada", 14.0, 0) is None
    assert ours.late_submission_penalty("ada", 0.0, 89940) is None


def test_without_a_deadline_nothing_is_lost(tmp_path):
    assert plugin(tmp_path, "").late_submission_penalty("ada", 14.0, 89940) is None

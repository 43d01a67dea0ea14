"""The course's penalty for late work, at nbgrader's own extension point for it.

nbgrader sees one notebook at a time, so this is the course's rule for the points of one notebook. A grading run of ours
then writes each notebook's part of the penalty of the whole assignment, which is the same but for rounding.
"""

from pathlib import Path

from nbgrader.plugins import BasePlugin
from traitlets import Unicode

from autograder.course import Course
from autograder.course.penalty import Points, points_lost


class CourseDeadline(BasePlugin):
    """nbgrader's plugin for late hand-ins, with the rule of course.toml."""

    course = Unicode(help="the folder of course.toml").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points that one notebook loses; None for none."""
        deadline = Course(Path(self.course)).deadline
        if deadline is None or total_seconds_late <= 0:
            return None
        return points_lost(deadline, Points(tests=score, asked=score), int(total_seconds_late)) or None

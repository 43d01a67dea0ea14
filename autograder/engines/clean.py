"""Clean notebooks on their way from intake to nbgrader: what a grading run writes, and nbgrader then reads."""

from nbformat import from_dict

from autograder.course.skeleton import OURS
from autograder.engines.answers import KEY, written_answers
from autograder.intake.rebuild import Rebuilt

CLEAN = "intake"
"""The folder of a course that holds hand-ins which a grading run has rebuilt already."""

NO_REMARKS = {"notes": [], "problem": "", "missing": False, "absent": []}


def with_remarks(rebuilt: Rebuilt) -> Rebuilt:
    """The same, with the submission's notes, problem and written answers in the notebook's metadata."""
    submission = rebuilt.submission
    notebook = from_dict(rebuilt.notebook)
    notebook.metadata[OURS] = {
        "notes": list(submission.notes),
        "problem": submission.problem,
        "missing": submission.missing,
        KEY: written_answers(submission.cells),
        "absent": [list(pair) for pair in submission.absent],
    }
    return Rebuilt(notebook, submission)

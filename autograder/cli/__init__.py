"""The command line: what instructors and TAs type. Each command is a thin call of the package that does it."""

import typer

from autograder.cli import boundary, course, grading, people
from autograder.cli.options import Folder

app = typer.Typer(
    help="Release a course of Jupyter notebooks, and grade it with nbgrader or otter-grader.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for command in (  # in this order in `--help`: that of a term
    course.new,
    course.release,
    course.gradescope,
    grading.grade,
    grading.merge,
    course.verify,
    course.demo,
    grading.report,
    people.written,
    people.regrade,
    people.scores,
    people.student,
    people.feedback,
    course.solutions,
):
    app.command()(command)


@app.callback()
def begin(context: typer.Context, course: Folder = None) -> None:
    """Release a course of Jupyter notebooks, and grade it with nbgrader or otter-grader."""
    context.obj = course


def main() -> None:
    """The entry point of the command `autograder`."""
    boundary.run(app)

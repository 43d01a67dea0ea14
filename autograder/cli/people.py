"""Commands on people's part in a graded class: TAs' points, requests of students, and what goes out to them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import (
    Folder,
    GradebookOfRun,
    GradedFolder,
    NbgraderCourseOfRun,
    RunFolder,
    course_of,
    file_and_run,
    gradebook_url,
    writable,
)
from autograder.errors import WrongCall
from autograder.intake.read import shown
from autograder.log import command_line, open_log
from autograder.portable import from_here
from autograder.terminal import tell


def written(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the sheet: a CSV file with a row for each answer. With --in, the --out of the grading run.",
            show_default=False,
        ),
    ] = None,
    in_: Annotated[
        Path | None, typer.Option("--in", help="Take points and comments from the sheet.", show_default=False)
    ] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Codes in the place of students.")] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Take rows, too, whose answers got other points since the sheet was made."),
    ] = False,
    graded: GradedFolder = None,
    nbgrader_course: NbgraderCourseOfRun = None,
    gradebook: GradebookOfRun = "",
    course: Folder = None,
) -> int:
    """Grade written answers in a spreadsheet: one column for each criterion of the rubric, points and a comment.

    Type the points that a criterion gives, or x for all of them, or only the sum into the column points. What is left
    empty stays as it is in the gradebook. Nothing of a sheet is taken if a line does not fit. A row whose answer, or
    whose points, have changed since the sheet was made is left out and named: exit 1.
    """
    from autograder.run.deadlines import read_due
    from autograder.run.hand_ins import read_hand_ins
    from autograder.run.page import read_graded
    from autograder.run.preflight import need_gradebook
    from autograder.run.settle import read_engine, settle
    from autograder.run.written.sheets import take_sheet, write_sheet

    out, graded = file_and_run(out, graded)
    sheet = out or in_
    if sheet is None or (out and in_):
        raise WrongCall("written: name --out FILE to write a sheet, or --in FILE to take one")
    chosen = course_of(context, course)
    folder = graded or chosen.dist / "graded"
    known, due = read_graded(folder), read_due(chosen)
    students = {one.student for one in known}
    engine = read_engine(folder, chosen, nbgrader_course, gradebook_url(gradebook))
    if engine is None or engine.name != "nbgrader":
        raise WrongCall(f"{folder}: was not graded with nbgrader, so there is no gradebook for written answers")
    need_gradebook(chosen, engine.folder, engine.url)
    open_log(writable(folder), command_line())
    if out is not None:
        number = write_sheet(chosen, folder, engine, students, out, anonymous)
        typer.echo(f"Wrote {number} answers to {from_here(out)}")
        return 0
    taken = take_sheet(chosen, folder, engine, students, sheet, overwrite)
    settled = settle(chosen, folder, known, read_hand_ins(folder), due, engine, known)
    answers = f"{len(taken.given)} answer{'' if len(taken.given) == 1 else 's'}"
    typer.echo(f"Took {answers} from {from_here(sheet)}; wrote scores.csv, students.csv and report.html")
    for line in settled.lines:
        tell(line)
    for line in taken.left:
        tell(f"NOT TAKEN: {line}")
    return 1 if taken.left else 0


def regrade(
    context: typer.Context,
    student: Annotated[str, typer.Argument(help="Who asks; without anyone, all open requests are listed.")] = "",
    question: Annotated[str, typer.Argument(help="Which question.")] = "",
    asked: Annotated[str, typer.Option(help="Write a request down: what the student asks.")] = "",
    decided: Annotated[str, typer.Option(help="Decide it: what was decided, and why, for the student to read.")] = "",
    by: Annotated[str, typer.Option(help="Who decided.")] = "",
    points: Annotated[
        float | None, typer.Option(help="What the question has now; written into the gradebook.", show_default=False)
    ] = None,
    out: RunFolder = None,
    nbgrader_course: NbgraderCourseOfRun = None,
    gradebook: GradebookOfRun = "",
    course: Folder = None,
) -> int:
    """Write down what a student asks of a grade, and what was decided. Feedback shows both, with the points.

    The requests are in the run's regrades.csv, which may also be edited by hand.
    """
    from autograder.run.deadlines import read_due
    from autograder.run.hand_ins import read_hand_ins
    from autograder.run.page import read_graded
    from autograder.run.preflight import need_gradebook
    from autograder.run.regrades.decision import Known, ask, decide, give_points, need_fitting, need_open
    from autograder.run.regrades.table import doubts_about, read_regrades
    from autograder.run.settle import read_engine, settle, show_again

    if student and (not question or bool(asked) == bool(decided)):
        raise WrongCall("regrade: name a student, a question, and either --asked or --decided with --by")
    if (decided and not by) or ((by or points is not None) and not decided):
        raise WrongCall("regrade: --decided needs --by, and --by and --points belong to --decided")
    chosen = course_of(context, course)
    out = out or chosen.dist / "graded"
    graded = read_graded(out)
    known = Known(graded)
    if not student:
        regrades = read_regrades(out)
        typer.echo("\n".join(one.told for one in regrades if one.is_open) or "no request is open")
        for line in doubts_about(regrades, known.most):
            tell(line)
        return 0
    due = read_due(chosen)
    if asked:
        typer.echo(f"asked: {ask(out, known, student, question, asked).told}")
        show_again(chosen, out, graded, due)
        return 0
    need_open(out, student, question)
    need_fitting(known, student, question, points)
    engine = read_engine(out, chosen, nbgrader_course, gradebook_url(gradebook))
    if engine is not None and engine.name == "nbgrader":
        need_gradebook(chosen, engine.folder, engine.url)
    open_log(writable(out), command_line())
    if points is not None:
        give_points(chosen, engine, known, student, question, points)
    settled = settle(chosen, out, graded, read_hand_ins(out), due, engine, graded)
    typer.echo(f"decided: {decide(out, Known(settled.graded), student, question, decided, by).told}")
    show_again(chosen, out, settled.graded, due)
    for line in settled.lines:
        tell(line)
    return 0


def scores(
    context: typer.Context,
    system: Annotated[
        str, typer.Option("--for", help="canvas, moodle, blackboard, brightspace, or csv for a plain table.")
    ],
    template: Annotated[
        Path | None,
        typer.Option(
            help="The file that you downloaded from there: its rows and columns are kept.", show_default=False
        ),
    ] = None,
    column: Annotated[
        str, typer.Option(help="The title of its column; by default the course's.", show_default=False)
    ] = "",
    waiting: Annotated[
        str,
        typer.Option(
            help="For students whose written answers wait for a person: blank, or tests for the points so far."
        ),
    ] = "blank",
    out: Annotated[
        Path | None,
        typer.Option(
            help="The file; by default scores_<system>.csv beside scores.csv. A folder is a grading run's --out.",
            show_default=False,
        ),
    ] = None,
    graded: GradedFolder = None,
    course: Folder = None,
) -> int:
    """Write the file that a learning-management system takes: everyone's total, after the penalty for late work.

    Exit 1 if a student is missing in the template.
    """
    from autograder.run.hand_ins import read_hand_ins
    from autograder.run.scores_out import scores_for
    from autograder.run.students import read_students

    out, graded = file_and_run(out, graded)
    chosen = course_of(context, course)
    graded = graded or chosen.dist / "graded"
    rows = read_students(graded)
    filled = scores_for(system, chosen, rows, read_hand_ins(graded), template, column, waiting)
    out = out or graded / f"scores_{system}.csv"
    filled.table.write(out)
    typer.echo(f"Wrote {filled.matched} students to {from_here(out)}")
    for note in filled.notes:
        tell(f"note: {note}")
    if filled.unmatched:
        tell(f"NOT IN IT: {', '.join(filled.unmatched)}")
    return 1 if filled.unmatched else 0


def student(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The student, as in scores.csv.")],
    export: Annotated[
        Path | None, typer.Option(help="Write all that is kept of the student into this zip.", show_default=False)
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete it, and make tables and report anew.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    out: RunFolder = None,
    nbgrader_course: NbgraderCourseOfRun = None,
    gradebook: GradebookOfRun = "",
    course: Folder = None,
) -> int:
    """Give out or delete all that is kept of one student: results, sheets, regrades, gradebook, notebooks, feedback.

    What you handed to 'grade' stays where it is, and so does what you have sent elsewhere.
    """
    from autograder.run.deadlines import read_due
    from autograder.run.preflight import need_gradebook
    from autograder.run.settle import read_engine
    from autograder.run.to_students.one_student import Kept, delete_student, export_student, may_name

    if (export is None) != delete:
        raise WrongCall("student: name --export FILE to write what is kept, or --delete to delete it")
    chosen = course_of(context, course)
    out = out or chosen.dist / "graded"
    engine = read_engine(out, chosen, nbgrader_course, gradebook_url(gradebook))
    engine = engine if engine is not None and engine.name == "nbgrader" else None
    if engine is not None:
        need_gradebook(chosen, engine.folder, engine.url)
    if delete and out.is_dir():
        writable(out)  # or else the gradebook's part would be gone, and the rest would stay
    kept, due = Kept(chosen, out, engine), read_due(chosen)
    kept.needs(name)
    if export is not None:
        lines = export_student(kept, name, export)
        typer.echo("\n".join([f"Wrote {from_here(export)}, with", *(f"- {line}" for line in lines)]))
        return 0
    if not yes and not sys.stdin.isatty():
        raise WrongCall(f"student {name} --delete: cannot be undone; add --yes")
    if not yes:
        typer.confirm(f"Delete all that is kept of {name}? It cannot be undone", abort=True)
    lines = delete_student(kept, name, due)
    typer.echo("\n".join(["Removed", *(f"- {line}" for line in lines)]))
    if still := may_name(out, name):
        tell(f"note: still to be looked at in {from_here(out)}: {', '.join(still)}")
    return 0


def feedback(
    context: typer.Context,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this student, and so on; everyone by default.", show_default=False)
    ] = None,
    system: Annotated[
        str, typer.Option("--for", help="How pages are handed back: folder (one for each student), or moodle (a zip).")
    ] = "folder",
    out: RunFolder = None,
    nbgrader_course: NbgraderCourseOfRun = None,
    gradebook: GradebookOfRun = "",
    course: Folder = None,
) -> int:
    """Make a page of feedback for every graded student: points, hints, comments, and what to do next.

    Pages are in the run's feedback/, a folder for each student, and are made again if something changed. TAs' points
    are brought into scores.csv and students.csv first, as 'autograder report' does. For hand-ins that nbgrader
    collected, 'nbgrader release_feedback' gives them out. Exit 1 if a student has no page.
    """
    from autograder.bars import bars
    from autograder.run.deadlines import read_due
    from autograder.run.hand_ins import read_hand_ins
    from autograder.run.page import read_graded
    from autograder.run.preflight import need_gradebook
    from autograder.run.settle import Engine, read_engine, settle
    from autograder.run.students import read_students
    from autograder.run.to_students.feedback import make_pages
    from autograder.run.to_students.handed_back import into_exchange, zip_for_moodle

    if system not in ("folder", "moodle"):
        raise WrongCall(f"--for {system}: there is no such way; it is folder or moodle")
    chosen = course_of(context, course)
    if out is not None:
        read_students(out)  # nbgrader alone may have graded, but then nobody names a run
    out = out or chosen.dist / "graded"
    engine = read_engine(out, chosen, nbgrader_course, gradebook_url(gradebook))
    if engine is None:
        engine = Engine("nbgrader", chosen.dist / "nbgrader", chosen.gradebook)
    if engine.name != "nbgrader":
        raise WrongCall(f"{out}: was not graded with nbgrader, from whose gradebook pages are made")
    folder = engine.folder.resolve()
    need_gradebook(chosen, folder, engine.url)
    open_log(writable(out), command_line())
    others: tuple[str, ...] = ()
    if (out / "scores.csv").is_file():
        graded = read_graded(out)
        settled = settle(chosen, out, graded, read_hand_ins(out), read_due(chosen), engine, graded)
        others = settled.others
        for line in settled.lines:
            tell(line)
    with bars() as advance:
        made = make_pages(chosen, folder, out, only or (), advance, engine.url, others)
    unchanged = len(made.pages) - made.new
    typer.echo(f"{len(made.pages)} pages in {from_here(out / 'feedback')}: {made.new} made, {unchanged} unchanged")
    if made.others:
        typer.echo(f"{made.others} students of the gradebook were graded in another --out, and have their pages there")
    for student, reason in made.left_out:
        tell(f"NO PAGE: {shown(student)}: {reason}")
    missing: tuple[str, ...] = ()
    if system == "moodle":
        back = zip_for_moodle(chosen, made.pages, read_hand_ins(out), out / "feedback_moodle.zip")
        typer.echo(f"Wrote {back.students} students to {from_here(back.file)}")
        missing = back.missing
        if missing:
            tell(f"NOT IN IT, as their numbers in Moodle are not known: {', '.join(map(shown, missing))}")
    exchanged = into_exchange(chosen, folder, made.pages)
    if exchanged.students:
        typer.echo(f"{exchanged.students} students are ready for 'nbgrader release_feedback {chosen.name}'")
        if exchanged.missing:
            who = ", ".join(map(shown, exchanged.missing))
            typer.echo(f"Not collected by nbgrader, so skipped there: {who}")
    return 1 if made.left_out or missing else 0

"""The command line: what instructors and TAs type. Each command is a thin call of the package that does it."""

import gc
import os
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated

import typer
from rich.console import Console

from autograder.course import COURSE
from autograder.room import place_of
from autograder.room.limits import MB, ROOM_TO_FAIL, Limits

app = typer.Typer(
    help="Release and grade the compound scaling course.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False)
UsageError = next(cls for cls in typer.BadParameter.__mro__ if cls.__name__ == "ClickException")
"""What Typer raises for a wrong call. Typer brings its own click along, and exports only some of its errors."""

USUAL = Limits()

INTERRUPTED = 130
"""Exit status after Ctrl-C; Typer gives it, too, where it catches the interrupt itself."""


class WrongCall(Exception):
    """The user got something wrong: one line that says what, where, and what to do."""


def main() -> None:
    """The entry point: exit status 2 and one line for a wrong call, 130 for Ctrl-C."""
    try:
        status = app(standalone_mode=False)
    except (UsageError, WrongCall) as problem:
        console.print(_in_one_line(problem), markup=False, soft_wrap=True)
        status = 2
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    if status == INTERRUPTED:
        kept = " What was graded is kept: the same command goes on from there." if sys.argv[1:2] == ["grade"] else ""
        console.print(f"autograder: stopped.{kept}", soft_wrap=True)
    gc.freeze()  # or else Python looks through all that is there once more, which can take it a second
    sys.exit(status if isinstance(status, int) else 0)


def _in_one_line(problem: Exception) -> str:
    if isinstance(problem, WrongCall):
        return f"autograder: {problem}"
    said = problem.format_message()
    if "Usage:" in said:  # no command at all: Typer gives the help
        return said
    command = getattr(getattr(problem, "ctx", None), "command_path", "autograder")
    return f"autograder: {said.rstrip('.')}; see '{command} --help'"


@app.command()
def release(
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 where notebooks/ is not what the source gives."),
    ] = False,
) -> int:
    """Make what students, nbgrader and otter get from solutions/ and autograder/questions/."""
    from autograder.release.build import build, differences, write
    from autograder.release.source import SourceError

    try:
        made = build(COURSE)
    except SourceError as problem:
        typer.echo(str(problem))
        return 1
    if check:
        found = differences(made)
        typer.echo("\n".join(found) or f"notebooks/ is what the source gives ({len(made.files)} files)")
        return 1 if found else 0
    write(made)
    typer.echo(f"Wrote {len(made.files)} files to notebooks/, and dist/: student.zip, nbgrader/, otter/")
    return 0


@app.command()
def grade(
    submissions: Annotated[Path, typer.Argument(help="nbgrader's tree, a flat folder, or a zip from an LMS.")],
    out: Annotated[Path, typer.Option(help="Where scores.csv, report.html and results/ go.")] = COURSE.dist / "graded",
    workers: Annotated[int, typer.Option(min=1, help="Submissions to judge at a time.")] = os.cpu_count() or 1,
    engine: Annotated[str, typer.Option(help="nbgrader or otter: which tool the results are rendered into.")] = (
        "nbgrader"
    ),
    room: Annotated[
        str,
        typer.Option(help="Where student code runs: auto (the best one here), bwrap, uid, or none, which trusts it."),
    ] = "auto",
    seed: Annotated[int | None, typer.Option(help="Of the inputs that tests draw; a new one for each --out.")] = None,
    course: Annotated[Path, typer.Option(help="nbgrader's course folder.")] = COURSE.dist / "nbgrader",
    gradebook: Annotated[str, typer.Option(help="The gradebook's database URL; the course's own by default.")] = "",
    cell_seconds: Annotated[float, typer.Option(min=1, help="For one cell to run.")] = USUAL.cell_seconds,
    question_seconds: Annotated[
        float, typer.Option(min=1, help="For all tests of a question.")
    ] = USUAL.question_seconds,
    memory: Annotated[int, typer.Option(min=500, help="MB for a notebook's processes.")] = USUAL.memory_bytes // MB,
    processes: Annotated[int, typer.Option(min=16, help="Processes and threads of a notebook.")] = USUAL.processes,
    disk: Annotated[int, typer.Option(min=50, help="MB that a notebook may write.")] = USUAL.disk_bytes // MB,
    file: Annotated[int, typer.Option(min=1, help="MB that one file of it may have.")] = USUAL.file_bytes // MB,
) -> int:
    """Grade a class: scores.csv, report.html, results/ and nbgrader's gradebook. Goes on where a run stopped."""
    from autograder.run.pool import OTTER, start_server

    if engine not in ("nbgrader", "otter"):
        raise WrongCall(f"--engine {engine}: there is no such engine; it is nbgrader or otter")
    _need_release(course, engine)
    start_server(*(OTTER if engine == "otter" else ()))
    kind = _pick_room(room)
    place_of(kind).warm_up()
    # Both import what they need while this process does.
    from autograder.engines.verdicts import Grading
    from autograder.intake.collect import NothingHandedIn
    from autograder.run.grading import Run
    from autograder.run.report import grade_and_tell

    if engine == "nbgrader":
        import autograder.run.gradebook  # noqa: F401, now, and not when the first student is done

    limits = Limits(
        cell_seconds=cell_seconds,
        question_seconds=question_seconds,
        memory_bytes=memory * MB,
        process_bytes=memory * MB + ROOM_TO_FAIL,
        processes=processes,
        disk_bytes=disk * MB,
        file_bytes=file * MB,
    )
    grading = Grading(out / "results", seed, kind, limits)
    run = Run(submissions, grading, engine, course.resolve(), workers, gradebook)
    try:
        graded = grade_and_tell(run, out)
    except NothingHandedIn as problem:
        raise WrongCall(str(problem)) from None
    return 1 if any(one.problem for one in graded) else 0


@app.command()
def verify(
    question: Annotated[str, typer.Option(help="Only this one's answers.")] = "",
    engine: Annotated[str, typer.Option(help="nbgrader or otter; both by default.")] = "",
    combinations: Annotated[int, typer.Option(min=0, help="So many students more, drawn from the bank.")] = 0,
    seeds: Annotated[int, typer.Option(min=0, help="Instead, judge each answer with so many seeds, drawn anew.")] = 0,
    mutants: Annotated[bool, typer.Option("--mutants", help="Instead, judge mutants of the model solution.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Submissions to judge at a time.")] = os.cpu_count() or 1,
) -> int:
    """Grade the answer bank: every right answer gets all points, every wrong one what it must, with both engines.

    The answers stand in autograder/answers/, one file a question. Exit 1 where any is graded otherwise.
    """
    from autograder.release.source import SourceError
    from autograder.verify.engines import ENGINES
    from autograder.verify.report import verify_bank, verify_mutants, verify_seeds

    if question and not (COURSE.questions / f"{question}.py").exists():
        known = ", ".join(sorted(path.stem for path in COURSE.questions.glob("[a-z]*.py")))
        raise WrongCall(f"--question {question}: there is no such question; there are {known}")
    if engine not in ("", *ENGINES):
        raise WrongCall(f"--engine {engine}: there is no such engine; it is nbgrader or otter")
    _need_release(COURSE.dist / "nbgrader", "nbgrader")
    try:
        if mutants:
            good = verify_mutants(COURSE, question, workers)
        elif seeds:
            good = verify_seeds(COURSE, question, seeds, workers)
        else:
            good = verify_bank(COURSE, question, combinations, workers, (engine,) if engine else ENGINES)
    except SourceError as problem:
        typer.echo(str(problem))
        return 1
    return 0 if good else 1


@app.command()
def demo(
    workers: Annotated[int, typer.Option(min=1, help="Submissions to judge at a time.")] = os.cpu_count() or 1,
) -> int:
    """Grade the bundled class with nbgrader and with otter, and print both tools' scores side by side."""
    from autograder.release.source import SourceError
    from autograder.run.demo import run_demo
    from autograder.run.gradebook import NotRecorded

    try:
        return 0 if run_demo(COURSE, workers) else 1
    except (SourceError, NotRecorded) as problem:
        typer.echo(str(problem))
        return 1


@app.command()
def report(
    out: Annotated[Path, typer.Option(help="The --out of a grading run.")] = COURSE.dist / "graded",
) -> int:
    """Write report.html anew: how the class did, what was misunderstood and how often, and what to look at.

    `autograder grade` writes it as well. It is for instructors: it names students.
    """
    from autograder.run.page import NoReport, read_graded, write_report

    try:
        write_report(out / "report.html", read_graded(out))
    except NoReport as problem:
        raise WrongCall(str(problem)) from None
    except OSError as problem:
        raise WrongCall(f"{out}: cannot be written to: {problem.strerror}") from None
    typer.echo(f"Wrote {out / 'report.html'}")
    return 0


@app.command()
def feedback(
    course: Annotated[Path, typer.Option(help="nbgrader's course folder.")] = COURSE.dist / "nbgrader",
) -> int:
    """Make every graded student's feedback pages, in the course folder's feedback/."""
    from autograder.run.gradebook import NotRecorded, make_feedback

    _need_release(course, "nbgrader")
    try:
        pages = make_feedback(course.resolve())
    except NotRecorded as problem:
        raise WrongCall(str(problem)) from None
    typer.echo(f"Wrote {pages} pages to {course / 'feedback'}")
    return 0


@app.command()
def solutions(
    notebooks: Annotated[
        list[str] | None, typer.Argument(help="Names, such as 2_compound_scaling; all by default.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where they go.")] = COURSE.dist / "solutions",
    run: Annotated[
        bool, typer.Option(help="Run every cell, training included (minutes), so that they show what comes out.")
    ] = True,
) -> int:
    """Make the solutions that students get after the deadline, as notebooks and as pages to read.

    Model answers, and below each written question how it is graded. No hidden test is in them.
    """
    from autograder.bars import bars
    from autograder.release.solutions import write_solutions
    from autograder.release.source import SourceError

    names = notebooks or list(COURSE.notebooks)
    for name in names:
        if name not in COURSE.notebooks:
            raise WrongCall(f"{name}: there is no such notebook; there are {', '.join(COURSE.notebooks)}")
    try:
        out.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=out).close()
    except OSError as problem:
        raise WrongCall(f"--out {out}: cannot be written to: {problem.strerror}") from None
    try:
        with bars(transient=False) as tell:
            files = write_solutions(COURSE, names, out, run, tell)
    except SourceError as problem:
        typer.echo(str(problem))
        return 1
    typer.echo(f"Wrote {len(files)} files to {out}")
    return 0


def _pick_room(wanted: str) -> str:
    """The kind of room to grade in. A refusal is a wrong call: one line, and nothing graded."""
    from autograder.room import NoSuchRoom, pick_kind

    try:
        return pick_kind(wanted)
    except NoSuchRoom as problem:
        raise WrongCall(str(problem)) from None


def _need_release(course: Path, engine: str) -> None:
    needed = course / "gradebook.db" if engine == "nbgrader" else COURSE.dist / "otter"
    if not needed.exists():
        raise WrongCall(f"{needed}: is missing; run 'autograder release' first")

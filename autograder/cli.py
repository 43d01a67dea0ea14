"""The command line: what instructors and TAs type. Each command is a thin call of the package that does it."""

import gc
import os
import secrets
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from typer.exceptions import TyperException

from autograder.course import Course, find_course, load_course
from autograder.errors import FAULT, INTERRUPTED, UserError, WrongCall, machine_trouble
from autograder.intake.read import shown
from autograder.log import close_log, command_line, current_log, log_fault, open_log, trace_of
from autograder.passwords import without_passwords
from autograder.portable import for_terminal
from autograder.portable import from_here as _shown
from autograder.room import place_of
from autograder.room.limits import MB, ROOM_TO_FAIL, Limits

if TYPE_CHECKING:
    from autograder.run.cluster.command import OnCluster
    from autograder.run.hand_ins import Intake
    from autograder.run.sharding.shards import Shard

app = typer.Typer(
    help="Release a course of Jupyter notebooks, and grade it with nbgrader or otter-grader.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False)
USUAL = Limits()
PROCESSORS = os.cpu_count() or 1

Folder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        help="The folder of course.toml; by default the nearest upward, otherwise the only solutions/*/course.toml.",
        show_default=False,
    ),
]
# Options that several commands have.
Workers = Annotated[int, typer.Option(min=1, help="Submissions to judge at a time.")]
RunFolder = Annotated[
    Path | None,
    typer.Option("--out", "--graded", help="The --out of a grading run; dist/graded by default.", show_default=False),
]
GradedFolder = Annotated[  # of commands whose --out is a file
    Path | None,
    typer.Option("--graded", help="The --out of a grading run; dist/graded by default.", show_default=False),
]
NbgraderCourse = Annotated[
    Path | None, typer.Option(help="nbgrader's own course folder; dist/nbgrader by default.", show_default=False)
]
NbgraderCourseOfRun = Annotated[
    Path | None, typer.Option(help="nbgrader's own course folder; the grading run's by default.", show_default=False)
]
GradebookOfRun = Annotated[
    str, typer.Option(help="The gradebook's database URL; the grading run's by default.", show_default=False)
]


@app.callback()
def begin(context: typer.Context, course: Folder = None) -> None:
    """Release a course of Jupyter notebooks, and grade it with nbgrader or otter-grader."""
    context.obj = course


def main() -> None:
    """The entry point, and the one place where errors end: each is one line, but for the traceback of our mistakes.

    Exit status: 0 if all went well, 1 if something could not be done, 2 after a wrong call, 70 after a mistake of this
    program, 130 after Ctrl-C.
    """
    try:
        status = app(standalone_mode=False)
    except TyperException as problem:  # a wrong call
        status = _tell(_in_one_line(problem), WrongCall.exit_status)
    except UserError as problem:
        status = _tell(f"autograder: {problem}{_logged(problem)}", problem.exit_status)
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except Exception as problem:
        status = _tell_foreign(problem)
    finally:
        close_log()
    if status == INTERRUPTED:
        kept = (
            " What was graded is kept: the same command goes on from there."
            if {"grade", "merge"} & set(sys.argv[1:])
            else ""
        )
        _tell(f"autograder: stopped.{kept}", status)
    gc.freeze()  # or else Python looks through all that is there once more, which can take it a second
    sys.exit(status if isinstance(status, int) else 0)


def _tell(line: str, status: int) -> int:
    console.print(for_terminal(without_passwords(line)), markup=False, soft_wrap=True)
    return status


def _logged(problem: UserError) -> str:
    """Write down what another program said, if it said anything. Returns where to read it, for the message."""
    if not problem.details:
        return ""
    log = log_fault(type(problem).__name__, trace_of(problem))
    return f"; more is in {log}" if log else ""


def _tell_foreign(problem: Exception) -> int:
    """An exception that Python or a library raised: the machine's trouble, or a mistake of ours, with its traceback."""
    trouble = machine_trouble(problem)
    log = log_fault(command_line(), trace_of(problem)) if current_log() else None
    if trouble is not None:
        return _tell(f"autograder: {trouble}{f'; more is in {log}' if log else ''}", trouble.exit_status)
    if log is None:
        traceback.print_exception(problem)
    where = f"what happened is in {log}" if log else "please report the traceback above"
    return _tell(f"autograder: a fault of the program, not yours ({type(problem).__name__}); {where}", FAULT)


def _in_one_line(problem: TyperException) -> str:
    said = problem.format_message()
    if "Usage:" in said:  # no command at all: Typer gives the help
        return said
    command = getattr(getattr(problem, "ctx", None), "command_path", "autograder")
    return f"autograder: {said.rstrip('.')}; see '{command} --help'"


@app.command()
def new(
    folder: Annotated[
        Path, typer.Argument(help="The course's folder, new or empty. Its name becomes the course's name.")
    ],
) -> int:
    """Write a working course to start from: a notebook, its tests, an answer bank, course.toml and a README."""
    from autograder.course.new import new_course

    made = _shown(new_course(folder))
    there = "" if made == "." else f"cd {made} && "
    typer.echo(f"Wrote a course to {made}. Try it: {there}autograder release && autograder verify")
    typer.echo(f"What to edit, and the commands of a term, are in {Path(made) / 'README.md'}")
    return 0


@app.command()
def release(
    context: typer.Context,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 if what students get is not what the source gives."),
    ] = False,
    course: Folder = None,
) -> int:
    """Make what students, nbgrader and otter get from the course folder's notebooks and test files."""
    from autograder.release.build import build, differences, write

    chosen = _course(context, course)
    made = build(chosen)
    if check:
        found = differences(made)
        told = f"{_shown(chosen.release)} is what the source gives ({len(made.files)} files)"
        typer.echo("\n".join(found) or told)
        return 1 if found else 0
    write(made)
    to = f"{_shown(chosen.release)}, and {_shown(chosen.dist)}: student.zip, nbgrader/, otter/"
    typer.echo(f"Wrote {len(made.files)} files to {to}")
    return 0


@app.command()
def gradescope(
    context: typer.Context,
    notebook: Annotated[
        list[str] | None, typer.Option(help="One that the zip grades, and several times for more; all by default.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The zip; by default <course>.zip, or <notebook>.zip, in dist/gradescope.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the inputs that tests draw; a new one by default.")] = None,
    course: Folder = None,
) -> int:
    """Make the zip that Gradescope takes as an autograder. docs/gradescope.md tells how it is set up there."""
    from autograder.run.gradescope.bundle import write_zip
    from autograder.run.gradescope.layout import Asked

    chosen = _course(context, course)
    asked = Asked(secrets.randbits(48) if seed is None else seed, tuple(notebook or ()))
    target = out or chosen.dist / "gradescope" / f"{'-'.join(asked.notebooks) or chosen.name}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_zip(target, chosen, asked)
    typer.echo(f"Wrote {_shown(target)} ({target.stat().st_size / 1e6:.1f} MB); upload it as the autograder")
    return 0


@app.command()
def grade(
    context: typer.Context,
    submissions: Annotated[Path, typer.Argument(help="nbgrader's tree, a flat folder, or a zip from an LMS.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Where scores.csv, report.html and results/ go; dist/graded by default.", show_default=False),
    ] = None,
    workers: Workers = PROCESSORS,
    engine: Annotated[str, typer.Option(help="nbgrader or otter: which tool the results are rendered into.")] = (
        "nbgrader"
    ),
    room: Annotated[
        str,
        typer.Option(help="Where student code runs: auto (the best one here), bwrap, uid, or none, which trusts it."),
    ] = "auto",
    system: Annotated[
        str,
        typer.Option(
            "--from",
            help="The system that the hand-ins come from: canvas, moodle, gradescope, blackboard, brightspace, inbound "
            "(nbgrader's exchange) or folders; recognised by default.",
            show_default=False,
        ),
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option(
            help="A CSV file: student, name, email, section, and the students' ids in canvas, moodle, gradescope, "
            "blackboard, brightspace.",
            show_default=False,
        ),
    ] = None,
    times: Annotated[
        Path | None,
        typer.Option(
            help="When everyone handed in, if the system does not tell: Moodle's grading worksheet, or a CSV file with "
            "student and handed_in.",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="A question, a notebook or a student, and several times for more; all by default. Grading goes by "
            "notebooks: with a question its notebook is graded, and the others keep their points unless the hand-in "
            "changed.",
            show_default=False,
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Judge anew what is graded already, with the same seed.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Of the inputs that tests draw; a new one for each --out.")] = None,
    nbgrader_course: NbgraderCourse = None,
    gradebook: Annotated[
        str,
        typer.Option(
            help="The gradebook's database: sqlite:///folder/file.db or postgresql://user@host/database, which may be "
            "empty; by default that of course.toml, otherwise the file in nbgrader's course folder.",
            show_default=False,
        ),
    ] = "",
    shard: Annotated[
        str,
        typer.Option(
            help="A part of the class, such as 2/8, with the same --seed for every part; 'autograder merge' puts them "
            "together. See docs/cluster.md.",
            show_default=False,
        ),
    ] = "",
    scheduler: Annotated[
        str,
        typer.Option(
            help="Judge on a Dask cluster: its scheduler's address, such as tls://host:8786. See docs/cluster.md.",
            show_default=False,
        ),
    ] = "",
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Let --scheduler be tcp:// on another machine, without encryption.")
    ] = False,
    cell_seconds: Annotated[float, typer.Option(min=1, help="For one cell to run.")] = USUAL.cell_seconds,
    question_seconds: Annotated[
        float, typer.Option(min=1, help="For all tests of a question.")
    ] = USUAL.question_seconds,
    memory: Annotated[int, typer.Option(min=500, help="MB for a notebook's processes.")] = USUAL.memory_bytes // MB,
    processes: Annotated[int, typer.Option(min=16, help="Processes and threads of a notebook.")] = USUAL.processes,
    disk: Annotated[int, typer.Option(min=50, help="MB that a notebook may write.")] = USUAL.disk_bytes // MB,
    file: Annotated[int, typer.Option(min=1, help="MB that one file of it may have.")] = USUAL.file_bytes // MB,
    course: Folder = None,
) -> int:
    """Grade a class: scores.csv, students.csv, report.html, results/ and nbgrader's gradebook.

    Goes on where a run stopped, and repeats only what changed; changes.csv tells who gained or lost what. A run on a
    part of a class keeps what is known of the others.
    """
    from autograder.run.preflight import need_for_grading, need_packages
    from autograder.run.workers.pool import OTTER, start_server

    if engine not in ("nbgrader", "otter"):
        raise WrongCall(f"--engine {engine}: there is no such engine; it is nbgrader or otter")
    chosen = _course(context, course)
    part = _shard(shard, seed, bool(nbgrader_course or gradebook))
    intake = _intake(chosen, system, roster, times)
    out = _writable(_beside(submissions, out or chosen.dist / "graded"))
    into_gradebook = engine == "nbgrader" and part is None
    folder = (nbgrader_course or chosen.dist / "nbgrader") if part is None else out
    open_log(out, command_line())
    gradebook = _gradebook(gradebook) or (chosen.gradebook if part is None else "")
    if into_gradebook or engine == "otter":
        need_for_grading(chosen, folder, engine, gradebook)
    else:
        need_packages(chosen)
    start_server(*(OTTER if engine == "otter" else ()))
    cluster = _cluster(context, scheduler, insecure, shard, chosen, room)
    kind = cluster.room if cluster else _pick_room(room, chosen, out)
    if cluster is None:
        place_of(kind, chosen.room_needs).warm_up()
    # Both import what they need while this process does.
    from autograder.course.released import need_release
    from autograder.engines.grading import Grading
    from autograder.run.graded import without_verdict
    from autograder.run.run import Run
    from autograder.run.run_record import grade_and_record, need_folder_for
    from autograder.run.workers.executor import LocalWorkers

    need_folder_for(out, chosen.name, seed, engine, str(part or ""))
    if into_gradebook:
        import autograder.run.gradebook.writing  # noqa: F401, now, and not when the first student is done

    need_release(chosen)
    limits = Limits(
        cell_seconds=cell_seconds,
        question_seconds=question_seconds,
        memory_bytes=memory * MB,
        process_bytes=memory * MB + ROOM_TO_FAIL,
        processes=processes,
        disk_bytes=disk * MB,
        file_bytes=file * MB,
    )
    questions, students = _named(chosen, only or [])
    grading = Grading(out / "results", chosen, seed, kind, limits, questions=questions, again=again)
    if part is not None and (strangers := sorted(name for name in students if not part.has(name))):
        raise WrongCall(f"--only {strangers[0]}: is in another shard than {part}, or no question or notebook here")
    run = Run(submissions, grading, engine, folder.resolve(), workers, gradebook, students, part is None)
    return 1 if without_verdict(grade_and_record(run, out, intake, part, cluster or LocalWorkers)) else 0


@app.command()
def merge(
    context: typer.Context,
    outs: Annotated[list[Path], typer.Argument(help="The --out of every shard.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Where the whole class's files go; dist/graded by default.", show_default=False),
    ] = None,
    nbgrader_course: NbgraderCourse = None,
    gradebook: Annotated[str, typer.Option(help="The gradebook's database URL; the course's own by default.")] = "",
    course: Folder = None,
) -> int:
    """Put the shards of a class together, as if one machine had graded it: scores, report and nbgrader's gradebook.

    On each of 8 machines: autograder grade SUBMISSIONS --shard I/8 --seed 5 --out shard-I. Then, where the gradebook
    is: autograder merge shard-*. Goes on where it was stopped. Exit 1 if a shard is missing or not finished, each by
    name. Shards are to come from machines that you trust. See docs/cluster.md.
    """
    from autograder.run.sharding.merge_and_tell import merge_and_tell

    chosen = _course(context, course)
    out = _writable(out or chosen.dist / "graded")
    open_log(out, command_line())
    return merge_and_tell(chosen, outs, out, nbgrader_course, _gradebook(gradebook) or chosen.gradebook)


@app.command()
def verify(
    context: typer.Context,
    question: Annotated[str, typer.Option(help="Only this one's answers.")] = "",
    engine: Annotated[str, typer.Option(help="nbgrader or otter; both by default.")] = "",
    combinations: Annotated[int, typer.Option(min=0, help="How many more students to draw from the bank.")] = 0,
    seeds: Annotated[int, typer.Option(min=0, help="Instead, judge each answer with this many new seeds.")] = 0,
    mutants: Annotated[bool, typer.Option("--mutants", help="Instead, judge mutants of the model solution.")] = False,
    search: Annotated[
        bool,
        typer.Option("--search", help="Instead, look for wrong answers that pass: mutants of every right answer."),
    ] = False,
    public: Annotated[
        bool, typer.Option("--public", help="Instead, tell which wrong answers the students' own checks catch.")
    ] = False,
    workers: Workers = PROCESSORS,
    room: Annotated[str, typer.Option(help="Where the answers run: auto, bwrap, uid, or none, which trusts them.")] = (
        "auto"
    ),
    course: Folder = None,
) -> int:
    """Grade the answer bank: every right answer gets all points, every wrong one what it must, with both engines.

    The answers are in the course's answers/, one file for each question. Exit 1 if any is graded otherwise.
    """
    from autograder.course.released import need_question, need_release
    from autograder.run.preflight import need_for_grading
    from autograder.verify.both_engines import ENGINES
    from autograder.verify.command import verify_bank, verify_mutants, verify_public, verify_search, verify_seeds

    chosen = _course(context, course)
    if engine not in ("", *ENGINES):
        raise WrongCall(f"--engine {engine}: there is no such engine; it is nbgrader or otter")
    if question:
        need_question(chosen, question)
    for each in ENGINES:  # otter, too, is run beside a copy of the gradebook
        need_for_grading(chosen, chosen.dist / "nbgrader", each)
    need_release(chosen)
    kind = _pick_room(room, chosen)
    if public:
        good = verify_public(chosen, question, workers)
    elif search:
        good = verify_search(chosen, question, seeds or 1, workers)
    elif mutants:
        good = verify_mutants(chosen, question, workers, kind)
    elif seeds:
        good = verify_seeds(chosen, question, seeds, workers, kind)
    else:
        good = verify_bank(chosen, question, combinations, workers, (engine,) if engine else ENGINES, kind)
    return 0 if good else 1


@app.command()
def demo(
    context: typer.Context,
    workers: Workers = PROCESSORS,
    room: Annotated[str, typer.Option(help="Where the class's code runs: auto, bwrap, uid, or none.")] = "auto",
    course: Folder = None,
) -> int:
    """Grade the course's sample class with nbgrader and with otter, and print both tools' scores side by side."""
    from autograder.run.preflight import need_packages
    from autograder.verify.demo import run_demo

    chosen = _course(context, course)
    if not chosen.has_grading_module("sample_class"):
        raise WrongCall(f"{_shown(chosen.grading)}: has no sample_class.py, so this course has no demo")
    need_packages(chosen)
    kind = _pick_room(room, chosen)
    open_log(chosen.dist / "demo", command_line())
    return 0 if run_demo(chosen, workers, kind) else 1


@app.command()
def report(
    context: typer.Context,
    out: RunFolder = None,
    nbgrader_course: NbgraderCourseOfRun = None,
    gradebook: GradebookOfRun = "",
    course: Folder = None,
) -> int:
    """Bring TAs' points into scores.csv, students.csv and report.html, in seconds: nothing is graded again.

    Penalties for late work are computed anew, and changes.csv tells who gained or lost what. report.html is for
    instructors: it names students.
    """
    from autograder.run.deadlines import read_due
    from autograder.run.hand_ins import read_hand_ins
    from autograder.run.page import read_graded
    from autograder.run.preflight import need_gradebook
    from autograder.run.settle import read_engine, settle

    chosen = _course(context, course)
    out = out or chosen.dist / "graded"
    graded, due = read_graded(out), read_due(chosen)
    engine = read_engine(out, chosen, nbgrader_course, _gradebook(gradebook))
    if engine is not None and engine.name == "nbgrader":
        need_gradebook(chosen, engine.folder, engine.url)
    open_log(_writable(out), command_line())
    settled = settle(chosen, out, graded, read_hand_ins(out), due, engine, graded)
    typer.echo(f"Wrote {_shown(out / 'report.html')}, scores.csv and students.csv")
    for line in settled.lines:
        _tell(line, 0)
    return 0


@app.command()
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

    out, graded = _file_and_run(out, graded)
    sheet = out or in_
    if sheet is None or (out and in_):
        raise WrongCall("written: name --out FILE to write a sheet, or --in FILE to take one")
    chosen = _course(context, course)
    folder = graded or chosen.dist / "graded"
    known, due = read_graded(folder), read_due(chosen)
    students = {one.student for one in known}
    engine = read_engine(folder, chosen, nbgrader_course, _gradebook(gradebook))
    if engine is None or engine.name != "nbgrader":
        raise WrongCall(f"{folder}: was not graded with nbgrader, so there is no gradebook for written answers")
    need_gradebook(chosen, engine.folder, engine.url)
    open_log(_writable(folder), command_line())
    if out is not None:
        number = write_sheet(chosen, folder, engine, students, out, anonymous)
        typer.echo(f"Wrote {number} answers to {_shown(out)}")
        return 0
    taken = take_sheet(chosen, folder, engine, students, sheet, overwrite)
    settled = settle(chosen, folder, known, read_hand_ins(folder), due, engine, known)
    answers = f"{len(taken.given)} answer{'' if len(taken.given) == 1 else 's'}"
    typer.echo(f"Took {answers} from {_shown(sheet)}; wrote scores.csv, students.csv and report.html")
    for line in settled.lines:
        _tell(line, 0)
    for line in taken.left:
        _tell(f"NOT TAKEN: {line}", 1)
    return 1 if taken.left else 0


@app.command()
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
    from autograder.run.regrades.decision import Known, ask, decide, give_points, need_fitting, need_open, read_all
    from autograder.run.settle import read_engine, settle, show_again

    if student and (not question or bool(asked) == bool(decided)):
        raise WrongCall("regrade: name a student, a question, and either --asked or --decided with --by")
    if (decided and not by) or ((by or points is not None) and not decided):
        raise WrongCall("regrade: --decided needs --by, and --by and --points belong to --decided")
    chosen = _course(context, course)
    out = out or chosen.dist / "graded"
    graded = read_graded(out)
    known = Known(graded)
    if not student:
        waiting = [one for one in read_all(out, known) if one.is_open]
        typer.echo("\n".join(one.told for one in waiting) or "no request is open")
        return 0
    due = read_due(chosen)
    if asked:
        typer.echo(f"asked: {ask(out, known, student, question, asked).told}")
        show_again(chosen, out, graded, due)
        return 0
    need_open(out, known, student, question)
    need_fitting(known, student, question, points)
    engine = read_engine(out, chosen, nbgrader_course, _gradebook(gradebook))
    if engine is not None and engine.name == "nbgrader":
        need_gradebook(chosen, engine.folder, engine.url)
    open_log(_writable(out), command_line())
    if points is not None:
        give_points(chosen, engine, known, student, question, points)
    settled = settle(chosen, out, graded, read_hand_ins(out), due, engine, graded)
    typer.echo(f"decided: {decide(out, Known(settled.graded), student, question, decided, by).told}")
    show_again(chosen, out, settled.graded, due)
    for line in settled.lines:
        _tell(line, 0)
    return 0


@app.command()
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

    out, graded = _file_and_run(out, graded)
    chosen = _course(context, course)
    graded = graded or chosen.dist / "graded"
    rows = read_students(graded)
    filled = scores_for(system, chosen, rows, read_hand_ins(graded), template, column, waiting)
    out = out or graded / f"scores_{system}.csv"
    filled.table.write(out)
    typer.echo(f"Wrote {filled.matched} students to {_shown(out)}")
    for note in filled.notes:
        _tell(f"note: {note}", 0)
    if filled.unmatched:
        _tell(f"NOT IN IT: {', '.join(filled.unmatched)}", 1)
    return 1 if filled.unmatched else 0


@app.command()
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
    chosen = _course(context, course)
    out = out or chosen.dist / "graded"
    engine = read_engine(out, chosen, nbgrader_course, _gradebook(gradebook))
    engine = engine if engine is not None and engine.name == "nbgrader" else None
    if engine is not None:
        need_gradebook(chosen, engine.folder, engine.url)
    if delete and out.is_dir():
        _writable(out)  # or else the gradebook's part would be gone, and the rest would stay
    kept, due = Kept(chosen, out, engine), read_due(chosen)
    kept.needs(name)
    if export is not None:
        lines = export_student(kept, name, export)
        typer.echo("\n".join([f"Wrote {_shown(export)}, with", *(f"- {line}" for line in lines)]))
        return 0
    if not yes and not sys.stdin.isatty():
        raise WrongCall(f"student {name} --delete: cannot be undone; add --yes")
    if not yes:
        typer.confirm(f"Delete all that is kept of {name}? It cannot be undone", abort=True)
    lines = delete_student(kept, name, due)
    typer.echo("\n".join(["Removed", *(f"- {line}" for line in lines)]))
    if still := may_name(out, name):
        _tell(f"note: still to be looked at in {_shown(out)}: {', '.join(still)}", 0)
    return 0


@app.command()
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

    Pages are in the run's feedback/, a folder for each student, and are made again if something changed. For hand-ins
    that nbgrader collected, 'nbgrader release_feedback' gives them out. Exit 1 if a student has no page.
    """
    from autograder.bars import bars
    from autograder.run.hand_ins import read_hand_ins
    from autograder.run.preflight import need_gradebook
    from autograder.run.settle import Engine, read_engine
    from autograder.run.students import read_students
    from autograder.run.to_students.feedback import make_pages
    from autograder.run.to_students.handed_back import into_exchange, zip_for_moodle

    if system not in ("folder", "moodle"):
        raise WrongCall(f"--for {system}: there is no such way; it is folder or moodle")
    chosen = _course(context, course)
    if out is not None:
        read_students(out)  # nbgrader alone may have graded, but then nobody names a run
    out = out or chosen.dist / "graded"
    engine = read_engine(out, chosen, nbgrader_course, _gradebook(gradebook))
    if engine is None or engine.name != "nbgrader":
        engine = Engine("nbgrader", chosen.dist / "nbgrader", chosen.gradebook)
    folder = engine.folder.resolve()
    need_gradebook(chosen, folder, engine.url)
    open_log(_writable(out), command_line())
    with bars() as tell:
        made = make_pages(chosen, folder, out, only or (), tell, engine.url)
    unchanged = len(made.pages) - made.new
    typer.echo(f"{len(made.pages)} pages in {_shown(out / 'feedback')}: {made.new} made, {unchanged} unchanged")
    if made.others:
        typer.echo(f"{made.others} students of the gradebook were graded in another --out, and have their pages there")
    for student, reason in made.left_out:
        _tell(f"NO PAGE: {shown(student)}: {reason}", 1)
    missing: tuple[str, ...] = ()
    if system == "moodle":
        back = zip_for_moodle(chosen, made.pages, read_hand_ins(out), out / "feedback_moodle.zip")
        typer.echo(f"Wrote {back.students} students to {_shown(back.file)}")
        missing = back.missing
        if missing:
            _tell(f"NOT IN IT, as their numbers in Moodle are not known: {', '.join(map(shown, missing))}", 1)
    exchanged = into_exchange(chosen, folder, made.pages)
    if exchanged.students:
        typer.echo(f"{exchanged.students} students are ready for 'nbgrader release_feedback {chosen.name}'")
        if exchanged.missing:
            who = ", ".join(map(shown, exchanged.missing))
            typer.echo(f"Not collected by nbgrader, so skipped there: {who}")
    return 1 if made.left_out or missing else 0


@app.command()
def solutions(
    context: typer.Context,
    notebooks: Annotated[
        list[str] | None, typer.Argument(help="Names of notebooks; all by default.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where they go; dist/solutions by default.", show_default=False)
    ] = None,
    run: Annotated[
        bool, typer.Option(help="Run every cell, training included (minutes), so that they show what comes out.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Make them although someone may still hand in.")] = False,
    course: Folder = None,
) -> int:
    """Make the solutions that students get after the deadline, as notebooks and as pages to read.

    Model answers, and below each written question how it is graded. No hidden test is in them. Before the deadline in
    course.toml, and as long as someone's extension runs, they are made with --force alone.
    """
    from autograder.bars import bars
    from autograder.release.solutions import write_solutions
    from autograder.run.deadlines import need_over, read_due

    chosen = _course(context, course)
    if not force:
        need_over(read_due(chosen))
    names = notebooks or list(chosen.notebooks)
    for name in names:
        if name not in chosen.notebooks:
            raise WrongCall(f"{name}: there is no such notebook; there are {', '.join(chosen.notebooks)}")
    out = _writable(out or chosen.dist / "solutions")
    open_log(out, command_line())
    with bars(transient=False) as tell:
        files = write_solutions(chosen, names, out, run, tell)
    typer.echo(f"Wrote {len(files)} files to {_shown(out)}")
    return 0


def _named(course: Course, only: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The questions that --only names, alone or by their notebook, and the students: all other names."""
    from autograder.course.skeleton import load_skeletons

    asked_in = {
        name: {cell.question for cell in skeleton.cells if cell.question}
        for name, skeleton in load_skeletons(course).items()
    }
    known = {question: {question} for asked in asked_in.values() for question in asked} | asked_in
    return frozenset().union(*(known.get(name, ()) for name in only)), frozenset(only) - known.keys()


def _gradebook(named: str) -> str:
    """The URL of the gradebook that an option names; "" if it names none. Raises WrongCall."""
    from autograder.course.gradebook_url import checked_url, shown_url

    try:
        return checked_url(named) if named else ""
    except ValueError as problem:
        raise WrongCall(f"--gradebook {shown_url(named)}: {problem}") from None


def _intake(course: Course, system: str, roster: Path | None, times: Path | None) -> "Intake":
    """How a class is read, with all files that tell of it. Raises WrongCall if one of them is wrong."""
    from autograder.intake.layouts import NAMES
    from autograder.intake.roster import read_roster
    from autograder.intake.times_file import read_times
    from autograder.run.deadlines import read_due
    from autograder.run.hand_ins import Intake

    if system and system not in NAMES:
        raise WrongCall(f"--from {system}: there is no such system; it is one of {', '.join(NAMES)}")
    due = read_due(course)
    told = read_times(times, due.zone) if times else None
    return Intake(system, read_roster(roster) if roster else None, told, due)


def _course(context: typer.Context, folder: Path | None) -> Course:
    """The course that was named, before or after the command, or the one that is found from here."""
    named = folder or context.obj
    return load_course(named) if named else find_course(Path())


def _shard(text: str, seed: int | None, names_gradebook: bool) -> "Shard | None":
    """The part of the class that --shard names. Raises WrongCall."""
    from autograder.run.sharding.shards import read_shard

    if text and names_gradebook:
        raise WrongCall(f"--shard {text}: a shard writes no gradebook; name it for 'autograder merge'")
    return read_shard(text, seed) if text else None


def _cluster(
    context: typer.Context, scheduler: str, insecure: bool, shard: str, course: Course, room: str
) -> "OnCluster | None":
    """The cluster that --scheduler names, connected until the command ends; None if it names none."""
    if not scheduler:
        return None
    from autograder.run.cluster.command import connected

    return context.with_resource(connected(scheduler, insecure, shard, course, room))


def _beside(submissions: Path, out: Path) -> Path:
    """The folder for results, if it does not lie among the hand-ins. Raises WrongCall."""
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise WrongCall(f"--out {_shown(out)}: lies among the hand-ins, and would be taken for one of them")
    return out


def _file_and_run(out: Path | None, graded: Path | None) -> tuple[Path | None, Path | None]:
    """The file to write, and the grading run's folder. --out names either: a folder is the run's, as for `report`.

    Raises:
        WrongCall: if both name folders.
    """
    if out is None or not out.is_dir():
        return out, graded
    if graded is not None:
        raise WrongCall(f"--out {_shown(out)}: is a folder; name the file to write")
    return None, out


def _writable(folder: Path) -> Path:
    """The folder, made if it is missing. Raises WrongCall if nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as problem:
        raise WrongCall(f"--out {folder}: cannot be written to: {problem.strerror}") from None
    return folder


def _pick_room(wanted: str, course: Course, *secrets: Path) -> str:
    """The kind of room to grade in. secrets: folders that no room may see. Raises NoSuchRoom."""
    from autograder.room import pick_kind

    return pick_kind(wanted, course.room_needs, tuple(path.resolve() for path in secrets))

"""Commands on a class: it is graded, put together from its parts, and told of."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.options import (
    PROCESSORS,
    Folder,
    GradebookOfRun,
    NbgraderCourse,
    NbgraderCourseOfRun,
    RunFolder,
    Workers,
    course_of,
    gradebook_url,
    pick_room,
    writable,
)
from autograder.course import Course
from autograder.errors import WrongCall
from autograder.intake.place import need_place
from autograder.log import command_line, open_log
from autograder.portable import from_here
from autograder.room import place_of
from autograder.room.limits import MB, ROOM_TO_FAIL, Limits
from autograder.terminal import tell

if TYPE_CHECKING:
    from autograder.run.cluster.command import OnCluster
    from autograder.run.hand_ins import Intake
    from autograder.run.sharding.shards import Shard

USUAL = Limits()

DAY = 86_400
"""Seconds."""

MOST_MB = 16_000_000
"""More than any machine has, and few enough to be counted in bytes."""


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
    cell_seconds: Annotated[float, typer.Option(min=1, max=DAY, help="For one cell to run.")] = USUAL.cell_seconds,
    question_seconds: Annotated[
        float, typer.Option(min=1, max=DAY, help="For all tests of a question.")
    ] = USUAL.question_seconds,
    memory: Annotated[
        int, typer.Option(min=500, max=MOST_MB, help="MB for a notebook's processes.")
    ] = USUAL.memory_bytes // MB,
    processes: Annotated[
        int, typer.Option(min=16, max=32_000, help="Processes and threads of a notebook.")
    ] = USUAL.processes,
    disk: Annotated[int, typer.Option(min=50, max=MOST_MB, help="MB that a notebook may write.")] = USUAL.disk_bytes
    // MB,
    file: Annotated[int, typer.Option(min=1, max=MOST_MB, help="MB that one file of it may have.")] = USUAL.file_bytes
    // MB,
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
    chosen = course_of(context, course)
    need_place(submissions)
    part = _shard(shard, seed, bool(nbgrader_course or gradebook))
    intake = _intake(chosen, system, roster, times)
    out = writable(_of_nothing_else(chosen, _beside(submissions, out or chosen.dist / "graded")))
    into_gradebook = engine == "nbgrader" and part is None
    folder = (nbgrader_course or chosen.dist / "nbgrader") if part is None else out
    open_log(out, command_line())
    gradebook = gradebook_url(gradebook) or (chosen.gradebook if part is None else "")
    if into_gradebook or engine == "otter":
        need_for_grading(chosen, folder, engine, gradebook)
    else:
        need_packages(chosen)
    start_server(*(OTTER if engine == "otter" else ()))
    cluster = _cluster(context, scheduler, insecure, shard, chosen, room)
    kind = cluster.room if cluster else pick_room(room, chosen, out)
    if cluster is None and not (out / "results").is_dir():  # a first run is sure to need rooms
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

    chosen = course_of(context, course)
    out = writable(out or chosen.dist / "graded")
    open_log(out, command_line())
    return merge_and_tell(chosen, outs, out, nbgrader_course, gradebook_url(gradebook) or chosen.gradebook)


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

    chosen = course_of(context, course)
    out = out or chosen.dist / "graded"
    graded, due = read_graded(out), read_due(chosen)
    engine = read_engine(out, chosen, nbgrader_course, gradebook_url(gradebook))
    if engine is not None and engine.name == "nbgrader":
        need_gradebook(chosen, engine.folder, engine.url)
    open_log(writable(out), command_line())
    settled = settle(chosen, out, graded, read_hand_ins(out), due, engine, graded)
    typer.echo(f"Wrote {from_here(out / 'report.html')}, scores.csv and students.csv")
    for line in settled.lines:
        tell(line)
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


def _of_nothing_else(course: Course, out: Path) -> Path:
    """The folder for results, if it is none of the course's own. Raises WrongCall."""
    own = [course.release, course.questions, course.answers, course.grading, *course.data]
    for folder in (one for one in own if out.resolve().is_relative_to(one)):
        raise WrongCall(f"--out {from_here(out)}: lies in the course's own folder {from_here(folder)}; name another")
    if course.folder.is_relative_to(out.resolve()):
        raise WrongCall(f"--out {from_here(out)}: is the course's own folder, or above it; name one for results alone")
    return out


def _beside(submissions: Path, out: Path) -> Path:
    """The folder for results, if it does not lie among the hand-ins. Raises WrongCall."""
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise WrongCall(f"--out {from_here(out)}: lies among the hand-ins, and would be taken for one of them")
    return out

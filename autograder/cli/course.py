"""Commands on a course: what its author types."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import PROCESSORS, Folder, Workers, course_of, pick_room, writable
from autograder.errors import WrongCall
from autograder.log import command_line, open_log
from autograder.portable import from_here


def new(
    folder: Annotated[
        Path, typer.Argument(help="The course's folder, new or empty. Its name becomes the course's name.")
    ],
) -> int:
    """Write a working course to start from: a notebook, its tests, an answer bank, course.toml and a README."""
    from autograder.course.new import new_course

    made = from_here(new_course(folder))
    there = "" if made == "." else f"cd {made} && "
    typer.echo(f"Wrote a course to {made}. Try it: {there}autograder release && autograder verify")
    typer.echo(f"What to edit, and the commands of a term, are in {Path(made) / 'README.md'}")
    return 0


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

    chosen = course_of(context, course)
    made = build(chosen)
    if check:
        found = differences(made)
        told = f"{from_here(chosen.release)} is what the source gives ({len(made.files)} files)"
        typer.echo("\n".join(found) or told)
        return 1 if found else 0
    write(made)
    to = f"{from_here(chosen.release)}, and {from_here(chosen.dist)}: student.zip, nbgrader/, otter/"
    typer.echo(f"Wrote {len(made.files)} files to {to}")
    return 0


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

    chosen = course_of(context, course)
    asked = Asked(secrets.randbits(48) if seed is None else seed, tuple(notebook or ()))
    target = out or chosen.dist / "gradescope" / f"{'-'.join(asked.notebooks) or chosen.name}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_zip(target, chosen, asked)
    typer.echo(f"Wrote {from_here(target)} ({target.stat().st_size / 1e6:.1f} MB); upload it as the autograder")
    return 0


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

    chosen = course_of(context, course)
    if engine not in ("", *ENGINES):
        raise WrongCall(f"--engine {engine}: there is no such engine; it is nbgrader or otter")
    if question:
        need_question(chosen, question)
    for each in ENGINES:  # otter, too, is run beside a copy of the gradebook
        need_for_grading(chosen, chosen.dist / "nbgrader", each)
    need_release(chosen)
    kind = pick_room(room, chosen)
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


def demo(
    context: typer.Context,
    workers: Workers = PROCESSORS,
    room: Annotated[str, typer.Option(help="Where the class's code runs: auto, bwrap, uid, or none.")] = "auto",
    course: Folder = None,
) -> int:
    """Grade the course's sample class with nbgrader and with otter, and print both tools' scores side by side."""
    from autograder.run.preflight import need_packages
    from autograder.verify.demo import run_demo

    chosen = course_of(context, course)
    if not chosen.has_grading_module("sample_class"):
        raise WrongCall(f"{from_here(chosen.grading)}: has no sample_class.py, so this course has no demo")
    need_packages(chosen)
    kind = pick_room(room, chosen)
    open_log(chosen.dist / "demo", command_line())
    return 0 if run_demo(chosen, workers, kind) else 1


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

    chosen = course_of(context, course)
    if not force:
        need_over(read_due(chosen))
    names = notebooks or list(chosen.notebooks)
    for name in names:
        if name not in chosen.notebooks:
            raise WrongCall(f"{name}: there is no such notebook; there are {', '.join(chosen.notebooks)}")
    out = writable(out or chosen.dist / "solutions")
    open_log(out, command_line())
    with bars(transient=False) as tell:
        files = write_solutions(chosen, names, out, run, tell)
    typer.echo(f"Wrote {len(files)} files to {from_here(out)}")
    return 0

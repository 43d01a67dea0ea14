"""Tells of a grading run while it goes on, and writes down what came of it."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.judge import Status
from autograder.log import current_log
from autograder.room import BWRAP, BY_UID, NONE
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.grading import Run, grade_class
from autograder.run.page import write_report
from autograder.run.scores import write_scores

WHERE = {
    BWRAP: "student code in rooms made of namespaces (bwrap)",
    BY_UID: "student code in rooms by user (uid)",
    NONE: "STUDENT CODE TRUSTED WITH THIS MACHINE (--room none)",
}

console = Console(stderr=True, highlight=False)


def grade_and_tell(run: Run, out: Path) -> list[Graded | NotGraded]:
    """Grade a class with a progress bar and one line per notebook; write scores.csv and report.html.

    Raises:
        NothingHandedIn: if there is nothing to grade.
    """
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("grading", total=None)

        def tell(one: Graded | NotGraded, done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)
            for line in (line_of(one), *remarks_of(one)):
                progress.print(line, markup=False, soft_wrap=True)

        outcomes = grade_class(run, tell)
    write_scores(out / "scores.csv", outcomes)
    write_report(out / "report.html", run.grading.course.name, outcomes)
    retried = sum(one.results.retried for one in with_verdict(outcomes))
    failed = without_verdict(outcomes)
    done = f"{len(outcomes) - len(failed)} of {len(outcomes)} notebooks graded, {WHERE[run.grading.room]}"
    console.print(f"{done}; {out / 'scores.csv'}, report.html", markup=False, soft_wrap=True)
    if retried:
        console.print(f"{retried} judged a second time, alone: calls had waited for a processor", soft_wrap=True)
    more = f"; more in {log}" if failed and (log := current_log()) and log.exists() else ""
    for one in failed:
        console.print(f"NOT GRADED: {one.student}, {one.notebook}: {one.problem}{more}", markup=False, soft_wrap=True)
    return outcomes


def remarks_of(one: Graded | NotGraded) -> list[str]:
    """What tests tell the instructor of a submission, a line each."""
    questions = () if isinstance(one, NotGraded) else one.results.questions
    return [f"{'':20} look at {q.question}: {remark}" for q in questions for remark in q.remarks]


def line_of(one: Graded | NotGraded) -> str:
    """One submission in one line."""
    if isinstance(one, NotGraded):
        return f"{one.student:20} {one.notebook:22} could not be graded: {one.problem}"
    judged = [question for question in one.results.questions if question.score is not None]
    most = sum(question.max_score for question in judged)
    bonus = sum(question.score or 0 for question in judged if question.bonus)
    extra = f"+ {bonus:g} bonus" if bonus else ""
    odd = [f"{q.question} {q.status}" for q in judged if q.status not in (Status.CORRECT, Status.PARTIAL)]
    return (
        f"{one.student:20} {one.notebook:22} {one.results.score - bonus:5g} of {most:3g} {extra:9}"
        f" {one.results.seconds:5.1f} s"
        f"  {', '.join(odd)}"
    ).rstrip()

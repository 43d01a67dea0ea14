"""Tells of a grading run while it goes on, and writes down what came of it."""

from collections.abc import Callable
from pathlib import Path

from autograder.bars import progress_bars
from autograder.errors import NoReport
from autograder.intake.handed_over import ClassHandins
from autograder.intake.names import hardly_different
from autograder.intake.read import shown
from autograder.judge import Status
from autograder.log import current_log
from autograder.portable import from_here
from autograder.room import BWRAP, BY_UID, NONE
from autograder.run.deadlines import BY_DAY, Due
from autograder.run.gradebook.patience import Patience, WaitingLines
from autograder.run.graded import Graded, NotGraded, with_verdict, without_verdict
from autograder.run.grading import grade_class
from autograder.run.hand_ins import (
    AS_IT_IS,
    HandIns,
    Intake,
    merged,
    of_gathered,
    read_hand_ins,
    students_of,
    write_hand_ins,
)
from autograder.run.kept import KeptVerdicts
from autograder.run.page import read_graded, write_left_out
from autograder.run.run import Run
from autograder.run.settle import NO_GRADEBOOK, Engine, Settled, earlier_graded, settle, write_engine
from autograder.run.students import Student, few_named
from autograder.run.workers.executor import Executor, LocalWorkers
from autograder.terminal import tell

WHERE = {
    BWRAP: "student code in rooms made of namespaces (bwrap)",
    BY_UID: "student code in rooms by user (uid)",
    NONE: "STUDENT CODE TRUSTED WITH THIS MACHINE (--room none)",
}

NOTHING = "Not handed in."
"""What is said of a missing notebook of which there is nothing more to say."""


def grade_and_tell(
    run: Run, out: Path, intake: Intake = AS_IT_IS, executor: Callable[[Run, Path], Executor] = LocalWorkers
) -> list[Graded | NotGraded]:
    """Grade a class with a progress bar and one line per notebook; write scores.csv, students.csv and report.html.

    A run on a part of a class updates those students' rows, and keeps all others.

    Args:
        run: what to grade, and how.
        out: the folder of all files.
        intake: how the class is read.
        executor: makes who judges.

    Returns:
        What came of every notebook of this run.

    Raises:
        NothingHandedIn: if there is nothing to grade.
        WrongCall: if the class cannot be read as `intake` says.
    """
    gathered: list[ClassHandins] = []
    before, kept, known = earlier_graded(out), KeptVerdicts(run.grading.store), read_hand_ins(out)
    with progress_bars() as progress:
        bar = progress.add_task("grading", total=None)

        def tell_graded(one: Graded | NotGraded, done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)
            if was_not_handed_in(one):
                return  # of a class that hands in one notebook, this would be nearly every line
            if isinstance(one, Graded) and kept.has(one):
                return  # told by the run that judged it: of a large class, what is new would be lost among these
            for line in (line_of(one), *remarks_of(one)):
                tell(line)

        def tell_waiting(reason: str, seconds: float, is_back: bool) -> None:
            waits = f"waiting for the gradebook, {seconds:.0f} s"
            progress.update(bar, description="grading" if is_back else waits)
            if line := waiting.line(reason, seconds, is_back):
                tell(line)

        def tell_found(found: ClassHandins) -> None:
            gathered.append(found)
            if line := line_of_new(run, [one.student for one in found.handins if not kept.knows(one.student)]):
                tell(line)

        waiting = WaitingLines()
        patience = Patience(tell_waiting)
        outcomes = grade_class(run, tell_graded, intake, tell_found, executor, patience)
        [found] = gathered
        settled = patience(lambda: write_class(run, out, outcomes, found, intake.due, before))
    failed = without_verdict(outcomes)
    done = f"{len(outcomes) - len(failed)} of {len(outcomes)} notebooks graded{kept.told(with_verdict(outcomes))}"
    done = f"{done}, {WHERE[run.grading.room]}"
    tell(f"{done}; {from_here(out / 'scores.csv')}, students.csv, report.html")
    if run.students and (others := {row.student for row in settled.rows} - {one.student for one in outcomes}):
        tell(
            f"not among those of --only, so their rows stay as they were: {len(others)} of {len(settled.rows)} students"
        )
    if retried := sum(one.results.retried for one in with_verdict(outcomes)):
        tell(f"{retried} judged a second time, alone: calls had waited for a processor")
    of_class = (*lines_of_class(found, settled.rows, intake), *lines_of_lost_times(known, found))
    for line in (*lines_of_absent(outcomes), *of_class, *settled.lines):
        tell(line)
    more = f"; more in {log}" if failed and (log := current_log()) and log.exists() else ""
    for one in failed:
        tell(f"NOT GRADED: {shown(one.student)}, {one.notebook}: {one.problem}{more}")
    return outcomes


def line_of_new(run: Run, students: list[str]) -> str:
    """What is told before a run on some questions judges all questions of some students; "" if it does not.

    Args:
        run: what is graded.
        students: of whom no verdict is known.
    """
    if not run.grading.questions or not students:
        return ""
    who = few_named(students, f"{len(students)} students")
    return f"not known yet, so all notebooks are graded and not only those of --only: {who}"


def write_class(
    run: Run,
    out: Path,
    graded: list[Graded | NotGraded],
    found: ClassHandins,
    due: Due,
    before: list[Graded | NotGraded],
) -> Settled:
    """Write what came of a run: its own students, beside those of earlier runs.

    Args:
        run: what was graded, and how.
        out: the run's --out.
        graded: what came of each notebook.
        found: what intake has found.
        due: when the assignment was due.
        before: what was graded earlier.
    """
    course = run.grading.course
    earlier = read_hand_ins(out)
    hand_ins = merged(earlier, of_gathered(found))
    gone = students_of(earlier) - students_of(hand_ins)
    others = _of_earlier_runs(out, {one.student for one in graded} | gone)
    everyone = sorted([*graded, *others], key=lambda one: (one.student, one.notebook))
    engine = Engine(run.engine if run.into_gradebook else NO_GRADEBOOK, run.course_folder, run.gradebook)
    write_engine(out, engine)
    write_hand_ins(out, hand_ins)
    write_left_out(out, found.remarks)
    return settle(course, out, everyone, hand_ins, due, engine, before)


def _of_earlier_runs(out: Path, but: set[str]) -> list[Graded | NotGraded]:
    """What earlier runs have graded of others. A scores.csv that cannot be read is kept under another name."""
    path = out / "scores.csv"
    if not path.is_file():
        return []
    try:
        return read_graded(out, but)
    except NoReport as problem:
        kept = path.with_name("scores.unreadable.csv")
        path.replace(kept)
        tell(f"{problem}; what it had of other students is in {kept}")
        return []


def lines_of_class(found: ClassHandins, rows: list[Student], intake: Intake) -> list[str]:
    """What the instructor should know of who handed in what: a line for each kind of trouble.

    Args:
        found: what intake has found in this run.
        rows: of students.csv, of everyone.
        intake: how the class was read: a roster, times and extensions may name people who have handed in nothing.
    """
    lines = [f"LEFT OUT: {line}" for line in found.remarks]
    unlisted = [one.student for one in found.handins if one.origin.listed is False]
    if unlisted and intake.roster is not None:
        lines.append(f"not in {intake.roster.path.name}: {', '.join(unlisted)}")
    if found.absent:
        lines.append(f"handed in nothing: {', '.join(line.student for line in found.absent)}")
    for group in hardly_different(row.student for row in rows):
        lines.append(
            f"one student or {len(group)}? {', '.join(map(shown, group))}: give all the same name, or name a --roster "
            "with one of them"
        )
    here = {one.student for one in found.handins}
    if intake.times is not None:
        known = {row.student for row in rows} | {row.lms_id for row in rows}
        if strangers := intake.times.strangers(known):
            lines.append(f"times for nobody who handed in: {', '.join(map(shown, strangers))}")
    if intake.due.deadline is not None:
        unknown = [row.student for row in rows if row.student in here and row.late_seconds is None]
        if unknown:
            lines.append(f"not known how late, so without a penalty: {', '.join(unknown)}")
        by_day = [row.student for row in rows if row.student in here and BY_DAY in row.remarks]
        if by_day:
            lines.append(f"late, and only the day is known, so with the least penalty: {', '.join(by_day)}")
    return lines


def lines_of_lost_times(earlier: HandIns, found: ClassHandins) -> list[str]:
    """Whose time an earlier run knew and this one does not, as when --times was left out: their penalties are gone.

    Args:
        earlier: what earlier runs knew.
        found: what intake has found in this run.
    """
    knew = {one.student for one in earlier.known if one.origin.handed_in is not None}
    lost = [one.student for one in found.handins if one.student in knew and one.origin.handed_in is None]
    if not lost:
        return []
    return [f"an earlier run knew when they handed in, and this one does not; name --times again: {', '.join(lost)}"]


def was_not_handed_in(one: Graded | NotGraded) -> bool:
    """Whether a notebook is missing, and nothing more is said of it."""
    return isinstance(one, Graded) and all(
        question.status == Status.MISSING and question.message == NOTHING for question in one.results.questions
    )


def lines_of_absent(outcomes: list[Graded | NotGraded]) -> list[str]:
    """How many students lack which notebook: few are named, of many scores.csv tells."""
    absent: dict[str, list[str]] = {}
    for one in outcomes:
        if was_not_handed_in(one):
            absent.setdefault(one.notebook, []).append(one.student)
    number = len({one.student for one in outcomes})
    return [
        f"{name} not handed in: {few_named(who, f'{len(who)} of {number} students (in scores.csv)')}"
        for name, who in absent.items()
    ]


def remarks_of(one: Graded | NotGraded) -> list[str]:
    """What tests tell the instructor of a submission, a line each."""
    questions = () if isinstance(one, NotGraded) else one.results.questions
    return [f"{'':20} look at {q.question}: {remark}" for q in questions for remark in q.remarks]


def line_of(one: Graded | NotGraded) -> str:
    """One submission in one line."""
    if isinstance(one, NotGraded):
        return f"{shown(one.student):20} {one.notebook:22} could not be graded: {one.problem}"
    judged = [question for question in one.results.questions if question.score is not None]
    most = sum(question.max_score for question in judged)
    bonus = sum(question.score or 0 for question in judged if question.bonus)
    extra = f"+ {bonus:g} bonus" if bonus else ""
    odd = [f"{q.question} {q.status}" for q in judged if q.status not in (Status.CORRECT, Status.PARTIAL)]
    return (
        f"{shown(one.student):20} {one.notebook:22} {one.results.score - bonus:5g} of {most:3g} {extra:9}"
        f" {one.results.seconds:5.1f} s"
        f"  {', '.join(odd)}"
    ).rstrip()

"""Grades the corpus with an engine, and says what came of each attack."""

import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from autograder.course import Course
from autograder.engines.grading import Grading
from autograder.judge import QuestionResult
from autograder.judge.session import NOTEBOOK_PATIENCE
from autograder.room import Limits, open_room, pick_kind
from autograder.run.graded import Graded, NotGraded
from autograder.run.grading import Run, grade_class
from tests.attacks.classes import FELLOWS, narrow, write_class
from tests.attacks.corpus import Attack
from tests.attacks.planted import Planted
from tests.attacks.watching import MOST, Pace, Watch
from tests.compound import COURSE

ENGINES = ("nbgrader", "otter")
SEED = 3
LIMITS = Limits(cell_seconds=5, call_seconds=2, question_seconds=8, notebook_seconds=60)
"""Short, as many attacks never end by themselves."""

LONGEST = NOTEBOOK_PATIENCE * LIMITS.notebook_seconds + 30
"""Seconds by the clock that one notebook may take all in all: the judge's own time is in no limit."""

ENDS = r"did not end|ended the kernel|raised \w+|used up more memory|used up more of the disk"
"""How a cell ends that does not run to its last line."""

KINDS = ("bwrap", "uid")
"""Rooms with walls, the best first."""

NO_WALLS = "none"


@dataclass(frozen=True)
class Came:
    """What came of one attack with one engine. touched: what it reached outside. problem: why it is not graded.
    seconds: that judging it took."""

    attack: Attack
    score: float
    question: QuestionResult | None
    touched: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0

    @property
    def succeeded(self) -> str:
        """What the attack has gained or done, or ""."""
        if self.touched:
            return "; ".join(dict.fromkeys(self.touched))
        if self.score > self.attack.score + 1e-6:
            return f"{self.score:g} points where {self.attack.score:g} are due"
        return ""

    @property
    def otherwise(self) -> str:
        """What else is not as its verdict says, or ""."""
        wanted, found = self.attack, self.question
        if self.problem:
            return f"not graded: {self.problem}"
        least = wanted.score if wanted.least is None else wanted.least
        if self.score < least - 1e-6:
            return f"{self.score:g} points where {least:g} are due"
        if self.seconds > LONGEST:
            return f"it took {self.seconds:.0f} seconds"
        if wanted.ends and "" not in wanted.ends and not self.ended:
            return f"its cell ran to its end, where it must be one of {wanted.ends}"
        if self.ended and self.ended not in wanted.ends:
            return f"its cell {self.ended}: was the attack ever tried?"
        if wanted.status and found.status != wanted.status:
            return f"status {found.status}, not {wanted.status}: {found.message}"
        if wanted.says not in found.message:
            return f"the message does not say {wanted.says!r}: {found.message}"
        if wanted.message is not None and found.message != wanted.message:
            return f"the message is {found.message!r}"
        return ""

    @property
    def ended(self) -> str:
        """How the attack's cell ended, as the student is told, or "" if it ran to its last line."""
        if self.attack.source is None or self.question is None:
            return ""
        told = re.search(rf"The cell {self.attack.cell} ({ENDS})", self.question.message)
        return told[1] if told else ""

    def __str__(self) -> str:
        if self.succeeded:
            return f"SUCCEEDED: {self.succeeded}"
        if self.otherwise:
            return f"OTHERWISE: {self.otherwise}"
        return f"held, {self.score:g} points, {self.question.status}, {self.seconds:.0f} s"


@dataclass(frozen=True)
class Outcome:
    """What came of a class. harmed: what fellow students lost, a line each. strays: what was touched by an attack
    that cannot be told.
    """

    came: tuple[Came, ...]
    harmed: tuple[str, ...]
    strays: tuple[str, ...]


def best_room() -> str:
    """The best kind of room that this machine allows. Raises NoSuchRoom, RoomLost or NoRoom."""
    kind = pick_kind(needs=COURSE.room_needs)
    open_room(kind, (), Limits()).close()
    return kind


def allowed(attacks: list[Attack], room: str) -> list[Attack]:
    """Those that may be tried in a room of this kind."""
    return [attack for attack in attacks if room != NO_WALLS or not attack.needs_room]


def run_corpus(attacks: list[Attack], engines: tuple[str, ...], room: str, course: Course) -> dict[str, Outcome]:
    """Hand in all of `attacks` as one class, and grade it with each engine.

    The first engine judges. The others find its verdicts where a run keeps them, so that the same code is not run once
    more, and write down what they make of them.

    Args:
        attacks: who hands in.
        engines: in their order.
        room: the kind of the rooms.
        course: with its dist/ made.

    Returns:
        What came of the class with each engine.
    """
    with Planted() as planted:
        shutil.copytree(course.dist / "nbgrader", planted.marks.course, dirs_exist_ok=True)
        notebooks = sorted({attack.notebook for attack in attacks})
        gradings = {}
        for notebook in notebooks:
            write_class(_of(attacks, notebook), notebook, planted.marks, planted.folder / "handins" / notebook)
            lean = narrow(course, notebook, planted.folder / "narrow" / notebook)
            gradings[notebook] = Grading(planted.folder / "store" / notebook, lean, SEED, room, LIMITS)
        return {engine: _run_with(engine, attacks, gradings, planted) for engine in engines}


def _run_with(engine: str, attacks: list[Attack], gradings: dict[str, Grading], planted: Planted) -> Outcome:
    """Grade the class with one engine. gradings: of each notebook."""
    planted.begin()
    graded: dict[tuple[str, str], Graded | NotGraded] = {}
    strays: list[str] = []
    for notebook, grading in gradings.items():
        handins = planted.folder / "handins" / notebook
        run = Run(handins, grading, engine, planted.folder / "course", os.cpu_count() or 1)
        with Watch() as watch, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            all_graded, pause = apart.submit(_grade, run).result()
        graded |= {(one.notebook, one.student): one for one in all_graded}
        strays += _fared(watch.peak, pause)
    touched = planted.look([attack.name for attack in attacks])
    came = tuple(_came(attack, graded[attack.notebook, attack.name], touched) for attack in attacks)
    harmed = tuple(line for notebook in gradings for line in _harmed(graded, notebook))
    return Outcome(came, harmed, (*touched.get("?", ()), *strays))


def _grade(run: Run) -> tuple[list[Graded | NotGraded], float]:
    """Grade a class, in a process of its own: what still lives when that has ended is left over. With the pause."""
    pace = Pace()
    return grade_class(run, pace), pace.pause


def _fared(peak: int, pause: float) -> Iterator[str]:
    """What an attack did to the run itself: nobody can tell which."""
    if peak > MOST:
        yield f"a judging process took {peak / 1e9:.1f} GB"
    if pause > LONGEST:
        yield f"nothing was graded for {pause:.0f} seconds"


def _of(attacks: list[Attack], notebook: str) -> list[Attack]:
    return [attack for attack in attacks if attack.notebook == notebook]


def _came(attack: Attack, one: Graded | NotGraded, touched: dict[str, list[str]]) -> Came:
    done = tuple(touched.get(attack.name, ()))
    if isinstance(one, NotGraded):
        return Came(attack, 0.0, None, done, one.problem)
    score = sum(score or 0.0 for score in one.scores.values())  # without the questions that a person grades
    return Came(attack, score, one.results.question(attack.question), done, seconds=one.results.seconds)


def _harmed(graded: dict[tuple[str, str], Graded | NotGraded], notebook: str) -> Iterator[str]:
    for name in FELLOWS:
        one = graded[notebook, name]
        if isinstance(one, NotGraded):
            yield f"{name}, {notebook}: {one.problem}"
            continue
        lost = []
        for question in one.results.questions:
            full = sum(case.points for case in question.cases)
            if question.score is not None and one.scores.get(question.question) != full:
                lost.append(f"{question.question}: {one.scores.get(question.question)} of {full:g}")
        if lost:
            yield f"{name}, {notebook}: {'; '.join(lost)}"

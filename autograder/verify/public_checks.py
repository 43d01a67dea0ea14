"""`autograder verify --public`: what the public checks, which students run themselves, say of the bank's answers.

An answer is caught if a public check fails. Each answer runs in a process of its own, forked from one that has
imported what the course preloads, with limits on time and memory and without a room: the answers are ours.
"""

import io
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from autograder.course import Course
from autograder.course.questions import Question, read_questions
from autograder.verify.apart import course_for_forks, told_by
from autograder.verify.bank import Answer, bank_of, change_attachments
from autograder.verify.batches import limit_memory
from autograder.verify.differences import TooSlow, within
from autograder.verify.in_process import given_names, names_of
from autograder.verify.one_question import notebook_of
from autograder.verify.search import sources_of
from notebook_checks import Unexpected, judging

CPU_SECONDS = 60.0
"""For an answer's own cells and all public checks. Building B0 takes a second or two."""

WALL_SECONDS = 240.0
"""After so long a process is ended: its answer sleeps, or is in a call that no signal interrupts."""

SEED = 1


@dataclass(frozen=True)
class Checked:
    """What the public checks said of one answer. said: the first failure's message, "" if all passed.

    hint: the misconception that it names, or "".
    """

    answer: Answer
    said: str
    hint: str = ""

    @property
    def caught(self) -> bool:
        """Whether some public check failed."""
        return bool(self.said)


def check_publicly(course: Course, only: str, workers: int, tell: Callable[[int, int], None]) -> list[Checked]:
    """Run the public checks of each answer of the bank.

    Args:
        course: the course.
        only: a question; all by default.
        workers: how many answers run at a time.
        tell: called with how many answers are done, and of how many.

    Raises:
        CourseError: if an answer fits no cell of its question.
    """
    answers = [one for name, bank in bank_of(course).answers.items() if only in ("", name) for one in bank]
    found: dict[Answer, Checked] = {}
    for one in told_by(_check_all, (course.folder, answers, workers), len(answers)):
        found[one.answer] = one
        tell(len(found), len(answers))
    return [found[one] for one in answers]


def _check_all(folder: Path, answers: list[Answer], workers: int, results: Connection) -> None:
    course = course_for_forks(folder, lambda course: (*course.room_needs.preload, *course.room_needs.preload_last))
    with tempfile.TemporaryDirectory() as scratch:  # a fork that is killed leaves its folder in here
        for checked in _each(course, answers, workers, scratch):
            results.send(checked)


def _each(course: Course, answers: list[Answer], workers: int, scratch: str) -> Iterator[Checked]:
    context = get_context("fork")
    waiting = answers[::-1]
    running: dict[Connection, tuple[BaseProcess, Answer, float]] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            answer = waiting.pop()
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                given_names(course, answer.question)  # once, before forks
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_check_one, args=(course, answer, scratch, theirs))
            process.start()
            theirs.close()
            running[ours] = (process, answer, time.monotonic() + WALL_SECONDS)
        ready = wait(list(running), timeout=1.0)
        for pipe, (child, tried, end) in list(running.items()):
            if pipe not in ready and time.monotonic() < end:
                continue
            try:
                said, hint = pipe.recv() if pipe in ready else ("no end", "")
            except EOFError:
                said, hint = "the process died", ""
            child.kill()
            child.join()
            pipe.close()
            del running[pipe]
            yield Checked(tried, said, hint)


def _check_one(course: Course, answer: Answer, scratch: str, result: Connection) -> None:
    """What a forked process does: run one answer's cells, and the public checks after them."""
    limit_memory()
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        os.chdir(folder)
        if attachments := course.model_attachments(notebook_of(course, answer.question)):
            shutil.copytree(attachments, folder, dirs_exist_ok=True)
            change_attachments(course, answer, Path(folder))
        question = read_questions(course.questions)[answer.question]
        with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            said = _said(course, question, answer, Path(folder))
        result.send(said)
        result.close()
    os._exit(0)  # an answer may have left threads or handlers behind


def _said(course: Course, question: Question, answer: Answer, folder: Path) -> tuple[str, str]:
    """The message and the hint of the first public check that fails; two empty texts if none does."""
    try:
        with within(CPU_SECONDS):
            names = names_of(course, question.name, sources_of(course, answer))
            for case in question.load().test_cases:
                if not case.hidden:
                    with judging(SEED, lambda source: eval(source, {}), folder):
                        case.body.call_func(names)
    except Unexpected as problem:
        return str(problem), problem.hint or ""
    except (TooSlow, Exception, SystemExit) as problem:
        return f"{type(problem).__name__}: {problem}", ""
    return "", ""

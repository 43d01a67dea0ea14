"""Runs the mutants of right answers in forked processes, each with limits, and starts one anew that did not end."""

import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from autograder.course import Course
from autograder.course.questions import read_questions
from autograder.verify.differences import TooSlow, smallest_difference, within
from autograder.verify.in_process import Sources, given_names, names_of, passes
from autograder.verify.one_question import answer_cells
from autograder.verify.searched import BROKEN, DIFFERS, KILLED, SAME, UNSTEADY, Batch, Searched, asked_of

CASES_SECONDS = 5.0
"""Of CPU time for all cases of a question, with one seed. Right answers take a second or two."""

SILENT_SECONDS = 120.0
"""After so long a process is ended that has said nothing: it sleeps, or is in a call that no signal interrupts."""

SEARCHING_SECONDS = 900.0
"""The same for a process that has said that it looks for a difference."""

SEARCHING = "all cases pass"
"""What a process says before it looks for a difference."""

MORE_MEMORY = 2 * 2**30
"""Bytes that mutants may use on top of what the process starts with."""


def run_batches(
    course: Course,
    batches: Sequence[Batch],
    seeds: Iterable[int],
    workers: int,
    tell: Callable[[list[Searched]], None],
) -> None:
    """Run the mutants of each batch. It forks, so this process must have no threads.

    Args:
        course: whose answers they are.
        batches: the mutants.
        seeds: those that each is tried with.
        workers: how many processes there are.
        tell: called with all that became of a batch's mutants, when it is done.
    """
    waiting = list(reversed(batches))
    running: dict[Connection, _Running] = {}
    for question in dict.fromkeys(batch.question for batch in batches):
        given_names(course, question)  # once, before forks
    while waiting or running:
        while waiting and len(running) < workers:
            one = _Running(course, waiting.pop(), tuple(seeds))
            running[one.pipe] = one
        wait(running, timeout=1.0)
        for pipe, one in list(running.items()):
            one.read()
            if one.pipe is not pipe:  # it was started anew
                del running[pipe]
                running[one.pipe] = one
            if one.done:
                del running[one.pipe]
                tell(one.found)


class _Running:
    """A batch at work in a process. found: what became of its programs so far. done: whether that is all."""

    def __init__(self, course: Course, batch: Batch, seeds: tuple[int, ...]):
        self._course, self.batch, self._seeds = course, batch, seeds
        self.found: list[Searched] = []
        self.done = False
        self._start()

    def _start(self) -> None:
        context = get_context("fork")
        self.pipe, theirs = context.Pipe(duplex=False)
        arguments = (self._course, self.batch, self._seeds, len(self.found), theirs)
        self._process = context.Process(target=_work, args=arguments)
        self._process.start()
        theirs.close()
        self._change, self._heard, self._patience = "", time.monotonic(), SILENT_SECONDS

    def read(self) -> None:
        """Take what the process has said; end it, and start another one behind, where it has long said nothing."""
        try:
            while self.pipe.poll():
                said = self.pipe.recv()
                self._heard = time.monotonic()
                if isinstance(said, Searched):
                    self.found.append(said)
                elif said == SEARCHING:
                    self._patience = SEARCHING_SECONDS
                else:
                    self._change, self._patience = said, SILENT_SECONDS
        except EOFError:
            self._process.join()
            if self._process.exitcode == 0:
                self.done = True
                self.pipe.close()
            else:  # out of memory, as a rule
                self._go_on(f"the process ended with {self._process.exitcode}")
            return
        if time.monotonic() - self._heard > self._patience:
            self._process.kill()
            self._process.join()
            self._go_on("no end")

    def _go_on(self, how: str) -> None:
        fate = KILLED if self._change else BROKEN
        self.found.append(Searched(self.batch.question, self.batch.answer, self._change, fate, how))
        self.pipe.close()
        self._start()


def _work(course: Course, batch: Batch, seeds: tuple[int, ...], skipped: int, results: Connection) -> None:
    """What the forked process does: try all programs but the first `skipped`."""
    _hush_and_limit()
    model = names_of(course, batch.question, tuple(answer_cells(course, batch.question).values()))
    for index, (change, sources) in enumerate(batch.programs()):
        if index >= skipped:
            results.send(change)
            results.send(_tried(course, batch, change, sources, seeds, model, results.send))
    results.close()
    os._exit(0)  # an answer may have left threads or handlers behind


def _tried(
    course: Course,
    batch: Batch,
    change: str,
    sources: Sources,
    seeds: tuple[int, ...],
    model: dict[str, Any],
    say: Callable[[str], None],
) -> Searched:
    lost = {seed: _lost(course, batch.question, sources, seed, whole=len(seeds) > 1) for seed in seeds}
    if not change and any(lost.values()):
        fate, shown = BROKEN, next(filter(None, lost.values()))[0]
    elif told := _unlike(course, batch.question, lost):
        fate, shown = UNSTEADY, told
    elif any(lost.values()):
        fate, shown = KILLED, lost[seeds[0]][0]
    else:
        say(SEARCHING)
        names = names_of(course, batch.question, sources)
        shown = smallest_difference(asked_of(course)[batch.question], model, names)
        fate = DIFFERS if shown else SAME
    return Searched(batch.question, batch.answer, change, fate, shown)


def _unlike(course: Course, question: str, lost: dict[int, list[str]]) -> str:
    """Two seeds with which other points are lost, and the cases that each loses; "" if all lose the same."""
    if len(lost) == 1:
        return ""
    worth = {case.body.test_func.__name__: case.points or 0.0 for case in _cases(course, question)}
    points = {seed: (bool(cases), sum(worth.get(one, 0.0) for one in cases)) for seed, cases in lost.items()}
    first = next(iter(lost))
    other = next((seed for seed in lost if points[seed] != points[first]), None)
    if other is None:
        return ""
    return "; ".join(f"seed {seed}: {', '.join(lost[seed]) or 'none'}" for seed in (first, other))


def _lost(course: Course, question: str, sources: Sources, seed: int, whole: bool) -> list[str]:
    """The cases that fail, or the first one of them unless `whole`. Where code does not end, none after that."""
    failed: list[str] = []
    name = "its cells"
    try:
        with within(CASES_SECONDS):
            names = names_of(course, question, sources)
            for case in _cases(course, question):
                name = case.body.test_func.__name__
                if not passes(case, names, seed):
                    failed.append(name)
                    if not whole:
                        break
    except (TooSlow, Exception, SystemExit):
        failed.append(name)
    return failed


def _cases(course: Course, question: str) -> Iterator:
    return iter(read_questions(course.questions)[question].judged_cases())


def _hush_and_limit() -> None:
    """Let answers print to nowhere, and use no more memory than they may."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    limit_memory()


def limit_memory() -> None:
    """Let this process use MORE_MEMORY on top of what it has."""
    with open("/proc/self/statm", encoding="ascii") as status:
        used = int(status.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MORE_MEMORY, used + MORE_MEMORY))

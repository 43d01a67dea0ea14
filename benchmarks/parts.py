"""Where the time of one submission goes: opening the room, playing cells, each question, the room's part in them.

The model solution, judged twice in this process: what only the first one pays for (imports, references) is the
difference. Seconds by the clock.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import find_course
from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons
from autograder.intake.rebuild import rebuild_file
from autograder.judge import session
from autograder.judge.judging import judge
from autograder.room import Room

COURSE = find_course(Path(__file__).parent)

spent: Counter[str] = Counter()


def watched(label: str, function: Callable) -> Callable:
    """The function, whose seconds are added up under `label`."""

    def timed(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[label] += time.perf_counter() - started

    return timed


def watch() -> None:
    """Watch the calls by which the judge uses a room."""
    session.open_room = watched("open the room", session.open_room)
    session.Session.play = watched("play cells, with the room's opening", session.Session.play)
    Room.ask = watched("questions: waiting for the room", Room.ask)
    Room.close = watched("close the room", Room.close)


def tell_of(name: str, seed: int, room: str) -> None:
    """Judge the model solution of one notebook, and print what took how long."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.ipynb"
        nbformat.write(fill(load_skeletons(COURSE)[name], model_answers(COURSE)), path)
        rebuilt = rebuild_file(path, load_skeletons(COURSE)[name], "student")
        spent.clear()
        started = time.perf_counter()
        judged = judge(rebuilt.submission, seed, room, COURSE)
        print(f"{name}: {time.perf_counter() - started:.3f} s, {judged.score:g} points")
    for label, seconds in spent.most_common():
        print(f"    {seconds:7.3f} s  {label}")
    faults = [question.message for question in judged.questions if question.course_fault]
    if faults:
        raise SystemExit("\n".join(faults))  # what gives points untested takes no time
    for question in judged.questions:
        longest = sorted(question.cases, key=lambda case: -case.seconds)[:3]
        told = ", ".join(f"{case.name} {case.seconds:.3f}" for case in longest)
        print(f"    {sum(case.seconds for case in question.cases):7.3f} s  {question.question}: {told}")


def main() -> None:
    """Print both times of each notebook."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", default=["2_compound_scaling", "3_efficientnet"])
    parser.add_argument("--room", default="none")
    chosen = parser.parse_args()
    watch()
    for name in chosen.notebooks:
        for _ in range(2):
            tell_of(name, 1, chosen.room)


if __name__ == "__main__":
    main()

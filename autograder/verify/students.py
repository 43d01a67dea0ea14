"""Students made of the bank: each answers every question as one of its answers does, drawn at random.

So a question's verdict is seen beside all kinds of answers to the others, and must not depend on them.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import nbformat

from autograder.course import ASSIGNMENT, Course
from autograder.intake.skeleton import Skeleton, load_skeletons
from autograder.intake.trained import NOTEBOOK
from autograder.release.source import SourceError
from autograder.run.answers import add_trained, fill, model_answers
from autograder.verify.bank import Answer, place
from autograder.verify.trained import CHANGES

MODEL, UNTOUCHED = "model-solution", "untouched-release"


@dataclass(frozen=True)
class Made:
    """A student. answers: question → the answer. answered: whether all else is as the model does, or untouched."""

    name: str
    answers: dict[str, Answer] = field(default_factory=dict)
    answered: bool = True


def draw_students(bank: dict[str, tuple[Answer, ...]], combinations: int, seed: int) -> list[Made]:
    """Students that show every answer once, and then so many more. Shorter lists begin again."""
    draw = random.Random(f"students:{seed}")
    rows = max((len(answers) for answers in bank.values()), default=0) + combinations
    columns = {name: list(islice(_shuffled(answers, draw), rows)) for name, answers in bank.items() if answers}
    names = (f"bank-{number:03}" for number in range(1, rows + 1))
    return [
        Made(name, {question: column[row] for question, column in columns.items()}) for row, name in enumerate(names)
    ]


def write_students(course: Course, students: Iterable[Made], notebooks: Iterable[str], folder: Path) -> None:
    """Write their hand-ins as nbgrader's tree. Raises SourceError where an answer fits no cell."""
    skeletons = load_skeletons(course)
    model = model_answers(course)
    for student in students:
        work = folder / student.name / ASSIGNMENT
        work.mkdir(parents=True)
        for name in notebooks:
            nbformat.write(_notebook(skeletons[name], student, model), work / f"{name}.ipynb")
        if student.answered and NOTEBOOK in notebooks:
            add_trained(course, work)
            for answer in student.answers.values():
                _change_trained(answer, work)


def _shuffled(answers: tuple[Answer, ...], draw: random.Random) -> Iterator[Answer]:
    """All answers in some order, again and again."""
    return cycle(draw.sample(answers, len(answers)))


def _notebook(skeleton: Skeleton, student: Made, model: dict[str, str]) -> nbformat.NotebookNode:
    sources, added = dict(model) if student.answered else {}, {}
    asked = {cell.question for cell in skeleton.cells}
    for question, answer in student.answers.items():
        if question not in asked:  # it stands in another notebook
            continue
        placed = place(answer, skeleton)
        sources |= placed.replaced
        added[question] = placed.added
    notebook = fill(skeleton, sources)
    cells = []
    for cell in notebook.cells:
        ours = cell.metadata.get("scalelab", {})
        if ours.get("role") == "answer":
            own = added.pop(ours.get("question"), ())
            cells += [nbformat.v4.new_code_cell(source) for source in own]
        cells.append(cell)
    notebook.cells = cells
    return notebook


def _change_trained(answer: Answer, folder: Path) -> None:
    if answer.trained not in CHANGES:
        raise SourceError(f"{answer.question}, {answer.name}: trained={answer.trained!r} is none of {sorted(CHANGES)}")
    CHANGES[answer.trained](folder)

"""Students made of the bank: each answers every question as one of its answers does, drawn at random.

So a question's verdict is seen beside all kinds of answers to the others, and must not depend on them.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.course.answered import add_attachments, fill, model_answers
from autograder.course.skeleton import OURS, Skeleton, load_skeletons
from autograder.verify.bank import Answer, change_attachments, place

MODEL, UNTOUCHED = "model-solution", "untouched-release"


@dataclass(frozen=True)
class Made:
    """A student. answers: question → the answer. answered: whether all else is as the model does, or untouched."""

    name: str
    answers: dict[str, Answer] = field(default_factory=dict)
    answered: bool = True


def draw_students(notebooks: Iterable[dict[str, tuple[Answer, ...]]], combinations: int, seed: int) -> list[Made]:
    """Students that show every answer once, and further ones with drawn answers.

    Args:
        notebooks: the bank, one dict for each notebook. Shorter lists of answers begin again until the longest one of
            their notebook has ended; a student hands in the notebooks that have not ended yet.
        combinations: how many further students there are.
        seed: of the drawing.
    """
    draw = random.Random(f"students:{seed}")
    students: list[dict[str, Answer]] = []
    for bank in notebooks:
        rows = max(map(len, bank.values()), default=0) + (combinations if bank else 0)
        columns = {question: list(islice(_shuffled(answers, draw), rows)) for question, answers in bank.items()}
        students += [{} for _ in range(rows - len(students))]
        for row, answers in enumerate(students[:rows]):
            answers |= {question: column[row] for question, column in columns.items()}
    return [Made(f"bank-{number:03}", answers) for number, answers in enumerate(students, start=1)]


def write_students(
    course: Course, students: Iterable[Made], notebooks: Iterable[str], folder: Path, until: str = ""
) -> None:
    """Write their hand-ins as nbgrader's tree.

    Args:
        course: whose release they answer.
        students: who hands in.
        notebooks: of these, each student hands in those that they answer anything of.
        folder: where the tree goes.
        until: a question; those after it stay untouched, which fails quickly.

    Raises:
        CourseError: if an answer fits no cell.
    """
    skeletons = load_skeletons(course)
    model = model_answers(course)
    for student in students:
        work = folder / student.name / course.name
        work.mkdir(parents=True)
        handed_in = [name for name in notebooks if student.answers.keys() & _questions(skeletons[name])]
        for name in handed_in:
            answered = _up_to(until, skeletons[name], model)
            nbformat.write(_notebook(skeletons[name], student, answered), work / f"{name}.ipynb")
        if student.answered and any(course.attachments_of(name) for name in handed_in):
            add_attachments(course, work)
            for answer in student.answers.values():
                change_attachments(course, answer, work)


def _shuffled(answers: tuple[Answer, ...], draw: random.Random) -> Iterator[Answer]:
    """All answers in some order, and again and again in another."""
    while True:
        yield from draw.sample(answers, len(answers))


def _questions(skeleton: Skeleton) -> set[str]:
    return {cell.question for cell in skeleton.cells if cell.question}


def _up_to(question: str, skeleton: Skeleton, model: dict[str, str]) -> dict[str, str]:
    """The model's answers as far as those to `question`; all if that is "" or not in this notebook."""
    if not question:
        return model
    ids = [cell.id for cell in skeleton.cells]
    last = max((ids.index(cell.id) for cell in skeleton.cells if cell.question == question), default=len(ids))
    return {cell: source for cell, source in model.items() if cell not in ids[last + 1 :]}


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
        ours = cell.metadata.get(OURS, {})
        if ours.get("role") == "answer":
            own = added.pop(ours.get("question"), ())
            cells += [nbformat.v4.new_code_cell(source) for source in own]
        cells.append(cell)
    notebook.cells = cells
    return notebook

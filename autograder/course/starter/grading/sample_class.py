"""The class that `autograder demo` grades: students as the answers that they put into the release."""

from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons

MEAN = """\
def median(numbers):
    return sum(numbers) / len(numbers)"""

IN_PLACE = """\
def median(numbers):
    numbers.sort()
    return (numbers[len(numbers) // 2] + numbers[~(len(numbers) // 2)]) / 2"""

NOT_PYTHON = "def median(numbers"


@dataclass(frozen=True)
class Student:
    """One student. story: what is the matter. own: answers that are not the model's, cell id → source.

    answered: whether all else is answered as the model does.
    """

    name: str
    story: str
    own: dict[str, str] = field(default_factory=dict)
    answered: bool = True


STUDENTS = [
    Student("ada", "everything right"),
    Student("ben", "takes the mean for the median", {"q1-median": MEAN}),
    Student("cleo", "sorts the list that the function was given", {"q1-median": IN_PLACE}),
    Student("dan", "has a syntax error", {"q1-median": NOT_PYTHON}),
    Student("eve", "handed the release in as it was", answered=False),
]


def write_class(course: Course, folder: Path) -> list[Student]:
    """Write every student's hand-in as nbgrader's tree in `folder`."""
    model = model_answers(course)
    for student in STUDENTS:
        place = folder / student.name / course.name
        place.mkdir(parents=True)
        answers = (model if student.answered else {}) | student.own
        for name, skeleton in load_skeletons(course).items():
            nbformat.write(fill(skeleton, answers), place / f"{name}.ipynb")
    return STUDENTS

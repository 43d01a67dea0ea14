"""Whether the student release is there, and knows what is asked for."""

from autograder.course.folder import Course
from autograder.course.questions import read_questions
from autograder.course.skeleton import load_skeletons
from autograder.errors import FIRST, NotReleased, WrongCall


def need_release(course: Course) -> None:
    """See to it that the student release is there, and fits the test files.

    Raises:
        NotReleased: if a released notebook is missing, or checks a question that has no test file any more.
    """
    skeletons, questions = load_skeletons(course), read_questions(course.questions)
    for name in course.notebooks:
        released = course.release / f"{name}.ipynb"
        if name not in skeletons:
            raise NotReleased(f"{released}: is missing; {FIRST}")
        for cell in skeletons[name].cells:
            if cell.role == "check" and cell.question not in questions:
                test = course.questions / f"{cell.question}.py"
                raise NotReleased(f"{released}: checks {cell.question}, and {test} is missing; put it back, or {FIRST}")


def need_question(course: Course, question: str) -> None:
    """See to it that students have a tested question.

    Args:
        course: the course.
        question: its name, as --question has it.

    Raises:
        WrongCall: if no test file has this name.
        NotReleased: if no released notebook checks it.
    """
    questions = read_questions(course.questions)
    if question not in questions:
        raise WrongCall(f"--question {question}: there is no such question; there are {', '.join(sorted(questions))}")
    cells = (cell for skeleton in load_skeletons(course).values() for cell in skeleton.cells)
    if not any(cell.role == "check" and cell.question == question for cell in cells):
        raise NotReleased(f"--question {question}: no released notebook checks it; {FIRST}")

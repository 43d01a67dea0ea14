from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.course import Course
from autograder.course.questions import Question
from autograder.course.source import SourceCell, SourceNotebook
from autograder.errors import CourseError
from autograder.release.assemble import TEXT_STUB, instructor_notebook

MARKED = "def f():\n    ### BEGIN SOLUTION hint\n    return 1\n    ### END SOLUTION"
ANSWER = SourceCell("code", "answer", "q1", MARKED, "q1-f")
CHECK = SourceCell("code", "check", "q1", 'grader.check("q1")', "q1")
PROMPT = SourceCell("markdown", "written", "q2", "Why?", "q2")
RUBRIC = SourceCell("markdown", "rubric", "q2", "- [1] says why\n- [2] says how", "q2-rubric")
WRITTEN = SourceCell("markdown", "answer", "q2", "Because.", "q2-answer")
QUESTION = Question("q1", Path("q1.py"), 4, False, "")


@pytest.fixture
def course(tmp_path):
    """A course of which nothing is there but its name."""
    (tmp_path / "course.toml").write_text('name = "small"\nnotebooks = ["1_test"]\n', encoding="utf-8")
    return Course(tmp_path)


@pytest.fixture
def assemble(course):
    """Makes a notebook of some cells."""

    def from_cells(*cells, question=QUESTION):
        return instructor_notebook(course, SourceNotebook("1_test", Path("1_test.py"), cells), {"q1": question})

    return from_cells


def cell_of(notebook, cell_id):
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def test_a_written_question_is_a_task_cell_with_its_mark_scheme_and_points_and_a_free_cell(assemble):
    notebook = assemble(PROMPT, RUBRIC, WRITTEN)
    task, free = notebook.cells[1:]
    assert task.source.startswith("Why?\n\n=== BEGIN MARK SCHEME ===")
    assert task.source.endswith("=== END MARK SCHEME ===")
    assert RUBRIC.source in task.source and "Because." in task.source
    nbgrader = task.metadata.nbgrader
    assert (nbgrader.task, nbgrader.points, nbgrader.locked, nbgrader.grade) == (True, 3, True, False)
    assert free.source == TEXT_STUB and "nbgrader" not in free.metadata


def test_an_answer_a_check_and_a_given_cell_carry_nbgraders_metadata(assemble):
    given = SourceCell("code", "given", "", "import os", "given-1")
    notebook = assemble(given, ANSWER, CHECK)
    MetadataValidator().validate_nb(notebook)
    flags = {c.id: (c.metadata.nbgrader.solution, c.metadata.nbgrader.grade, c.metadata.nbgrader.locked)
             for c in notebook.cells}  # fmt: skip
    assert flags == {
        "install": (False, False, True),
        "given-1": (False, False, True),
        "q1-f": (True, False, False),
        "q1": (False, True, True),
    }
    assert cell_of(notebook, "q1").metadata.nbgrader.points == 4


def test_a_bonus_is_checked_by_a_cell_of_no_points(assemble):
    notebook = assemble(ANSWER, CHECK, question=replace(QUESTION, bonus=True))
    assert cell_of(notebook, "q1").metadata.nbgrader.points == 0


@pytest.mark.parametrize("role", ["playground", "train"])
def test_cells_that_grading_never_runs_are_tagged_and_are_none_of_nbgraders(role, assemble):
    metadata = assemble(SourceCell("code", role, "", "f()", "x-1")).cells[1].metadata
    assert metadata.tags == ["skip-execution", "otter_ignore"] and "nbgrader" not in metadata


def test_of_a_marked_text_answer_the_unmarked_part_stays(assemble):
    text = "$W =$ \n<!-- ### BEGIN SOLUTION -->\n4\n<!-- ### END SOLUTION -->\nDone."
    notebook = assemble(replace(WRITTEN, question="q1", source=text))
    assert notebook.cells[1].source == f"$W =$ \n{TEXT_STUB}\nDone."


def test_the_course_asks_for_the_rooms_kernel(course, assemble):
    assert assemble().metadata.kernelspec.name == course.kernel == "small-room"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([PROMPT, WRITTEN], "q2 is not followed by its rubric and its answer"),
        ([PROMPT, RUBRIC], "q2 is not followed by its rubric and its answer"),
        ([PROMPT, WRITTEN, RUBRIC], "q2 is not followed by its rubric and its answer"),
        ([PROMPT, replace(RUBRIC, question="q3"), WRITTEN], "q2 is not followed"),
        ([PROMPT, RUBRIC, replace(WRITTEN, question="q3")], "q2 is not followed"),
        ([PROMPT, replace(RUBRIC, source="- says why"), WRITTEN], "the rubric of q2 has no criteria"),
        ([replace(CHECK, source='grader.check("q2")')], "check cell of q1 does not only call its check"),
        ([replace(CHECK, source='x = 1\ngrader.check("q1")')], "does not only call its check"),
        ([replace(CHECK, question="q9")], "q9 is checked, but has no test file"),
        ([replace(ANSWER, source="def f():\n    return 1")], "q1-f has no solution between its marks"),
        ([replace(ANSWER, source=MARKED.replace("return 1", ""))], "q1-f has no solution"),
        ([replace(WRITTEN, source="")], "q2-answer has no solution"),
        ([replace(WRITTEN, source="a\n### BEGIN SOLUTION\n### END SOLUTION")], "q2-answer has no solution"),
        ([replace(ANSWER, source=MARKED.replace("### END SOLUTION", ""))], "q1-f has no solution"),
    ],
)
def test_a_source_that_no_question_could_be_made_of_is_refused(cells, reason, assemble):
    with pytest.raises(CourseError, match=f"1_test.py: .*{reason}"):
        assemble(*cells)

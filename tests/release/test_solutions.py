"""What students get after the deadline."""

import nbformat
import pytest

from autograder.course import Course
from autograder.course.source import read_source
from autograder.errors import CourseError
from autograder.release.solutions import solved_notebook, write_solutions
from tests.compound import COURSE

SMALL = """\
# %% [markdown] question="q1" role="written"
# Why?

# %% [markdown] question="q1" role="rubric"
# - [1] says why

# %% [markdown] question="q1" role="answer"
# Because ___.
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION

# %% question="q2" role="answer"
def answer():
    ### BEGIN SOLUTION what is it?
    return 6 * 7
    ### END SOLUTION

# %%
answer()

# %%
import ipywidgets

ipywidgets.IntSlider()

# %% [markdown]
# The end.
#
# ## Handing in
#
# Run the cell below.

# %% role="playground"
raise SystemError("hands in")
"""


def small_course(folder, source: str) -> Course:
    course = Course(folder)
    folder.mkdir()
    (folder / "course.toml").write_text('name = "small"\nnotebooks = ["1_small"]\n')
    course.release.mkdir()
    (course.source("1_small")).write_text(source)
    return course


@pytest.mark.tool
def test_a_solved_notebook_shows_answers_and_rubrics_and_what_cells_give(tmp_path):
    told = []
    course = small_course(tmp_path / "course", SMALL)
    files = write_solutions(course, ["1_small"], tmp_path / "out", True, lambda *state: told.append(state))
    assert [path.name for path in files] == ["1_small_solutions.ipynb", "1_small_solutions.html"]
    notebook = nbformat.read(files[0], as_version=4)
    nbformat.validate(notebook)
    rest = [cell.source for cell in notebook.cells[1:]]
    assert rest == [
        "Why?",
        "**How it is graded**, in points:\n\n- [1] says why",
        "**Model answer**\n\nBecause.",
        "def answer():\n    return 6 * 7",
        "answer()",
        "import ipywidgets\n\nipywidgets.IntSlider()",
        "The end.",
    ]
    assert notebook.cells[5].outputs[0].data["text/plain"] == "42"
    assert notebook.cells[6].outputs == [], "a slider that nothing moves"
    page = files[1].read_text()
    assert "says why" in page and "<pre>42</pre>" in page
    assert "<script" not in page and "https://" not in page, "it can be read without a network"
    assert told == [("1_small", done, 3) for done in range(4)]


@pytest.mark.tool
def test_a_cell_that_fails_is_named_and_nothing_is_written(tmp_path):
    course = small_course(tmp_path / "course", '# %%\n1\n\n# %%\nraise ValueError("no")\n')
    with pytest.raises(CourseError, match="1_small: the cell given-2 raised ValueError: no"):
        write_solutions(course, ["1_small"], tmp_path / "out", True, lambda *state: None)
    assert not (tmp_path / "out").exists()


def test_the_courses_solutions_hold_every_answer_and_rubric():
    sources = [read_source(COURSE.source(name)) for name in COURSE.notebooks]
    solved = {source.name: solved_notebook(source) for source in sources}
    texts = {name: "\n".join(cell.source for cell in notebook.cells) for name, notebook in solved.items()}
    for source in sources:
        for cell in source.cells:
            if cell.role in ("answer", "rubric"):
                shown = cell.answered if cell.kind == "code" or cell.solution is None else cell.solution
                assert shown in texts[source.name]
    together = "\n".join(texts.values())
    assert not any(mark in together for mark in ("### BEGIN", "### END", "MARK SCHEME", "handed_in ="))

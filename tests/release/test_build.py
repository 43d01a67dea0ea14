import os
import re
from dataclasses import replace

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.course import load_course
from autograder.course.questions import HIDDEN_LINE
from autograder.course.skeleton import OURS
from autograder.course.source import read_source
from autograder.errors import CourseError
from autograder.release import build as building
from autograder.release.build import build, differences
from autograder.release.leaks import find_leaks, secrets_of

pytestmark = pytest.mark.tool


@pytest.fixture
def copy(tiny_release, own_tiny):
    """The tiny course's release, as of a course folder where notebooks/ is what the source gives."""
    building._write_files(own_tiny.release, tiny_release.files)
    return replace(tiny_release, course=own_tiny)


def edit(course, path, old, new, count=1):
    file = course.folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), encoding="utf-8")


def shown(course, name):
    """How a file of the release is named in a message."""
    return os.path.relpath(course.release / name)


def notebooks_of(release):
    return {name: nbformat.reads(text, as_version=4) for name, text in release.files.items() if name.endswith(".ipynb")}


# ---- what the release check says


def test_notebooks_in_this_checkout_are_what_the_source_gives(release):
    assert differences(release) == []


def test_nothing_differs_right_after_a_release(copy):
    assert differences(copy) == []


@pytest.mark.parametrize("name", ["1_averages.ipynb", "tests/q1.py"])
def test_a_file_of_which_one_byte_changed_is_named(copy, name):
    path = copy.course.release / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    [said] = differences(copy)
    assert said.startswith(f"{shown(copy.course, name)}: is not what the source gives")


def test_a_missing_file_is_named(copy):
    (copy.course.release / "tests" / "q1.py").unlink()
    assert differences(copy) == [f"{shown(copy.course, 'tests/q1.py')}: is missing; run 'autograder release'"]


def test_an_extra_file_is_named(copy):
    (copy.course.release / "answers.txt").touch()
    [said] = differences(copy)
    assert said.startswith(f"{shown(copy.course, 'answers.txt')}: nothing in the source makes this file")


def test_a_release_that_was_never_written_differs_in_every_file(tiny_release, own_tiny):
    assert len(differences(replace(tiny_release, course=own_tiny))) == len(tiny_release.files)


# ---- what no release is made from: each is refused before nbgrader is asked, or after


def test_a_source_with_leaks_and_an_unparsable_cell_is_refused_with_a_line_for_each(own_tiny):
    answer = next(c for c in read_source(own_tiny.source("2_spread")).cells if c.id == "q3-deviation")
    long = answer.solution.split("\n")[0].strip()
    assert len(long.replace(" ", "")) >= 25
    edit(own_tiny, "1_averages.py", "# # 1 · Averages", f"# {long}\n#\n# # 1 · Averages")
    edit(own_tiny, "1_averages.py", "from notebook_checks.notebook import Notebook\n", "import otter = 1\n")
    edit(own_tiny, "questions/q3.py", HIDDEN_LINE, f"# {long}\n\n{HIDDEN_LINE}")
    library = own_tiny.folder / "mylibrary"
    library.mkdir()
    (library / "pyproject.toml").write_text('[project]\nname = "my-library"\nversion = "1.0"\n', encoding="utf-8")
    (library / "counting.py").write_text(f"# {long}\n", encoding="utf-8")
    edit(own_tiny, "course.toml", "[students]", '[library]\npackage = "mylibrary"\npath = "mylibrary"\n\n[students]')
    with pytest.raises(CourseError) as raised:
        build(load_course(own_tiny.folder))
    said = str(raised.value).split("\n")
    of = "holds a line of 2_spread.py, the answer q3-deviation"
    assert any(re.match(rf"1_averages.ipynb, cell prose-1: {of}", line) for line in said), said
    assert any(line.startswith(f"tiny/tests/q3.py: {of}") for line in said), said
    assert any(line.startswith(f"mylibrary/counting.py: {of}") for line in said), said
    assert any("1_averages.ipynb: the student cell given-1 does not parse" in line for line in said), said


def test_a_stub_without_an_answer_is_refused(own_tiny):
    answer = next(c for c in read_source(own_tiny.source("2_spread")).cells if c.id == "q3-deviation")
    edit(own_tiny, "2_spread.py", answer.solution + "\n", "")
    with pytest.raises(CourseError, match=r"the answer cell q3-deviation has no solution"):
        build(own_tiny)


def test_points_that_do_not_add_up_are_refused(own_tiny):
    edit(own_tiny, "questions/q1.py", "\npoints = 6\n", "\npoints = 7\n")
    with pytest.raises(CourseError, match=r"q1.py: its cases' points are 6 together, its points 7"):
        build(own_tiny)


def test_points_that_are_not_what_the_course_promises_are_refused(own_tiny):
    edit(own_tiny, "course.toml", "points = 22", "points = 23")
    with pytest.raises(CourseError, match=r"course.toml: promises 23 points; the questions have 22 together"):
        build(load_course(own_tiny.folder))


def test_a_test_file_that_no_cell_checks_is_said(tiny_release):
    unasked = replace(tiny_release.questions["q1"], name="q9")
    said = list(building._unasked(tiny_release.sources, tiny_release.questions | {"q9": unasked}))
    assert said == ["q1.py: 0 cells check q9; one should"]


# ---- what a release holds


def test_two_builds_are_equal_byte_for_byte(tiny_release):
    assert build(tiny_release.course).files == tiny_release.files


def test_every_student_notebook_is_valid_for_jupyter_and_for_nbgrader(release):
    for notebook in notebooks_of(release).values():
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert not any(cell.get("outputs") for cell in notebook.cells)


def test_no_student_file_holds_a_solution_a_mark_scheme_or_a_hidden_test(release):
    hidden = [
        name
        for question in release.questions.values()
        for name in re.findall(r"hidden=True\)\n(?:@.*\n)*def (\w+)", question.hidden_text)
    ]
    assert len(hidden) > 20
    for name, text in release.files.items():
        for secret in ("BEGIN SOLUTION", "END SOLUTION", "MARK SCHEME", "hidden=True", HIDDEN_LINE):
            assert secret not in text, (name, secret)
        assert not [one for one in hidden if f"def {one}(" in text], name
    secrets = secrets_of(release.sources, release.questions.values())
    texts = {f"{name} {c.id}": c.source for name, nb in notebooks_of(release).items() for c in nb.cells}
    assert list(find_leaks(secrets, texts)) == []


def test_points_are_those_of_the_problem_set(release):
    points = {}
    for name, notebook in notebooks_of(release).items():
        graded = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
        by_tests = sum(one.points for one in graded if one.grade)
        points[name] = (by_tests, sum(one.points for one in graded if one.task))
    assert points == {
        "1_intuition.ipynb": (12, 8),
        "2_compound_scaling.ipynb": (22, 4),
        "3_efficientnet.ipynb": (25, 0),
        "4_cifar.ipynb": (15, 0),
        "5_comparison.ipynb": (5, 9),
    }
    assert sum(map(sum, points.values())) == 100
    bonus = release.questions["x2_grid"]
    cells = {cell.id: cell for cell in notebooks_of(release)["2_compound_scaling.ipynb"].cells}
    assert (bonus.points, bonus.bonus, cells["x2_grid"].metadata.nbgrader.points) == (3, True, 0)


def test_every_stub_raises_with_a_hint(release):
    cells = [cell for notebook in notebooks_of(release).values() for cell in notebook.cells]
    answers = [c for c in cells if c.metadata[OURS].role == "answer" and c.cell_type == "code"]
    assert answers
    for cell in answers:
        name = cell.id.removeprefix(cell.metadata[OURS].question + "-")
        assert f'raise NotImplementedError("{name}: ' in cell.source
        assert "write this" not in cell.source

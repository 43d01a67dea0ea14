import re
from dataclasses import replace

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.course.questions import HIDDEN_LINE
from autograder.errors import CourseError
from autograder.release import build as building
from autograder.release.build import build, differences
from autograder.release.leaks import find_leaks, secrets_of

pytestmark = pytest.mark.tool

NOTEBOOK = "solutions/compound_scaling/1_intuition.py"


@pytest.fixture
def copy(release, checkout):
    """The release, as of a checkout where notebooks/ is what the source gives."""
    building._write_files(checkout.release, release.files)
    return replace(release, course=checkout)


def edit(checkout, path, old, new, count=1):
    file = checkout.root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, count))


def notebooks_of(release):
    return {name: nbformat.reads(text, as_version=4) for name, text in release.files.items() if name.endswith(".ipynb")}


# ---- what the release check says


def test_notebooks_in_this_checkout_are_what_the_source_gives(release):
    assert differences(release) == []


def test_nothing_differs_right_after_a_release(copy):
    assert differences(copy) == []


@pytest.mark.parametrize("name", ["1_intuition.ipynb", "tests/q2_2.py"])
def test_a_file_of_which_one_byte_changed_is_named(copy, name):
    path = copy.course.release / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    [said] = differences(copy)
    assert said.startswith(f"notebooks/compound_scaling/{name}: is not what the source gives")


def test_a_missing_file_is_named(copy):
    (copy.course.release / "tests" / "q2_2.py").unlink()
    assert differences(copy) == ["notebooks/compound_scaling/tests/q2_2.py: is missing; run 'autograder release'"]


def test_an_extra_file_is_named(copy):
    (copy.course.release / "answers.txt").touch()
    [said] = differences(copy)
    assert said.startswith("notebooks/compound_scaling/answers.txt: nothing in the source makes this file")


def test_a_release_that_was_never_written_differs_in_every_file(release, checkout, tmp_path):
    course = replace(checkout, root=tmp_path / "nowhere")
    assert len(differences(replace(release, course=course))) == len(release.files)


# ---- what no release is made from: each is refused before nbgrader is asked, or after


def test_a_source_with_leaks_and_an_unparsable_cell_is_refused_with_a_line_for_each(release, checkout):
    answer = next(c for s in release.sources for c in s.cells if c.id == "q2_2-conv_macs")
    long = max(answer.solution.split("\n"), key=lambda line: len(line.replace(" ", ""))).strip()
    assert len(long.replace(" ", "")) >= 25
    edit(checkout, NOTEBOOK, "# ## The five notebooks", f"# {long}\n#\n# ## The five notebooks")
    edit(checkout, NOTEBOOK, "import math\n", "import math = 1\n")
    edit(checkout, "solutions/compound_scaling/questions/q2_2.py", HIDDEN_LINE, f"# {long}\n\n{HIDDEN_LINE}")
    module = checkout.root / "scalelab" / "counting.py"
    module.write_text(module.read_text() + f"\n# {long}\n")
    with pytest.raises(CourseError) as raised:
        build(checkout)
    said = str(raised.value).split("\n")
    of = "holds a line of 2_compound_scaling.py, the answer q2_2-conv_macs"
    assert any(re.match(rf"1_intuition.ipynb, cell prose-2: {of}", line) for line in said), said
    assert any(line.startswith(f"compound_scaling/tests/q2_2.py: {of}") for line in said), said
    assert any(line.startswith(f"scalelab/counting.py: {of}") for line in said), said
    assert any("1_intuition.ipynb: the student cell given-2 does not parse" in line for line in said), said


def test_a_stub_without_an_answer_is_refused(release, checkout):
    answer = next(c for s in release.sources for c in s.cells if c.id == "q2_2-conv_macs")
    edit(checkout, "solutions/compound_scaling/2_compound_scaling.py", answer.solution + "\n", "")
    with pytest.raises(CourseError, match=r"the answer cell q2_2-conv_macs has no solution"):
        build(checkout)


def test_points_that_do_not_add_up_are_refused(checkout):
    edit(checkout, "solutions/compound_scaling/questions/q2_2.py", "\npoints = 6\n", "\npoints = 7\n")
    with pytest.raises(CourseError, match=r"q2_2.py: its cases' points are 6 together, its points 7"):
        build(checkout)


def test_a_test_file_that_no_cell_checks_is_said(release):
    unasked = replace(release.questions["q2_2"], name="q9")
    said = list(building._unasked(release.sources, release.questions | {"q9": unasked}))
    assert said == ["q2_2.py: 0 cells check q9; one should"]


def test_a_course_without_a_source_is_refused(checkout):
    for path in checkout.folder.glob("*.py"):
        path.unlink()
    with pytest.raises(CourseError, match="no source notebook"):
        build(checkout)


# ---- what a release holds


def test_two_builds_are_equal_byte_for_byte(release):
    assert build(release.course).files == release.files


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
    answers = [c for c in cells if c.metadata.scalelab.role == "answer" and c.cell_type == "code"]
    assert answers
    for cell in answers:
        name = cell.id.removeprefix(cell.metadata.scalelab.question + "-")
        assert f'raise NotImplementedError("{name}: ' in cell.source
        assert "write this" not in cell.source

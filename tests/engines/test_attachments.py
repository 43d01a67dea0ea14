"""What training made reaches the judge through the real tools, and nothing else does."""

import shutil
import zipfile

import pytest

from autograder.course.answered import add_attachments, model_answers
from autograder.engines.grading import Grading
from autograder.run.grading import Run, grade_class
from tests.compound import COURSE
from tests.engines.conftest import hand_in, run_tool, submitted
from tests.engines.test_nbgrader import grades
from tests.engines.test_otter import otter_run

pytestmark = pytest.mark.room

NOTEBOOK = "4_cifar"

SHADOWS = ("torch.py", "scalelab.py", "safetensors.py", "json.py")


def hand_in_with_traps(folder) -> None:
    """The model solution, its weights behind a link, and modules that would take the place of ours."""
    hand_in(folder, model_answers(COURSE), NOTEBOOK)
    add_attachments(COURSE, folder.parent / "elsewhere")
    shutil.copy(folder.parent / "elsewhere" / "best.json", folder)
    (folder / "best.safetensors").symlink_to(folder.parent / "elsewhere" / "best.safetensors")
    for name in SHADOWS:
        (folder / name).write_text("raise SystemExit('shadowed')")


def test_nbgraders_own_autograde_finds_what_lies_beside_the_notebook(classroom):
    hand_in(submitted(classroom, "ada"), model_answers(COURSE), NOTEBOOK)
    add_attachments(COURSE, submitted(classroom, "ada"))
    hand_in_with_traps(submitted(classroom, "eve"))
    done = run_tool("nbgrader", "autograde", COURSE.name, cwd=classroom)
    assert done.returncode == 0, done.stderr
    assert grades(classroom, "ada", NOTEBOOK) == {"q3_2": (3, None, False), "q3_3": (12, None, False)}
    assert grades(classroom, "eve", NOTEBOOK) == {"q3_2": (3, None, False), "q3_3": (0, None, False)}
    page = (classroom / "autograded" / "eve" / COURSE.name / f"{NOTEBOOK}.ipynb").read_text()
    assert "is a symbolic link" in page and "was not handed in" in page


def test_otters_own_run_finds_what_lies_in_the_zip(course, tmp_path):
    zipped = shutil.copy(course.dist / "otter" / NOTEBOOK / "autograder.zip", tmp_path / "autograder.zip")
    hand_in(tmp_path / "ada", model_answers(COURSE), NOTEBOOK)
    add_attachments(COURSE, tmp_path / "ada")
    with zipfile.ZipFile(tmp_path / "ada" / "handin.zip", "w") as archive:
        for name in (f"{NOTEBOOK}.ipynb", "best.safetensors", "best.json"):
            archive.write(tmp_path / "ada" / name, name)
        for name in SHADOWS:
            archive.writestr(name, "raise SystemExit('shadowed')")
    status, scores, said = otter_run(zipped, tmp_path / "ada", "handin.zip")
    assert (status, scores) == (0, {"q3_2": (3, 3), "q3_3": (12, 12)}), said
    status, scores, said = otter_run(zipped, tmp_path / "ada", f"{NOTEBOOK}.ipynb")
    assert (status, scores) == (0, {"q3_2": (3, 3), "q3_3": (0, 12)}), "a notebook alone has no weights"


@pytest.mark.parametrize("engine", ["nbgrader", "otter"])
def test_a_class_is_graded_with_its_weights_and_again_without_those_of_before(engine, course, classroom, tmp_path):
    place = tmp_path / "handins" / "ada" / COURSE.name
    hand_in(place, model_answers(COURSE), NOTEBOOK)
    add_attachments(COURSE, place)

    def run() -> float:
        grading = Grading(tmp_path / "results", course, 3)
        graded = grade_class(Run(tmp_path / "handins", grading, engine, classroom, 1), lambda *_: None)
        assert [one.problem for one in graded] == [""] * len(graded)
        return next(one.scores["q3_3"] for one in graded if one.notebook == NOTEBOOK)

    assert run() == 12
    (place / "best.safetensors").unlink()
    assert run() == 0

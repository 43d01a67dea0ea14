"""The real `otter run`, with the zip that the release has made."""

import json
import pickle
import shutil
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from autograder.course.answered import model_answers
from tests.engines.conftest import run_tool
from tests.tiny import SECOND, hand_in

pytestmark = pytest.mark.room


@pytest.fixture
def zipped(tiny, tmp_path) -> Path:
    """A copy of otter's zip of notebook 2."""
    return Path(shutil.copy(tiny.dist / "otter" / SECOND / "autograder.zip", tmp_path / "autograder.zip"))


def otter_run(
    zipped: Path, folder: Path, name: str = f"{SECOND}.ipynb", started: bool = False
) -> tuple[int, dict, str]:
    done = run_tool("otter", "run", "-a", str(zipped), name, cwd=folder, started=started)
    path = folder / "results.json"
    results = json.loads(path.read_text()) if path.exists() else {"tests": []}
    scores = {test["name"]: (test["score"], test["max_score"]) for test in results["tests"] if "score" in test}
    return done.returncode, scores, done.stdout + done.stderr


def test_the_model_solution_gets_every_point_and_the_bonus_on_top(tiny, zipped, tmp_path):
    hand_in(tiny, tmp_path / "ada", model_answers(tiny), SECOND)
    status, scores, _ = otter_run(zipped, tmp_path / "ada")
    assert status == 0
    assert scores == {"q3": (4, 4), "q4": (2, 2), "x1": (2, 0), "q5": (0, 3)}, "a notebook alone has no file beside it"


class Trap:
    """Unpickling it leaves a mark."""

    def __init__(self, mark: Path):
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def test_what_is_handed_in_beside_a_notebook_is_neither_imported_nor_unpickled(tiny, zipped, tmp_path):
    marks = tmp_path / "unpickled", tmp_path / "imported"
    hand_in(tiny, tmp_path / "eve", {}, SECOND)
    with zipfile.ZipFile(tmp_path / "eve" / "handin.zip", "w") as archive:
        archive.write(tmp_path / "eve" / f"{SECOND}.ipynb", f"{SECOND}.ipynb")
        archive.writestr(".OTTER_LOG", pickle.dumps(Trap(marks[0])))
        archive.writestr("otter.py", f"open({str(marks[1])!r}, 'w')")
    status, scores, said = otter_run(zipped, tmp_path / "eve", "handin.zip", started=True)
    assert (status, [mark.exists() for mark in marks]) == (0, [False, False]), said
    assert all(score == 0 for score, _ in scores.values())


def test_what_lies_beside_a_notebook_or_is_forged_in_it_gains_nothing(tiny, zipped, tmp_path):
    forged = {
        "q3-deviation": (
            "import os, pickle, sys\n"
            "os.makedirs('../results', exist_ok=True)\n"
            "open('../results/results.json', 'w').write('{\"score\": 100}')\n"
            "open('.OTTER_LOG', 'wb').write(pickle.dumps(100))\n"
            "open('otter.py', 'w').write('raise SystemExit(0)')"
        )
    }
    hand_in(tiny, tmp_path / "eve", forged, SECOND)
    status, scores, _ = otter_run(zipped, tmp_path / "eve", started=True)
    assert status == 0
    assert all(score == 0 for score, _ in scores.values())


def test_a_file_that_is_no_notebook_is_an_error_and_gives_no_points(zipped, tmp_path):
    (tmp_path / "kim").mkdir()
    (tmp_path / "kim" / f"{SECOND}.ipynb").write_text("{no notebook")
    status, scores, _ = otter_run(zipped, tmp_path / "kim")
    assert status != 0
    assert scores == {}


def test_where_the_judge_fails_otter_gives_no_points(tiny, zipped, tmp_path):
    """The zip names a notebook that is not there: the plugin raises, and otter must not go on without it."""
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(zipped) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(SECOND.encode(), b"9_nowhere") if name.endswith(".json") else data)
    hand_in(tiny, tmp_path / "ada", model_answers(tiny), SECOND)
    status, scores, _ = otter_run(broken, tmp_path / "ada")
    assert status != 0
    assert scores == {}


def test_without_the_room_that_is_asked_for_one_line_says_so_and_there_are_no_points(tiny, zipped, tmp_path):
    with zipfile.ZipFile(zipped) as source, zipfile.ZipFile(tmp_path / "cell.zip", "w") as target:
        for name in source.namelist():
            data = source.read(name)
            asked = data.replace(b'"notebook": ', b'"room": "cell", "notebook": ') if name.endswith(".json") else data
            target.writestr(name, asked)
    hand_in(tiny, tmp_path / "ada", model_answers(tiny), SECOND)
    status, scores, said = otter_run(tmp_path / "cell.zip", tmp_path / "ada")
    assert status == 1 and scores == {}
    assert "autograder: --room cell: there is no such room" in said and "Traceback" not in said


def test_the_version_of_otter_is_the_one_that_was_tried():
    assert version("otter-grader") == "7.0.0", "read its changelog, run these tests, then name the new version"

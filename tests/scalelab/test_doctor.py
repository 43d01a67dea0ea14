"""`python -m scalelab doctor` finds what keeps students from working, and says what to do."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scalelab import doctor
from scalelab.training import fit
from tests.compound import COURSE
from tests.scalelab.training_set import OPTIONS, TEST, TRAIN, tiny

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder that a student works in."""
    shutil.copytree(COURSE.release, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


def marked(look):
    """What a look says is wrong, with what to do."""
    return [f"{finding.what}: {finding.do}" for finding in doctor._found_by(look) if finding.do]


@pytest.mark.tool
def test_the_command_says_what_there_is_and_what_to_do(here):
    command = [sys.executable, "-m", "scalelab"]
    ran = subprocess.run([*command, "doctor"], capture_output=True, text=True)
    for word in ("Python 3", "torch 2", "trains on: ", "computes with ", "memory: ", "disk: ", "data: ", "5 of 5"):
        assert word in ran.stdout
    (here / "1_intuition.ipynb").unlink()
    ran = subprocess.run([*command, "doctor"], capture_output=True, text=True)
    assert ran.returncode == 1 and ran.stderr == ""
    assert "  !!  notebooks here: 4 of 5\n      → Missing: 1_intuition.ipynb." in ran.stdout
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (2, "scalelab: there is one command: python -m scalelab doctor\n")


def test_the_versions_are_those_of_the_constraints():
    pinned = dict(re.findall(r"^(\S+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    assert doctor.TRIED.items() <= pinned.items()
    assert marked(doctor._packages) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"ipywidgets": None}, r"^ipywidgets is missing: .* -m pip install ipywidgets==8"),
        ({"torch": "2.0.0"}, r"^torch 2.0.0, and not 2.13.0: .* -m pip install torch==2.13.0$"),
        ({"matplotlib": "3.0"}, None),
    ],
)
def test_a_package_that_is_missing_or_does_not_fit_is_told_with_the_command(monkeypatch, found, said):
    known = doctor._installed
    monkeypatch.setattr(doctor, "_installed", lambda name: found[name] if name in found else known(name))
    lines = marked(doctor._packages)
    assert len(lines) == (said is not None)
    assert said is None or re.search(said, lines[0])


@pytest.mark.parametrize(
    ("argv", "is_wrong"),
    [("python", False), ("python3.11", False), (sys.executable, False), (shutil.which("sh"), True), ("/none", False)],
)
def test_a_kernel_that_runs_another_python_is_told(tmp_path, monkeypatch, argv, is_wrong):
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        json.dumps({"argv": [argv, "-m", "x"], "display_name": "x", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert [line.startswith("notebooks run with another Python") for line in marked(doctor._kernel)] == [
        True
    ] * is_wrong


def test_the_wrong_folder_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (line,) = marked(doctor._folder)
    assert "no notebook of the assignment" in line and "Go to the folder" in line


def test_a_damaged_notebook_and_missing_checks_are_told(here):
    assert marked(doctor._folder) == []
    (here / "2_compound_scaling.ipynb").write_text("{")
    shutil.rmtree(here / "tests")
    damaged, checks = marked(doctor._folder)
    assert damaged.startswith("2_compound_scaling.ipynb cannot be read") and checks.startswith("the folder tests is")


def test_missing_data_is_told(here, monkeypatch):
    assert marked(doctor._data) == []
    monkeypatch.setenv("SCALELAB_DATA", str(here / "nowhere"))
    (line,) = marked(doctor._data)
    assert "name the folder that the data is in" in line


def test_the_run_that_is_handed_in_is_told_and_broken_weights_are(here):
    assert list(doctor._handed_in()) == []
    fit(tiny(), TRAIN, TEST, epochs=1, name="mine", show=False, **OPTIONS)
    (finding,) = doctor._handed_in()
    assert "'mine'" in finding.what and not finding.do
    (here / "best.safetensors").write_bytes(b"")
    (line,) = marked(doctor._handed_in)
    assert "training.keep('mine') hands in your best run" in line


def test_a_busy_machine_is_told(monkeypatch):
    from scalelab.training import threads

    monkeypatch.setattr(threads, "most", lambda: 4)
    monkeypatch.setattr(threads, "usual", lambda: 1)
    (line,) = marked(doctor._threads)
    assert "1 thread of 4" in line and "Other programs keep this machine busy" in line


def test_a_look_that_fails_is_a_finding():
    def _no_luck():
        raise OSError("no such thing\nand more")
        yield

    (line,) = marked(_no_luck)
    assert line.startswith("no luck: OSError: no such thing: Mend what is marked above")

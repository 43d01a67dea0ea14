"""No index is ever asked for a name of ours: whoever owns that name there would choose what is installed.

The commands that people are told to type are typed here, against an index that remembers what it was asked for.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml

from autograder.release.assemble import install_cell
from autograder.release.bundles import set_up_texts
from tests.compound import COURSE, ROOT
from tests.release.own_index import OwnIndex, own_index

pytestmark = pytest.mark.tool

OURS = {
    "notebook-course-autograder", "notebook-course-checks", "compound-scaling-lab",
    "autograder", "notebook-checks", "scalelab",
}  # fmt: skip
"""The names of the wheels, and those of the packages in them, which belong to others or to nobody."""


@pytest.fixture
def index():
    with own_index((ROOT / "constraints.txt").read_text(encoding="utf-8")) as opened:
        yield opened
        assert opened.asked & OURS == set()


@pytest.fixture
def handout(course, tmp_path) -> Path:
    """The student zip, unpacked, with a virtual environment in it as its README says."""
    with zipfile.ZipFile(course.dist / "student.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path


def type_in(folder: Path, command: str, index: OwnIndex, *path: Path) -> str:
    """What a shell says when it is given a command. The pip that it calls knows no index but this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    ours = {
        "PATH": os.pathsep.join(map(str, (*path, Path(sys.executable).parent, os.environ["PATH"]))),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index.url,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
    }
    done = subprocess.run(
        ["sh", "-ec", command], cwd=folder, env=kept | ours, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def blocks(readme: str) -> list[str]:
    """The commands of a README, one fenced block after another: pasted whole, they are what a shell gets."""
    return re.findall(r"^```\w+\n(.*?)^```$", readme, re.M | re.DOTALL)


def normal(line: str) -> str:
    """A name with its version as pip compares names."""
    name, _, version = line.partition("==")
    return f"{re.sub('[-_.]+', '-', name).lower()}=={version}"


@pytest.mark.proof
def test_what_the_students_readme_says_asks_for_no_name_of_ours(handout, index):
    by_conda, by_venv, on_windows, *_ = blocks((handout / "README.md").read_text(encoding="utf-8"))
    assert "conda" in by_conda
    assert by_venv.splitlines()[-1] == on_windows.splitlines()[-1]
    said = type_in(handout, f"{by_venv}\npython -m pip list --format=freeze\npython -c 'import notebook_checks'", index)
    installed = set(said.split())
    assert {"torch==2.13.0", "notebook-course-checks==0.2.0", "compound-scaling-lab==0.2.0"} <= installed
    listed = {normal(line) for line in said.splitlines() if re.fullmatch(r"[\w.-]+==[\w.]+", line)}
    others = {one for one in listed if one.split("==")[0] not in OURS | {"pip", "setuptools"}}
    pinned = {normal(line) for line in COURSE.pins.splitlines()}
    assert len(others) > 5 and others <= pinned, "everyone has the versions that the course was tried with"
    assert {"torch", "ipywidgets", "safetensors"} <= index.asked  # what the wheels need was looked for


def test_conda_and_the_install_cell_ask_for_no_name_of_ours(handout, index):
    environment = yaml.safe_load((handout / "environment.yml").read_text(encoding="utf-8"))
    by_pip = next(part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    (handout / "by_pip.txt").write_text("\n".join(by_pip), encoding="utf-8")
    arguments = " ".join(re.findall(r'^    "(.+)",$', install_cell(COURSE), re.MULTILINE))
    assert "./compound_scaling_lab-" in arguments and "otter" in arguments
    for wanted in ("-r by_pip.txt", arguments):
        said = type_in(handout, f"python -m pip install --dry-run --ignore-installed {wanted}", index)
        assert "compound-scaling-lab-0.2.0" in said or "--quiet" in wanted
    assert {"torch", "otter-grader", "ipywidgets"} <= index.asked


def test_a_course_without_texts_of_its_own_names_the_wheels_by_path_as_well():
    plain = COURSE.settings.model_copy(
        update={"students": COURSE.settings.students.model_copy(update={"readme": None, "environment": None})}
    )
    course = type(COURSE)(COURSE.folder)
    course.__dict__["settings"] = plain
    texts = set_up_texts(course)
    assert texts.pop("constraints.txt") == COURSE.pins
    for text in texts.values():
        assert "-c constraints.txt" in text
        assert "./notebook_course_checks-" in text
        assert not re.search(r"(?<!/)\b(notebook.course.checks|compound.scaling.lab)\b", text)


@pytest.mark.proof
def test_make_setup_and_conda_of_a_checkout_ask_for_no_name_of_ours(tmp_path, index):
    for name in ("Makefile", "constraints.txt", "environment.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("autograder", "notebook_checks", "scalelab"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    type_in(tmp_path, f"make setup PYTHON={sys.executable}", index)
    said = type_in(tmp_path, ".venv/bin/python -m pip list --format=freeze", index)
    assert {name.split("==")[0] for name in said.split()} >= {name for name in OURS if name.count("-") == 2}
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    by_pip = next(part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    (tmp_path / "by_pip.txt").write_text("\n".join(by_pip), encoding="utf-8")
    options = "--dry-run --ignore-installed --no-build-isolation"  # the last for speed alone: setuptools is there
    type_in(tmp_path, f".venv/bin/python -m pip install {options} -r by_pip.txt", index)


def test_the_index_notices_who_asks(handout, index):
    """One wheel without the other: what the tests above would see."""
    [wheel] = handout.glob("compound_scaling_lab-*.whl")
    command = f"! python -m pip install --dry-run --ignore-installed ./{wheel.name}"
    type_in(handout, command, index)
    assert index.asked & OURS == {"notebook-course-checks"}
    index.asked -= OURS


def test_the_names_here_are_those_of_the_distributions():
    for package in ("autograder", "notebook_checks", "scalelab"):
        place = ROOT / ("pyproject.toml" if package == "autograder" else f"{package}/pyproject.toml")
        name = re.search(r'^name = "(.+)"', place.read_text(encoding="utf-8"), re.M)[1]
        assert name in OURS and distribution(name).version == "0.2.0"

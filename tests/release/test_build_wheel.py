"""A package is built by what its pyproject.toml names, whatever that is."""

import zipfile
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.release.wheels import build_wheel

pytestmark = pytest.mark.tool

BACKEND = """
import os
import types
import zipfile


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "mine-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        archive.write("mine.py")
    return name


tools = types.SimpleNamespace(build_wheel=build_wheel)
"""


def package(folder: Path, system: str, backend: str = BACKEND) -> Path:
    made = folder / "mine"
    (made / "own").mkdir(parents=True)
    (made / "own" / "builder.py").write_text(backend)
    (made / "mine.py").write_text("ONE = 1\n")
    (made / "pyproject.toml").write_text(
        f'[build-system]\nrequires = []\n{system}\n[project]\nname = "mine"\nversion = "1.0"\n'
    )
    return made


@pytest.mark.parametrize("name", ["builder", "builder:tools"])
def test_a_package_may_bring_what_builds_it(tmp_path, name):
    made = package(tmp_path, f'build-backend = "{name}"\nbackend-path = ["own"]')
    wheel = build_wheel(made, tmp_path / "out")
    assert wheel.parent == tmp_path / "out"
    with zipfile.ZipFile(wheel) as archive:
        assert archive.namelist() == ["mine.py"]
    assert {path.name for path in made.iterdir()} == {"own", "mine.py", "pyproject.toml"}, "the original stays clean"


def test_without_a_backend_setuptools_builds_it(tmp_path):
    made = package(tmp_path, '[tool.setuptools]\npy-modules = ["mine"]')
    with zipfile.ZipFile(build_wheel(made, tmp_path / "out")) as archive:
        assert {"mine.py", "mine-1.0.dist-info/METADATA"} <= set(archive.namelist())


@pytest.mark.parametrize(
    ("name", "backend", "said"),
    [
        ("nowhere", BACKEND, "ModuleNotFoundError: No module named 'nowhere'"),
        ("builder", "def build_wheel(folder): raise OSError('no compiler')", "OSError: no compiler"),
        ("builder", "def build_wheel(folder): pass", "no reason is told"),
    ],
)
def test_a_wheel_that_cannot_be_built_is_named_with_the_reason_in_one_line(tmp_path, name, backend, said):
    made = package(tmp_path, f'build-backend = "{name}"\nbackend-path = ["own"]', backend)
    with pytest.raises(CourseError) as refused:
        build_wheel(made, tmp_path / "out")
    assert str(refused.value) == f"{made}: its wheel could not be built: {said}"

"""The wheels that students install: what notebooks and test files share, and the course's own library."""

import os
import shutil
import subprocess
import sys
import tomllib
from functools import lru_cache
from pathlib import Path

from autograder.course import CHECKS, Course
from autograder.errors import CourseError

BUILD = """
import os, sys
from importlib import import_module
from operator import attrgetter

target, module, attribute, *places = sys.argv[1:]
sys.path[:0] = [os.path.abspath(place) for place in places]
backend = import_module(module)
(attrgetter(attribute)(backend) if attribute else backend).build_wheel(target)
"""
"""What builds a wheel in the folder where it runs. Arguments: for which folder, and by what."""


def packages_of(course: Course) -> tuple[Path, ...]:
    """The folders of the packages that students need, in the order in which they need each other.

    Each holds its own pyproject.toml, an installed notebook_checks as well.
    """
    return (CHECKS, *((course.library,) if course.library else ()))


@lru_cache
def wheel_name(package: Path) -> str:
    """The file name of a package's wheel, as the wheel format derives it from name and version. Pure Python only."""
    try:
        project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return f"{project['name'].replace('-', '_')}-{project['version']}-py3-none-any.whl"
    except (OSError, LookupError, tomllib.TOMLDecodeError) as problem:
        raise CourseError(f"{package / 'pyproject.toml'}: names no project with a version ({problem!r})") from None


def build_wheel(package: Path, target: Path) -> Path:
    """Build a package's wheel from a copy, so that the original stays clean.

    What builds it is asked directly, as PEP 517 has it: pip would ask the same, in four times the processor time.

    Args:
        package: its folder, with a pyproject.toml.
        target: the folder for the wheel, and for the copy.

    Returns:
        The wheel's path.

    Raises:
        CourseError: if it cannot be built.
    """
    copy = target / "source" / package.name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    wheel = target / wheel_name(package)
    system = tomllib.loads((copy / "pyproject.toml").read_text(encoding="utf-8")).get("build-system", {})
    module, _, attribute = system.get("build-backend", "setuptools.build_meta:__legacy__").partition(":")
    done = subprocess.run(
        [sys.executable, "-P", "-c", BUILD, str(target.absolute()), module, attribute, *system.get("backend-path", ())],
        env=os.environ | {"SOURCE_DATE_EPOCH": "1577836800"},
        cwd=copy,
        capture_output=True,
        text=True,
    )
    if done.returncode or not wheel.is_file():
        said = done.stderr.strip().splitlines()[-1:] or ["no reason is told"]
        raise CourseError(f"{package}: its wheel could not be built: {said[0]}")
    return wheel

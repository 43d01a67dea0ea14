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
    """A package's wheel in `target`, built from a copy, so that the original stays clean. Raises CourseError."""
    copy = target / "source" / package.name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--wheel-dir", str(target), str(copy)],
        env=os.environ | {"SOURCE_DATE_EPOCH": "1577836800", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
    )
    wheel = target / wheel_name(package)
    if done.returncode or not wheel.is_file():
        said = done.stderr.strip().splitlines()[-1:] or ["pip says nothing"]
        raise CourseError(f"{package}: its wheel could not be built: {said[0]}")
    return wheel

"""The zip for Gradescope: wheels, pinned versions, the course as content, and the two scripts that Gradescope runs."""

import importlib.metadata
import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path

from packaging.requirements import Requirement
from pydantic import TypeAdapter

from autograder.atomic import replacing
from autograder.course import Course
from autograder.errors import WrongCall
from autograder.judge.grader import OURS
from autograder.release.bundles import EPOCH
from autograder.release.wheels import build_wheel, packages_of
from autograder.run.cluster.course_there import packed_course
from autograder.run.gradescope.layout import ASKED, COURSE, PINS, WHEELS, Asked

SCRIPTS = Path(__file__).parent / "scripts"
OWN = "notebook-course-autograder"
EXECUTABLE = 0o755


def write_zip(target: Path, course: Course, asked: Asked) -> None:
    """Write a zip that Gradescope takes as an autograder, all of it or nothing.

    Args:
        target: the file.
        course: that is graded.
        asked: what of it.

    Raises:
        WrongCall: if `asked` names a notebook that the course does not have.
        CourseError: if a wheel cannot be built.
    """
    strangers = sorted(set(asked.notebooks) - set(course.notebooks))
    if strangers:
        raise WrongCall(f"--notebook {strangers[0]}: the course has {', '.join(course.notebooks)}")
    entries = {
        COURSE: packed_course(course),
        ASKED: TypeAdapter(Asked).dump_json(asked),
        PINS: pins(course).encode(),
        **{path.name: path.read_bytes() for path in sorted(SCRIPTS.iterdir()) if path.is_file()},
        **_wheels(course),
    }
    with replacing(target) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = (EXECUTABLE if name in ("setup.sh", "run_autograder") else 0o644) << 16
            archive.writestr(entry, entries[name], zipfile.ZIP_DEFLATED)


def pins(course: Course) -> str:
    """The versions that the container gets: the course's own pins, or otherwise those that are installed here."""
    if course.settings.pins is not None:
        return (course.folder / course.settings.pins).read_text(encoding="utf-8")
    return "".join(f"{name}=={version}\n" for name, version in sorted(installed(OWN).items()) if name != OWN)


def installed(name: str, found: dict[str, str] | None = None) -> dict[str, str]:
    """A distribution that is installed here and all that it needs, with their versions.

    Args:
        name: of the distribution. One that is not installed adds nothing.
        found: name → version of those that are known already; it is added to.

    Returns:
        Name → version, without extras.
    """
    found = {} if found is None else found
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return found
    found[name] = distribution.version
    for requirement in map(Requirement, distribution.requires or ()):
        needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if needed and requirement.name not in found:
            installed(requirement.name, found)
    return found


def _wheels(course: Course) -> dict[str, bytes]:
    """The wheels of the grader, the checks and the course's library."""
    with tempfile.TemporaryDirectory() as folder:
        built = [build_wheel(package, Path(folder)) for package in packages_of(course)]
        built.append(_wheel_of_ours(Path(folder)))
        return {f"{WHEELS}/{wheel.name}": wheel.read_bytes() for wheel in built}


def _wheel_of_ours(folder: Path) -> Path:
    """The grader's own wheel: built where this is a checkout, and otherwise put together from what is installed."""
    project = OURS.parent / "pyproject.toml"
    if project.is_file() and tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("name") == OWN:
        source = folder / "grader"
        shutil.copytree(OURS, source / OURS.name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(project, source)
        return build_wheel(source, folder)
    return _installed_wheel(OWN, folder)


def _installed_wheel(name: str, folder: Path) -> Path:
    """The wheel of a distribution that is installed here, from its files, which its RECORD lists."""
    distribution = importlib.metadata.distribution(name)
    wheel = folder / f"{name.replace('-', '_')}-{distribution.version}-py3-none-any.whl"
    made_here = {"INSTALLER", "REQUESTED", "direct_url.json"}
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in distribution.files or ():
            inside = not file.parts[0].startswith("..") and "__pycache__" not in file.parts
            if inside and file.name not in made_here:
                archive.write(file.locate(), file.as_posix())
    return wheel

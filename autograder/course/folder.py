"""A course is a folder with a course.toml. This module knows where its parts are."""

import hashlib
import importlib.util
import sys
import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType

import notebook_checks
from autograder.course.gradebook_url import checked_url
from autograder.course.room_needs import RoomNeeds
from autograder.course.settings import FILE, Attachment, Deadline, Settings, read_settings
from autograder.course.texts import text_of
from autograder.errors import CourseError, NoSuchCourse

CHECKS = Path(notebook_checks.__file__).resolve().parent
"""The folder of the package that test files and notebooks share."""


@dataclass(frozen=True)
class Course:
    """The course in `folder`, which holds course.toml.

    made: where everything goes that is made and not committed; by default as course.toml says.
    """

    folder: Path
    made: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """What course.toml says.

        Raises:
            CourseError: if it is missing or has a mistake.
        """
        return read_settings(self.folder)

    @property
    def name(self) -> str:
        """The assignment's name, in nbgrader and in file names."""
        return self.settings.name

    @property
    def title(self) -> str:
        """The name for people."""
        return self.settings.title or self.name.replace("_", " ").capitalize()

    @property
    def kernel(self) -> str:
        """The kernel that the nbgrader course asks for.

        No kernel of this name is ever installed under Jupyter's own configuration, so an autograding run without ours
        ends in an error and not in points.
        """
        return self.settings.kernel or f"{self.name}-room"

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of the notebooks, in their order."""
        return self.settings.notebooks

    def source(self, notebook: str) -> Path:
        """The instructors' version of a notebook, a percent script."""
        return self.folder / f"{notebook}.py"

    @property
    def release(self) -> Path:
        """What students receive: notebooks and tests/."""
        return self._at(self.settings.release)

    @property
    def questions(self) -> Path:
        """The test files, one for each question."""
        return self.folder / "questions"

    @property
    def answers(self) -> Path:
        """The answer bank, one file for each question."""
        return self.folder / "answers"

    @property
    def grading(self) -> Path:
        """What this course adds in code. No room ever sees it."""
        return self.folder / "grading"

    @property
    def dist(self) -> Path:
        """Everything that is made and not committed."""
        return self.made or self._at(self.settings.made)

    @property
    def library(self) -> Path | None:
        """The folder of the package that students import, or None."""
        return None if self.settings.library is None else self._at(self.settings.library.path)

    @property
    def data(self) -> tuple[Path, ...]:
        """The folders of data that students receive and rooms see."""
        return tuple(self._at(path) for path in self.settings.students.data)

    @property
    def judging_data(self) -> tuple[Path, ...]:
        """What grading/ reads, and no room ever sees."""
        return tuple(self._at(path) for path in self.settings.judging_data)

    @property
    def pins(self) -> str:
        """The text that names the version of every package; "" if the course has none."""
        return "" if self.settings.pins is None else text_of(self._at(self.settings.pins))

    @property
    def deadline(self) -> Deadline | None:
        """When the assignment is due, and what late work loses; None if nothing is ever late."""
        return self.settings.deadline

    @property
    def gradebook(self) -> str:
        """The URL of the gradebook's database, with its password; "" for the file in nbgrader's course."""
        return checked_url(self.settings.gradebook, self.folder) if self.settings.gradebook else ""

    @property
    def extensions(self) -> Path | None:
        """The file of those who have more time, if there is one."""
        path = None if self.deadline is None else self._at(self.deadline.extensions)
        return path if path is not None and path.is_file() else None

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that are handed in beside notebooks."""
        return self.settings.attachments

    def attachments_of(self, notebook: str) -> tuple[Attachment, ...]:
        """Those that belong to one notebook."""
        return tuple(one for one in self.attachments if one.notebook == notebook)

    @property
    def all_model_attachments(self) -> Path:
        """The folder of the files that the model solution hands in."""
        return self._at(self.settings.attachments_of_model)

    def model_attachments(self, notebook: str) -> Path | None:
        """The same folder, or None if nothing is handed in beside this notebook."""
        return self.all_model_attachments if self.attachments_of(notebook) else None

    @cached_property
    def room_needs(self) -> RoomNeeds:
        """What rooms of this course have and see."""
        room, library = self.settings.room, self.settings.library
        folders = [(folder, f"data/{folder.name}") for folder in self.data]
        packages = room.packages
        if library is not None:
            folders.insert(0, (self._at(library.path), library.package))
            packages = (distribution_of(self._at(library.path)), *packages)
        return RoomNeeds(
            packages,
            room.preload,
            room.preload_last,
            room.rehearsal or "",
            room.withheld_hint,
            tuple(folders),
            (self.folder, self.dist, *self.judging_data),
        )

    def grading_module(self, name: str) -> ModuleType:
        """A module of this course's grading/, loaded once in this process.

        Raises:
            CourseError: if the course has none of this name, or it fails while it is imported.
        """
        return _load(self.grading / f"{name}.py")

    def has_grading_module(self, name: str) -> bool:
        """Whether grading/ has a module of this name."""
        return (self.grading / f"{name}.py").is_file()

    def _at(self, path: Path) -> Path:
        return (self.folder / path).resolve()


def load_course(folder: Path) -> Course:
    """The course in `folder`, with its course.toml read and checked.

    Raises:
        NoSuchCourse: if the folder has no course.toml.
        CourseError: if something in it is wrong.
    """
    if not (folder / FILE).is_file():
        raise NoSuchCourse(f"{folder}: has no {FILE}; name a course folder, or make one with 'autograder new FOLDER'")
    course = Course(folder.resolve())
    _ = course.settings
    return course


def find_course(start: Path) -> Course:
    """The course that someone in the folder `start` means.

    That is the nearest course.toml upward, as git finds its repository; otherwise the only solutions/*/course.toml in
    `start` or in a folder above.

    Raises:
        NoSuchCourse: if there is none, or more than one.
        CourseError: if something in it is wrong.
    """
    places = [start.resolve(), *start.resolve().parents]
    for place in places:
        if (place / FILE).is_file():
            return load_course(place)
    for place in places:
        found = sorted(path.parent for path in place.glob(f"solutions/*/{FILE}"))
        if len(found) > 1:
            names = ", ".join(str(path.relative_to(place)) for path in found)
            raise NoSuchCourse(f"{place}: has several courses ({names}); name one with --course")
        if found:
            return load_course(found[0])
    raise NoSuchCourse(
        f"{start}: no {FILE} here or above, and no solutions/*/{FILE}; name a course with --course FOLDER, "
        "or make one with 'autograder new FOLDER'"
    )


@lru_cache
def distribution_of(package: Path) -> str:
    """The name under which a package is installed, from the pyproject.toml in its folder."""
    try:
        project = tomllib.loads(text_of(package / "pyproject.toml")).get("project", {})
    except tomllib.TOMLDecodeError as problem:
        raise CourseError(f"{package / 'pyproject.toml'}: is not TOML: {problem}") from None
    if "name" not in project:
        raise CourseError(f"{package / 'pyproject.toml'}: names no project")
    return project["name"]


@lru_cache
def _load(path: Path) -> ModuleType:
    name = f"course_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise CourseError(f"{path}: is missing, and this needs it")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        del sys.modules[name]
        raise CourseError(f"{path}: cannot be imported: {type(problem).__name__}: {problem}") from problem
    return module

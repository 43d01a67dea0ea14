"""course.toml: what the grader has to know of a course, checked as it is read."""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from autograder.course.gradebook_url import checked_url
from autograder.errors import CourseError
from autograder.passwords import without_passwords

FILE = "course.toml"

SECRET_FOLDERS = ("questions", "answers", "grading")
"""Of a course folder: hidden tests, the answer bank, and what the course adds in code."""

PACKED = re.compile(r"\.(?:zipx?|rar|7z|tar|t?gz|t?bz2?|t?xz|ipynb)(?![a-z\d])", re.IGNORECASE)
"""What stands in the name of a file that is opened, if its first bytes say that it is an archive of a kind that we
open. More may stand behind it: mail programs and browsers make `w.zip_`, `w.zip.bin` or `w.zip (1)` of `w.zip`."""

LAST_YEAR = 9000
"""Later times cannot be computed with in every time zone."""

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
"""A name that becomes a part of file names: letters, digits, - and _, a letter first."""

NotebookName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\]+$", min_length=1)]
ModuleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.]*$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Library(_Table):
    """The package that the course's notebooks import. path: its folder, which holds its pyproject.toml."""

    package: ModuleName
    path: Path


class Students(_Table):
    """The hand-out.

    Args:
        data: folders that lie in its data/.
        readme, environment: files that replace the usual ones.
        help: more files for students, which lie beside the notebooks.
        zip_url: the address of student.zip, from which the first cell of each notebook fetches it where it is missing.
        github: the folder of the released notebooks on GitHub, such as owner/name/blob/main/notebooks: each notebook
            gets a badge that opens it on Colab.
    """

    data: tuple[Path, ...] = ()
    readme: Path | None = None
    environment: Path | None = None
    help: tuple[Path, ...] = ()
    zip_url: Annotated[str, StringConstraints(pattern=r"^(https://[^\s\"\\{}]+)?$")] = ""
    github: Annotated[str, StringConstraints(pattern=r"^([\w.-]+/[\w.-]+/blob(/[\w.-]+)+)?$")] = ""


class Attachment(_Table):
    """A file that is handed in beside a notebook. max_bytes: larger ones are left out, and the student is told."""

    name: FileName
    notebook: NotebookName
    question: Slug
    max_bytes: int = Field(gt=0)


class Room(_Table):
    """Where student code runs. packages: distributions that it may import, with all that these need.

    preload: modules that every room has imported already. preload_last: those imported after a question's withheld
    names are known. rehearsal: a module with `draw_numbers()` and `rehearse()`, called once before rooms are opened.
    withheld: names that no notebook may import. withheld_hint: what a student is told to do instead.
    """

    packages: tuple[str, ...] = ()
    preload: tuple[ModuleName, ...] = ()
    preload_last: tuple[ModuleName, ...] = ()
    rehearsal: ModuleName | None = None
    withheld: tuple[ModuleName, ...] = ()
    withheld_hint: str = ""


class LateStep(_Table):
    """A row of a penalty's table: what is taken off a hand-in that is late by more than `after_hours`, in percent."""

    after_hours: float = Field(ge=0)
    percent: float = Field(ge=0, le=100)


class Deadline(_Table):
    """When the assignment is due, and what late work loses.

    Args:
        due: a date with a time of day, with an offset or in `time_zone`.
        time_zone: such as Europe/Berlin. Times that an LMS writes without a zone are of this one.
        grace_minutes: a hand-in that is late by no more counts as on time.
        percent_per_day: taken off for each day that has begun.
        steps: a table in its place.
        cap_percent: no penalty is larger, but for `zero_after_days`.
        zero_after_days: whatever is later has no points.
        percent_of: what percent are of: the points that the student has, or those that there are.
        bonus: whether the penalty cuts points of bonus questions, too.
        rounding: a penalty is a multiple of so many points; it is rounded in favour of the student.
        attempt: the one that counts: the newest, the newest that was on time, or the best after its penalty.
        extensions: a file (student, due) of those who have more time.
    """

    due: datetime
    time_zone: str = ""
    grace_minutes: float = Field(default=0, ge=0)
    percent_per_day: float = Field(default=0, ge=0, le=100)
    steps: tuple[LateStep, ...] = ()
    cap_percent: float = Field(default=100, ge=0, le=100)
    zero_after_days: float | None = Field(default=None, ge=0)
    percent_of: Literal["score", "max_score"] = "score"
    bonus: Literal["cut", "kept"] = "cut"
    rounding: float = Field(default=0.01, gt=0)
    attempt: Literal["newest", "newest_on_time", "best"] = "newest"
    extensions: Path = Path("extensions.csv")

    @field_validator("due", mode="before")
    @classmethod
    def _has_a_time_of_day(cls, due: object) -> object:
        if not isinstance(due, datetime) and not (isinstance(due, str) and re.match(r"\d{4}-\d\d-\d\d[T ]\d", due)):
            raise ValueError("must be a date with a time of day, such as 2026-11-20T23:59:00+01:00")
        return due

    @property
    def zone(self) -> tzinfo:
        """The time zone of all times that name none: `time_zone`, or the offset of `due`."""
        zone = ZoneInfo(self.time_zone) if self.time_zone else self.due.tzinfo
        if zone is None:
            raise ValueError("read_settings refuses a due date without a time zone")
        return zone

    @property
    def moment(self) -> datetime:
        """When it is due, with its time zone."""
        return self.due if self.due.tzinfo else self.due.replace(tzinfo=self.zone)


class Settings(_Table):
    """All of course.toml. Paths are relative to it.

    name: of the assignment, in nbgrader and in file names. notebooks: in their order. release: the folder that gets
    what students receive. made: the folder for what is made and not committed. pins: a file that names the versions
    of all packages. attachments_of_model: the folder of the files that the model solution hands in. points: what all
    questions that are no bonus must add up to. kernel: the kernel that released notebooks name in the gradebook.
    sentences_with_numbers: patterns of what tests mean to tell students although numbers of the run are in it.
    judging_data: files and folders that grading/ reads. No room sees them, and a change of them has all judged again.
    deadline: when the assignment is due, and what late work loses; nothing is ever late without it.
    gradebook: the URL of the gradebook's database; "" for the file in nbgrader's course.
    """

    name: Slug
    title: str = ""
    notebooks: tuple[NotebookName, ...] = Field(min_length=1)
    release: Path = Path("notebooks")
    made: Path = Path("dist")
    pins: Path | None = None
    points: float | None = Field(default=None, gt=0)
    kernel: Slug | None = None
    library: Library | None = None
    students: Students = Students()
    attachments: tuple[Attachment, ...] = ()
    attachments_of_model: Path = Path("attachments")
    room: Room = Room()
    sentences_with_numbers: tuple[str, ...] = ()
    judging_data: tuple[Path, ...] = ()
    deadline: Deadline | None = None
    gradebook: str = Field(default="", repr=False)

    @field_validator("gradebook")
    @classmethod
    def _is_a_gradebooks_url(cls, gradebook: str) -> str:
        if gradebook:
            checked_url(gradebook)
        return gradebook


def read_settings(folder: Path) -> Settings:
    """Read and check a course folder's course.toml.

    Raises:
        CourseError: with one line for each mistake: the file, the key, and what is wrong with it.
    """
    path = folder / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise CourseError(f"{path}: cannot be read: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CourseError(f"{path}: is not TOML: {problem}") from None
    try:
        settings = Settings.model_validate(content)
    except ValidationError as problem:
        raise CourseError("\n".join(f"{path}: {_line(error)}" for error in problem.errors())) from None
    mistakes = list(_mistakes(settings, folder))
    if mistakes:
        raise CourseError("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return settings


def _line(error) -> str:
    """One mistake that pydantic has found: "room.preload[1]: …"."""
    where = re.sub(r"\.(\d+)", r"[\1]", ".".join(str(part) for part in error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{where}: there is no such key"
    if error["type"] == "missing":
        return f"{where}: is missing"
    said = error["msg"].removeprefix("String ").removeprefix("Input ").removeprefix("Value error, ")
    if where == "gradebook":  # it may hold a password
        return f"{where}: {said}"
    return f"{where}: {said} (it is {without_passwords(repr(error['input']))})"


def _mistakes(settings: Settings, folder: Path):
    """What is wrong although each key by itself is right."""
    for key, names in (
        ("notebooks", settings.notebooks),
        ("attachments", [one.name for one in settings.attachments]),
        ("students.data", [path.name for path in settings.students.data]),
    ):
        folded = [name.casefold() for name in names]  # some disks take them for one
        for twice in sorted({name for name in names if folded.count(name.casefold()) > 1}):
            yield f"{key}: {twice!r} is named twice"
    for one in settings.attachments:
        if one.notebook not in settings.notebooks:
            yield f"attachments: {one.name!r} belongs to the notebook {one.notebook!r}, which is not in notebooks"
        if PACKED.search(one.name):
            yield f"attachments: {one.name!r} would be read as a notebook or opened as an archive; give it another name"
    yield from _mistakes_of_data(settings, folder)
    yield from _mistakes_of_deadline(settings.deadline)
    wanted: list[tuple[str, Path | None]] = [("students.data", path) for path in settings.students.data]
    wanted += [("judging_data", path) for path in settings.judging_data]
    wanted += [("pins", settings.pins), ("students.readme", settings.students.readme)]
    wanted += [("students.environment", settings.students.environment)]
    if settings.library is not None:
        wanted.append(("library.path", settings.library.path / "pyproject.toml"))
    for key, path in wanted:
        if path is not None and not (folder / path).exists():
            yield f"{key}: {path} does not exist; paths are relative to this file"


def _mistakes_of_data(settings: Settings, folder: Path) -> Iterator[str]:
    """Folders for students that are none, or in which there is something that they must not get."""
    own: list[str | Path] = [
        FILE,
        *SECRET_FOLDERS,
        settings.made,
        settings.attachments_of_model,
        *settings.judging_data,
    ]
    secrets = [(folder / name).resolve() for name in (*own, *(f"{name}.py" for name in settings.notebooks))]
    for path in settings.students.data:
        given = (folder / path).resolve()
        if given.exists() and not given.is_dir():
            yield f"students.data: {path} is a file; name the folder that it lies in"
        for secret in secrets:
            if given.is_relative_to(secret) or secret.is_relative_to(given):
                yield f"students.data: {path} would hand out {secret.name}, which is not for students"
                break


def _mistakes_of_deadline(deadline: Deadline | None) -> Iterator[str]:
    if deadline is None:
        return
    if deadline.due.year > LAST_YEAR:
        yield f"deadline.due: the year {deadline.due.year} is too far away; without a deadline nothing is ever late"
    if deadline.time_zone:
        try:
            ZoneInfo(deadline.time_zone)
        except (OSError, ValueError, LookupError):
            yield f"deadline.time_zone: {deadline.time_zone!r} is no time zone; write one such as Europe/Berlin or UTC"
    elif deadline.due.tzinfo is None:
        yield (
            "deadline.due: has no time zone; write it with an offset, such as 2026-11-20T23:59:00+01:00, or add "
            'time_zone = "Europe/Berlin"'
        )
    if deadline.steps and deadline.percent_per_day:
        yield "deadline: has percent_per_day and steps; a penalty is one of them"
    hours = [step.after_hours for step in deadline.steps]
    if hours != sorted(set(hours)):
        yield "deadline.steps: after_hours must increase from step to step"

"""A course on its way to a worker: packed here, and laid out there as rooms and the judge need it."""

import os
from itertools import takewhile
from pathlib import Path, PurePosixPath

from autograder.course import Course
from autograder.course.settings import FILE
from autograder.errors import WrongCall
from autograder.run.cluster.packing import packed, unpacked
from autograder.run.course_content import content_of, files_of, places_of

TO_ENTER, FOR_US = 0o711, 0o600
"""Of folders, and of files. Other users get to what rooms see, as rooms may be other users, and read nothing else."""

FOLDERS_OF_ROOMS, FILES_OF_ROOMS = 0o755, 0o644


def packed_course(course: Course) -> bytes:
    """All files of a course that judging reads.

    Raises:
        WrongCall: if course.toml names one by an absolute path.
    """
    students = course.settings.students
    beside = [one for one in (students.readme, students.environment, *students.help) if one is not None]
    for place in (*places_of(course), *beside):
        if place.is_absolute():
            raise WrongCall(f"--scheduler: {course.folder / FILE} names {place}; name it relative to {FILE}")
    files = {place.as_posix(): course.folder / place for place in beside if (course.folder / place).is_file()}
    files |= files_of(course)  # what stands beside has to be there, as course.toml names it
    return packed({os.path.normpath(name): content_of(path) for name, path in files.items()})


def lay_out(content: bytes, folder: Path) -> Course:
    """Write a course that was packed into a new folder. Other users can read there what rooms see, and nothing else.

    Args:
        content: what `packed_course` gave.
        folder: where. Nothing is written outside it.

    Raises:
        ValueError: if the content is none, or a name in it leads out of the folder.
    """
    files = unpacked(content)
    folder.mkdir(exist_ok=True)
    folder.chmod(TO_ENTER)
    ups = max((_ups(name) for name in files), default=0)
    root = folder.joinpath(*["above"] * ups, "course")
    for name, data in files.items():
        path = Path(os.path.normpath(root / name))
        if not path.is_relative_to(folder) or root.is_relative_to(path):
            raise ValueError(f"{name!r} leads out of the course")
        _make_folders(folder, path.parent)
        path.write_bytes(data)
        path.chmod(FOR_US)
    course = Course(root)
    for seen in (course.release, *course.data, *filter(None, [course.library])):
        for path in (seen, *seen.rglob("*")) if seen.is_relative_to(folder) else ():
            path.chmod(FOLDERS_OF_ROOMS if path.is_dir() else FILES_OF_ROOMS)
    return course


def _ups(name: str) -> int:
    """How many folders above the course's a name begins."""
    return len(list(takewhile(lambda part: part == "..", PurePosixPath(name).parts)))


def _make_folders(top: Path, folder: Path) -> None:
    for one in [*reversed(folder.relative_to(top).parents), folder.relative_to(top)]:
        path = top / one
        if path != top and not path.exists():
            path.mkdir()
            path.chmod(TO_ENTER)

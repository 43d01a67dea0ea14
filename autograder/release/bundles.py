"""What is handed out: the students' zip, and otter's zip of each notebook. Reproducible entry by entry."""

import json
import tempfile
import zipfile
from pathlib import Path

from otter.generate import main as otter_generate

from autograder.atomic import replacing
from autograder.course import Course
from autograder.course.questions import Question
from autograder.release.assemble import OTTER
from autograder.release.wheels import build_wheel, packages_of, wheel_name

EPOCH = (2020, 1, 1, 0, 0, 0)
"""The time that every entry of a zip gets: what a zip holds must not depend on when it was made."""

CONSTRAINTS = "constraints.txt"
"""Of the hand-out: the version of each package, so that everyone has what the course was tried with."""

PLUGIN = "autograder.engines.otter.JudgePlugin"


def student_entries(course: Course, files: dict[str, str]) -> dict[str, bytes]:
    """All that students get, path → content: notebooks, public tests, data, wheels, and how to set up.

    Args:
        course: that is released.
        files: the student release, path → text.
    """
    entries = {name: text.encode() for name, text in files.items()}
    entries |= _student_data(course)
    entries |= {name: text.encode() for name, text in set_up_texts(course).items()}
    entries |= {path.name: (course.folder / path).read_bytes() for path in course.settings.students.help}
    for package in packages_of(course):
        with tempfile.TemporaryDirectory() as folder:
            wheel = build_wheel(package, Path(folder))
            entries[wheel.name] = wheel.read_bytes()
    return entries


def write_student_zip(target: Path, entries: dict[str, bytes]) -> None:
    """Write dist/student.zip, or leave it as it was. It is the same for the same entries, whenever it is made.

    Args:
        target: the zip.
        entries: of `student_entries`: path in the zip → content.
    """
    _write_zip(target, entries)


def write_handed_out(folder: Path, entries: dict[str, bytes]) -> None:
    """Write files into a folder from which nbgrader's release_assignment takes them.

    Args:
        folder: it need not exist. Files of the same names are replaced, others stay.
        entries: of `student_entries`: path below the folder → content.
    """
    for name, content in entries.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _student_data(course: Course) -> dict[str, bytes]:
    """The data that students get, path → content."""
    return {
        f"data/{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for folder in course.data
        for path in folder.rglob("*")
        if path.is_file()
    }


def set_up_texts(course: Course) -> dict[str, str]:
    """README.md and environment.yml of the hand-out, with the names of the wheels, of otter and of the first notebook.

    In a course's own texts, {wheels}, {wheel_lines}, {otter} and {first} stand for them. {pinned} and {pinned_line} are
    what has pip take the course's own versions of all else, which are in constraints.txt then.
    """
    pinned = {CONSTRAINTS: course.pins} if course.pins else {}
    wheels = [f"./{wheel_name(package)}" for package in packages_of(course)]
    names = {
        "{wheels}": " ".join(wheels),
        "{wheel_lines}": "\n".join(f"      - {wheel}" for wheel in wheels),
        "{pinned}": f"-c {CONSTRAINTS} " if pinned else "",
        "{pinned_line}": f"      - -c {CONSTRAINTS}\n" if pinned else "",
        "{otter}": OTTER,
        "{first}": f"{course.notebooks[0]}.ipynb",
        "{name}": course.name.replace("_", "-"),
        "{title}": course.title,
    }
    own = {"README.md": course.settings.students.readme, "environment.yml": course.settings.students.environment}
    texts = {}
    for file, path in own.items():
        text = USUAL[file] if path is None else (course.folder / path).read_text(encoding="utf-8")
        for name, value in names.items():
            text = text.replace(name, value)
        texts[file] = text
    return texts | pinned


def write_otter_zip(target: Path, course: Course, notebook: str, questions: list[Question]) -> None:
    """Write otter's zip of a notebook by `otter generate`, with the judge as its plugin; or leave it as it was.

    Args:
        target: dist/otter/<notebook>/autograder.zip.
        course: its folder stands in the zip, as the place where the plugin looks for it.
        notebook: its name, without `.ipynb`.
        questions: those that it checks, with their hidden tests.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tests = Path(folder) / "tests"
        tests.mkdir()
        for question in questions:
            (tests / question.path.name).write_text(question.text, encoding="utf-8")
        config = Path(folder) / "otter_config.json"
        plugin = {PLUGIN: {"notebook": notebook, "course": str(course.folder)}}
        config.write_text(json.dumps({"plugins": [plugin], "show_hidden": False}), encoding="utf-8")
        made = Path(folder) / "autograder.zip"
        otter_generate(
            tests_dir=str(tests),
            output_path=str(made),
            config=str(config),
            no_requirements=True,
            no_environment=True,
        )
        with zipfile.ZipFile(made) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
    _write_zip(target, entries)


def _write_zip(target: Path, entries: dict[str, bytes]) -> None:
    with replacing(target) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(entries):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), entries[name], zipfile.ZIP_DEFLATED)


USUAL = {
    "environment.yml": """\
# conda env create -f environment.yml && conda activate {name} && jupyter lab
name: {name}
channels: [conda-forge]
dependencies:
  - python=3.11
  - pip
  - pip:
{pinned_line}      - {otter}
      - jupyterlab
{wheel_lines}
""",
    "README.md": """\
# {title}

1. Unpack this zip, and stay in its folder.
2. Set up, once. With conda, type

       conda env create -f environment.yml
       conda activate {name}

   Or with Python 3.11 or later, on Linux and macOS:

       python3 -m venv .venv
       . .venv/bin/activate
       python -m pip install {pinned}{otter} jupyterlab {wheels}

   and on Windows:

       py -m venv .venv
       .venv\\Scripts\\activate
       python -m pip install {pinned}{otter} jupyterlab {wheels}

3. `jupyter lab`, and open `{first}`.
4. Answer where it says `YOUR CODE HERE` or *Write your answer here.*; run the check below each answer. The
   checks that you have are a part of those that grade you: passing them is a good sign, and no promise.
5. Save, then run `import notebook_checks; notebook_checks.hand_in()`. Hand in the zip that it makes.
""",
}
"""What courses without texts of their own get."""

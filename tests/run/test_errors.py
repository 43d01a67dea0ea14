"""What a user can get wrong is one line that says what, where and what to do; what is our mistake says so."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.course import load_course
from tests import command
from tests.room.other_places import ORDINARY, run_command
from tests.small_course import edit

pytestmark = [pytest.mark.room, pytest.mark.tool]


@pytest.fixture
def place(small) -> Path:
    """A folder with a released course and the hand-ins of a class, which a test may spoil."""
    return small


def autograder(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run the command in `place`, with these variables."""
    return command.autograder(*arguments, cwd=place, **environment)


def in_one_line(done: subprocess.CompletedProcess, status: int) -> str:
    """The one line that was said."""
    assert done.returncode == status, done.stderr
    lines = done.stderr.strip().split("\n")
    assert len(lines) == 1 and "Traceback" not in done.stderr, done.stderr
    return lines[0]


# ---- the call


@pytest.mark.parametrize("command", [["release"], ["grade", "x"], ["verify"], ["demo"], ["report"], ["feedback"]])
def test_in_a_folder_without_a_course_each_command_says_how_to_name_one(command, tmp_path):
    assert "--course FOLDER" in in_one_line(autograder(tmp_path, *command), 2)


def test_a_course_folder_that_is_none_is_named(tmp_path):
    assert f"{tmp_path}: has no course.toml" in in_one_line(autograder(tmp_path, "release", f"--course={tmp_path}"), 2)


def test_each_mistake_in_course_toml_is_a_line(place):
    edit(place / "course" / "course.toml", 'name = "small"', 'name = "sm all"\npiont = 3\njudging_dat = ["x"]')
    done = autograder(place, "release", "--course=course")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert [line.split("course.toml: ")[1].split(":")[0] for line in done.stderr.strip().split("\n")] == [
        "name",
        "piont",
        "judging_dat",
    ]


def test_judging_data_that_is_not_there_is_a_mistake_in_course_toml(place):
    shutil.rmtree(place / "course" / "secret_data")
    assert "judging_data: secret_data" in in_one_line(autograder(place, "release", "--course=course"), 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--out=/dev/null/x"], "--out /dev/null/x: cannot be written to"),
        (["--out=/proc/x"], "--out /proc/x: cannot be written to"),
        (["--nbgrader-course=/nowhere"], "/nowhere/gradebook.db: is missing; run 'autograder release'"),
        (["--nbgrader-course=course.toml"], "is missing; run 'autograder release'"),
        (["--gradebook=book.db"], "is no URL of a database"),
        (["--gradebook=sqlite:////nowhere/book.db"], "there is no folder /nowhere"),
        (
            ["--gradebook=mysql://ta:hush@host/grades"],
            "--gradebook mysql://ta:***@host/grades: there is no gradebook in",
        ),
        (["--gradebook=postgresql://ta:hush@/d?host=/nowhere"], "postgresql://ta:***@/d?host=/nowhere: cannot be"),
        (["--workers=0"], "--workers"),
        (["--room=cell"], "there is no such room"),
    ],
)
def test_a_wrong_option_of_grade_is_named(place, arguments, told):
    done = autograder(place, "grade", "handins", "--course=course", *arguments)
    assert told in in_one_line(done, 1 if "nowhere: cannot be" in told else 2)


@pytest.mark.parametrize("name", ["broken.zip", "empty.zip", "/dev/null", "text.txt"])
def test_hand_ins_that_are_no_folder_and_no_zip_are_named(place, name):
    (place / "broken.zip").write_bytes(b"PK\3\4 and no more")
    (place / "text.txt").write_text("hello")
    zipfile.ZipFile(place / "empty.zip", "w").close()
    assert name in in_one_line(autograder(place, "grade", name, "--course=course", "--out=out"), 2)


def test_hand_ins_that_are_not_there_are_named_before_anything_is_made(place):
    said = in_one_line(autograder(place, "grade", "hand_ins", "--course=course", "--out=new"), 2)
    assert "hand_ins: there is no such file or folder; name the one that holds the hand-ins" in said
    assert not (place / "new").exists()


# ---- the course


def test_a_test_file_that_does_not_parse_is_named(place):
    edit(place / "course" / "questions" / "q1.py", "@test_case(points=1)", "@test_case(points=1")
    assert "q1.py" in in_one_line(autograder(place, "release", "--course=course"), 1)


def test_a_source_notebook_that_is_missing_is_named(place):
    (place / "course" / "first.py").unlink()
    assert "first.py: cannot be read" in in_one_line(autograder(place, "release", "--course=course"), 1)


def test_a_file_that_is_no_text_is_named(place):
    (place / "course" / "questions" / "q1.py").write_bytes(b"points = 1\n\xff\xfe")
    assert "q1.py: is no text in UTF-8" in in_one_line(autograder(place, "release", "--course=course"), 1)


def test_a_test_file_whose_question_has_no_cell_is_named_by_every_command(place):
    course = place / "course"
    for folder in ("questions", "answers"):
        text = (course / folder / "q1.py").read_text()
        (course / folder / "q7.py").write_text(text.replace("q1", "q7"))
    assert "0 cells check q7" in in_one_line(autograder(place, "release", "--course=course"), 1)
    assert "q7: has a test file or answers" in in_one_line(autograder(place, "verify", "--course=course"), 1)
    told = in_one_line(autograder(place, "verify", "--course=course", "--question=q7"), 2)
    assert "q7: no released notebook checks it; run 'autograder release'" in told


def test_a_released_check_without_a_test_file_is_named_before_anything_is_graded(place):
    (place / "course" / "questions" / "q1.py").rename(place / "course" / "questions" / "q2.py")
    done = autograder(place, "grade", "handins", "--course=course", "--out=out")
    assert "checks q1" in in_one_line(done, 2)
    assert not (place / "out" / "scores.csv").exists()


@pytest.mark.parametrize("option", [[], ["--seeds=1"]])
def test_verify_does_not_call_an_unreleased_question_verified(place, option):
    course = place / "course"
    for folder in ("questions", "answers"):
        text = (course / folder / "q1.py").read_text()
        (course / folder / "q2.py").write_text(text.replace("q1", "q2").replace("double", "twice"))
    notebook = (course / "first.py").read_text()
    code = notebook[notebook.index("# %% question") : notebook.index('# %% [markdown] question="w1"')]
    (course / "first.py").write_text(notebook + "\n" + code.replace("q1", "q2").replace("double", "twice"))
    done = autograder(place, "verify", "--course=course", "--question=q2", *option)
    assert "q2: no released notebook checks it; run 'autograder release' first" in in_one_line(done, 2)
    assert "q2: is not in the release" in in_one_line(autograder(place, "verify", "--course=course", *option), 2)


def test_verify_with_nothing_to_verify_is_an_error(place):
    (place / "course" / "answers" / "q1.py").unlink()
    done = autograder(place, "verify", "--course=course", "--question=q1", "--seeds=1")
    assert "nothing to verify" in in_one_line(done, 1)


def test_a_package_of_the_rooms_that_is_not_installed_is_named(place):
    with (place / "course" / "course.toml").open("a") as file:
        file.write('[room]\npackages = ["surely-not-installed"]\n')
    done = autograder(place, "grade", "handins", "--course=course", "--out=out")
    assert "surely-not-installed: is not installed" in in_one_line(done, 2)


# ---- the gradebook


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + bytes(3000)])
@pytest.mark.parametrize("command", [["grade", "handins", "--out=out"], ["verify"], ["feedback"], ["release"]])
def test_a_damaged_gradebook_is_named_before_anything_is_done(place, content, command):
    book = place / "course" / "dist" / "nbgrader" / "gradebook.db"
    book.write_bytes(content)
    done = autograder(place, *command, "--course=course")
    if command == ["release"] and content == b"":  # an empty file is an empty database: nbgrader makes its tables
        assert done.returncode == 0
        return
    assert "gradebook.db: " in in_one_line(done, 1 if command == ["release"] else 2)
    assert book.read_bytes() == content


@pytest.mark.parametrize("command", [["grade", "handins", "--out=out"], ["release"]])
def test_a_locked_gradebook_is_named(place, command):
    book = place / "course" / "dist" / "nbgrader" / "gradebook.db"
    other = sqlite3.connect(book)
    other.execute("BEGIN EXCLUSIVE")
    done = autograder(place, *command, "--course=course")
    other.close()
    assert "another program has locked it" in in_one_line(done, 1)


# ---- the machine


@pytest.mark.parametrize("command", ["demo", "verify", "grade"])
def test_without_a_sandbox_each_command_that_runs_student_code_says_what_is_missing(place, command):
    (place / "course" / "grading" / "sample_class.py").write_text("")
    script = shutil.copytree(place, Path("/tmp") / f"no-sandbox-{os.getpid()}", dirs_exist_ok=True)
    try:
        handins = [f"{script}/handins", "--out=/tmp/out"] if command == "grade" else []
        call = [sys.executable, "-m", "autograder", command, *handins, f"--course={script}/course"]
        done = run_elsewhere(call, script)
    finally:
        shutil.rmtree(script)
    told = in_one_line(done, 2)
    assert "there is no sandbox here for student code (bwrap: bubblewrap is not installed" in told
    assert "--room none" in told
    assert "--room" in autograder(place, command, "--help").stdout, "what is advised is possible"


def run_elsewhere(call: list[str], folder: Path) -> subprocess.CompletedProcess:
    """As an ordinary user on a machine without bubblewrap. The folder is copied there, as its /tmp is another."""
    course = load_course(folder / "course")
    assert course.name == "small"
    copy = (
        "import os, shutil, subprocess, sys, tarfile, io, base64\n"
        "from pathlib import Path\n"
        f"data = {_tar_of(folder)!r}\n"
        "tarfile.open(fileobj=io.BytesIO(base64.b64decode(data))).extractall('/', filter='data')\n"
        f"sys.exit(subprocess.run({call!r}).returncode)\n"
    )
    return run_command([sys.executable, "-c", copy], user=ORDINARY, path="/nowhere")


def _tar_of(folder: Path) -> str:
    import base64
    import io
    import tarfile

    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.add(folder, arcname=str(folder).lstrip("/"), filter=_readable)
    return base64.b64encode(content.getvalue()).decode()


def _readable(member):
    member.uid = member.gid = int(ORDINARY)
    member.mode |= 0o700
    return member


def test_a_full_disk_is_the_machines_trouble(place):
    """A file system of 64 kB for what is in use for a while, and a release that needs more."""
    (place / "small").mkdir()
    mount = f'mount -t tmpfs -o size=64k none "{place}/small" && exec "$0" "$@"'
    call = [sys.executable, "-m", "autograder", "release", f"--course={place / 'course'}"]
    environment = os.environ | {"TMPDIR": f"{place}/small"}
    inside = ["unshare", "--mount", "sh", "-c", mount, *call]
    done = subprocess.run(inside, capture_output=True, text=True, env=environment, timeout=300)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert re.search("No space left on device; make room there|disk is full", in_one_line(done, 1))


def test_something_else_in_the_place_of_a_result_is_named(place):
    (place / "out" / "scores.csv").mkdir(parents=True)
    done = autograder(place, "grade", "handins", "--course=course", "--out=out")
    told = done.stderr.strip().split("\n")[-1]
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "out/scores.csv: Is a directory; something else is in this place" in told


def test_a_worker_that_cannot_get_ready_ends_the_run_in_one_line(place, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(
        "import sys\n"
        "def fail(*_):\n"
        "    raise OSError(24, 'Too many open files', 'room')\n"
        "if 'autograder' in ' '.join(sys.orig_argv):\n"
        "    import autograder.run.workers.executor as executor\n"
        "    executor.prepare = fail\n"
    )
    broken = {"PYTHONPATH": str(tmp_path / "broken")}
    done = autograder(place, "grade", "handins", "--course=course", "--out=out", **broken)
    told = in_one_line(done, 1)
    assert "a worker process could not get ready: room: Too many open files; allow more open files" in told
    assert "out/log.txt" in told
    assert "in fail" in (place / "out" / "log.txt").read_text(encoding="utf-8")


# ---- our own mistakes


@pytest.fixture
def broken(tmp_path) -> dict[str, str]:
    """An environment in which reading hand-ins fails, as if by a mistake of ours."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(
        "import sys\n"
        "if 'autograder' in ' '.join(sys.orig_argv):\n"
        "    import autograder.intake.handed_over as handed_over\n"
        "    def fail(*_):\n"
        "        {}['a secret of ours']\n"
        "    handed_over.opened = fail\n"
    )
    return {"PYTHONPATH": str(tmp_path / "broken")}


def test_a_mistake_of_ours_is_told_as_such_and_its_traceback_is_in_the_log_of_each_run(place, broken):
    for run in (1, 2):
        done = autograder(place, "grade", "handins", "--course=course", "--out=out", **broken)
        told = in_one_line(done, 70)
        log = (place / "out" / "log.txt").read_text(encoding="utf-8")
        assert "a fault of the program" in told and "KeyError" in told and "out/log.txt" in told
        assert log.count(" COMMAND autograder grade handins --course=course --out=out") == run
        assert log.count("in grade_class") == run and "KeyError" in log


def test_without_an_out_folder_the_traceback_of_a_mistake_of_ours_is_on_standard_error(place, tmp_path):
    (tmp_path / "broken2").mkdir()
    (tmp_path / "broken2" / "sitecustomize.py").write_text(
        "import sys\nif 'autograder' in ' '.join(sys.orig_argv):\n"
        "    import autograder.release.build as build\n    build._unasked = None\n"
    )
    done = autograder(place, "release", "--course=course", PYTHONPATH=str(tmp_path / "broken2"))
    assert done.returncode == 70
    assert "Traceback" in done.stderr and "in build" in done.stderr
    assert "a fault of the program" in done.stderr.strip().split("\n")[-1]

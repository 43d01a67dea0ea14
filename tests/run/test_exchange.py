"""nbgrader's exchange on a machine that several people share, as on a JupyterHub: what goes out, and what comes back.

Two students are users of their own. Each of their steps, and of the instructor's, is nbgrader's own command.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.cli import app
from autograder.course import Course, load_course
from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons
from tests.command import autograder
from tests.room.other_places import run_command
from tests.tiny import FIRST, SECOND, UPPER

pytestmark = [pytest.mark.room, pytest.mark.tool]

USERS = {"root": 0, "alice": 23001, "bob": 23002}

STEPS = """
import json, os, sys
from nbgrader.apps import nbgraderapp

def nbgrader(*arguments):
    nbgraderapp.NbGraderApp.clear_instance()
    sys.argv = ["nbgrader", *arguments]
    nbgraderapp.main()

def play(uid, home, folder, script):
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    os.umask(0o022)
    os.environ["HOME"] = home
    os.chdir(folder)
    exec(script)

for user, *step in json.loads(sys.argv[1]):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            play(*step)
        except BaseException as problem:
            if not isinstance(problem, SystemExit) or problem.code:
                print(user, "could not:", repr(problem), file=sys.stderr)
                os._exit(1)
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(1)
"""
"""Each step is a process of its own, as its user; what they import is imported once."""

RUN = {"alice": [FIRST], "bob": []}

WORK = """
import json, os, pathlib
import nbformat
from nbclient import NotebookClient

nbgrader("fetch_assignment", "tiny")
answers = json.loads(pathlib.Path("answers.json").read_text())
os.chdir("tiny")
for name, sources in answers.items():
    notebook = nbformat.read(f"{name}.ipynb", as_version=4)
    kernel = notebook.metadata.kernelspec.name
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    if name in run:
        NotebookClient(notebook, timeout=60).execute()
    nbformat.write(notebook, f"{name}.ipynb")
    said = [str(one.get("data", one)) for cell in notebook.cells for one in cell.get("outputs", [])]
    print(json.dumps({"student": student, "notebook": name, "kernel": kernel, "said": said}))
os.chdir("..")
nbgrader("submit", "tiny")
"""


class Hub:
    """A machine: a course, an exchange for everyone, and a home for each user."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.exchange = folder / "exchange"
        self.users = folder / "passwd"
        own = "".join(f"{name}:x:{uid}:{uid}::{folder / name}:/bin/sh\n" for name, uid in USERS.items())
        self.users.write_text(own + Path("/etc/passwd").read_text(encoding="utf-8").partition("\n")[2])
        for name, uid in USERS.items():
            (folder / name).mkdir()
            os.chown(folder / name, uid, uid)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        (folder / "etc").mkdir()
        config = f'c = get_config()\nc.Exchange.root = "{self.exchange}"\nc.CourseDirectory.course_id = "tiny"\n'
        (folder / "etc" / "nbgrader_config.py").write_text(config)
        folder.chmod(0o755)

    def play(self, *steps: tuple[str, str, Path | None]) -> str:
        """What steps print, one after the other: the user, what they do, and in which folder if it is not their own."""
        given = [
            (user, USERS[user], str(self.folder / user), str(folder or self.folder / user), script)
            for user, script, folder in steps
        ]
        done = run_command(
            [sys.executable, "-c", STEPS, json.dumps(given)],
            path=f"{sys.prefix}/bin:/usr/bin:/bin",
            shared=self.folder,
            users=self.users,
            JUPYTER_CONFIG_PATH=str(self.folder / "etc"),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@dataclass
class Term:
    """What has come of a term. done: by student, what each notebook's run in a student's own kernel has said."""

    hub: Hub
    course: Course
    done: dict[str, dict[str, dict]]

    @property
    def nbgrader(self) -> Path:
        return self.course.dist / "nbgrader"

    def autograder(self, *arguments: str | Path) -> subprocess.CompletedProcess:
        return autograder(f"--course={self.course.folder}", *arguments)


@pytest.fixture(scope="module")
def term(tiny, tmp_path_factory) -> Term:
    """Released, fetched, answered, handed in and collected. alice runs her first notebook."""
    hub = Hub(tmp_path_factory.mktemp("hub"))
    course = load_course(Path(shutil.copytree(tiny.folder, hub.folder / "tiny")))
    config = course.dist / "nbgrader" / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").replace(str(tiny.folder), str(course.folder)))
    term = Term(hub, course, {})
    steps = [("root", 'nbgrader("release_assignment", "tiny")', term.nbgrader)]
    for student, own in (("alice", {}), ("bob", UPPER)):
        answers = model_answers(course) | own
        typed = {
            name: {cell.id: cell.source for cell in fill(skeleton, answers).cells if cell.id in answers}
            for name, skeleton in load_skeletons(course).items()
        }
        (hub.folder / student / "answers.json").write_text(json.dumps(typed))
        steps.append((student, f"student, run = {student!r}, {RUN[student]}\n{WORK}", None))
    said = hub.play(*steps, ("root", 'nbgrader("collect", "tiny")', term.nbgrader))
    for line in said.splitlines():
        if line.startswith("{"):
            one = json.loads(line)
            term.done.setdefault(one["student"], {})[one["notebook"]] = one
    return term


def test_what_students_fetch_is_all_that_they_get_and_works_at_once(term):
    with zipfile.ZipFile(term.course.dist / "student.zip") as archive:
        given = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    fetched = term.hub.exchange / "tiny" / "outbound" / "tiny"
    assert {str(path.relative_to(fetched)): path.read_bytes() for path in fetched.rglob("*") if path.is_file()} == given
    assert {"tests/q1.py", "data/incomes/village.csv"} <= given.keys() and any(name.endswith(".whl") for name in given)
    for student in ("alice", "bob"):
        for one in term.done[student].values():
            assert one["kernel"] == "python3"
    said = term.done["alice"][FIRST]["said"]
    assert any("q1" in one and "passed" in one for one in said), said


def test_the_gradebook_keeps_the_rooms_kernel(term):
    with Gradebook(f"sqlite:///{term.nbgrader / 'gradebook.db'}", "tiny") as book:
        kernels = {json.loads(one.kernelspec)["name"] for one in book.find_assignment("tiny").notebooks}
    assert kernels == {term.course.kernel} != {"python3"}


def test_what_was_collected_is_graded_and_each_student_fetches_feedback_and_nobody_elses(term):
    out = term.hub.folder / "out"
    done = term.autograder("grade", term.nbgrader / "submitted", f"--out={out}", "--workers=1")
    assert done.returncode == 0, done.stderr
    assert "LEFT OUT" not in done.stderr, "what was handed out comes back with each hand-in"
    with (out / "scores.csv").open(encoding="utf-8") as file:
        points = {(row["student"], row["question"]): row["score"] for row in csv.DictReader(file)}
    assert [points[name, "q1"] for name in ("alice", "bob")] == ["6", "4"] and points["bob", "q3"] == "4"
    assert app([f"--course={term.course.folder}", "feedback", f"--out={out}"], standalone_mode=False) == 0
    term.hub.play(
        ("root", 'nbgrader("release_feedback", "tiny")', term.nbgrader),
        ("alice", 'nbgrader("fetch_feedback", "tiny")', None),
        ("bob", 'nbgrader("fetch_feedback", "tiny")', None),
    )
    for student in ("alice", "bob"):
        page = (out / "feedback" / student / "feedback.html").read_bytes()
        fetched = list((term.hub.folder / student / "tiny" / "feedback").rglob("*.html"))
        assert {path.stem for path in fetched} == {FIRST, SECOND}
        assert {path.read_bytes() for path in fetched} == {page}

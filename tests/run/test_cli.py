"""A wrong call is one line and exit status 2; help teaches."""

import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.command import autograder

pytestmark = pytest.mark.tool


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--nope"], "--nope"),
        (["grade"], "submissions"),
        (["grade", "/nowhere/at/all"], "/nowhere/at/all"),
        (["grade", ".", "--engine=okpy"], "okpy"),
        (["grade", ".", "--room=bubble"], "bubble"),
        (["grade", ".", "--workers=0"], "--workers"),
        (["grade", ".", "--nbgrader-course=/nowhere"], "autograder release"),
        (["remark"], "remark"),
        (["verify", "--question=q9_9"], "q9_9"),
        (["new", "9_nine"], "9_nine"),
        (["new"], "folder"),
        (["verify", "--engine=okpy"], "okpy"),
        (["report", "--out=/nowhere"], "/nowhere"),
        (["solutions", "--out=/dev/null/here"], "/dev/null/here"),
        (["solutions", "9_nine"], "9_nine"),
        (["student", "ada", "--delete", "--yes", "--out=/proc"], "--out /proc: cannot be written to"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_status_two(arguments, told, tiny, tmp_path):
    done = autograder(f"--course={tiny.folder}", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().split("\n")) == 1
    assert told in done.stderr


def test_a_folder_for_results_among_the_hand_ins_is_a_wrong_call(tiny, tmp_path):
    for out in (tmp_path, tmp_path / "graded" / "here"):
        done = autograder("grade", str(tmp_path), f"--course={tiny.folder}", f"--out={out}")
        assert done.returncode == 2 and "lies among the hand-ins" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["", "..", "notebooks", "notebooks/graded", "questions/graded", "data/incomes"])
def test_a_folder_for_results_that_is_the_courses_own_is_a_wrong_call(out, tiny, tmp_path):
    before = sorted(tiny.folder.rglob("*"))
    done = autograder("grade", str(tmp_path), f"--course={tiny.folder}", f"--out={tiny.folder / out}")
    assert done.returncode == 2 and "the course's own folder" in done.stderr
    assert sorted(tiny.folder.rglob("*")) == before


@pytest.mark.parametrize(
    "limit", ["cell-seconds=inf", "question-seconds=nan", "memory=99999999999999", "disk=1e3", "workers=100000"]
)
def test_a_limit_that_is_none_is_a_wrong_call(limit, tiny, tmp_path):
    done = autograder("grade", str(tmp_path), f"--course={tiny.folder}", f"--out={tmp_path / 'out'}", f"--{limit}")
    assert done.returncode == 2 and f"--{limit.partition('=')[0]}" in done.stderr


def test_a_folder_without_hand_ins_is_a_wrong_call(tiny, tmp_path):
    (tmp_path / "empty").mkdir()
    done = autograder("grade", str(tmp_path / "empty"), f"--course={tiny.folder}", f"--out={tmp_path / 'out'}")
    assert done.returncode == 2
    assert "no notebooks here" in done.stderr


ENDLESS = """
# %%
open({mark!r}, "w").close()
while True:
    pass

"""


def test_ctrl_c_ends_solutions_in_one_line_and_leaves_nothing(tiny, tmp_path):
    folder = shutil.copytree(tiny.folder, tmp_path / "slow")
    source = folder / "1_averages.py"
    source.write_text(
        ENDLESS.format(mark=str(tmp_path / "runs")) + source.read_text(encoding="utf-8"), encoding="utf-8"
    )
    out = tmp_path / "out"
    command = [sys.executable, "-m", "autograder", f"--course={folder}", "solutions", "1_averages", f"--out={out}"]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while run.poll() is None and not (tmp_path / "runs").exists():
        time.sleep(0.05)
    kernels = [child for child in psutil.Process(run.pid).children() if "ipykernel_launcher" in child.cmdline()]
    os.killpg(run.pid, signal.SIGINT)
    said = run.communicate(timeout=60)[1]
    assert run.returncode == 130 and said.strip().split("\n")[-1] == "autograder: stopped."
    assert "Traceback" not in said and not list((tmp_path / "out").iterdir())
    assert kernels and psutil.wait_procs(kernels, timeout=60)[1] == []


def test_new_writes_a_course_and_says_how_to_go_on(tmp_path):
    done = autograder("new", "mine", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    assert "cd mine && autograder release && autograder verify" in done.stdout and "mine/README.md" in done.stdout
    again = autograder("new", "mine", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "mine: is not empty" in again.stderr and len(again.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["new", "release", "grade", "verify", "demo", "feedback", "report", "solutions"])
def test_every_command_has_help(command):
    done = autograder(command, "--help")
    assert done.returncode == 0
    assert len(done.stdout) > 150

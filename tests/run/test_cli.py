"""A wrong call is one line and exit status 2; help teaches."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

pytestmark = pytest.mark.tool


def autograder(*arguments: str, cwd=None) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd)


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
        (["regrade"], "regrade"),
        (["verify", "--question=q9_9"], "q9_9"),
        (["verify", "--engine=okpy"], "okpy"),
        (["report", "--out=/nowhere"], "/nowhere"),
        (["solutions", "--out=/dev/null/here"], "/dev/null/here"),
        (["solutions", "9_nine"], "9_nine"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_status_two(arguments, told, course, tmp_path):
    if arguments[0] == "grade" and not any("course" in argument for argument in arguments):
        arguments = [*arguments, f"--course={course.dist / 'nbgrader'}"]
    done = autograder(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().split("\n")) == 1
    assert told in done.stderr


def test_a_folder_without_hand_ins_is_a_wrong_call(course, tmp_path):
    done = autograder("grade", str(tmp_path), f"--course={course.dist / 'nbgrader'}")
    assert done.returncode == 2
    assert "no notebooks here" in done.stderr


def test_ctrl_c_ends_solutions_in_one_line_and_leaves_nothing(tmp_path):
    command = [sys.executable, "-m", "autograder", "solutions", "1_intuition", f"--out={tmp_path / 'out'}"]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    kernels = []
    while run.poll() is None and not kernels:
        kernels = [child for child in psutil.Process(run.pid).children() if "ipykernel_launcher" in child.cmdline()]
        time.sleep(0.1)
    time.sleep(2)
    os.killpg(run.pid, signal.SIGINT)
    said = run.communicate(timeout=60)[1]
    assert run.returncode == 130 and said.strip().split("\n")[-1] == "autograder: stopped."
    assert "Traceback" not in said and not kernels[0].is_running() and not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("command", ["release", "grade", "verify", "demo", "feedback", "report", "solutions"])
def test_every_command_has_help(command):
    done = autograder(command, "--help")
    assert done.returncode == 0
    assert len(done.stdout) > 150

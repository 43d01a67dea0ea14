"""log.txt says what failed and where, and quotes nothing of a submission or of a hidden test."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.errors import CourseError, NotRecorded
from autograder.log import close_log, log_fault, open_log, trace_of, without_texts
from autograder.room import NONE, NoRoom, RoomLost, end_templates, open_room
from autograder.room.limits import Limits
from autograder.room.place import Place
from tests.command import autograder
from tests.small_course import edit, hand_in

pytestmark = [pytest.mark.room, pytest.mark.tool]

SECRET = "the_answer_is_forty_two"


def raised(source: str, path: str, **names) -> BaseException:
    """What some code raises that lies in a file of this path."""
    try:
        exec(compile(source, path, "exec"), names)
    except BaseException as problem:
        return problem
    raise AssertionError("it raises nothing")


# ---- what of an exception is told


def test_a_test_files_lines_and_messages_are_left_out_and_their_places_are_not(tmp_path):
    path = tmp_path / "questions" / "q1.py"
    path.parent.mkdir()
    source = f"def compare(value):\n    assert value == 1, {SECRET!r}\n\n\ncompare({SECRET!r})\n"
    path.write_text(source)
    told = trace_of(raised(source, str(path)))
    assert SECRET not in told and "assert value" not in told
    assert f'File "{path}", line 2, in compare' in told and "AssertionError" in told


@pytest.mark.parametrize(
    "source",
    [
        f"{{}}[{SECRET!r}]",
        f"int({SECRET!r})",
        f"import json; json.loads('[' + {SECRET!r})",
        f"raise OSError({SECRET!r})",
        f"raise ImportError({SECRET!r})",
        f"compile({SECRET!r} + ' = = 1', 'q', 'exec')",
        f"raise ValueError({SECRET!r}) from KeyError({SECRET!r})",
    ],
)
def test_no_exception_carries_a_submission_into_the_log(source):
    assert SECRET not in trace_of(raised(source, "/handins/first.py"))


def test_an_exception_of_ours_that_meets_a_students_text_leaves_it_out():
    from autograder.judge import Results

    broken = json.dumps({"questions": [{SECRET: 1, "status": "correct", "cases": [], "remarks": []}]})
    problem = raised("Results.from_json(broken)", "/somewhere.py", Results=Results, broken=broken)
    told = trace_of(problem)
    assert SECRET not in told and "results.py" in told
    assert "validate_json" in told, "our own lines are quoted"


def test_what_the_machine_says_and_what_we_say_is_told_whole(tmp_path):
    with pytest.raises(OSError) as found:
        (tmp_path / "missing").read_text()
    assert f"No such file or directory: '{tmp_path}/missing'" in trace_of(found.value)
    assert "CourseError: q1.py: is wrong" in trace_of(CourseError("q1.py: is wrong"))
    with pytest.raises(ValueError) as found:
        open_room("cell", (), Limits())
    assert "there is no room of the kind 'cell'" in trace_of(found.value)


def test_causes_are_told_first():
    told = trace_of(raised("try:\n    1 / 0\nexcept ZeroDivisionError as one:\n    raise KeyError from one", "/x.py"))
    assert told.index("ZeroDivisionError") < told.index("which led to") < told.index("KeyError")


def test_of_another_programs_traceback_places_and_classes_are_told():
    said = f"""[ERROR] There was an error
Traceback (most recent call last):
  File "/lib/nbgrader/base.py", line 5, in convert
    convert({SECRET!r})
nbformat.ValidationError: {SECRET!r} is not valid
ValueError
{SECRET}Error is what I wrote"""
    told = without_texts(said)
    assert '  File "/lib/nbgrader/base.py", line 5, in convert' in told and "nbformat.ValidationError: (" in told
    assert SECRET not in told


def test_a_log_that_cannot_be_written_is_not_named():
    assert open_log(Path("/dev/full/x"), "grade") and log_fault("what", "trace") is None
    close_log()


def test_a_log_on_a_full_disk_is_closed_without_a_traceback(tmp_path):
    (tmp_path / "log.txt").symlink_to("/dev/full")
    assert open_log(tmp_path, "grade") and log_fault("what", "trace") is None
    close_log()


def test_a_log_begins_with_the_command_and_is_utf_8(tmp_path):
    open_log(tmp_path / "out", "autograder grade größer")
    try:
        assert log_fault("ada", "how") == log_fault("bob", "how") == tmp_path / "out" / "log.txt"
    finally:
        close_log()
    lines = (tmp_path / "out" / "log.txt").read_bytes().decode("utf-8").split("\n")
    assert lines[0].endswith("COMMAND autograder grade größer") and lines[1].endswith("ERROR ada") and lines[2] == "how"
    assert len(lines) == 6


# ---- rooms


def test_a_room_that_cannot_be_opened_carries_what_the_template_has_printed(monkeypatch):
    monkeypatch.setattr("autograder.room.place.RUN", "import sys; print('line one'); print('line two'); sys.exit(3)")
    place = Place(NONE)
    monkeypatch.setattr("autograder.room.place_of", lambda *_: place)
    with pytest.raises((RoomLost, NoRoom)) as found:
        open_room(NONE, (), Limits())
    end_templates()
    assert "line one\nline two" in found.value.details
    assert "line one\nline two" in trace_of(found.value)


def test_a_warm_process_that_fails_says_why(tmp_path, monkeypatch):
    from autograder.course import RoomNeeds

    (tmp_path / "rehearses_badly.py").write_text(
        "def draw_numbers(): pass\ndef rehearse(): raise RuntimeError('no rehearsal today')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    place = Place(NONE, RoomNeeds(rehearsal="rehearses_badly"))
    monkeypatch.setattr("autograder.room.place_of", lambda *_: place)
    with pytest.raises((RoomLost, NoRoom)) as found:
        open_room(NONE, (), Limits())
    end_templates()
    assert "no rehearsal today" in found.value.details


# ---- runs


def grade(place: Path, patch: str, *arguments: str) -> tuple[subprocess.CompletedProcess, str]:
    """Grade in a process, and workers, into which something was patched. Returns the call, and the log."""
    (place / "patch").mkdir()
    (place / "patch" / "sitecustomize.py").write_text(f"import sys\nif 'ipykernel' not in str(sys.orig_argv):\n{patch}")
    command = ["grade", "handins", "--course=course", "--out=out", "--workers=1", *arguments]
    done = autograder(*command, cwd=place, PYTHONPATH=str(place / "patch"))
    log = place / "out" / "log.txt"
    return done, log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.fixture
def place(small) -> Path:
    """A course whose hidden test has a secret, and a hand-in that has the same."""
    course = load_course(small / "course")
    edit(course.questions / "q1.py", "expect_close(double(41), 82", f"{SECRET} = expect_close(double(41), 82")
    answer = f"def double(number):\n    {SECRET} = number\n    return {SECRET} * 2"
    shutil.rmtree(small / "handins")
    hand_in(course, small / "handins", "ada", {"q1-double": answer})
    return small


@pytest.mark.parametrize("engine", ["nbgrader", "otter"])
def test_a_fault_in_a_worker_is_in_the_log_with_its_traceback_and_the_console_names_it(place, engine):
    patch = (
        "    import autograder.judge.judging as judging\n"
        "    def judge(submission, *_):\n"
        "        {}[''.join(cell.source for cell in submission.cells)]\n"
        "    judging.judge = judge\n"
    )
    done, log = grade(place, patch, f"--engine={engine}")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    [told] = [line for line in done.stderr.split("\n") if line.startswith("NOT GRADED")]
    assert told.endswith("; more in out/log.txt") and "ada" in told
    assert "ERROR ada, first" in log and "in results_for" in log and "in judge\n" in log and "KeyError" in log
    assert SECRET not in log


def test_what_nbgrader_raises_for_a_student_is_in_the_log_with_its_traceback(place):
    patch = (
        "    import autograder.engines.recording as engine\n"
        "    def preprocess(self, nb, resources):\n"
        "        raise ValueError(''.join(cell.source for cell in nb.cells))\n"
        "    engine.SaveGrades.preprocess = preprocess\n"
    )
    done, log = grade(place, patch)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert [line for line in done.stderr.split("\n") if "NOT GRADED: ada, first: nbgrader: ValueError" in line]
    assert "above traceback" not in done.stderr and "more in out/log.txt" in done.stderr
    assert "in convert_single_notebook" in log and "in preprocess" in log and "ValueError" in log
    assert SECRET not in log


def test_a_fault_of_a_hidden_test_leaves_no_line_of_it_in_the_log(place):
    edit(place / "course" / "questions" / "q1.py", SECRET, f"import {SECRET}\n    {SECRET}")
    edit(place / "course" / "questions" / "q1.py", "@test_case(points=1)", f"x = {SECRET}\n@test_case(points=1)")
    done, log = grade(place, "    pass\n")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "q1.py" in log and "NameError" in log
    assert SECRET not in log.replace(f"name '{SECRET}' is not defined", "")


def test_rooms_that_cannot_be_opened_have_the_templates_output_in_the_log(place):
    patch = '    import autograder.room.place as p\n    p.RUN = \'print("template talks"); print("a lot")\'\n'
    done, log = grade(place, patch)
    assert done.returncode == 1 and "NOT GRADED: ada, first: no room in 5 tries" in done.stderr
    assert "template talks\na lot" in log and "more in out/log.txt" in done.stderr


def test_recorded_errors_are_not_repeated_in_the_log():
    problem = NotRecorded(f"ValidationError: {SECRET}")
    problem.details = "File x, line 3"
    assert SECRET not in trace_of(problem) and "File x, line 3" in trace_of(problem)

"""Verdicts: each on a whole notebook, in a real kernel."""

from functools import partial

import pytest

from autograder.course.answered import fill, model_answers
from autograder.course.questions import read_questions
from autograder.course.skeleton import load_skeletons
from autograder.course.submission import Cell
from autograder.intake.read import RawCell
from autograder.intake.rebuild import rebuild, untouched
from autograder.judge import Results, Status
from autograder.judge import cases as cases_module
from autograder.judge import model as model_module
from autograder.judge.judging import judge
from autograder.judge.told import WRONG
from autograder.room import NONE, Limits, NoRoom, RoomGone, RoomTooSlow, pick_kind
from autograder.room import room as room_module
from tests.compound import COURSE

pytestmark = pytest.mark.room

SEED = 7
FIRST, SECOND = "1_intuition", "2_compound_scaling"


def results_of(
    notebook: str, own: dict[str, str], added: str = "", limits: Limits | None = None, room: str = "auto"
) -> Results:
    """The verdict on the model solution with some answers replaced, and a cell added in front."""
    skeleton = load_skeletons(COURSE)[notebook]
    filled = fill(skeleton, model_answers(COURSE) | own)
    raw = [RawCell(cell.cell_type, cell.source, cell.id) for cell in filled.cells]
    if added:
        raw.insert(3, RawCell("code", added))
    return judge(rebuild(raw, skeleton, "student").submission, SEED, pick_kind(room, COURSE.room_needs), COURSE, limits)


def test_the_model_solution_gets_every_point_in_both_notebooks():
    for notebook in (FIRST, SECOND):
        results = results_of(notebook, {})
        assert all(q.status in (Status.CORRECT, Status.UNGRADED) for q in results.questions)
        assert all(q.score == sum(case.points for case in q.cases) for q in results.questions if q.cases)


def test_the_untouched_release_gets_nothing_and_is_called_missing():
    for skeleton in load_skeletons(COURSE).values():
        raw = [RawCell(cell.kind, cell.source, cell.id) for cell in skeleton.cells]
        results = judge(rebuild(raw, skeleton, "student").submission, SEED, pick_kind(needs=COURSE.room_needs), COURSE)
        assert results.score == 0
        assert {q.status for q in results.questions} <= {Status.MISSING, Status.UNGRADED}


def test_a_notebook_that_cannot_be_read_gets_nothing_and_the_reason():
    skeleton = load_skeletons(COURSE)[FIRST]
    results = judge(
        untouched(skeleton, "student", "x.ipynb is not JSON.").submission,
        SEED,
        pick_kind(needs=COURSE.room_needs),
        COURSE,
    )
    assert results.score == 0
    assert all(q.status is Status.ERROR and q.message == "x.ipynb is not JSON." for q in results.questions)


def test_a_syntax_error_costs_its_own_question_alone():
    results = results_of(FIRST, {"q1_2-stage_output_shape": "def stage_output_shape(height"})
    assert results.question("q1_2").status is Status.ERROR
    assert "SyntaxError" in results.question("q1_2").message
    assert results.question("q1_3").status is Status.CORRECT


def test_what_comes_after_a_cell_that_kills_the_kernel_is_still_judged():
    results = results_of(FIRST, {"q1_3-compose": "import posix; posix._exit(1)"})
    assert results.question("q1_3").score == 0
    assert "ended the kernel" in results.question("q1_3").message
    assert results.question("q1_2").status is results.question("q1_4").status is Status.CORRECT


def test_what_comes_after_an_endless_loop_is_still_judged():
    limits = Limits(cell_seconds=2)
    loop = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    results = results_of(FIRST, {"q1_3-compose": loop}, limits=limits)
    assert results.question("q1_3").status is Status.TIMEOUT
    assert results.question("q1_4").status is Status.CORRECT


def test_a_call_that_does_not_end_costs_its_case_and_the_rest_is_judged():
    limits = Limits(call_seconds=1, question_seconds=8)
    loop = "def is_feasible(memory, flops, target_memory, target_flops):\n    while True: pass"
    results = results_of(FIRST, {"q1_4-is_feasible": loop}, limits=limits)
    assert results.question("q1_4").status is Status.TIMEOUT
    assert results.question("q1_4").score > 0


def test_a_notebook_whose_time_is_up_is_not_played_further_and_still_gets_a_verdict():
    limits = Limits(notebook_seconds=3)
    results = results_of(FIRST, {"q1_3-compose": "import time\ntime.sleep(60)"}, limits=limits)
    assert results.question("q1_2").status is Status.CORRECT
    assert results.question("q1_3").status is results.question("q1_4").status is Status.TIMEOUT
    assert results.seconds < 15


def test_a_cell_that_ends_the_kernel_only_when_it_is_played_again_costs_no_more_than_itself(tmp_path):
    mark = tmp_path / "been here"
    trap = f"import os, posix\nif os.path.exists({str(mark)!r}):\n    posix._exit(1)\nopen({str(mark)!r}, 'w').close()"
    results = results_of(FIRST, {"q1_3-compose": "import posix; posix._exit(1)"}, added=trap)
    assert results.question("q1_2").status is results.question("q1_4").status is Status.CORRECT


def test_a_check_sees_the_state_at_its_own_place():
    later = {"q1_3-compose": "def compose(stages):\n    return 3\ndef stage_output_shape(*_):\n    return 3"}
    results = results_of(FIRST, later)
    assert results.question("q1_2").status is Status.CORRECT
    assert results.question("q1_3").status is Status.WRONG


def test_the_same_seed_gives_the_same_verdict():
    own = {"q3_1-round_repeats": "def round_repeats(repeats, depth):\n    return round(repeats * depth)"}
    first, second = (results_of(SECOND, own).question("q3_1") for _ in range(2))
    assert [(c.name, c.passed, c.message) for c in first.cases] == [(c.name, c.passed, c.message) for c in second.cases]


def test_that_a_value_is_wrong_is_not_said_beside_what_to_think_about():
    flops_of_some = (
        "def conv_macs(height, width, in_channels, out_channels, kernel, stride=1, groups=1):\n"
        "    macs = height * width * in_channels * out_channels * kernel**2\n"
        "    return 2 * macs if stride == groups == 1 else -5"
    )
    question = results_of(SECOND, {"q2_2-conv_macs": flops_of_some}).question("q2_2")
    assert WRONG in {case.message for case in question.cases}
    assert "one here, not two" in question.message
    assert WRONG not in question.message


def test_no_message_holds_what_student_code_prints_or_says_in_an_exception():
    own = {
        "q2_2-conv_macs": (
            "def conv_macs(*args, **kwargs):\n"
            "    print('LEAK', args)\n"
            "    raise type('LEAK' + '_'.join(map(str, args)), (ValueError,), {})('LEAK', args)"
        )
    }
    results = results_of(SECOND, own)
    assert "LEAK" not in results.to_json()
    assert "ValueError" in results.question("q2_2").message


def test_a_hidden_case_never_shows_the_value_that_student_code_gave():
    own = {"q2_2-conv_macs": "def conv_macs(*args, **kwargs):\n    return 'LEAK' + repr((args, kwargs))"}
    hidden = [case for case in results_of(SECOND, own).question("q2_2").cases if case.hidden]
    assert hidden
    assert not any("LEAK" in case.message for case in hidden)


def test_a_public_case_never_shows_what_hidden_cases_asked_before():
    own = {
        "q1_2-stage_output_shape": "seen = []\ndef stage_output_shape(*given):\n    seen.append(given)\n    return 1",
        "q1_3-compose": "def compose(stages):\n    return lambda x: 'LEAK' + repr(seen)",
    }
    results = results_of(FIRST, own)
    assert "LEAK" not in results.to_json()
    assert "7 was expected" in results.question("q1_3").message


def test_a_model_answer_whose_room_is_lost_gives_nobody_points(monkeypatch):
    def lost(*_):
        raise RoomTooSlow

    model = model_module._model_session(COURSE, SECOND, pick_kind())
    monkeypatch.setattr(model, "ask", lost)
    question = results_of(SECOND, {"q2_2-flops_multiplier": "flops_multiplier = 3"}).question("q2_2")
    assert not question.course_fault
    assert question.status is Status.PARTIAL


@pytest.fixture
def asked():
    """Whether the model answer passes a case of q2_3, which nobody has asked yet."""
    model_module._verdict.cache_clear()
    name = read_questions(COURSE.questions)["q2_3"].load().test_cases[0].body.test_func.__name__
    return partial(model_module.model_passes, COURSE, SECOND, NONE, "q2_3", SEED, name)


def test_a_model_answer_that_came_to_no_verdict_is_asked_again_the_next_time(monkeypatch, asked):
    tries = []

    def slow(*_):
        tries.append(1)
        raise RoomTooSlow

    with monkeypatch.context() as patched:
        patched.setattr(model_module._model_session(COURSE, SECOND, NONE), "ask", slow)
        assert asked()
        assert asked() and len(tries) == 2
    assert asked(), "and then it is asked in earnest"


def test_a_model_answer_whose_room_is_ended_each_time_is_a_fault_of_ours(monkeypatch, asked):
    def ended(*_):
        raise RoomGone

    with monkeypatch.context() as patched, pytest.raises(NoRoom, match="the room of the model solution ended"):
        patched.setattr(model_module._model_session(COURSE, SECOND, NONE), "ask", ended)
        asked()


def test_a_model_solution_that_does_not_run_leaves_no_room_open_and_ends_no_other(monkeypatch):
    other = model_module._model_session(COURSE, SECOND, NONE)
    standing = set(room_module._rooms)
    broken = Cell("broken", "code", "given", "", "1 / 0", touched=False)
    monkeypatch.setattr(model_module, "model_cells", lambda *_: (broken,))
    with pytest.raises(NoRoom, match="cell broken did not run"):
        model_module._model_session(COURSE, FIRST, NONE)
    assert room_module._rooms == standing
    assert model_module._model_session(COURSE, SECOND, NONE) is other


def test_the_model_answers_room_outlasts_a_notebooks_time():
    assert (
        model_module._model_session(COURSE, SECOND, pick_kind())._budget.left(0.0).cpu > 10 * Limits().notebook_seconds
    )


def test_playing_cells_again_ends_with_the_notebooks_time(tmp_path):
    mark = tmp_path / "been here"
    slow = f"import os, time\nif os.path.exists({str(mark)!r}):\n    time.sleep(60)\nopen({str(mark)!r}, 'w').close()"
    limits = Limits(cell_seconds=30, notebook_seconds=4)
    results = results_of(
        FIRST, {"q1_3-compose": "import posix; posix._exit(1)"}, added=slow, limits=limits, room="none"
    )
    assert results.question("q1_4").status is Status.TIMEOUT
    assert results.seconds < 10


def test_a_fault_of_a_test_is_the_courses_and_costs_nobody_points(monkeypatch):
    real = cases_module.run_case

    def faulty(case, names, seed):
        if case.body.test_func.__name__ == "within_both_limits":
            return cases_module.Ran(False, "the test itself raised ZeroDivisionError", suspect=True)
        return real(case, names, seed)

    monkeypatch.setattr("autograder.judge.cases.run_case", faulty)
    monkeypatch.setattr("autograder.judge.model.run_case", faulty)
    question = results_of(FIRST, {}).question("q1_4")
    assert question.score == question.max_score
    assert question.course_fault
    assert "COURSE'S FAULT" in question.message


def test_a_value_that_a_test_stumbles_over_is_the_students_fault():
    results = results_of(SECOND, {"q2_2-flops_multiplier": "flops_multiplier = 3"})
    question = results.question("q2_2")
    assert not question.course_fault
    assert question.status is Status.PARTIAL


def test_results_survive_being_written_and_read():
    results = results_of(FIRST, {"q1_3-compose": "compose = None"})
    assert Results.from_json(results.to_json()) == results


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"questions": [{}]}'])
def test_results_that_are_damaged_are_not_read(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        Results.from_json(text)

"""The search for holes finds answers that pass all cases, and differ from the model inside the contract."""

import pytest
from hypothesis import strategies as st
from rich.console import Console

from autograder.course.questions import read_questions
from autograder.verify.asked import Asked
from autograder.verify.batches import _tried, run_batches
from autograder.verify.differences import smallest_difference
from autograder.verify.in_process import names_of
from autograder.verify.one_question import answer_cells
from autograder.verify.search import batches_of, search
from autograder.verify.search_table import show_search
from autograder.verify.searched import BROKEN, DIFFERS, KILLED, MODEL, SAME, UNSTEADY, Batch, Searched, asked_of
from tests.compound import COURSE

WITH_TORCH = {"q3_2", "q3_3", "q3_se", "q3_mbconv", "q3_net", "x_own_code"}
PAIRS = {"add": Asked(st.tuples(st.integers(-9, 99), st.integers(-9, 99)))}


def add(one, other):
    return one + other


def stops_at_fifty(one, other):
    return min(one + other, 50)


def never_ends(one, other):
    while one > 7:
        pass
    return one + other


def test_every_question_without_torch_is_searched():
    values = {"x_bugs", "x_order"}  # no function is asked for
    assert asked_of(COURSE).keys() == read_questions(COURSE.questions).keys() - WITH_TORCH - values


def test_equal_answers_do_not_differ_and_others_do_at_the_smallest_input(monkeypatch):
    monkeypatch.setattr("autograder.verify.differences.ASK_SECONDS", 0.05)
    model = {"add": add}
    assert smallest_difference(PAIRS, model, {"add": lambda one, other: other + one}) == ""
    assert smallest_difference(PAIRS, model, {"add": stops_at_fifty}) == "add, (0, 51): 51 and not 50"
    assert "without end" in smallest_difference(PAIRS, model, {"add": never_ends}, examples=30)
    assert "ZeroDivisionError" in smallest_difference(PAIRS, model, {"add": lambda one, other: one // 0})
    assert smallest_difference(PAIRS, model, {}) == "add: is not defined"


FLOOR = "def stage_output_shape(h, w, c, out, s, n):\n    return -(-h // s), -(-w // s), out{}\n"


@pytest.mark.parametrize("more, asked, fate", [("", True, SAME), (" + 1", True, BROKEN), (" + 1", False, DIFFERS)])
def test_what_becomes_of_an_answer_with_its_cases_and_without(more, asked, fate, monkeypatch):
    if not asked:
        monkeypatch.setattr("autograder.verify.batches._cases", lambda course, question: iter(()))
    batch = Batch("q1_2", "written here", ())
    model = names_of(COURSE, "q1_2", tuple(answer_cells(COURSE, "q1_2").values()))
    found = _tried(COURSE, batch, "", (FLOOR.format(more),), (1,), model, lambda _: None)
    assert (found.fate, found.is_hole) == (fate, fate != SAME)


@pytest.mark.parametrize("fails", [{2: 1}, {1: 1, 2: 2}])
def test_a_mutant_that_loses_other_points_with_another_seed_is_unsteady(fails, monkeypatch):
    """With seed 2 it fails the first case alone, or one case more than with seed 1."""
    names = [case.body.test_func.__name__ for case in read_questions(COURSE.questions)["q1_2"].judged_cases()]

    def passes(case, given, seed):
        return names.index(case.body.test_func.__name__) >= fails.get(seed, 0)

    monkeypatch.setattr("autograder.verify.batches.passes", passes)
    batch = Batch("q1_2", "written here", ())
    found = _tried(COURSE, batch, "a → b", (FLOOR.format(""),), (1, 2), {}, lambda _: None)
    lost = {seed: ", ".join(names[: fails.get(seed, 0)]) or "none" for seed in (1, 2)}
    assert (found.fate, found.shown) == (UNSTEADY, f"seed 1: {lost[1]}; seed 2: {lost[2]}")


@pytest.mark.tool
def test_the_models_mutants_are_killed_or_equivalent_in_processes_of_their_own():
    found = search(COURSE, "q1_2", 2, 1, lambda *_: None, answer=MODEL)
    assert {one.fate for one in found} <= {KILLED, SAME}
    assert sum(one.fate == KILLED for one in found) > 10
    assert found[0].change == "" and found[0].fate == SAME


def test_holes_are_printed_and_excuses_are_not(capsys):
    console = Console(width=200)
    killed = Searched("q1_2", MODEL, "a → b", KILLED)
    hole = Searched("q1_2", MODEL, "a → c", DIFFERS, "f, (1,): 2 and not 3")
    excused = Searched("q1_2", MODEL, "a → c", DIFFERS, "f, (1,): 2 and not 3", "outside the contract")
    assert show_search([killed, excused], console)
    assert not show_search([killed, hole], console)
    assert not show_search([killed, Searched("q1_2", MODEL, "a → d", UNSTEADY, "seed 2: x")], console)
    assert "f, (1,): 2 and not 3" in capsys.readouterr().out


def test_every_right_answer_is_mutated():
    assert {one.answer for one in batches_of(COURSE, "q1_3")} > {MODEL, "recursion over the stages"}
    assert run_batches(COURSE, [], (1,), 1, lambda _: None) is None

"""What mutants are made: by cosmic-ray's operators (8.7), and by two of ours. And that survivors are told."""

from importlib.metadata import version

import pytest
from cosmic_ray.mutating import mutate_code
from rich.console import Console

from autograder.course.questions import read_questions
from autograder.verify.mutants import DropStatement, Mutant, SwapNeighbours, mutants_of
from autograder.verify.mutants_judged import Fate, all_mutants, equivalents_of, run_mutants
from autograder.verify.table import show_mutants
from tests.compound import COURSE

SOURCE = "def f(a, b=2):\n    if a < 3:\n        a = g(a, b)\n    return a * b\n"


def changes(source):
    return {mutant.after for mutant in mutants_of("q", "q-f", source)}


def test_cosmic_ray_is_the_version_whose_operators_were_looked_at():
    assert version("cosmic-ray").startswith("8.7.")


@pytest.mark.parametrize("operator", [DropStatement, SwapNeighbours])
def test_our_operators_do_what_their_examples_say(operator):
    for example in operator.examples():
        mutated = mutate_code(example.pre_mutation_code, operator(), example.occurrence)
        assert mutated == example.post_mutation_code


def test_numbers_arithmetic_comparisons_statements_and_neighbours_are_changed():
    found = changes(SOURCE)
    assert {"if a <= 3:", "if a > 3:", "if a < 4:", "return a + b", "return a // b", "a = g(b, a)", "pass"} <= {
        " ".join(change.split()) for change in found
    }


def test_every_mutant_parses_and_is_another_program_than_any_other():
    mutants = list(mutants_of("q", "q-f", SOURCE))
    assert len({mutant.source for mutant in mutants}) == len(mutants) > 15
    for mutant in mutants:
        compile(mutant.source, "mutant", "exec")


@pytest.mark.proof
def test_every_tested_question_has_mutants_and_every_excuse_is_of_one():
    mutants = list(all_mutants(COURSE))
    assert {mutant.question for mutant in mutants} == read_questions(COURSE.questions).keys() - {"x_order"}, "a text"
    told = {(mutant.question, mutant.told) for mutant in mutants}
    excused = {(question, change) for question, why in equivalents_of(COURSE).items() for change in why}
    assert excused <= told, f"no mutants (any more): {excused - told}"


@pytest.mark.room
def test_a_mutant_that_loses_points_is_killed_and_one_that_does_not_is_told(tiny, capsys):
    fates = run_mutants(tiny, "q4", 1, 1, lambda *_: None)
    assert all(fate.killed_by for fate in fates)
    console = Console(width=200)
    assert show_mutants(fates, console)
    survivor = Fate(Mutant("q4", "q4-steps", "pass", "x = 1", "x = 2"), "")
    assert not show_mutants([*fates, survivor], console)
    assert "SURVIVED q4-steps: x = 1 → x = 2" in capsys.readouterr().out

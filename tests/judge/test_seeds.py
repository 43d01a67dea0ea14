"""Inputs follow from the run's seed, the question and what its answer can depend on, and from nothing else."""

import ast
from dataclasses import replace

import pytest

from autograder.course.questions import read_question
from autograder.course.submission import Cell
from autograder.judge.judging import judge
from autograder.judge.seeds import INPUT_SETS, Seeds
from autograder.judge.store import Store
from autograder.room import NONE
from tests.compound import COURSE
from tests.tiny import SECOND, submission_of

RUN = 3


def answer(source: str, role: str = "answer", kind: str = "code") -> Cell:
    return Cell("id", kind, role, "q3", source, touched=True)


def seed(course, question: str, *cells: Cell, run: int = RUN, folder=None) -> int:
    seeds = Seeds(run, folder)
    for cell in cells:
        seeds.add(cell)
    return seeds.of(read_question(course.questions / f"{question}.py"))


def test_equal_answers_have_equal_inputs_and_a_changed_one_new_ones(tiny):
    first = seed(tiny, "q3", answer("x = 1"))
    assert first == seed(tiny, "q3", replace(answer("x = 1"), id="another", question="q1"))
    others = [
        seed(tiny, "q3", answer("x = 2")),
        seed(tiny, "q3", answer("x = 1 ")),
        seed(tiny, "q3", answer("x = 1"), answer("", role="added")),
        seed(tiny, "q3", answer("x = 1"), run=4),
        seed(tiny, "q4", answer("x = 1")),
    ]
    assert len({first, *others}) == 6


def test_what_no_code_of_the_students_can_see_changes_nothing(tiny):
    unseen = (answer("1", role="given"), answer("1", role="playground"), answer("1", role="train"))
    text = answer("a text", role="added", kind="markdown")
    assert seed(tiny, "q3", answer("x = 1")) == seed(tiny, "q3", answer("x = 1"), *unseen, text)


def test_cells_cannot_be_cut_elsewhere(tiny):
    assert seed(tiny, "q3", answer("ab"), answer("c")) != seed(tiny, "q3", answer("a"), answer("bc"))


def test_files_count_by_their_names_and_contents_and_not_by_where_they_lie(tiny, tmp_path):
    for place, name, content in (("a", "f", "1"), ("b", "f", "1"), ("c", "f", "2"), ("d", "g", "1")):
        (tmp_path / place).mkdir()
        (tmp_path / place / name).write_text(content)
    a, b, c, d = (seed(tiny, "q5", folder=tmp_path / place) for place in "abcd")
    assert a == b and len({a, c, d, seed(tiny, "q5")}) == 4


def test_what_is_remembered_is_drawn_from_a_few_sets_of_the_run():
    seeds = {seed(COURSE, "q3_se", answer(str(number))) for number in range(40)}
    assert len(seeds) == INPUT_SETS
    assert seeds.isdisjoint(seed(COURSE, "q3_se", answer(str(number)), run=4) for number in range(40))
    assert seeds.isdisjoint(seed(COURSE, "q3_mbconv", answer(str(number))) for number in range(40))
    assert len({seed(COURSE, "q1_2", answer(str(number))) for number in range(40)}) == 40


def test_a_question_remembers_where_a_function_of_its_file_does():
    marked = {
        path.stem
        for path in COURSE.questions.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(one) == "remembered" for one in node.decorator_list)
    }
    assert marked == {path.stem for path in COURSE.questions.glob("*.py") if read_question(path).remembers}
    assert {"q3_se", "q3_net"} <= marked


def test_a_seed_of_a_run_is_too_long_to_be_guessed(tmp_path):
    assert max(Store(tmp_path / str(number)).seed() for number in range(8)) >= 2**90
    assert Store(tmp_path / "0").seed() == Store(tmp_path / "0").seed()


@pytest.mark.room
def test_a_change_gives_new_inputs_to_its_question_and_keeps_those_of_earlier_ones(tiny, tmp_path):
    """The answers themselves write down what they are asked."""
    noting = {
        "q3-deviation": "def deviation(numbers):\n    note('q3', numbers)\n    return 2",
        "q4-steps": "def steps(numbers):\n    note('q4', numbers)\n    return []",
    }

    def asked(student: str, **own: str) -> dict[str, str]:
        file = tmp_path / "asked.txt"
        note = f"def note(*said):\n    print(*said, file=open({str(file)!r}, 'a'))"
        sources = {name: f"{note}\n{text}\n{own.get(name, '')}" for name, text in noting.items()}
        file.unlink(missing_ok=True)
        judge(submission_of(tiny, SECOND, sources, student), RUN, NONE, tiny)
        lines = file.read_text().splitlines()
        return {name: "\n".join(line for line in lines if line.startswith(name)) for name in ("q3", "q4")}

    first = asked("ada")
    assert first["q3"] and first["q4"]
    assert asked("bob") == first
    later = asked("ada", **{"q4-steps": "# changed"})
    assert later["q3"] == first["q3"] and later["q4"] != first["q4"]
    earlier = asked("ada", **{"q3-deviation": "# changed"})
    assert earlier["q3"] != first["q3"]

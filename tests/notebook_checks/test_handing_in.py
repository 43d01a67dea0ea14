import json
import os
import time
import zipfile

import pytest
import torch
from safetensors.torch import save_file

from notebook_checks import handing_in
from notebook_checks.handing_in import LIST, Assignment, NothingToHandIn
from scalelab import ASSIGNMENT, hand_in
from tests.compound import COURSE

STUB = '# YOUR CODE HERE\nraise NotImplementedError("conv_macs: write this")'


def code(source, grade_id="", solution=False):
    nbgrader = {"grade_id": grade_id, "solution": solution}
    return {"cell_type": "code", "id": grade_id or "x", "metadata": {"nbgrader": nbgrader}, "source": source}


def answer(source, grade_id="q2_2-conv_macs"):
    return code(source.splitlines(keepends=True), grade_id, solution=True)


def check(question="q2_2"):
    return code(f'grader.check("{question}")', question)


def written(text, cell_id="q2_1-answer"):
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}


def save(folder, *cells, name="2_compound_scaling.ipynb"):
    (folder / name).write_text(json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5}))


def line_of(text, start):
    return next(line for line in text.splitlines() if line.strip().startswith(start))


def test_what_scalelab_knows_of_the_assignment_is_what_the_release_lists():
    assert (COURSE.release / LIST).read_text(encoding="utf-8") == ASSIGNMENT.to_json()


def test_the_list_beside_the_notebooks_says_what_belongs_to_the_assignment(tmp_path, capsys):
    (tmp_path / LIST).write_text(Assignment("sums", ("one.ipynb",), {"table.csv": "q1"}).to_json(), encoding="utf-8")
    for name in ("one.ipynb", "2_compound_scaling.ipynb"):
        save(tmp_path, name=name)
    assert handing_in.hand_in(tmp_path).name == "sums.zip"
    assert "MISSING: q1 needs it" in line_of(capsys.readouterr().out, "table.csv")
    (tmp_path / "table.csv").write_text("1,2", encoding="utf-8")
    with zipfile.ZipFile(handing_in.hand_in(tmp_path, student="ada")) as archive:
        assert archive.namelist() == ["one.ipynb", "table.csv"]


def test_without_a_list_it_is_said_what_is_missing(tmp_path):
    save(tmp_path)
    for damaged in ("", "[]", '{"name": 1}'):
        (tmp_path / LIST).write_text(damaged, encoding="utf-8")
        with pytest.raises(NothingToHandIn, match=r"no hand_in\.json"):
            handing_in.hand_in(tmp_path)


def test_the_zip_holds_the_notebooks_and_the_trained_model_sorted_and_nothing_else(tmp_path):
    save(tmp_path, name="4_cifar.ipynb")
    save(tmp_path, name="1_intuition.ipynb")
    save(tmp_path, name="scratch.ipynb")
    for name in ("best.safetensors", "best.json", "secrets.txt", "otter.py"):
        (tmp_path / name).write_text(name)
    save_file({"a": torch.ones(3)}, tmp_path / "best.safetensors")
    (tmp_path / "data").mkdir()
    path = hand_in(tmp_path)
    assert path == tmp_path / "compound_scaling.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["1_intuition.ipynb", "4_cifar.ipynb", "best.json", "best.safetensors"]
        assert archive.read("best.json") == b"best.json"


def test_handing_in_again_replaces_the_zip_and_leaves_nothing_behind(tmp_path):
    save(tmp_path, answer(STUB))
    hand_in(tmp_path)
    save(tmp_path, answer("done = 1"))
    path = hand_in(tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert b"done = 1" in archive.read("2_compound_scaling.ipynb")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "2_compound_scaling.ipynb",
        "compound_scaling.zip",
    ]


def test_a_zip_that_cannot_be_finished_leaves_the_earlier_one(tmp_path, monkeypatch):
    save(tmp_path)
    before = hand_in(tmp_path).read_bytes()

    def full(*arguments):
        raise OSError("no space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(OSError, match="no space"):
        hand_in(tmp_path)
    assert (tmp_path / "compound_scaling.zip").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2


def test_the_name_of_the_zip_can_be_chosen(tmp_path):
    save(tmp_path)
    assert hand_in(tmp_path, output=tmp_path / "mine" / "a.zip") == tmp_path / "mine" / "a.zip"
    assert hand_in(tmp_path, student="ada").name == "ada_compound_scaling.zip"
    assert hand_in(tmp_path, student="../Ada Lovelace").parent == tmp_path


def test_a_folder_without_notebooks_is_one_clear_line(tmp_path):
    (tmp_path / "other.ipynb").write_text("{}")
    with pytest.raises(NothingToHandIn) as caught:
        hand_in(tmp_path)
    assert str(tmp_path) in str(caught.value) and "\n" not in str(caught.value)
    assert not list(tmp_path.glob("*.zip"))


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ([answer("def conv_macs(): return 1"), check()], "answered"),
        ([answer(STUB), check()], "untouched"),
        ([answer(f"def conv_macs():\n    {STUB.replace(chr(10), chr(10) + '    ')}"), check()], "untouched"),
        ([answer("x = 1"), answer(STUB, "q2_2-network_macs"), check()], "answered in part"),
        ([answer("x = 1")], "answered; its check cell is missing"),
        ([answer("x = 1"), code('# grader.check("q2_2")')], "answered; its check cell is missing"),
        ([check()], "its answer cell is missing"),
        ([answer("class Base:\n    def f(self):\n        raise NotImplementedError()"), check()], "answered"),
    ],
)
def test_the_state_of_each_coded_question_is_told(tmp_path, capsys, cells, state):
    save(tmp_path, *cells)
    hand_in(tmp_path)
    assert line_of(capsys.readouterr().out, "q2_2").split(maxsplit=1)[1] == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("*Write your answer here.*", "untouched"),
        ("  \n", "untouched"),
        ("Domain: *Write your answer here.*", "untouched"),
        ("Because.", "answered"),
    ],
)
def test_the_state_of_each_written_question_is_told(tmp_path, capsys, text, state):
    save(tmp_path, written(text))
    hand_in(tmp_path)
    assert line_of(capsys.readouterr().out, "q2_1").split(maxsplit=1)[1] == state


def test_what_is_not_answered_is_told_at_the_end(tmp_path, capsys):
    save(
        tmp_path,
        written("*Write your answer here.*"),
        answer(STUB),
        check(),
        answer("x = 1", "q2_3-a"),
        check("q2_3"),
    )
    hand_in(tmp_path)
    assert "were last saved: q2_1, q2_2." in capsys.readouterr().out


def test_a_cell_that_python_cannot_parse_is_told_and_magics_are_no_error(tmp_path, capsys):
    magics = code("%matplotlib inline\n!ls\n%timeit f(1)"), code("%%bash\nif true; then ls; fi")
    save(tmp_path, *magics, answer("def f(:\n    pass"), check())
    hand_in(tmp_path)
    out = capsys.readouterr().out
    assert "SYNTAX ERROR in q2_2-conv_macs, line 1" in out
    assert out.count("SYNTAX ERROR") == 1


def test_missing_notebooks_are_told(tmp_path, capsys):
    save(tmp_path)
    hand_in(tmp_path)
    out = capsys.readouterr().out
    assert "MISSING" in line_of(out, "1_intuition.ipynb")
    assert "MISSING" not in line_of(out, "2_compound_scaling.ipynb")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"cells": 3}', b'{"cells": [3]}', b"[" * 100_000, b"<html>"],
)
def test_an_unreadable_notebook_is_told_and_still_handed_in(tmp_path, capsys, content):
    (tmp_path / "3_efficientnet.ipynb").write_bytes(content)
    path = hand_in(tmp_path)
    assert "NOT READABLE" in capsys.readouterr().out
    with zipfile.ZipFile(path) as archive:
        assert archive.read("3_efficientnet.ipynb") == content


def test_odd_cells_are_no_error(tmp_path, capsys):
    save(
        tmp_path,
        {},
        {"cell_type": "code", "source": None, "metadata": []},
        {"cell_type": "code", "source": [1]},
    )
    hand_in(tmp_path)
    assert "NOT READABLE" not in capsys.readouterr().out


@pytest.mark.parametrize(("minutes", "span"), [(3, "3 min ago"), (200, "3 h ago"), (4000, "2 days ago")])
def test_when_it_was_last_saved_is_told(tmp_path, capsys, minutes, span):
    save(tmp_path)
    saved = time.time() - 60 * minutes
    os.utime(tmp_path / "2_compound_scaling.ipynb", (saved, saved))
    hand_in(tmp_path)
    assert span in line_of(capsys.readouterr().out, "2_compound_scaling.ipynb")


@pytest.mark.parametrize("present", ["best.safetensors", "best.json"])
def test_half_a_trained_model_is_told(tmp_path, capsys, present):
    save(tmp_path)
    (tmp_path / present).write_text("")
    hand_in(tmp_path)
    missing = {"best.safetensors", "best.json"}.difference({present}).pop()
    assert "MISSING: q3_3 needs it" in line_of(capsys.readouterr().out, missing)


# ---- what a question is worth, and what of it is not asked for


def worth(points, question="q2_2"):
    cell = check(question)
    cell["metadata"]["nbgrader"] |= {"points": points, "grade": True}
    return cell


def put_tests(folder, question, text):
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / f"{question}.py").write_text(text)


PUBLIC = """
name = "q2_2"
points = 6
@test_case(points=0.5)
def one(f): ...
@test_case(points=1)
def two(f): ...
"""
PASSED = "q2_2 results: All test cases passed!"
HALF = """q2_2 results:
    q2_2 - 1 result:
        ❌ Test case failed
        Unexpected: 3

    q2_2 - 2 result:
        ✅ Test case passed"""


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (None, "answered  [6 points; checked here: 1.5, no result]"),
        ("<otter.Notebook>", "answered  [6 points; checked here: 1.5, no result]"),
        (PASSED, "answered  [6 points; checked here: 1.5, passed: 1.5]"),
        (HALF, "answered  [6 points; checked here: 1.5, passed: 1]"),
    ],
)
def test_the_points_that_are_checked_here_are_told(tmp_path, capsys, output, said):
    cell = worth(6.0)
    cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": output}}] if output else []
    put_tests(tmp_path, "q2_2", PUBLIC)
    save(tmp_path, answer("x = 1"), cell)
    hand_in(tmp_path)
    assert line_of(capsys.readouterr().out, "q2_2").split(maxsplit=1)[1] == said


def test_what_is_said_of_each_question_stands_in_one_column(tmp_path, capsys):
    cells = [[answer("x = 1", f"{name}-x"), worth(1.0, name)] for name in ("q1", "q3_4a_written")]
    save(tmp_path, *cells[0], *cells[1])
    hand_in(tmp_path)
    out = capsys.readouterr().out
    assert line_of(out, "2_compound").index("saved") == line_of(out, "best_efficientnet.safetensors").index("MISSING")
    assert line_of(out, "q1 ").index("answered") == line_of(out, "q3_4a_written").index("answered")


@pytest.mark.parametrize("text", ["", "points = ", "points = 'six'", "points = True", "(" * 1000])
def test_a_test_file_that_says_nothing_of_points_is_no_error(tmp_path, capsys, text):
    put_tests(tmp_path, "q2_2", text)
    save(tmp_path, answer("x = 1"), worth(6.0))
    hand_in(tmp_path)
    assert line_of(capsys.readouterr().out, "q2_2").split(maxsplit=1)[1] == "answered  [6 points]"


@pytest.mark.parametrize("with_tests", [True, False])
def test_a_bonus_is_not_called_unanswered(tmp_path, capsys, with_tests):
    if with_tests:
        put_tests(tmp_path, "x2_grid", "points = 3\nbonus = True\n")
    save(tmp_path, answer(STUB), worth(6.0), answer(STUB, "x2_grid-grid_search"), worth(0, "x2_grid"))
    hand_in(tmp_path)
    out = capsys.readouterr().out
    assert "were last saved: q2_2." in out
    assert line_of(out, "x2_grid").split(maxsplit=1)[1] == (
        "untouched  [3 bonus points]" if with_tests else "untouched  [bonus]"
    )


def test_a_part_without_points_is_not_called_unanswered(tmp_path, capsys):
    save(tmp_path, answer("x = 1"), worth(6.0), written("*Write your answer here.*", "q2_2-answer"))
    hand_in(tmp_path)
    out = capsys.readouterr().out
    assert "Not fully answered" not in out
    assert line_of(out, "q2_2").split(maxsplit=1)[1].startswith("answered; its part without points is empty")


def test_a_written_part_with_points_is_asked_for(tmp_path, capsys):
    task = {"cell_type": "markdown", "id": "q2_2", "source": "Say why.",
            "metadata": {"nbgrader": {"grade_id": "q2_2", "task": True, "points": 4}}}  # fmt: skip
    save(tmp_path, answer("x = 1"), check(), task, written("*Write your answer here.*", "q2_2-answer"))
    hand_in(tmp_path)
    assert "were last saved: q2_2." in capsys.readouterr().out


# ---- what is to be done comes last


def test_missing_and_unreadable_notebooks_are_told_in_the_last_lines(tmp_path, capsys):
    save(tmp_path)
    (tmp_path / "3_efficientnet.ipynb").write_text("{")
    hand_in(tmp_path)
    *_, last, _, hand = capsys.readouterr().out.partition("\n\n")[2].rpartition("\n\n")
    assert last.count("MISSING: ") == 3 + 4
    assert "MISSING: 1_intuition.ipynb is not in" in last and "NOT READABLE: 3_efficientnet.ipynb: this is no" in last
    assert hand.startswith("Hand in this file")


# ---- the trained network


@pytest.mark.parametrize("content", [b"", b"<html>", b"x" * 4000, (5).to_bytes(8, "little") + b"[1,2]"])
def test_weights_that_are_none_are_not_handed_in_and_everything_else_is(tmp_path, capsys, content):
    save(tmp_path)
    (tmp_path / "best.safetensors").write_bytes(content)
    (tmp_path / "best.json").write_text("{}")
    with zipfile.ZipFile(hand_in(tmp_path)) as archive:
        assert archive.namelist() == ["2_compound_scaling.ipynb", "best.json"]
    out = capsys.readouterr().out
    assert "NOT HANDED IN: best.safetensors: this is no file of weights. Run the training cell." in out


def weights(folder, run="first try", accuracy="18.9"):
    save_file(
        {"a": torch.ones(2, 3)}, folder / "best.safetensors", metadata={"run": run, "id": run, "accuracy": accuracy}
    )
    record = {"name": run, "accuracy": float(accuracy), "tested_on": "1000 images, 0"}
    (folder / "best.json").write_text(json.dumps(record))


def test_the_run_that_is_handed_in_is_named_and_how_good_it_is(tmp_path, capsys):
    save(tmp_path)
    weights(tmp_path)
    hand_in(tmp_path)
    out = capsys.readouterr().out
    assert "for q3_3: 'first try' (18.9%) of the test images, 6 numbers" in line_of(out, "best.safetensors")
    assert line_of(out, "best.json").endswith("for q3_3: says 18.9%")
    (tmp_path / "best.json").write_text('{"name": "other", "accuracy": 50.0, "tested_on": "?"}')
    hand_in(tmp_path)
    assert "it is of another run than the weights" in line_of(capsys.readouterr().out, "best.json")


def test_a_run_that_could_be_handed_in_is_named_where_no_weights_are(tmp_path, capsys):
    save(tmp_path)
    for run, accuracy in (("trial", "9.2"), ("first try", "18.9")):
        (tmp_path / "runs" / run).mkdir(parents=True)
        weights(tmp_path / "runs" / run, run, accuracy)
    hand_in(tmp_path)
    out = capsys.readouterr().out
    call = f"training.keep('first try', out={str(tmp_path)!r}) hands in your best run, 'first try' (18.9%)."
    assert f"MISSING: q3_3 needs best.safetensors. {call}" in out


# ---- the student's name


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("ada", "ada_compound_scaling.zip"),
        ("Ada Lovelace", "Ada_Lovelace_compound_scaling.zip"),
        ("Zoe\u0308 O'Neil", "Zo\u00eb_O_Neil_compound_scaling.zip"),
        ("../.hidden", "hidden_compound_scaling.zip"),
        ("  ", "compound_scaling.zip"),
        ("!!!", "compound_scaling.zip"),
        ("王小明", "王小明_compound_scaling.zip"),
    ],
)
def test_the_students_name_is_what_stands_before_the_assignments(tmp_path, student, name):
    save(tmp_path)
    assert hand_in(tmp_path, student=student).name == name

"""Where answers stand: what was added to locked cells counts, and so do answers in cells of the student's own."""

import json
from dataclasses import replace

import pytest

from autograder.course.submission import Cell
from autograder.intake.read import RawCell
from autograder.intake.rebuild import rebuild
from autograder.intake.taken_out import TakenOut, absent_names, read_code
from tests.intake.intake_files import as_raw, place_of

CONV, NETWORK, CHECK = "q2_2-conv_macs", "q2_2-network_macs", "q2_2"
MINE = "def conv_macs(*sizes):\n    return up(7)"


def changed(raw, skeleton, cell_id, **parts):
    place = place_of(skeleton, cell_id)
    return [*raw[:place], replace(raw[place], **parts), *raw[place + 1 :]]


def sources(made):
    """The sources that run, in their order."""
    return [cell.source for cell in made.submission.cells if cell.runs]


def before_check(made, skeleton, check=CHECK):
    """The sources that have run when a check is judged."""
    cells = made.submission.cells
    place = next(index for index, cell in enumerate(cells) if cell.id == check)
    return [cell.source for cell in cells[:place] if cell.runs]


def absent(made, question=CHECK):
    return " ".join(sentence for name, sentence in made.submission.absent if name == question)


@pytest.mark.parametrize("where", ["before", "behind", "between"])
def test_an_import_that_was_added_to_a_locked_cell_counts(raw, skeleton, where):
    source = skeleton.by_id["given-2"].source
    first, *rest = source.split("\n")
    new = {
        "before": f"import numpy as np\n{source}",
        "behind": f"{source}\n\nimport numpy as np\n",
        "between": "\n".join([first, "import numpy as np", *rest]),
    }[where]
    made = rebuild(changed(raw, skeleton, "given-2", source=new), skeleton, "ada")
    assert sources(made).count("import numpy as np") == 1
    assert next(cell.source for cell in made.submission.cells if cell.id == "given-2") == source
    assert any("what was added to it is in a cell of its own" in note for note in made.submission.notes)


def test_what_was_put_before_a_check_runs_before_it_and_what_stands_behind_does_after_it(raw, skeleton):
    source = 'import numpy as np\ngrader.check("q2_2")  # now\nx = 1\ngrader.check("q2_2")'
    made = rebuild(changed(raw, skeleton, CHECK, source=source), skeleton, "ada")
    assert before_check(made, skeleton)[-1] == "import numpy as np"
    assert "x = 1" in sources(made) and "x = 1" not in before_check(made, skeleton)
    assert not any("grader.check" in source for source in sources(made))


@pytest.mark.parametrize(
    "change",
    [
        lambda source: "import os; os._exit(0)",
        lambda source: source.replace("import math", "import cmath as math"),
        lambda source: source + "\n    indented = 1",
    ],
)
def test_a_locked_cell_that_was_changed_otherwise_is_restored_and_nothing_of_it_runs(raw, skeleton, change):
    source = skeleton.by_id["given-2"].source
    made = rebuild(changed(raw, skeleton, "given-2", source=change(source)), skeleton, "ada")
    assert made.notebook.cells == skeleton.notebook.cells


def test_blanks_that_an_editor_took_away_are_no_change(raw, skeleton):
    tidied = [replace(one, source="\n".join(line.rstrip() for line in one.source.split("\n")) + "\n") for one in raw]
    padded = [replace(one, source=one.source.replace("\n", "  \n")) for one in raw]
    for cells in (tidied, padded):
        made = rebuild(cells, skeleton, "ada")
        assert made.submission.notes == () and not any(cell.touched for cell in made.submission.cells)


def stubs_and(raw, source, place):
    return [*raw[:place], RawCell("code", source), *raw[place:]]


@pytest.mark.parametrize("where", ["the top", "behind the stubs", "behind the check", "the end"])
def test_answers_in_a_cell_of_its_own_count_wherever_it_stands(raw, skeleton, where):
    both = f"{MINE}\n\ndef network_macs(*sizes):\n    return 8"
    place = {
        "the top": 0,
        "behind the stubs": place_of(skeleton, NETWORK) + 1,
        "behind the check": place_of(skeleton, CHECK) + 1,
        "the end": len(raw),
    }[where]
    made = rebuild(stubs_and(raw, both, place), skeleton, "ada")
    ran = before_check(made, skeleton)
    assert ran.count(both) == 1 and sources(made).count(both) == 1
    assert not any(
        "NotImplementedError" in source for source in ran if "conv_macs" in source or "network_macs" in source
    )
    assert {cell.id for cell in made.submission.cells if cell.touched} == {CONV, NETWORK}
    note = " ".join(made.submission.notes)
    assert CONV in note and NETWORK in note and ("before" in note) == (where in ("behind the check", "the end"))


def test_an_answer_in_the_cell_of_a_later_question_runs_before_its_own_check(raw, skeleton):
    later = "q2_3-flops_growth"
    both = f"{MINE}\n\ndef flops_growth(*x):\n    return 8"
    made = rebuild(changed(raw, skeleton, later, source=both), skeleton, "ada")
    assert both in before_check(made, skeleton) and sources(made)[-1] != both
    assert next(cell.source for cell in made.submission.cells if cell.id == later) == both


@pytest.mark.parametrize("playground", ["playground-1", "playground-7"])
def test_an_answer_that_stands_in_a_playground_cell_counts(raw, skeleton, playground):
    made = rebuild(changed(raw, skeleton, playground, source=MINE), skeleton, "ada")
    assert MINE in before_check(made, skeleton) and sources(made).count(MINE) == 1
    assert not any("NotImplementedError" in source for source in before_check(made, skeleton) if "conv_macs" in source)
    assert any(CONV in note for note in made.submission.notes)


def test_a_playground_cell_does_not_run_beside_the_answer_in_its_own_cell(raw, skeleton):
    mine = changed(raw, skeleton, CONV, source=MINE)
    made = rebuild(changed(mine, skeleton, "playground-1", source="conv_macs = None"), skeleton, "ada")
    assert "conv_macs = None" not in sources(made)


@pytest.mark.parametrize("source", [MINE, f"My answer:\n```python\n{MINE}\n```"])
def test_of_an_answer_in_a_cell_of_text_it_is_said_where_it_belongs(raw, skeleton, source):
    cells = [*raw[:9], RawCell("markdown", source), *raw[9:]]
    assert absent(rebuild(cells, skeleton, "ada")) == "conv_macs stands in a cell of text: put it into its answer cell."
    mine = changed(raw, skeleton, CONV, source=MINE.replace("up(7)", "7"))
    assert absent(rebuild([RawCell("markdown", source), *mine], skeleton, "ada")) == ""


def test_an_answer_in_its_own_cell_is_not_replaced_by_another_cell(raw, skeleton):
    mine = changed(raw, skeleton, CONV, source=MINE)
    made = rebuild([*mine, RawCell("code", "conv_macs = None")], skeleton, "ada")
    assert sources(made).index(MINE) < sources(made).index("conv_macs = None")
    assert "conv_macs = None" not in before_check(made, skeleton)


def test_paragraphs_that_a_front_end_split_are_known_and_keep_their_order(skeletons):
    skeleton = skeletons["1_intuition"]
    answer = next(c for c in skeleton.cells if c.role == "answer" and c.kind == "markdown")
    cells = changed(as_raw(skeleton), skeleton, answer.id, source="First.\n\nSecond.\n\nThird.")
    split = [
        RawCell(one.kind, part)
        for one in cells
        for part in (one.source.split("\n\n") if one.kind != "code" else [one.source])
    ]
    made = rebuild(split, skeleton, "ada")
    assert made.submission.notes == ()
    found = [cell for cell in made.submission.cells if cell.kind != "code"]
    place = next(index for index, cell in enumerate(found) if cell.id == answer.id)
    assert [cell.source for cell in found[place : place + 3]] == ["First.", "Second.", "Third."]
    assert [cell.role for cell in found].count("added") == 2


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ({"playground-1": "def up(a):\n    return a"}, "up is defined in a cell to explore in (playground-1)"),
        ({"given-2": "def up(a):\n    return a"}, "up is defined in the locked cell given-2"),
        ({"playground-1": "from helpers import *"}, "up is defined in a cell to explore in"),
        ({"playground-1": "import math as up"}, "up is defined in"),
        ({"playground-1": "for up in [1]:\n    pass"}, "up is defined in"),
        ({"playground-1": "%%time\nup = 3\n%matplotlib inline\n!ls"}, "up is defined in"),
    ],
)
def test_a_name_that_only_what_is_taken_out_defines_is_named_with_where_to_put_it(raw, skeleton, edits, told):
    cells = changed(raw, skeleton, CONV, source=MINE)
    for cell_id, source in edits.items():
        cells = changed(cells, skeleton, cell_id, source=source)
    made = rebuild(cells, skeleton, "ada")
    assert told in absent(made) and "put it into an answer cell" in absent(made)
    assert absent(made, "q3_1") == ""


def test_a_name_that_is_defined_where_it_runs_as_well_is_not_missed(raw, skeleton):
    cells = changed(raw, skeleton, CONV, source=MINE)
    cells = changed(cells, skeleton, "playground-1", source="up = 1\nheight = 2")
    made = rebuild([RawCell("code", "up = abs"), *cells], skeleton, "ada")
    assert absent(made) == ""


def test_a_helper_that_only_a_later_cell_defines_is_named(raw, skeleton):
    later = changed(raw, skeleton, "q2_3-flops_growth", source="def up(a):\n    return a")
    made = rebuild(changed(later, skeleton, CONV, source=MINE), skeleton, "ada")
    assert absent(made).startswith("up is defined in the cell q2_3-flops_growth, behind the check: put it into")


def test_a_parameter_is_no_name_that_is_missed(raw, skeleton):
    cells = changed(raw, skeleton, CONV, source="def conv_macs(height):\n    return height")
    cells = changed(cells, skeleton, "playground-1", source="height = 2")
    assert rebuild(cells, skeleton, "ada").submission.absent == ()


def test_a_helper_that_needs_what_was_taken_out_is_followed(raw, skeleton):
    cells = changed(raw, skeleton, CONV, source=MINE)
    cells = changed(cells, skeleton, "playground-1", source="import numpy as np")
    made = rebuild([RawCell("code", "def up(a):\n    return np.ceil(a)"), *cells], skeleton, "ada")
    assert absent(made).startswith("np is defined in")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from helpers import conv_macs", "helpers.py"),
        ("import helpers as h\nconv_macs = h.conv_macs", "helpers.py"),
        ("from .helpers import conv_macs", "helpers.py"),
        ("from mylib.tools import conv_macs", "tools.py"),
        ("import mylib", "mylib/__init__.py"),
        ("%run helpers.py", "helpers.py"),
        ("import json\nconv_macs = json.load(open('data/mine.json'))", "mine.json"),
    ],
)
def test_a_file_beside_the_notebook_that_an_answer_reads_is_named(raw, skeleton, source, name):
    beside = ("helpers.py", "mine.json", "other.csv", "tools.py" if "tools" in source else "mylib/__init__.py")
    made = rebuild(changed(raw, skeleton, CONV, source=source), skeleton, "ada", (), beside)
    assert (
        absent(made)
        == f"The file {name} beside the notebook is not taken along: put what it holds into an answer cell."
    )


def test_a_file_whose_name_is_a_part_of_another_is_not_asked_for(raw, skeleton):
    reads = changed(raw, skeleton, CONV, source="conv_macs = len(open('my_data.csv').read()) + len('data.csvs')")
    assert absent(rebuild(reads, skeleton, "ada", (), ("data.csv",))) == ""


def test_nothing_is_missed_in_the_untouched_release(skeletons):
    for skeleton in skeletons.values():
        assert rebuild(as_raw(skeleton), skeleton, "ada").submission.absent == ()


@pytest.mark.parametrize(
    "source",
    ["-" * 40_000 + "1", "a" + ".b" * 20_000, "(" * 40_000, "x = 1\0", "def\n" * 9_000, "=" * 50_000,
     "lambda:" * 6_000 + "1", "[" * 90 + "]" * 90, "if 1:\n" + "".join(" " * n + "if 1:\n" for n in range(1, 99)),
     "x" * 60_000],
    ids=lambda source: repr(source[:8]),
)  # fmt: skip
def test_code_that_takes_a_parser_down_is_read_as_nothing(source):
    assert read_code(source).binds == frozenset()


def test_what_exceptions_say_is_never_asked():
    cells = [Cell("a", "code", "answer", "q", "raise NameError(\"name 'secret' is not defined\")", True)]
    cells.append(Cell("q", "code", "check", "q", 'grader.check("q")'))
    assert absent_names(cells, [TakenOut("a cell", "secret = 1")]) == ()
    assert json.dumps(read_code("%%bash\nsecret = 1").binds.__len__()) == "0"

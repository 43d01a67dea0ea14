import random
import time
from dataclasses import replace

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from autograder.course.skeleton import OURS
from autograder.intake.read import RawCell, parse_notebook
from autograder.intake.rebuild import likeness, rebuild, untouched
from tests.intake.intake_files import as_raw, place_of

CONV = "q2_2-conv_macs"
NETWORK = "q2_2-network_macs"
WRITTEN = "q2_1-answer"
MINE = "def conv_macs(*sizes):\n    return 7"


def changed(raw, skeleton, cell_id, **parts):
    place = place_of(skeleton, cell_id)
    return [*raw[:place], replace(raw[place], **parts), *raw[place + 1 :]]


def without(raw, skeleton, *ids):
    gone = {place_of(skeleton, cell_id) for cell_id in ids}
    return [one for index, one in enumerate(raw) if index not in gone]


def stripped(raw):
    """As Colab and old editors hand it in: no ids, no metadata."""
    return [RawCell(one.kind, one.source) for one in raw]


def source_of(rebuilt, cell_id):
    return next(cell.source for cell in rebuilt.submission.cells if cell.id == cell_id)


def ids_of(rebuilt):
    return [cell.id for cell in rebuilt.submission.cells]


def check_it_is_clean(rebuilt, skeleton):
    """What every rebuilt notebook is, whatever was handed in."""
    notebook = rebuilt.notebook
    nbformat.validate(notebook)
    ours = [cell for cell in notebook.cells if not cell.id.startswith("added-")]
    assert [cell.id for cell in ours] == [cell.id for cell in skeleton.cells]
    assert [cell.metadata for cell in ours] == [cell.metadata for cell in skeleton.notebook.cells]
    assert not any("nbgrader" in cell.metadata for cell in notebook.cells if cell.id.startswith("added-"))
    assert [cell.cell_type for cell in ours] == [cell.kind for cell in skeleton.cells]
    for cell, mine in zip(ours, skeleton.cells, strict=True):
        assert mine.is_students or cell.source == mine.source
    assert notebook.metadata == skeleton.notebook.metadata
    assert [cell.source for cell in rebuilt.submission.cells] == [cell.source for cell in notebook.cells]


def test_the_untouched_release_comes_back_as_it_is(raw, skeleton):
    MetadataValidator().validate_nb(skeleton.notebook)  # and so is what has its cells' metadata and no more of it
    made = rebuild(raw, skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert made.notebook.cells == skeleton.notebook.cells
    assert made.submission.notes == () and not any(cell.touched for cell in made.submission.cells)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(dict(grade_id=""), id="by its id"),
        pytest.param(dict(id="random"), id="by its grade id"),
        pytest.param(dict(id="", grade_id=""), id="by its definition"),
    ],
)
def test_an_answer_is_known_again(raw, skeleton, how):
    made = rebuild(changed(raw, skeleton, CONV, source=MINE, **how), skeleton, "ada")
    assert source_of(made, CONV) == MINE
    assert made.submission.notes == () and ids_of(made) == [cell.id for cell in skeleton.cells]
    assert [cell.id for cell in made.submission.cells if cell.touched] == [CONV]


@pytest.mark.parametrize("how", [dict(grade_id=""), dict(id="random")], ids=str)
def test_an_answer_that_defines_nothing_is_known_again_by_either_id(raw, skeleton, how):
    made = rebuild(changed(raw, skeleton, CONV, source="pass", **how), skeleton, "ada")
    assert source_of(made, CONV) == "pass" and made.submission.notes == ()


def test_every_code_answer_is_known_again_by_its_definition_alone(skeletons):
    for skeleton in skeletons.values():
        for name, cell in skeleton.by_definition.items():
            made = rebuild([RawCell("code", f"import os\n\n{name} = 1")], skeleton, "ada")
            assert source_of(made, cell.id) == f"import os\n\n{name} = 1"


@pytest.mark.parametrize(
    "source",
    [
        "def helper():\n    pass\n\ndef conv_macs(h):\n    return 1",
        "async  def conv_macs(h): ...",
        "conv_macs: object = max",
        "conv_macs = lambda *a: 1",
        "class conv_macs: pass",
        "def conv_macs(h:\n    syntax error",
    ],
)
def test_an_answer_without_ids_is_known_by_any_definition_in_it_parsed_or_not(raw, skeleton, source):
    made = rebuild(stripped(changed(raw, skeleton, CONV, source=source)), skeleton, "ada")
    assert source_of(made, CONV) == source


@pytest.mark.parametrize("source", ["conv_macs == 1", "    conv_macs = 1", "print('conv_macs = 1')"])
def test_what_is_no_definition_claims_no_answer(raw, skeleton, source):
    made = rebuild([*without(raw, skeleton, CONV), RawCell("code", source)], skeleton, "ada")
    assert source_of(made, CONV) == skeleton.by_id[CONV].source


def test_a_check_is_known_again_by_its_call(raw, skeleton):
    check = RawCell("code", "grader . check( 'q2_2' )  # mine")
    made = rebuild([*without(raw, skeleton, "q2_2"), check], skeleton, "ada")
    assert ids_of(made) == [cell.id for cell in skeleton.cells]
    assert any("q2_2 had been changed" in note for note in made.submission.notes)


def test_a_check_call_on_a_question_without_a_check_claims_nothing(raw, skeleton):
    made = rebuild([RawCell("code", 'grader.check("q2_1")')], skeleton, "ada")
    assert ids_of(made)[0] == "added-0"


def test_an_id_counts_more_than_a_definition_that_stands_earlier(raw, skeleton):
    early = [RawCell("code", "conv_macs = None"), *changed(raw, skeleton, CONV, source=MINE)]
    made = rebuild(early, skeleton, "ada")
    assert source_of(made, CONV) == MINE
    assert ids_of(made)[0] == "added-0" and source_of(made, "added-0") == "conv_macs = None"


def test_stripped_of_ids_and_metadata_every_answer_and_check_stays_in_its_place(raw, skeleton):
    mine = changed(raw, skeleton, CONV, source=MINE)
    mine = changed(mine, skeleton, WRITTEN, source="Because it costs less.")
    made = rebuild(stripped(mine), skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert ids_of(made) == [cell.id for cell in skeleton.cells]
    assert source_of(made, CONV) == MINE and source_of(made, WRITTEN) == "Because it costs less."


@pytest.mark.parametrize("answered", ["q1_1-answer", "q1_4_written-answer"])
def test_of_two_written_answers_without_ids_each_stays_behind_its_own_prompt(skeletons, answered):
    skeleton = skeletons["1_intuition"]
    mine = changed(as_raw(skeleton), skeleton, answered, source="All three.")
    made = rebuild(stripped(mine), skeleton, "ada")
    assert [cell.id for cell in made.submission.cells if cell.touched] == [answered]
    assert "added" not in {cell.role for cell in made.submission.cells}


@pytest.mark.parametrize("gone", [["q2_2"], [CONV], [WRITTEN], ["q2_1"], ["q2_1", WRITTEN], ["given-1"]])
def test_deleted_cells_are_put_back_and_said(raw, skeleton, gone):
    made = rebuild(without(raw, skeleton, *gone), skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert made.notebook.cells == skeleton.notebook.cells
    said = " ".join(made.submission.notes)
    assert all(f"cell {cell_id} was missing" in said for cell_id in gone)


def test_an_answer_and_its_check_both_deleted_are_put_back(raw, skeleton):
    gone = [cell.id for cell in skeleton.cells if cell.question == "q2_2"]
    made = rebuild(without(raw, skeleton, *gone), skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert len(made.submission.notes) == len(gone)


def test_an_answer_merged_into_another_cell_is_not_undone_by_the_releases_stub(raw, skeleton):
    both = f"{MINE}\n\ndef network_macs(*sizes):\n    return 8"
    merged = without(changed(raw, skeleton, CONV, source=both), skeleton, NETWORK)
    for handed_in in (merged, stripped(merged)):
        made = rebuild(handed_in, skeleton, "ada")
        assert source_of(made, CONV) == both
        assert "NotImplementedError" not in source_of(made, NETWORK)
        assert made.submission.notes == (
            f"the answer cell {NETWORK} was missing, and what it asks for is in another cell",
        )


def test_a_second_copy_is_kept_if_it_says_something_of_its_own(raw, skeleton):
    mine = changed(raw, skeleton, CONV, source=MINE)
    copies = [raw[place_of(skeleton, one)] for one in (CONV, "q2_2", "given-1", "prose-1")]
    copies += [RawCell("code", "conv_macs = 3", id="new", grade_id=CONV)]
    made = rebuild([*mine, *copies], skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert source_of(made, CONV) == MINE
    added = [cell.source for cell in made.submission.cells if cell.role == "added"]
    assert added == ["conv_macs = 3"]
    twice = sorted(note.split()[2] for note in made.submission.notes if "more than once" in note)
    assert twice == ["given-1", "prose-1", "q2_2", CONV]


def test_of_two_copies_the_one_with_an_answer_stands_for_the_cell(raw, skeleton):
    answered = replace(raw[place_of(skeleton, CONV)], source=MINE)
    for handed_in in ([answered, *raw], [*raw, answered], [*raw[:9], answered, *raw[9:]]):
        made = rebuild(handed_in, skeleton, "ada")
        assert source_of(made, CONV) == MINE and "added" not in {c.role for c in made.submission.cells}


def test_of_two_copies_of_a_locked_cell_the_unchanged_one_is_the_cell(raw, skeleton):
    edited = replace(raw[place_of(skeleton, "given-1")], source="mine = 1")
    made = rebuild([edited, *raw], skeleton, "ada")
    assert not any("had been changed" in note for note in made.submission.notes)
    assert source_of(made, "added-0") == "mine = 1"


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_retyped_cell_is_code_again(raw, skeleton, kind):
    made = rebuild(changed(raw, skeleton, CONV, kind=kind, source=MINE), skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert source_of(made, CONV) == MINE
    assert made.submission.notes == (f"the cell {CONV} had become {kind} and is code again",)


def test_reordered_cells_stand_in_the_releases_order_again(raw, skeleton):
    made = rebuild(raw[::-1], skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert made.notebook.cells == skeleton.notebook.cells
    assert "cells had been reordered and stand in the release's order again" in made.submission.notes


@pytest.mark.parametrize("cell_id", ["q2_2", "given-1", "install", "prose-1", "playground-1"])
def test_an_edited_locked_cell_is_restored(raw, skeleton, cell_id):
    made = rebuild(changed(raw, skeleton, cell_id, source="import os; os._exit(0)"), skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert made.notebook.cells == skeleton.notebook.cells


def test_an_answer_written_into_the_prompt_is_not_lost(raw, skeleton):
    prompt = skeleton.by_id["q2_1"].source + "\n\nIt grows."
    made = rebuild(changed(raw, skeleton, "q2_1", source=prompt), skeleton, "ada")
    check_it_is_clean(made, skeleton)
    place = ids_of(made).index("q2_1")
    assert made.submission.cells[place + 1].source == prompt
    merged = without(changed(raw, skeleton, "q2_1", source=prompt), skeleton, WRITTEN)
    assert source_of(rebuild(merged, skeleton, "ada"), WRITTEN) == prompt


def test_metadata_is_the_releases_whatever_the_file_says(skeleton):
    content = nbformat.from_dict(skeleton.notebook)
    content.metadata = {"kernelspec": {"name": "bash"}, "scalelab": {"problem": "x"}, "nbgrader": 1}
    for cell in content.cells:
        cell.metadata |= {"deletable": True, "tags": ["otter_ignore"], "scalelab": {"role": "answer"}}
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"schema_version": 9, "points": 100, "locked": False, "grade": True}
    made = rebuild(parse_notebook(nbformat.writes(content).encode()), skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert made.notebook.cells == skeleton.notebook.cells


def test_added_cells_are_kept_behind_the_cell_that_they_stood_behind(raw, skeleton):
    place = place_of(skeleton, CONV) + 1
    own = [RawCell("code", "mine = 1"), RawCell("markdown", "why"), RawCell("raw", "raw")]
    made = rebuild([own[0], *raw[:place], *own, *raw[place:]], skeleton, "ada")
    check_it_is_clean(made, skeleton)
    cells = made.submission.cells
    assert [(c.kind, c.source) for c in cells[place + 1 : place + 4]] == [
        ("code", "mine = 1"),
        ("markdown", "why"),
        ("markdown", "raw"),
    ]
    assert cells[0].source == "mine = 1" and cells[place].id == CONV


def test_a_cell_cannot_take_the_place_of_an_added_one_or_of_another_notebooks(raw, skeleton):
    ids = ("added-3", "q1_2", "", "../x", "q2_2 ")
    odd = [RawCell("code", str(number), id=name) for number, name in enumerate(ids)]
    made = rebuild([*odd, *raw], skeleton, "ada")
    check_it_is_clean(made, skeleton)
    assert [cell.source for cell in made.submission.cells[:5]] == list("01234")


def test_a_cell_that_was_cut_off_is_said(raw, skeleton):
    made = rebuild(changed(raw, skeleton, CONV, source="x" * 200_000), skeleton, "ada")
    assert any("longer than 200000 characters and was cut off" in note for note in made.submission.notes)
    made = rebuild(changed(raw, skeleton, "q2_1-answer", source="x" * 20_000), skeleton, "ada")
    assert any("longer than 20000 characters and was cut off" in note for note in made.submission.notes)


@pytest.mark.parametrize(
    "source",
    [
        "-" * 100_000 + "1",
        "a" + ".b" * 100_000,
        "(" * 100_000,
        "x = 1\0",
        "\\",
        "def\n" * 50_000,
        "=" * 200_000,
    ],
    ids=lambda source: repr(source[:8]),
)
def test_a_source_that_takes_down_a_parser_takes_intake_no_time(raw, skeleton, source):
    before = time.process_time()
    check_it_is_clean(rebuild([*raw, *[RawCell("code", source)] * 10], skeleton, "ada"), skeleton)
    assert time.process_time() - before < 10, "it takes half a second"


@pytest.mark.parametrize("same", [False, True])
def test_two_thousand_cells_do_not_take_minutes(raw, skeleton, same):
    own = [RawCell("code", f"x{i} = {i}\n" * 20) for i in range(1_900)]
    handed_in = [*stripped(raw), *([stripped(raw)[5]] * 1_900 if same else own)]
    before = time.process_time()
    likeness(handed_in, skeleton)
    rebuild(handed_in, skeleton, "ada")
    assert time.process_time() - before < 10, "it takes half a second"


def test_a_missing_notebook_is_the_releases_with_the_reason(skeleton):
    made = untouched(skeleton, "ada", "Not handed in.", missing=True)
    check_it_is_clean(made, skeleton)
    assert made.submission.problem == "Not handed in." and made.submission.missing


def test_nothing_done_to_a_rebuilt_notebook_reaches_the_skeleton(raw, skeleton):
    before = nbformat.writes(skeleton.notebook)
    made = rebuild(raw, skeleton, "ada").notebook
    made.metadata["kernelspec"]["name"] = "other"
    for cell in made.cells:
        cell.source = ""
        cell.metadata[OURS]["role"] = "other"
    assert nbformat.writes(skeleton.notebook) == before


STEP = st.tuples(
    st.sampled_from(["edit", "copy", "move", "delete", "delete many", "strip", "shuffle"]),
    *[st.integers(0, 999)] * 3,
)
"""What is done to the cells, and numbers that say to which ones and how."""


def mangled(raw, steps):
    """What careless students do to a notebook."""
    cells = list(raw)
    for what, place, other, how in steps:
        place, other = place % len(cells), other % len(cells)
        one = cells[place]
        if what in {"edit", "copy"}:
            edits = edits_of(cells[other])
            one = replace(one, **edits[how % len(edits)])
        if what in {"edit", "move", "delete"}:
            del cells[place]
        if what in {"edit", "copy", "move"}:
            cells.insert(place if what == "edit" else other, one)
        if what == "delete many":
            del cells[place : place + 9]
        if what == "strip":
            cells = stripped(cells)
        if what == "shuffle":
            random.Random(how).shuffle(cells)
        cells = cells or [RawCell("code", "")]
    return cells


def edits_of(other):
    """What may be changed of a cell. other: one that it may be made like."""
    return [
        *(dict(source=source) for source in (MINE, "", "x = 1", other.source)),
        *(dict(kind=kind) for kind in ("code", "markdown", "raw")),
        dict(id="", grade_id=""),
        dict(id="new"),
        dict(id=other.id),
        dict(grade_id=other.grade_id),
    ]


@pytest.mark.parametrize(
    "examples",
    [pytest.param(50, marks=pytest.mark.sample), pytest.param(250, marks=pytest.mark.proof)],
)
def test_whatever_is_done_to_the_cells_the_notebook_is_clean_and_rebuilding_it_again_changes_nothing(
    skeleton, examples
):
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(steps=st.lists(STEP, min_size=1, max_size=12))
    def check(steps):  # not the test itself, whose fixtures hypothesis would print
        made = rebuild(mangled(as_raw(skeleton), steps), skeleton, "ada")
        check_it_is_clean(made, skeleton)
        again = rebuild(parse_notebook(nbformat.writes(made.notebook).encode()), skeleton, "ada")
        assert again.submission.cells == made.submission.cells
        assert again.notebook == made.notebook
        assert again.submission.notes == ()

    check()

"""Pictures leave the text that they stand in, and nothing of the text is lost."""

import json

import pytest

from autograder.intake import pictures
from autograder.intake.pictures import take_out
from autograder.intake.read import parse_notebook

PNG = "iVBORw0KGgo" + "A" * 100_000


def cell_of(source, **more):
    return parse_notebook(json.dumps({"cells": [{"cell_type": "markdown", "source": source} | more]}).encode())[0]


def test_words_after_a_pasted_picture_are_kept():
    cell = cell_of(f"before ![x](data:image/png;base64,{PNG}) after")
    assert cell.source == "before ![x](attachment:pasted-1) after"
    assert list(cell.pictures["pasted-1"].values()) == [PNG]


def test_many_pictures_are_not_too_much_text():
    cells = [{"cell_type": "markdown", "source": f"![](data:image/png;base64,{PNG}) {number}"} for number in range(25)]
    read = parse_notebook(json.dumps({"cells": cells}).encode())
    assert [cell.source.split()[-1] for cell in read] == [str(number) for number in range(25)]


def test_a_reference_and_an_img_tag_count_alike():
    cell = cell_of(f"![x][1] <img src='data:image/jpeg;base64,{PNG}' width=40>\n\n[1]: <data:image/png;base64,{PNG}>")
    assert cell.source == "![x][1] <img src='attachment:pasted-1' width=40>\n\n[1]: <attachment:pasted-2>"


@pytest.mark.parametrize(
    "written",
    [
        f"DATA:image/PNG;BASE64,{PNG}",
        f"data:image/png;charset=utf-8;name=a%20b.png;base64,{PNG}",
        f"data:image/png;base64,{PNG[:76]}\n{PNG[76:152]}\n{PNG[152:300]}\n",
    ],
    ids=["capitals", "parameters", "broken lines"],
)
def test_a_pasted_picture_is_known_however_a_tool_writes_it(written):
    cell = cell_of(f"![x]({written}) after")
    assert cell.source.replace("\n", "") == "![x](attachment:pasted-1) after"
    [data] = cell.pictures["pasted-1"].values()
    assert PNG.startswith(data) and len(data) >= 300


def test_words_in_the_line_behind_a_picture_are_no_part_of_it():
    assert cell_of("data:image/png;base64,AAAA\nwords\nhere").source == "attachment:pasted-1\nwords\nhere"


def test_what_a_front_end_attaches_is_carried_whatever_its_types():
    attachments = {
        "a.png": {"image/png": [PNG[:50] + "\n", PNG[50:]]},
        "b": {"text/html": "<b>"},
        "c": 3,
        "d": {"image/png": 4},
    }
    cell = cell_of("![a](attachment:a.png)", attachments=attachments)
    assert list(cell.pictures["a.png"].values()) == [PNG]
    assert "b" not in cell.pictures and "c" not in cell.pictures
    assert cell_of("x", attachments=[1]).pictures == {}


def test_a_pasted_picture_takes_no_attached_ones_name():
    text, found = take_out("data:image/png;base64,AAAA", {"pasted-2": {"image/png": "BBBB"}})
    assert text == "attachment:pasted-3" and len(found) == 2


@pytest.mark.parametrize(
    ("limit", "reason"), [("MAX_PICTURE", "MB, which is too much"), ("MAX_PICTURES", "more than 0 pictures")]
)
def test_what_is_too_much_is_left_out_with_a_reason(monkeypatch, limit, reason):
    monkeypatch.setattr(pictures, limit, 0)
    _, found = take_out("data:image/png;base64,AAAA", {})
    assert reason in found["pasted-1"][pictures.REASON]


def test_code_is_left_alone():
    read = parse_notebook(
        json.dumps({"cells": [{"cell_type": "code", "source": "x = 'data:image/png;base64,AAAA'"}]}).encode()
    )
    assert read[0].source == "x = 'data:image/png;base64,AAAA'" and read[0].pictures == {}

import json
import os
import tracemalloc

import pytest

from autograder.intake import notebook_json, read
from autograder.intake.read import Unreadable, parse_notebook, read_notebook, shown
from tests.intake.intake_files import code, notebook_bytes


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"def f(): pass", "is a script and not the notebook"),
        (b"some words", "not JSON"),
        (b'{"cells": [', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "not JSON"),
        (b'{"cells": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[1, 2]", "no notebook"),
        (b'"cells"', "no notebook"),
        (b"null", "no notebook"),
        (b'{"a": 1}', "no cells"),
        (b'{"cells": 5}', "no cells"),
        (b'{"cells": {"0": {}}}', "no cells"),
    ],
)
def test_bytes_that_are_no_notebook_are_refused_with_the_reason(data, reason):
    with pytest.raises(Unreadable, match=reason):
        parse_notebook(data)


@pytest.mark.parametrize("version", [1, 3, 4, 99, "4", None, [], -1])
def test_the_format_that_a_file_claims_does_not_matter_where_its_cells_can_be_read(version):
    assert parse_notebook(notebook_bytes(code("x = 1"), nbformat=version))[0].source == "x = 1"


def test_cells_of_format_3_are_read():
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "y"]}]}]}
    [cell] = parse_notebook(json.dumps(old).encode())
    assert (cell.kind, cell.source) == ("code", "x = 1\ny")


@pytest.mark.parametrize("sheets", [[], [5], [{}], [{"cells": 5}], [{"cells": [5, None]}]])
def test_odd_worksheets_hold_no_cells(sheets):
    odd = {"nbformat": 4, "worksheets": sheets, "cells": 5}
    assert parse_notebook(json.dumps(odd).encode()) == []


@pytest.mark.parametrize("outputs", [0, 600_000], ids=["read as a whole", "read as a stream"])
def test_a_notebook_within_what_an_api_gives_is_read(outputs):
    within = {"cells": [code("x = 1", outputs=[{"output_type": "stream", "text": "x" * outputs}])]}
    for data in ({"type": "notebook", "content": within, "path": "1.ipynb"}, json.dumps(within)):
        assert parse_notebook(json.dumps(data).encode())[0].source == "x = 1"
    for data in ({"content": "x"}, json.dumps("x"), {"content": {"content": within}}):
        with pytest.raises(Unreadable, match="no notebook"):
            parse_notebook(json.dumps(data).encode())


def test_a_byte_order_mark_is_passed_over():
    assert parse_notebook(b"\xef\xbb\xbf" + notebook_bytes(code("x")))[0].source == "x"


def test_a_source_may_be_a_list_of_lines():
    assert parse_notebook(notebook_bytes(code(["a\n", 5, None, "b"])))[0].source == "a\nb"


@pytest.mark.parametrize("odd", [None, 5, True, {}, [], [[]], {"a": []}])
@pytest.mark.parametrize("key", ["cell_type", "source", "id", "metadata", "outputs"])
def test_a_value_of_an_odd_type_is_taken_for_none(key, odd):
    [cell] = parse_notebook(notebook_bytes(code("x") | {key: odd}))
    assert [type(part) for part in (cell.kind, cell.source, cell.id, cell.grade_id)] == [str] * 4
    assert isinstance(cell.outputs, list)


@pytest.mark.parametrize("odd", [None, 5, [], {}, {"grade_id": 5}, {"grade_id": []}])
def test_odd_nbgrader_metadata_holds_no_grade_id(odd):
    assert parse_notebook(notebook_bytes(code("x", metadata={"nbgrader": odd})))[0].grade_id == ""


def test_cells_that_are_no_objects_are_passed_over():
    assert len(parse_notebook(notebook_bytes(5, None, [], "x", code("x")))) == 1


def test_lone_surrogates_do_not_get_into_a_source():
    [cell] = parse_notebook(rb'{"cells": [{"cell_type": "code", "source": "x = \"\ud800\""}]}')
    assert cell.source == 'x = "?"'


def test_too_many_cells_are_refused():
    with pytest.raises(Unreadable, match="2001 cells"):
        parse_notebook(notebook_bytes(*[{}] * 2001))


def test_a_long_source_is_cut_and_too_much_source_is_refused():
    assert len(parse_notebook(notebook_bytes(code("x" * 300_000)))[0].source) == read.MAX_SOURCE
    with pytest.raises(Unreadable, match="million characters"):
        parse_notebook(notebook_bytes(*[code("x" * 200_000)] * 51))


def text(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def test_a_long_text_is_cut_earlier_than_code_and_too_much_text_is_refused():
    cells = parse_notebook(notebook_bytes(text("x" * 30_000), code("x" * 30_000)))
    assert [len(cell.source) for cell in cells] == [read.MAX_TEXT, 30_000]
    assert len(parse_notebook(notebook_bytes(*[text("x" * 20_000)] * 20))) == 20
    with pytest.raises(Unreadable, match="characters in its text cells"):
        parse_notebook(notebook_bytes(*[text("x" * 20_000)] * 21))


def test_millions_of_tiny_objects_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr(notebook_json, "MAX_PARTS", 200_000)
    tracemalloc.start()
    with pytest.raises(Unreadable, match="more parts"):
        parse_notebook(b'{"cells": [' + b"{}," * notebook_json.MAX_PARTS + b"{}]}")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 35 * notebook_json.MAX_PARTS  # bytes; each object would take more than sixty


def test_fifty_megabytes_of_output_are_read():
    text = "y = [0.1]\n" * 5_000_000
    output = {"output_type": "stream", "name": "stdout", "text": text}
    assert parse_notebook(notebook_bytes(code("x", outputs=[output])))[0].source == "x"


def test_an_empty_file_a_large_one_a_link_and_a_pipe_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MAX_BYTES", 1_000_000)
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(b" " * 2_000_000)
    (tmp_path / "good").write_bytes(notebook_bytes(code("x")))
    (tmp_path / "link").symlink_to(tmp_path / "good")
    os.mkfifo(tmp_path / "pipe")
    for name, reason in {
        "empty": "empty file",
        "large": "2 MB, and 1 MB are the limit",
        "link": "symbolic link",
        "pipe": "no file",
    }.items():
        with pytest.raises(Unreadable, match=reason):
            read_notebook(tmp_path / name)
    assert len(read_notebook(tmp_path / "good")) == 1


def test_a_name_is_shown_in_one_line_that_any_file_can_hold():
    assert shown("a\nb\x1b[31m\udcff\u202e.ipynb") == "a?b?[31m??.ipynb"
    assert len(shown("x" * 500)) == 80
    assert shown("jörg [1] müller.ipynb") == "jörg [1] müller.ipynb"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp1252"])
def test_a_notebook_is_read_in_whichever_encoding_it_was_saved(encoding):
    content = json.dumps({"cells": [code("# it’s here: ü")]}, ensure_ascii=False)
    assert parse_notebook(content.encode(encoding))[0].source == "# it’s here: ü"
    padded = content.encode(encoding) + bytes(400)  # as a crash or a broken sync leaves it
    assert parse_notebook(padded)[0].source == "# it’s here: ü"


@pytest.mark.parametrize(
    ("before", "behind"), [(b"\xef\xbb\xbf" * 2, b""), (b"", b"\x1a"), (b"\xef\xbb\xbf", b"\r\n\x1a\r\n")]
)
def test_marks_before_and_behind_a_notebook_are_no_part_of_it(before, behind):
    assert parse_notebook(before + notebook_bytes(code("x = 1")) + behind)[0].source == "x = 1"


def test_text_that_is_not_in_the_encoding_that_it_claims_is_called_damaged():
    with pytest.raises(Unreadable, match="damaged"):
        parse_notebook(b"\xff\xfe{\0}")


@pytest.mark.parametrize(
    "source", ["a\r\nb\r\n", "a\rb\r", ["a\r\n", "b\r\n"], ["a\r", "b\r"], ["a\n", "b\n"], ["a", "b", ""]], ids=repr
)
def test_lines_end_as_in_unix_however_they_were_saved(source):
    assert parse_notebook(notebook_bytes(code(source)))[0].source == "a\nb\n"


def test_line_ends_of_the_file_itself_do_not_matter():
    content = json.dumps({"cells": [code("a\nb")]}, indent=1)
    for ends in ("\r\n", "\r"):
        assert parse_notebook(content.replace("\n", ends).encode())[0].source == "a\nb"


@pytest.mark.parametrize("magic", ["%md", "%md ", "%%markdown", "%md-sandbox"])
def test_text_that_databricks_saves_as_code_is_text(magic):
    [cell] = parse_notebook(notebook_bytes(code(f"{magic}\n# A title\nand more")))
    assert (cell.kind, cell.source) == ("markdown", "# A title\nand more")
    assert parse_notebook(notebook_bytes(code("%mdx\n1")))[0].kind == "code"


def test_outputs_are_cut_down_while_they_are_read():
    output = {"output_type": "display_data", "data": {"text/html": "x" * 1000, "text/plain": "y"}, "metadata": {}}
    [cell] = parse_notebook(notebook_bytes(code("x", outputs=[output, {"output_type": "unknown", "data": [1]}])))
    assert cell.outputs == [{"output_type": "display_data", "data": {"text/plain": "y"}, "metadata": {}}]


def test_many_large_outputs_take_no_more_memory_than_one():
    rows = [{"row": number} for number in range(6_000)]
    output = {"output_type": "display_data", "data": {"application/json": rows}, "metadata": {}}

    def most(cells):
        data = notebook_bytes(*cells)
        tracemalloc.start()
        parse_notebook(data)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak - 2 * len(data)

    one, many = most([code("x", outputs=[output])]), most([code("x", outputs=[output])] * 12)
    assert many < 2 * one


@pytest.mark.parametrize("value", [b'"",', b"1,", b'{"":"x"},'], ids=str)
def test_many_values_are_refused_before_they_are_made(value, monkeypatch):
    most = 60_000
    monkeypatch.setattr(notebook_json, "MAX_STRINGS", most)
    if value != b'"",':
        monkeypatch.setattr(notebook_json, "MAX_VALUES", most)
    tracemalloc.start()
    with pytest.raises(Unreadable, match="more parts"):
        parse_notebook(b'{"cells": [' + value * (most + 1) + b"1]}")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * most  # two thousand cells are made, and then no more
    assert len(parse_notebook(notebook_bytes(code("x"), outputs=["a,b,[{" * most]))) == 1  # in a string they are none

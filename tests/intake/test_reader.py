"""Large notebooks are read in a confined process: one that takes too much costs itself, and nothing else."""

import json
import math
import resource
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake import notebook_json
from autograder.intake.read import Unreadable, parse_notebook, read_notebook
from autograder.intake.reader import TOO_LARGE, reader
from autograder.intake.reader_child import MEMORY_BYTES
from tests.intake.intake_files import code, notebook_bytes

LARGE = notebook_bytes(code("x = 1", id="a", outputs=[{"output_type": "stream", "text": "y" * 700_000}]))


def write(path, data):
    path.write_bytes(data)
    return path


def peak_of(process: int) -> int:
    """Bytes that a process had in memory at most."""
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1000 for line in file if line.startswith("VmHWM"))


@pytest.mark.tool
def test_a_large_notebook_is_read_as_a_small_one_is(tmp_path):
    assert len(LARGE) > notebook_json.SMALL
    assert read_notebook(write(tmp_path / "a.ipynb", LARGE)) == parse_notebook(LARGE)
    with pytest.raises(Unreadable, match="it was cut off"):
        read_notebook(write(tmp_path / "b.ipynb", LARGE[:-10]))


@pytest.mark.tool
def test_one_that_takes_too_much_costs_itself_alone_and_this_process_nothing(tmp_path):
    wide = '{"cells": [], "x": "\N{PILE OF POO}' + "a" * 99_000_000 + '", "y": NaN}'  # NaN: it is read as a whole
    path = write(tmp_path / "wide.ipynb", wide.encode())
    read_notebook(write(tmp_path / "good.ipynb", LARGE))
    reader().close()
    tracemalloc.start()
    with pytest.raises(Unreadable, match="takes too much") as raised:
        read_notebook(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(raised.value) == TOO_LARGE and most < 10_000_000
    assert read_notebook(tmp_path / "good.ipynb")[0].source == "x = 1"


@pytest.mark.tool
def test_fifty_megabytes_of_output_need_not_be_in_memory_twice(tmp_path):
    text = "y = [0.1]\n" * 5_000_000
    data = notebook_bytes(code("x", outputs=[{"output_type": "stream", "name": "stdout", "text": text}]))
    reader().close()
    assert read_notebook(write(tmp_path / "a.ipynb", data))[0].source == "x"
    assert peak_of(reader().process_id) < 6 * len(data)


@pytest.mark.tool
def test_the_process_has_limits_and_walls(tmp_path):
    read_notebook(write(tmp_path / "a.ipynb", LARGE))
    process = reader().process_id
    assert reader().walls
    assert resource.prlimit(process, resource.RLIMIT_AS) == (MEMORY_BYTES, MEMORY_BYTES)


KEYS = ["cells", "source", "outputs", "metadata", "nbgrader", "grade_id", "attachments", "data", "text/plain", "id"]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.sampled_from(KEYS), inner),
    max_leaves=8,
)
CELL = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw", 5]), "source": ANY},
    optional={"outputs": ANY, "metadata": ANY, "attachments": ANY, "id": ANY, "input": ANY, "more": ANY},
)


@settings(max_examples=40, deadline=None)
@given(content=st.fixed_dictionaries({"cells": st.lists(CELL | ANY, max_size=4)}, optional={"x": ANY}) | ANY)
def test_a_stream_and_a_whole_give_the_same(content):
    data = json.dumps(content).encode()

    def read(small):
        notebook_json.SMALL = small
        try:
            return parse_notebook(data)
        except Unreadable as problem:
            return str(problem)

    before = notebook_json.SMALL
    try:
        assert read(-1) == read(len(data))
    finally:
        notebook_json.SMALL = before


def test_what_yajl_does_not_read_is_read_as_a_whole(monkeypatch):
    monkeypatch.setattr(notebook_json, "SMALL", 0)
    assert parse_notebook(notebook_bytes(code("x"), metadata={"x": [math.nan, math.inf]}))[0].source == "x"
    assert parse_notebook('{"cells": [{"source": "ü", "cell_type": "code"}]}'.encode("cp1252"))[0].source == "ü"


@pytest.mark.parametrize("text", ['"a' + "\\n" * 300_000 + '"', '["' + '", "'.join("ab" * 99_999) + '"]', '"\\"'])
def test_no_part_of_a_text_ends_within_a_string(text):
    parts, file = [], notebook_json._Bytes(text.encode())
    while part := file.read(1000):
        parts.append(part.decode())
    assert "".join(parts) == text
    if text != '"\\"':
        assert all(part.replace("\\n", "").count('"') % 2 == 0 for part in parts)

"""The first cell of a notebook brings the packages, the checks and the data, from student.zip and nowhere else."""

import importlib.util
import sys
import threading
import types
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from autograder.course import load_course
from autograder.release.assemble import badge_cells, install_cell

WHEEL = "notebook_course_checks-0.2.0-py3-none-any.whl"


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder, as Colab's is, without the course's package."""
    folder = tmp_path / "content"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    return folder


def packed(folder):
    with zipfile.ZipFile(folder / "student.zip", "w") as archive:
        for name in (WHEEL, "tests/q1.py", "data/a.csv", "1_averages.ipynb"):
            archive.writestr(name, "released")


def run(course):
    """Run the cell. Returns what it gives to pip."""
    given = []
    shell = types.SimpleNamespace(run_line_magic=lambda name, arguments: given.append((name, arguments)))
    exec(install_cell(course), {"get_ipython": lambda: shell})
    return given


def tiny_with(own_tiny, line):
    file = own_tiny.folder / "course.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[students]\n", f"[students]\n{line}\n"), encoding="utf-8")
    return load_course(own_tiny.folder)


def test_everything_comes_out_of_the_zip_and_pip_gets_a_path_and_a_pinned_name(empty, own_tiny):
    packed(empty)
    (empty / "1_averages.ipynb").write_text("answered", encoding="utf-8")
    assert run(own_tiny) == [("pip", f"install --quiet ./{WHEEL} otter-grader==7.0.0")]
    assert (empty / "tests" / "q1.py").is_file() and (empty / "data" / "a.csv").is_file()
    assert (empty / "1_averages.ipynb").read_text(encoding="utf-8") == "answered", "an answered notebook stays"


def test_colab_asks_for_the_zip(empty, own_tiny, monkeypatch, capsys):
    files = types.SimpleNamespace(upload=lambda: packed(empty))
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", types.SimpleNamespace(files=files))
    run(own_tiny)
    assert "Choose student.zip" in capsys.readouterr().out
    assert (empty / "tests").is_dir()


def test_elsewhere_it_says_what_to_do(empty, own_tiny):
    with pytest.raises(FileNotFoundError, match=r"put student.zip beside this notebook"):
        run(own_tiny)


def test_nothing_is_done_where_all_is_there(tmp_path, monkeypatch, own_tiny):
    monkeypatch.chdir(tmp_path)
    assert run(own_tiny) == []


def test_a_zip_that_is_published_is_fetched(empty, own_tiny, tmp_path):
    published = tmp_path / "published"
    published.mkdir()
    packed(published)
    handler = partial(SimpleHTTPRequestHandler, directory=str(published))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        course = tiny_with(own_tiny, 'zip_url = "https://example.org/student.zip"')
        cell = install_cell(course).replace("https://example.org", f"http://127.0.0.1:{server.server_port}")
        given = []
        exec(cell, {"get_ipython": lambda: types.SimpleNamespace(run_line_magic=lambda *it: given.append(it))})
        server.shutdown()
        thread.join()
    assert given and (empty / "data" / "a.csv").is_file()


def test_a_badge_opens_the_notebook_on_colab_where_the_course_says_where_it_lies(own_tiny):
    assert badge_cells(own_tiny, "1_averages") == []
    (cell,) = badge_cells(tiny_with(own_tiny, 'github = "some/course/blob/main/notebooks"'), "1_averages")
    assert "(https://colab.research.google.com/github/some/course/blob/main/notebooks/1_averages.ipynb)" in cell.source

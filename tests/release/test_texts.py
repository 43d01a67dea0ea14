"""What students read is easy to read: short cells and lines; each notebook says what it is for and how it ends."""

import re

import nbformat
import pytest

from autograder.course.skeleton import OURS

MAX_WORDS, MAX_LINE = 150, 99
WORD = re.compile(r"\S*[^\W_]\S*")
STARTS_WITH = ("**In this notebook you learn**", "**You need**", "**Time:**")
ENDS_WITH = "## What you have now"


@pytest.fixture(scope="module")
def notebooks(release):
    """Every notebook of the student release, by its name."""
    texts = {name: text for name, text in release.files.items() if name.endswith(".ipynb")}
    return {name: nbformat.reads(text, as_version=4) for name, text in texts.items()}


def is_long(text):
    """Whether a cell has so many words that it needs a figure, a formula of its own or a task, and has none."""
    eased = "$$" in text or "![" in text or "### Problem" in text
    return len(WORD.findall(text)) > MAX_WORDS and not eased


def test_words_are_counted_without_the_lines_of_tables_and_lists():
    assert len(WORD.findall("| a | 2 |\n|---|---|\n- it's `x_1` − 3.5 *so*")) == 6
    assert not is_long("word " * 150)
    assert is_long("word " * 151)
    assert not is_long("$$y$$" + "word " * 151)


def test_no_cell_is_a_wall_of_words(notebooks):
    long = [
        f"{name}, {cell.id}: {len(WORD.findall(cell.source))} words"
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        if cell.cell_type == "markdown" and is_long(cell.source)
    ]
    assert not long


def test_a_notebook_begins_with_its_title_and_not_with_how_it_is_installed(notebooks):
    for name, notebook in notebooks.items():
        install, title = notebook.cells[:2]
        assert install.metadata["jupyter"] == {"source_hidden": True} and install.source.startswith("# Run this"), name
        assert len(install.source.split("\n")[0]) < 60, "it does not wrap, and would make a narrow page scroll"
        assert title.source.startswith("# "), name


def test_no_line_of_code_is_100_characters_long(notebooks):
    long = [
        f"{name}, {cell.id}: {line}"
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        if cell.cell_type == "code"
        for line in cell.source.split("\n")
        if len(line) > MAX_LINE
    ]
    assert not long


def test_plots_are_drawn_by_the_library(notebooks):
    """A student reads what a figure shows, and not how it is drawn."""
    drawing = [
        f"{name}, {cell.id}"
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        if cell.cell_type == "code" and re.search(r"\bplt\.|matplotlib|\baxe?i?s\.", cell.source)
    ]
    assert not drawing


def test_each_notebook_says_what_one_learns_needs_and_has_at_its_end(notebooks):
    for name, notebook in notebooks.items():
        texts = [cell.source for cell in notebook.cells if cell.metadata[OURS].role == "prose"]
        start = "\n".join(texts[:2])
        assert all(part in start for part in STARTS_WITH), name
        assert re.search(r"\*\*Time:\*\* about \w+ hours?", start), name
        end = "\n".join(texts[-2:])
        assert ENDS_WITH in end and end.index(ENDS_WITH) < end.index("## Handing in"), name


def test_no_text_blames_a_problem_set_that_it_does_not_link(notebooks):
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            box = re.search(r"<div.*?</div>", cell.source, re.DOTALL)
            assert not (box and "problem set" in box[0] and "](http" not in box[0]), (name, cell.id)

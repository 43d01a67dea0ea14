"""No text takes more than its share of time and memory, or leaves more than its share of HTML; and none is lost."""

import os
import resource
import signal
import time

import pytest
from bs4 import BeautifulSoup

from autograder.rendering import Refused, Renderer, Texts, renderer
from autograder.rendering import notebook as of_a_notebook
from autograder.rendering.limits import HTML_CHARACTERS, MEMORY_BYTES, PICTURES, TEXT_SECONDS

pytestmark = pytest.mark.tool

SIZE = 20_000
SLOW = {
    "nested inline tags": "<b><i>" * 4000,
    "tags that would be opened again in each block": "".join(f"<b a{n}>" for n in range(1200)) + "<p>a" * 1900,
    "inline tags of many kinds": "<b><i><em><strong><code><sub><sup><a>" * 600 + "\n\n" + "<p>" * 2000,
    "an inline tag for each paragraph": "<b>\n\n<i>\n\n" * 2000,
    "nested blocks": "<div>" * 4000,
    "tables in tables": "<table><tr><td>" * 1300,
    "reference links": "[a]: http://" + "x" * 8000 + "\n\n" + "[a] " * 3000,
    "emphasis": "**a *a " * 2800,
    "brackets": "[" * SIZE,
    "beginnings of links": "[](" * 6600,
    "beginnings of pictures": "![[]()" * 3300,
    "a table's missing cells": "|" + "a|" * 4000 + "\n|" + "-|" * 4000 + "\n" + "|a|\n" * 1000,
    "beginnings of formulas": "\\begin{align}\n" * 1400,
    "nested TeX": "$" + "{" * 9000 + "}" * 9000 + "$",
    "formulas": r"$\frac{a}{b}$ " * 1500,
    "quotations": "> " * 9000 + "a",
    "attributes": '<a href="' * 2200,
    "backticks": "".join("`" * length + " " for length in range(1, 199)),
}


@pytest.fixture(scope="module")
def by():
    """A process of this module's own."""
    made = Renderer()
    yield made
    made.close()


def seconds_of(by: Renderer) -> float:
    """Processor time of the process that renders."""
    with open(f"/proc/{by.process_id}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_more_than_its_time_or_becomes_more_than_its_size(by, name):
    text = SLOW[name][:SIZE]
    by.html("ready")
    process, before = by.process_id, seconds_of(by)
    html = Texts(by).html(text)
    assert len(html) < HTML_CHARACTERS + 1000
    if by.process_id == process:
        assert seconds_of(by) - before < TEXT_SECONDS + 1
    else:
        assert "as-typed" in html, "the process was ended, so the text stands there as it was typed"
    assert by.html("**still** there") == "<p><strong>still</strong> there</p>"


def test_a_text_that_is_too_much_is_shown_as_it_was_typed_with_a_note(by):
    page = BeautifulSoup(Texts(by).html("<script>LEAK()</script>\n\n" + SLOW["reference links"]), "html.parser")
    assert "Shown as it was typed, because it would become too large a page." in page.text
    assert "<script>LEAK()</script>" in page.pre.text and page.script is None


def test_a_process_that_dies_costs_one_text_and_no_other(by):
    by.html("ready")
    os.kill(by.process_id, signal.SIGKILL)
    assert by.html("a") in ("<p>a</p>", Refused("it takes too much time or memory"))
    assert by.html("b") == "<p>b</p>"


def test_the_process_can_open_nothing_and_reach_nobody(by):
    """As its own code would, were it taken over: the seccomp filter is read back from the kernel."""
    by.html("ready")
    with open(f"/proc/{by.process_id}/status", encoding="ascii") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    assert by.walls and status["Seccomp"].strip() == "2"
    assert resource.prlimit(by.process_id, resource.RLIMIT_AS) == (MEMORY_BYTES, MEMORY_BYTES)
    most = 1 if resource.getrlimit(resource.RLIMIT_CORE)[1] else 0
    assert resource.prlimit(by.process_id, resource.RLIMIT_CORE) == (most, most), "no collector of crashes is started"


def test_it_ends_with_the_process_that_started_it():
    reader, writer = os.pipe()
    if os.fork() == 0:
        by = Renderer()
        by.html("ready")
        os.write(writer, str(by.process_id).encode())
        os._exit(0)
    os.close(writer)
    child = int(os.read(reader, 20))
    os.close(reader)
    os.wait()
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            with open(f"/proc/{child}/stat", encoding="ascii") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return
        except OSError:
            return
    pytest.fail("it is still there")


def test_all_texts_of_a_notebook_together_have_a_limit(by, monkeypatch):
    monkeypatch.setattr(of_a_notebook, "NOTEBOOK_SECONDS", 0.0)
    assert "took too long" in Texts(by).html("a")


def test_pictures_beyond_the_limit_are_named(by):
    texts = Texts(by)
    html = texts.html("![x](attachment:x) " * (PICTURES + 1), {"x": {"image/png": "iVBORw0KGgo="}})
    assert html.count("cannot be shown, because it is damaged") == PICTURES
    assert html.count(f"the notebook has more than {PICTURES} pictures") == 1


def test_each_process_has_one_of_its_own():
    assert renderer() is renderer()
    assert isinstance(renderer().ask({"picture": ""}), Refused)

"""Nothing that a student may hand in is read for longer than its length allows, or ends the run that reads it."""

import re
import time

import pytest

from autograder.intake import taken_out
from autograder.intake.attachment_names import ends_as, is_named
from autograder.intake.causes import why_no_json
from autograder.intake.layouts.blackboard import WHO
from autograder.intake.notebook_json import MAX_VALUES
from autograder.intake.read import parse_notebook
from autograder.intake.times import read_time
from autograder.intake.unreadable import Unreadable

SECONDS = 2.0
"""Of processor time. Each of these takes some milliseconds, and took minutes, hours or years."""


def who(text: str) -> re.Match[str] | None:
    return WHO.search(text)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (lambda name: is_named(name, "best.safetensors"), "best" + "-copy-1" * 33 + "x.safetensors"),
        (lambda name: ends_as(name, "best.safetensors"), "a_best" + "_copy 1" * 33 + "x.safetensors"),
        (lambda text: why_no_json(text, ValueError()), "<<<<<<< a\n" * 50_000),
        (who, "Name:" + " " * 90_000 + "x"),
        (who, "Name: " + "(" * 90_000),
        (taken_out.ASSIGNED_MAGIC.match, " " * 190_000 + "x"),
        (taken_out.ASSIGNED_MAGIC.match, "a" * 190_000),
        (taken_out.LINE_MAGIC.match, "?" * 190_000 + "x"),
        (taken_out.STAR.search, "\n" * 190_000),
        (taken_out.STAR.search, "from" + " " * 190_000),
        (lambda text: taken_out._asks_for("more.py", text), "\n" * 190_000),
        (lambda text: taken_out._asks_for("more.py", text), "import " + "a, " * 60_000),
    ],
)
def test_it_takes_time_by_its_length_alone(read, text):
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize(
    "name",
    [
        "best.safetensors",
        "best (1).safetensors",
        "best - Copy (2).safetensors",
        "best-1.safetensors",
        "Copy of best.safetensors",
        "best_copy 3 (1).safetensors",
        "best-copy-1-2.safetensors",
        "BEST(1)(2).SAFETENSORS",
    ],
)
def test_a_copy_of_an_attachment_is_still_known_by_its_name(name):
    assert is_named(name, "best.safetensors")
    assert ends_as(f"ada_12_34_{name}", "best.safetensors") or name.startswith("Copy of")
    assert is_named(f"{name}.txt", "best.safetensors") and not is_named(f"{name}.zip", "best.safetensors")


def test_who_handed_in_is_told_by_the_last_brackets_of_the_line():
    told = who("Name: Ada (Countess) Lovelace (ada)\r\nDate Submitted: now (eve)")
    assert told is not None and (told["name"].strip(), told["user"]) == ("Ada (Countess) Lovelace", "ada")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("x = %who", "x = None"),
        ("  a, b = !ls", "  a, b = None"),
        ("x = y % 2", "x = y % 2"),
        ("= %x", "= %x"),
        ("f(x) = %a", "f(x) = %a"),
    ],
)
def test_a_magic_that_is_assigned_is_left_out(line, left):
    assert taken_out.ASSIGNED_MAGIC.sub(r"\1None", line) == left


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01 00:00:00 +23:59",
        "9999-12-31 23:59:00 -23:59",
        "0000-01-01 00:00",
        "Friday, 20 November 0001, 10:59 PM",
        "2026-11-20 22:59 +99:99",
    ],
)
def test_a_time_that_no_clock_shows_is_none(text):
    assert read_time(text) is None, "converted to another zone, it would end the whole run"


def test_a_file_of_more_numbers_than_any_notebook_is_refused_before_they_are_read():
    text = b'{"cells": [' + b"1," * (2 * MAX_VALUES + 1) + b"1]}"
    begun = time.process_time()
    with pytest.raises(Unreadable, match="has more parts than any notebook"):
        parse_notebook(text)
    assert time.process_time() - begun < SECONDS

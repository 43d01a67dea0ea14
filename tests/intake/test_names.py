"""Names of students and files: what folders, terminals and tools can carry, and never raw on a console."""

import pytest

from autograder.intake.names import hardly_different, student_id


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        "Ada",
        "jörg müller",
        "[a-z]*",
        "who?",
        "a'b",
        "{x}",
        "-rf",
        "$HOME",
        "日本",
        "a.b.",
        "a\\b",
        "=1+1",
        "~",
    ],
)
def test_a_name_that_every_tool_takes_stays_as_it_is(name):
    assert student_id(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (".ada", r"\x2eada"),
        ("..", r"\x2e."),
        (" ada ", r"\x20ada\x20"),
        ("a\nb", r"a\x0ab"),
        ("a\x1b[31mred", r"a\x1b[31mred"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2028b", r"a\u2028b"),
        ("a\udcff", r"a\udcff"),
        ("a/b", r"a\x2fb"),
        ("<img src=x onerror=alert(1)>", r"\x3cimg src=x onerror=alert(1)\x3e"),
        ('";alert(1);"', r"\x22;alert(1);\x22"),
    ],
)
def test_what_no_file_or_terminal_takes_is_written_out(name, safe):
    assert student_id(name) == safe


@pytest.mark.parametrize(("typed", "meant"), [(r"a\x0ab", "a\nb"), (r"\x2eada", ".ada"), (r"\u202e", "\u202e")])
def test_a_name_that_looks_like_one_that_was_written_out_is_another(typed, meant):
    assert student_id(typed) != student_id(meant)
    assert student_id(typed).startswith(typed.partition("\\")[0] + r"\x5c")


def test_a_name_that_is_too_long_is_cut_and_stays_different_from_others():
    names = {student_id("\x01" * 200 + end) for end in "ab"}
    assert len(names) == 2 and all(len(name.encode()) <= 250 for name in names)
    assert student_id("x" * 250) == "x" * 250


def test_names_that_differ_in_capitals_or_blanks_alone_are_told():
    names = ["ada", "Ada", student_id("ben "), "ben", "eve", "Straße", "strasse"]
    assert hardly_different(names) == [("Ada", "ada"), ("Straße", "strasse"), ("ben", r"ben\x20")]

"""Names of students and files: what folders, terminals and tools can carry, and never raw on a console."""

import pytest

from autograder.intake.names import student_id


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        "Ada",
        "jörg müller",
        "[a-z]*",
        "who?",
        "a'b\"c",
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
    ],
)
def test_what_no_file_or_terminal_takes_is_written_out(name, safe):
    assert student_id(name) == safe


def test_a_name_that_is_too_long_is_cut_and_stays_different_from_others():
    names = {student_id("\x01" * 200 + end) for end in "ab"}
    assert len(names) == 2 and all(len(name.encode()) <= 250 for name in names)
    assert student_id("x" * 250) == "x" * 250

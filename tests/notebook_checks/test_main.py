"""`python -m notebook_checks`: what public checks have said, for scripts."""

import json

import pytest

from notebook_checks.__main__ import USAGE, main


def save(folder, name: str, **checks: str) -> str:
    """A notebook whose checks have given these outputs; "" is none."""
    cells = [
        {
            "cell_type": "code",
            "id": question,
            "metadata": {},
            "source": f'grader.check("{question}")',
            "outputs": [{"output_type": "execute_result", "data": {"text/plain": text}}] if text else [],
        }
        for question, text in checks.items()
    ]
    (folder / name).write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return str(folder / name)


PASSED = "✓ q1: all 2 checks passed\n  3 of 6 points here"
FAILED = "✗ q2: 1 of 2 checks passed\n  What is wrong"


def test_all_passed_is_status_0(tmp_path, capsys):
    assert main([save(tmp_path, "a.ipynb", q1=PASSED)]) == 0
    assert capsys.readouterr().out == "a.ipynb  ✓ q1: all 2 checks passed\n"


@pytest.mark.parametrize(
    ("text", "line"), [(FAILED, "✗ q2: 1 of 2 checks passed"), ("", "q2: has no result"), ("17", "17")]
)
def test_a_check_that_failed_or_was_not_run_is_status_1(tmp_path, capsys, text, line):
    assert main([save(tmp_path, "a.ipynb", q1=PASSED, q2=text), save(tmp_path, "b.ipynb", q1=PASSED)]) == 1
    assert capsys.readouterr().out.splitlines()[1] == f"a.ipynb  {line}"


def test_a_notebook_that_cannot_be_read_or_has_no_checks_fails(tmp_path, capsys):
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    assert main([str(tmp_path / "broken.ipynb")]) == 1 and main([str(tmp_path / "missing.ipynb")]) == 1
    assert main([save(tmp_path, "none.ipynb")]) == 1, "checks that somebody removed have not passed"
    assert "not readable" in capsys.readouterr().out


def test_a_wrong_call_is_status_2(capsys):
    assert main([]) == main(["--help"]) == 2
    assert USAGE in capsys.readouterr().err

"""A release begins a gradebook as nbgrader does."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

pytestmark = pytest.mark.tool


def tables_of(book: Path) -> tuple[list[tuple], list[tuple]]:
    """The definitions of a gradebook's tables, and its version."""
    with closing(sqlite3.connect(book)) as database:
        tables = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        return tables, database.execute("SELECT version_num FROM alembic_version").fetchall()


def test_a_new_gradebook_has_the_tables_and_the_version_of_one_that_nbgrader_makes(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}", prepend=os.pathsep)  # nbgrader calls alembic
    with Gradebook(f"sqlite:///{tmp_path / 'own.db'}", tiny.name):
        pass
    tables, version = tables_of(tiny.dist / "nbgrader" / "gradebook.db")
    assert (tables, version) == tables_of(tmp_path / "own.db")
    assert len(tables) > 10 and version[0][0]

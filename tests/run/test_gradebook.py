"""What makes nbgrader's gradebook fast here leans on how nbgrader opens it."""

import os
import sys
from importlib.metadata import version

import pytest
from nbgrader.api import Gradebook

import autograder.run.gradebook  # noqa: F401 - what is tested

pytestmark = pytest.mark.tool


def test_gradebooks_of_a_database_share_an_engine_that_holds_no_connection_between_them(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin", prepend=os.pathsep)  # nbgrader calls alembic
    url = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(url) as first:
        first.add_student("ada")
    assert first.engine.pool.checkedin() == first.engine.pool.checkedout() == 0
    with Gradebook(url) as second:
        assert second.engine is first.engine, f"nbgrader {version('nbgrader')} opens gradebooks in another way"
        assert [student.id for student in second.students] == ["ada"]

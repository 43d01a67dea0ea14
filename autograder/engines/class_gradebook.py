"""nbgrader's gradebook, open for a whole class: each change is made whole or not at all."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import Assignment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import scoped_session, sessionmaker
from tornado.log import app_log

from autograder.course.gradebook_url import for_sqlalchemy

app_log.addHandler(logging.NullHandler())  # by which nbgrader prints a database's tracebacks: we say it in a line


class ClassGradebook(Gradebook):
    """A gradebook that stays open for a whole class.

    troubles: what the database itself has raised since the last change began. nbgrader passes on a text of it at most.
    """

    db: scoped_session

    def __init__(self, url: str, course: str):
        self.troubles: list[BaseException] = []
        super().__init__(for_sqlalchemy(url), course)
        event.listen(self.engine, "handle_error", self._note)

    def _note(self, context: ExceptionContext) -> None:
        self.troubles.append(context.sqlalchemy_exception or context.original_exception)

    @contextmanager
    def all_or_nothing(self, turn: str = "") -> Iterator[None]:
        """Write down what happens inside at once, at its end; nothing of it if something is raised.

        nbgrader's own commits inside are not passed on to the database, as SQLAlchemy offers it for a session that
        joins a transaction.

        Args:
            turn: on a server, whoever names the same waits until this is done.
        """
        kept = self.db
        self.troubles.clear()
        with self.engine.begin() as connection:
            if turn and connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:turn))"), {"turn": turn})
            joins = sessionmaker(bind=connection, autoflush=True, join_transaction_mode="rollback_only")
            self.db = scoped_session(joins)
            try:
                yield
                self.db.flush()
            finally:
                self.db.remove()
                self.db = kept

    def hold_grades(self, assignment: str, student: str | None = None) -> None:
        """On a server, have whoever changes these grades wait until this change is done. Inside `all_or_nothing`.

        Args:
            assignment: the assignment's name.
            student: only theirs; everyone's by default.
        """
        if self.engine.dialect.name != "postgresql":
            return  # SQLite lets one write at a time
        grades = (
            self.db.query(Grade.id)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .filter(Assignment.name == assignment)
        )
        if student is not None:
            grades = grades.filter(SubmittedAssignment.student_id == student)
        grades.order_by(Grade.id).with_for_update(of=Grade).all()

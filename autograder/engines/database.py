"""The database of a gradebook: it can be reached and written to, and has nbgrader's tables, of this nbgrader."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from autograder.course.gradebook_url import for_sqlalchemy, shown_url, sqlite_file
from autograder.engines.database_trouble import Kind, kind_of_trouble, reason_in_one_line
from autograder.engines.table_version import newest_version, version_problem
from autograder.errors import MachineTrouble, NotInstalled, WrongCall

VERSION = "alembic_version"
"""nbgrader's own table of the version of its tables."""

TURN = "nbgrader's tables"


def need_database(url: str) -> None:
    """See to it that a gradebook's database can be used; in an empty one make nbgrader's tables, as nbgrader does.

    Args:
        url: of `checked_url`.

    Raises:
        NotInstalled: if psycopg is missing.
        MachineTrouble: if the server does not answer, or the database is locked.
        WrongCall: if it is another program's, of another version of nbgrader, or must not be written to.
    """
    path = sqlite_file(url)
    if path is None and find_spec("psycopg") is None:
        raise NotInstalled(
            f"{shown_url(url)}: needs psycopg, which is not installed; "
            "pip install 'notebook-course-autograder[postgres]'"
        )
    if path is not None and not path.parent.is_dir():
        raise WrongCall(f"{url}: there is no folder {path.parent}")
    with _troubles_told(url), _connected(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:turn))"), {"turn": TURN})
        tables = set(inspect(connection).get_table_names())
        if not tables:
            _make_tables(connection)
        _need_this_nbgraders(connection, url, tables)
        _need_rights(connection, url)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(for_sqlalchemy(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _troubles_told(url: str) -> Iterator[None]:
    """Raise what the database raises as one line."""
    shown = shown_url(url)
    try:
        yield
    except DBAPIError as problem:
        known = kind_of_trouble(problem)
        kind, reason = known or (Kind.REFUSES, reason_in_one_line(problem))
        if kind is Kind.AWAY and sqlite_file(url) is not None:
            raise MachineTrouble(f"{shown}: another program has locked it; end that (a formgrader?), or wait") from None
        if kind is Kind.AWAY:
            raise MachineTrouble(
                f"{shown}: cannot be reached ({reason}); start the server, or see to the URL"
            ) from None
        raise WrongCall(f"{shown}: cannot be used as a gradebook ({reason})") from None


def _make_tables(connection: Connection) -> None:
    from nbgrader.api import Base

    Base.metadata.create_all(bind=connection)
    connection.execute(text(f"CREATE TABLE {VERSION} (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text(f"INSERT INTO {VERSION} (version_num) VALUES (:version)"), {"version": newest_version()})


def _need_this_nbgraders(connection: Connection, url: str, tables: set[str]) -> None:
    if not tables:
        return
    if "submitted_assignment" not in tables:
        raise WrongCall(f"{shown_url(url)}: is not empty, and holds no gradebook; name an empty database")
    stamped = connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar() if VERSION in tables else None
    if problem := version_problem(stamped, shown_url(url)):
        raise WrongCall(problem)


def _need_rights(connection: Connection, url: str) -> None:
    """Raises WrongCall if the gradebook may not be written to."""
    if connection.dialect.name != "postgresql":
        connection.execute(text(f"UPDATE {VERSION} SET version_num = version_num"))
        return
    if connection.execute(text("SHOW transaction_read_only")).scalar() == "on":
        raise WrongCall(f"{shown_url(url)}: is read only; name the server that takes changes")
    for table in inspect(connection).get_table_names():
        if table != VERSION:
            rights = text("SELECT " + " AND ".join(f"has_table_privilege(:table, '{one}')" for one in NEEDED))
            if not connection.execute(rights, {"table": f'"{table}"'}).scalar():
                raise WrongCall(
                    f"{shown_url(url)}: its table {table} may not be changed by this user; as its owner: "
                    f"GRANT {', '.join(NEEDED)} ON ALL TABLES IN SCHEMA public TO …"
                )


NEEDED = ("SELECT", "INSERT", "UPDATE", "DELETE")
"""The rights that a run needs on each table."""

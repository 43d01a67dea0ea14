"""What it means that a database raised something: wait for it, try once more, or give up."""

from collections.abc import Iterable, Iterator
from enum import Enum

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

MAX_TEXT = 200


class Kind(Enum):
    """AWAY: the database does not answer, and may be back. CONFLICT: somebody else changed the same.

    REFUSES: it will not do this for anyone.
    """

    AWAY = "away"
    CONFLICT = "conflict"
    REFUSES = "refuses"


CONFLICTS = ("40001", "40P01", "23505")
"""PostgreSQL: a transaction that could not be brought into a line with another, a deadlock, a row that is there."""

AWAY = ("08", "53", "55P03", "57P", "58")
"""PostgreSQL: the connection, no memory or disk or too many connections, a lock, a shutdown, the machine."""

REFUSALS = ("25006", "28", "3D", "42501")
"""PostgreSQL: read only, not let in, no such database, no right to do this."""

LOCKED = ("locked", "busy")
"""SQLite, in what it says."""


def kind_of_trouble(problem: BaseException, noted: Iterable[BaseException] = ()) -> tuple[Kind, str] | None:
    """What a database's exception means for whoever wanted something of it.

    Args:
        problem: what was raised, by whatever; its causes are looked at as well.
        noted: what the database has raised meanwhile, if somebody has caught it.

    Returns:
        What it means, and the reason in one line; None if the database is not to blame.
    """
    found = [one for raised in (problem, *noted) for one in _chain(raised) if isinstance(one, DBAPIError)]
    kinds = {kind: one for one in reversed(found) if (kind := _kind(one)) is not None}
    for kind in (Kind.AWAY, Kind.REFUSES, Kind.CONFLICT):
        if kind in kinds:
            return kind, reason_in_one_line(kinds[kind])
    return None


def reason_in_one_line(problem: DBAPIError) -> str:
    """What the database said. It shows no password."""
    said = " ".join(str(problem.orig).split())
    return said if len(said) <= MAX_TEXT else f"{said[:MAX_TEXT]} …"


def _kind(problem: DBAPIError) -> Kind | None:
    state = getattr(problem.orig, "sqlstate", None) or ""
    if type(problem.orig).__module__ == "sqlite3" or "sqlite3" in type(problem.orig).__module__:
        if not isinstance(problem, OperationalError):
            return Kind.CONFLICT if isinstance(problem, IntegrityError) else None
        return Kind.AWAY if any(word in str(problem.orig) for word in LOCKED) else Kind.REFUSES
    if problem.connection_invalidated or state.startswith(AWAY):
        return Kind.AWAY
    if state.startswith(REFUSALS):
        return Kind.REFUSES
    if state in CONFLICTS:
        return Kind.CONFLICT
    return Kind.AWAY if not state and isinstance(problem, (OperationalError, InterfaceError)) else None


def _chain(problem: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = problem
    for _ in range(20):
        if one is None:
            return
        yield one
        one = one.__cause__ or one.__context__

"""The URL of a gradebook, as SQLAlchemy takes it: SQLite or PostgreSQL, and nothing else."""

from pathlib import Path
from urllib.parse import parse_qs

from autograder.passwords import url_without_password

SQLITE, POSTGRESQL = "sqlite:///", "postgresql://"
PSYCOPG = "postgresql+psycopg://"
"""The driver that is used underneath, of which `postgresql://` is the short form."""

PATIENCE_OF_CONNECTIONS = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,  # seconds, after which a connection without traffic is tried
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}
"""A server that vanishes is noticed within a minute. Whatever the URL says itself goes before these."""


def checked_url(text: str, folder: Path = Path()) -> str:
    """A gradebook's URL, with an absolute path if it names a file.

    Args:
        text: what a person has typed.
        folder: relative paths start here.

    Raises:
        ValueError: if it is none, with the reason as the end of a sentence. No password is in it.
    """
    scheme, separator, _ = text.partition("://")
    if not separator:
        raise ValueError(f"is no URL of a database, such as {SQLITE}folder/gradebook.db or {POSTGRESQL}host/grades")
    if scheme == "sqlite":
        return _sqlite(text, folder)
    if f"{scheme}://" in (POSTGRESQL, PSYCOPG):
        return _postgresql(text)
    if scheme == "postgres" or scheme.startswith("postgresql+"):
        raise ValueError(f"write {POSTGRESQL}…; psycopg is the driver that is used")
    raise ValueError(f"there is no gradebook in {scheme!r}; it is {SQLITE}… or {POSTGRESQL}…")


def sqlite_file(url: str) -> Path | None:
    """The file of a gradebook in SQLite; None for one on a server."""
    return Path(url.removeprefix(SQLITE).partition("?")[0]) if url.startswith(SQLITE) else None


def for_sqlalchemy(url: str) -> str:
    """A checked URL with its driver, and with what a lost connection is noticed by."""
    if not url.startswith((POSTGRESQL, PSYCOPG)):
        return url
    url = PSYCOPG + url.partition("://")[2]
    known = parse_qs(url.partition("?")[2], keep_blank_values=True)
    more = [f"{name}={value}" for name, value in PATIENCE_OF_CONNECTIONS.items() if name not in known]
    return "&".join([url if "?" in url else f"{url}?{more.pop(0)}" if more else url, *more])


def shown_url(url: str) -> str:
    """The URL without its password, for people."""
    return url_without_password(url)


def _sqlite(text: str, folder: Path) -> str:
    path = sqlite_file(text)
    if (
        path is None
        or path.name in ("", ":memory:")
        or path.parts[:1] == ("file:",)
        or text.startswith("sqlite:///file:")
    ):
        raise ValueError(f"names no file; write {SQLITE}folder/gradebook.db, or {SQLITE}/folder/gradebook.db")
    return f"{SQLITE}{(folder / path).resolve()}"


def _postgresql(text: str) -> str:
    from sqlalchemy.engine import make_url  # a dependency of nbgrader's, imported only where it is needed
    from sqlalchemy.exc import ArgumentError

    if any(char.isspace() or not char.isprintable() for char in text):
        raise ValueError("cannot be read as a URL: it has spaces; write %20 for each")
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(
            f"cannot be read as a URL; write {POSTGRESQL}user@host:port/database, with %40 for an @ in a password"
        ) from None
    return text

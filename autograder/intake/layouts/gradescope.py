"""Gradescope: submission_metadata.yml tells whose each folder submission_<id> is, and when it was handed in."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from autograder.course import Course
from autograder.errors import WrongCall
from autograder.intake.names import composed
from autograder.intake.owners import Entry, Found, Person
from autograder.intake.times import read_time

METADATA = "submission_metadata.yml"
FOLDER = re.compile(r"submission_(\d+)")


def read(folder: Path, entries: list[Path], _: Course) -> Found:
    """What Gradescope tells of these entries.

    Args:
        folder: where they lie, with Gradescope's metadata beside them.
        entries: what lies in it. What the metadata names and the export lacks is told as well.
        _: the course, which every layout's `read` gets.

    Raises:
        WrongCall: if the metadata cannot be read, or names none of the folders that only Gradescope names so.
    """
    told = _metadata(folder / METADATA)
    named = [path for path in entries if FOLDER.fullmatch(path.name) and path.is_dir()]
    if not told or (named and not any(path.name in told for path in named)):
        if named and all(path in named or path.name == METADATA for path in entries):
            raise WrongCall(
                f"{named[0].name} and others: Gradescope's {METADATA}, which tells whose they are, is not beside "
                "them or names none of them; export the submissions again, or name the folder above"
            )
        return Found("gradescope", (), tuple(entries))
    people = _People(told.values())
    found, strangers = [], []
    for path in entries:
        about = told.get(path.name)
        if path.name == METADATA:
            continue
        if about is None or not FOLDER.fullmatch(path.name):
            strangers.append(path)
        else:
            found.append(_entry(path, about, people))
    gone = told.keys() - {path.name for path in entries}
    found += [
        _entry(folder / name, told[name], people, f"{name}: its files are not in the export") for name in sorted(gone)
    ]
    return Found("gradescope", tuple(found), tuple(strangers))


def _metadata(path: Path) -> dict[str, dict[str, Any]]:
    """What is told of each submission. Every value is text: a student number keeps its leading zeros."""
    if not path.is_file():
        return {}
    try:
        content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
        return {str(name): dict(about) for name, about in dict(content or {}).items()}
    except (OSError, ValueError, TypeError, RecursionError, yaml.YAMLError):
        raise WrongCall(f"{path.name}: cannot be read as Gradescope's metadata; export the submissions again") from None


def _entry(path: Path, about: dict[str, Any], people: "_People", unused: str = "") -> Entry:
    number = FOLDER.fullmatch(path.name)
    when = read_time(_text(about.get(":created_at")))
    history = about.get(":history")
    owners = tuple(dict.fromkeys(people.person(one) for one in _submitters(about))) or (Person(path.name),)
    order = (int(when.timestamp()) if when else 0, int(number[1]) if number else 0)
    before = len(history) if isinstance(history, list) else 0
    return Entry(owners, path, attempt=order, handed_in=when, unused=unused, before=before)


def _submitters(about: dict[str, Any]) -> list[dict[str, Any]]:
    told = about.get(":submitters")
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _text(value: object) -> str:
    return "" if not isinstance(value, str) or value in ("~", "null") else value.strip()


def _number(one: dict[str, Any]) -> str:
    """A submitter's student number; an accent in it may be written apart."""
    return composed(_text(one.get(":sid")))


class _People:
    """Submitters by their student number or otherwise their address; whoever has both is one person.

    An address has one owner, whatever its capital letters are: it is written as it stood first. A number that stands
    beside several addresses is nobody's, such as N/A.
    """

    def __init__(self, all_told: Any):
        submitters = [one for about in all_told for one in _submitters(about)]
        emails = [_text(one.get(":email")) for one in submitters]
        self._emails = {email.lower(): email for email in reversed(emails)}
        numbers = [(email.lower(), _number(one)) for one, email in zip(submitters, emails, strict=True)]
        owned = dict.fromkeys((email, number) for email, number in numbers if email and number)
        times = Counter(number for _, number in owned)
        self._shared = {number for number, count in times.items() if count > 1}
        self._numbers = {email: number for email, number in owned if number not in self._shared}

    def person(self, one: dict[str, Any]) -> Person:
        """Who a submitter is."""
        name, email, number = _text(one.get(":name")), _text(one.get(":email")), _number(one)
        own = "" if number in self._shared else number
        known = own or self._numbers.get(email.lower(), "") or self._emails[email.lower()]
        return Person(known or name or "?", name, email)

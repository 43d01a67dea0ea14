"""Blackboard: <assignment>_<user name>_attempt_<YYYY-MM-DD-HH-MM-SS>_<file name>, and a .txt that tells who it was."""

import re
from collections.abc import Collection
from pathlib import Path

from autograder.course import Course
from autograder.intake.owners import Entry, Found, Person
from autograder.intake.times import read_time

NAME = re.compile(r"(?P<head>.+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<text>\.txt))", re.DOTALL)
"""The first part that fits tells who it was: what follows may be a name that the student chose."""
WHO = re.compile(r"^Name:(?P<name>.*)\((?P<user>[^()\s]+)\)[ \t\r]*+$", re.MULTILINE)
MAX_TEXT = 100_000
"""Bytes of a .txt that are read: who it was stands on the first line, and a student's comment may be long."""


def read(_: Path, entries: list[Path], course: Course) -> Found:
    """What Blackboard has named of these entries.

    Args:
        _: the folder, which every layout's `read` gets.
        entries: what lies in it. Of a .txt that Blackboard has written, the beginning is read.
        course: its name or title may be the first part of a file's name.
    """
    matches = {path: None if path.is_dir() else NAME.fullmatch(path.name) for path in entries}
    known = {match["head"]: person for path, match in matches.items() if match and (person := _told(path, match))}
    heads = {match["head"] for match in matches.values() if match}
    people = _people(heads, known, course)
    found = tuple(_entry(path, match, people[match["head"]]) for path, match in matches.items() if match)
    return Found("blackboard", found, tuple(path for path in entries if matches[path] is None))


def _told(path: Path, match: re.Match[str]) -> Person | None:
    """Who handed in, as the .txt of an attempt tells."""
    if not match["text"] or path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        said = WHO.search(file.read(MAX_TEXT).decode("utf-8-sig", "replace"))
    user_fits = said is not None and match["head"].endswith(f"_{said['user']}")
    return Person(said["user"], said["name"].strip()) if said is not None and user_fits else None


def _people(heads: Collection[str], known: dict[str, Person], course: Course) -> dict[str, Person]:
    """Who each <assignment>_<user name> is. Both may have underscores: what a .txt tells shows where one ends.

    If no .txt tells, and the assignment has another name than the course, it is what all of several have in common.
    """
    assignments = {head.removesuffix(f"_{person.id}") for head, person in known.items()}
    assignments |= {course.name, course.title, course.title.replace(" ", "_"), course.name.replace("_", " ")}
    starts = [f"{name.casefold()}_" for name in sorted(assignments, key=len, reverse=True)]
    shared = _shared_start(heads)
    people = {}
    for head in heads:
        start = next((start for start in starts if head.casefold().startswith(start)), shared)
        people[head] = known.get(head) or Person(head[len(start) :] if start else head.rpartition("_")[2])
    return people


def _shared_start(heads: Collection[str]) -> str:
    """What all begin with, up to an underscore; "" if nothing is."""
    first, last = min(heads, default=""), max(heads, default="")
    places = range(min(len(first), len(last)), 0, -1)
    return next((first[:at] for at in places if first[at - 1] == "_" and first[:at] == last[:at]), "")


def _entry(path: Path, match: re.Match[str], person: Person) -> Entry:
    when = read_time(match["when"])
    attempt = tuple(int(part) for part in match["when"].split("-"))
    unused = "Blackboard's own page" if match["text"] else ""
    return Entry((person,), path, match["file"] or path.name, attempt, when, unused=unused, quiet=True)

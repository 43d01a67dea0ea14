"""From an LMS's entries to hand-ins: one for each person, with the newest attempt first and the others behind it."""

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.intake.names import composed
from autograder.intake.owners import Entry, Found, Origin, Person
from autograder.intake.read import shown
from autograder.intake.sketches import Sketches

MAX_NAMED = 5
"""How many things of one kind a remark names."""


@dataclass(frozen=True)
class Attempt:
    """What one person handed in at one time. label: what it is called beside others.

    folders: where its files lie, at most one for each entry. remarks: what of it is not graded.
    """

    label: str
    folders: tuple[Path, ...]
    origin: Origin
    remarks: tuple[str, ...] = ()


def attempts_of(found: Found, scratch: Path, sketches: Sketches) -> dict[Person, list[Attempt]]:
    """Each person's attempts, the newest first.

    Args:
        found: what the LMS handed over.
        scratch: a folder in which flat files get their own names again, in a folder for each attempt. They are links
            to the same bytes, or copies.
        sketches: those of the class.

    Returns:
        By person. Whoever handed in nothing that could be graded has one attempt without folders.
    """
    by_person: dict[str, list[tuple[Person, Entry]]] = defaultdict(list)
    for entry in found.entries:
        for person in entry.owners:
            by_person[person.id].append((person, entry))
    told = {}
    for number, pairs in enumerate(by_person.values()):
        person = _fullest(who for who, _ in pairs)
        entries = [entry for _, entry in pairs]
        told[person] = _attempts(found, person, entries, scratch / str(number), sketches)
    return told


def short(lines: list[str]) -> list[str]:
    """The first of some remarks, and how many more there are."""
    more = len(lines) - MAX_NAMED
    return [*lines[:MAX_NAMED], f"{more} more"] if more > 0 else lines


def _fullest(people: Iterable[Person]) -> Person:
    """One person of several that have the same id: a name or an address may be missing in some."""
    known = list(people)
    name = next((one.name for one in known if one.name), "")
    return Person(known[0].id, name, next((one.email for one in known if one.email), ""))


def _number(entry: Entry) -> int:
    return entry.attempt[0] + 1 if entry.attempt else 1


def _attempts(found: Found, person: Person, entries: list[Entry], scratch: Path, sketches: Sketches) -> list[Attempt]:
    by_attempt: dict[tuple[int, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_attempt[entry.attempt].append(entry)
    graded = {entry.attempt for entry in entries if entry.attempt or not entry.unused}
    # Canvas keeps counting where a name comes again; an online text alone, which has no number, is one attempt.
    count = max(map(_number, entries)) if found.by_file else len(graded) + max(entry.before for entry in entries)
    attempts = []
    for place, attempt in enumerate(sorted(by_attempt, reverse=True)):
        of_it = by_attempt[attempt]
        label = f"attempt {_number(of_it[0]) if found.by_file else len(by_attempt) - place}"
        folders = _laid_out([entry for entry in of_it if not entry.unused], scratch / label, sketches)
        times = [entry.handed_in for entry in of_it if entry.handed_in is not None]
        marks = [entry.late for entry in of_it if entry.late is not None]
        others = {other.id: other for entry in of_it for other in entry.owners if other.id != person.id}
        origin = Origin(
            lms=found.system,
            lms_id=person.id,
            name=person.name,
            email=person.email,
            attempts=max(count, 1),
            handed_in=max(times, key=lambda when: when.replace(tzinfo=None)) if times else None,
            late=any(marks) if marks else None,
            group=tuple(other.name or other.id for other in others.values()),
        )
        remarks = [_remark(entry) for entry in of_it if entry.unused and not entry.quiet]
        attempts.append(Attempt(label, folders, origin, tuple(short(remarks))))
    return attempts


def _remark(entry: Entry) -> str:
    name = shown(entry.name or entry.path.name)
    return f"{name} {entry.unused}" if entry.unused.startswith("is ") else entry.unused


def _laid_out(entries: list[Entry], scratch: Path, sketches: Sketches) -> tuple[Path, ...]:
    """Folders with an attempt's files under the names that the student gave them.

    Each lies in a folder whose number says how many files before it have the same name.
    """
    folders = [entry.path for entry in entries if not entry.name]
    flat = [entry for entry in entries if entry.name]
    times: Counter[str] = Counter()
    for entry in flat:
        name = entry.name.lstrip(". ") or "file"
        same = composed(name).casefold()  # as disks may compare names
        target = scratch / str(times[same]) / name
        times[same] += 1
        target.parent.mkdir(parents=True, exist_ok=True)
        _link_or_copy(entry.path, target, sketches)
    return (*folders, scratch) if flat else tuple(folders)


def _link_or_copy(path: Path, target: Path, sketches: Sketches) -> None:
    """The same file at another place. A symbolic link stays one, which intake then refuses."""
    with suppress(OSError):
        os.link(path, target, follow_symlinks=False)
        return
    shutil.copy2(path, target, follow_symlinks=False)
    if sketch := sketches.of(path):
        sketches.know(target, sketch)

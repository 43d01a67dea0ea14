"""Which of a student's files counts as which notebook: the one that has answers, and of several the newest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.skeleton import Skeleton
from autograder.intake.gather import Handin, listed
from autograder.intake.read import RawCell, read_notebook, shown
from autograder.intake.rebuild import Rebuilt, answers_in, likeness, rebuild, untouched
from autograder.intake.unreadable import Unreadable

ENOUGH = 0.25
"""A notebook that shares less than this with a notebook of the release is not recognised by what is in it."""

SAME_TIME = 2.0
"""Seconds: zips tell times in steps of two, and a time in the same step is not newer."""

MAX_TOLD = 5
"""Of so many other files is told why they do not count. The rest are named."""


@dataclass(frozen=True)
class Candidate:
    """A file as it was read. likeness: to the notebook that it is taken for, 0 to 1. problem: why it is unreadable.

    replaced: whether the student handed in another of its name later.
    """

    path: Path
    cells: tuple[RawCell, ...] = ()
    problem: str = ""
    likeness: float = 0.0
    answers: tuple[tuple[str, str], ...] = ()
    time: float = 0.0
    replaced: bool = False

    @property
    def name(self) -> str:
        """The file's name, as messages show it."""
        return shown(self.path.name)

    @property
    def answered(self) -> int:
        """How many answer cells the student wrote something in; 0 if it is not like the release at all."""
        return sum(1 for place, _ in self.answers if place) if self.likeness >= ENOUGH else 0


def read_all(handin: Handin, skeletons: dict[str, Skeleton]) -> dict[str | None, list[Candidate]]:
    """Every file that was handed in, under the notebook that it is taken for, or None.

    It is known by what is in it, and by its name if that says nothing.

    Args:
        handin: the student's, with the content of its files in place; see `autograder.intake.gather.unpacked`.
        skeletons: notebook → its release, for all notebooks of the course.
    """
    claims: dict[str | None, list[Candidate]] = {}
    for path in handin.notebooks:
        one = _read(path)
        shares = {name: likeness(list(one.cells), skeleton) for name, skeleton in skeletons.items()}
        best = max(shares, key=lambda name: shares[name]) if shares else None
        if best is None or shares[best] < ENOUGH:
            best = next((name for name in skeletons if name.lower() in path.name.lower()), None)
        if best is not None and not one.problem:
            answers = answers_in(list(one.cells), skeletons[best])
            one = Candidate(path, one.cells, "", shares[best], answers, path.lstat().st_mtime)
        claims.setdefault(best, []).append(replace(one, replaced=path in handin.replaced))
    return claims


def clean_one(
    handin: Handin, skeleton: Skeleton, files: list[Candidate], strangers: list[Candidate], remarks: Iterable[str]
) -> tuple[Rebuilt, Path | None]:
    """One notebook of one student, rebuilt, or the release's with the reason why.

    Args:
        handin: what was handed in.
        skeleton: the notebook of the release.
        files: those that are taken for it.
        strangers: those that are taken for no notebook.
        remarks: of the hand-in, to be said here.

    Returns:
        The notebook, and the file that it was made of, or None.
    """
    unlike = [(one.name, one.problem or f"{one.name} is not like any notebook of the release") for one in strangers]
    lines = [*_few(unlike), *remarks]
    if not files:
        return untouched(skeleton, handin.student, _in_sentences(["Not handed in", *lines]), missing=True), None
    chosen, others = _choose(files)
    lines += _few([(one.name, _told_of(one, chosen, skeleton)) for one in others])
    if chosen.problem or not chosen.likeness:
        problem = chosen.problem or f"{chosen.name} holds no cell of the release's {skeleton.name}"
        return untouched(skeleton, handin.student, _in_sentences([problem, *lines])), chosen.path
    told = [line.rstrip(".") for line in lines]
    if skeleton.name not in chosen.path.name:
        told.append(f"{chosen.name} was taken for {skeleton.name}.ipynb")
    beside = tuple(
        f"{path.parent.name}/{path.name}" if path.name == "__init__.py" else path.name for path in handin.beside
    )
    return rebuild(list(chosen.cells), skeleton, handin.student, tuple(told), beside), chosen.path


def _read(path: Path) -> Candidate:
    try:
        return Candidate(path, tuple(read_notebook(path)))
    except (Unreadable, OSError) as problem:
        said = problem if isinstance(problem, Unreadable) else f"cannot be read ({problem.strerror})"
        return Candidate(path, problem=f"{shown(path.name)} {said}.", time=path.lstat().st_mtime)


def _few(told: list[tuple[str, str]]) -> list[str]:
    """What is told of files, of pairs of a name and a line."""
    lines = [line for _, line in told[:MAX_TOLD]]
    more = [name for name, _ in told[MAX_TOLD:]]
    return [*lines, f"nor do these count: {listed(more)}"] if more else lines


def _in_sentences(lines: Iterable[str]) -> str:
    return " ".join(f"{line.rstrip('.')}." for line in lines)


def _choose(files: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The file that counts, and the others."""
    best = max((not one.problem, one.likeness >= ENOUGH, one.answered > 0) for one in files)
    rivals = [one for one in files if (not one.problem, one.likeness >= ENOUGH, one.answered > 0) == best]
    rivals = [one for one in rivals if not one.replaced] or rivals
    newest = max(one.time for one in rivals)
    rivals = [one for one in rivals if one.time >= newest - SAME_TIME]
    chosen = max(rivals, key=lambda one: (one.answered, len(one.answers), -len(one.path.name), str(one.path)))
    return chosen, [one for one in files if one is not chosen]


def _told_of(one: Candidate, chosen: Candidate, skeleton: Skeleton) -> str:
    its, others = chosen.name, one.name
    if its == others:
        its, others = _told_apart(chosen, one)
    if one.problem:
        return f"{one.problem[:-1]}; {its} is graded"
    if one.likeness < ENOUGH <= chosen.likeness:
        return f"{others} is not the release's {skeleton.name}: {its} is graded"
    if chosen.answered and not one.answered:
        return f"{others} has no answers: {its} is graded"
    both = f"{its} and {others} both are {skeleton.name}"
    if one.answers == chosen.answers:
        return f"{both}, with the same answers"
    if one.replaced or abs(one.time - chosen.time) > SAME_TIME:
        return f"{both}, with different answers: the newer, {its}, is graded"
    more = ", which has more of them," if chosen.answered > one.answered else ""
    return f"{both}, of the same time, with different answers: {its}{more} is graded"


def _told_apart(one: Candidate, other: Candidate) -> tuple[str, str]:
    """The names of two files of the same name, with the nearest folders that differ."""
    folders = zip(one.path.parents, other.path.parents, strict=False)
    first, second = next(
        (pair for pair in folders if pair[0].name != pair[1].name), (one.path.parent, other.path.parent)
    )
    return f"{one.name} (in {shown(first.name)})", f"{other.name} (in {shown(second.name)})"

"""What a person should look at: what intake restored, what tests remark, what ended before its time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.run.class_report.questions import CUT_SHORT, NOT_HANDED_IN, about_all
from autograder.run.graded import Graded


@dataclass(frozen=True)
class Look:
    """Something that an instructor should see. question: "" where it is about the whole notebook."""

    student: str
    notebook: str
    question: str
    what: str


def looks_of(done: Iterable[Graded]) -> list[Look]:
    """All of it. What is said of each missing notebook of a student stands once."""
    kept: dict[tuple[str, ...], Look] = {}
    for look in (look for one in done for look in _looks(one)):
        where = ("", "") if look.what.startswith(NOT_HANDED_IN) else (look.notebook, look.question)
        kept.setdefault((look.student, look.what, *where), look)
    return list(kept.values())


def _looks(one: Graded) -> Iterator[Look]:
    said_of_all = about_all(one.results)
    if said_of_all:
        yield Look(one.student, one.notebook, "", said_of_all)
    for note in one.results.notes:
        yield Look(one.student, one.notebook, "", note)
    for question in one.results.questions:
        if again := one.said_again(question):
            yield Look(one.student, one.notebook, question.question, again)
        for remark in question.remarks:
            yield Look(one.student, one.notebook, question.question, remark)
        if question.status in CUT_SHORT and not said_of_all:
            yield Look(one.student, one.notebook, question.question, question.message.split("\n")[0])

"""What the search for holes works on, and what it finds."""

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course import Course
from autograder.verify.asked import Asked
from autograder.verify.mutants import mutants_of

MODEL = "the model answer"

KILLED, SAME, DIFFERS, UNSTEADY, BROKEN = "killed", "same", "differs", "unsteady", "broken"


@dataclass(frozen=True)
class Searched:
    """What became of one mutant, or of the right answer itself, where `change` is "".

    fate: KILLED, if a case fails; SAME, if all pass and no input was found for which it differs from the model;
    DIFFERS, if one was found, which `shown` tells; UNSTEADY, if its points depend on the seed; BROKEN, if a
    right answer does not pass. why: the excuse in equivalent.toml.
    """

    question: str
    answer: str
    change: str
    fate: str
    shown: str = ""
    why: str = ""

    @property
    def is_hole(self) -> bool:
        """Whether somebody has to look at it."""
        if not self.change:
            return self.fate != SAME
        return self.fate in (DIFFERS, UNSTEADY) and not self.why


@dataclass(frozen=True)
class Batch:
    """A right answer to mutate. cells: its sources in the order in which they run, each with whether it is mutated."""

    question: str
    answer: str
    cells: tuple[tuple[str, bool], ...]

    def programs(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The answer itself, and then its mutants: the change, and all sources."""
        sources = tuple(source for source, _ in self.cells)
        yield "", sources
        for index, (source, mutated) in enumerate(self.cells):
            for mutant in mutants_of(self.question, "", source) if mutated else ():
                yield mutant.told, (*sources[:index], mutant.source, *sources[index + 1 :])


def asked_of(course: Course) -> dict[str, dict[str, Asked]]:
    """Question → name → how it is asked; {} for a course that has no strategies."""
    return course.grading_module("strategies").ASKED if course.has_grading_module("strategies") else {}

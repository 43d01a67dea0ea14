"""Whether a message to a student holds anything that nobody wrote beforehand: a hidden input, say, or a value."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import notebook_checks
from autograder.course import Course
from autograder.judge import cases, told

OURS = [
    re.compile(pattern)
    for pattern in (
        r"A call raised [A-Za-z]+\.",
        r"A value is of type [\w.]+, which is no number, list, dict or string\.",
        r"\w+ is not defined\.",
        r"This gave an? [\w ]+, where a number, a list, a dict or a string was expected\.",
        r"[\w., ]+ (is|are) not available here[.:]",
    )
]
"""What the judge says of its own, beside fixed sentences: the names in them are Python's, or the question's."""


class Sentences:
    """All that may be told of a hidden case: the constants of the tests and of what they call, and the judge's own."""

    def __init__(self, course: Course):
        self._course = course

    def unknown_in(self, message: str, question: str) -> str:
        """What is left of a hidden case's message without the known sentences; "" if all is known.

        Args:
            message: as the student reads it.
            question: whose test file has the case.
        """
        meant = map(re.compile, self._course.settings.sentences_with_numbers)
        for pattern in (*OURS, *meant):
            message = pattern.sub("", message)
        for known in (self._course.settings.room.withheld_hint, *self._known(self._course, question)):
            message = message.replace(known, "")
        return message.strip()

    @staticmethod
    @lru_cache
    def _known(course: Course, question: str) -> tuple[str, ...]:
        path = course.questions / f"{question}.py"
        files = [path, Path(cases.__file__), Path(told.__file__), *Path(notebook_checks.__file__).parent.glob("*.py")]
        files += _imported_from(course, path)
        constants = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        texts = {str(node.value).strip() for node in constants if isinstance(node, ast.Constant)}
        return tuple(sorted((text for text in texts if len(text) > 8), key=len, reverse=True))


def _imported_from(course: Course, path: Path) -> Iterator[Path]:
    """The files of the course's library that a test file imports, and their neighbours."""
    if course.library is None or course.settings.library is None:
        return
    package = course.settings.library.package
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        imported = node.module.split(".") if isinstance(node, ast.ImportFrom) and node.module else [""]
        if imported[0] == package:
            place = course.library.joinpath(*imported[1:])
            yield from (place if place.is_dir() else place.parent).glob("*.py")

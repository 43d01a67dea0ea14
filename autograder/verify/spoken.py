"""Whether a message to a student holds anything that nobody wrote beforehand: a hidden input, say, or a value."""

import ast
import re
from functools import lru_cache
from pathlib import Path

from autograder.course import Course
from autograder.judge import cases

OURS = [
    re.compile(pattern)
    for pattern in (
        r"A call raised [A-Za-z]+\.",
        r"A value is of type [\w.]+, which is no number, list, dict or string\.",
        r"A value is of the wrong kind: looking at it gave [A-Za-z]+\.",
        r"\w+ is not defined\.",
        r"This gave an? [\w ]+, where a number, a list, a dict or a string was expected\.",
        r"[\w., ]+ are not to be had here: the network is to be built of nn\.Conv2d, nn\.BatchNorm2d and nn\.Linear\.",
        r"\d+% of new images were named rightly; the next step of the ladder is at \d+%\.",  # q3_3 means to tell both
    )
]
"""What the judge says of its own, beside fixed sentences: the names in them are Python's, or the question's."""


class Sentences:
    """All that may be told of a hidden case: the constants of the tests and of what they call, and the judge's own."""

    def __init__(self, course: Course):
        self._course = course

    def unknown_in(self, message: str, question: str) -> str:
        """What is left of a hidden case's message without the known sentences; "" if all is known."""
        for pattern in OURS:
            message = pattern.sub("", message)
        for known in self._known(self._course.questions / f"{question}.py"):
            message = message.replace(known, "")
        return message.strip()

    @staticmethod
    @lru_cache
    def _known(path: Path) -> tuple[str, ...]:
        import scalelab.checking

        files = [path, Path(cases.__file__), *Path(scalelab.checking.__file__).parent.glob("*.py")]
        constants = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
        texts = {str(node.value).strip() for node in constants if isinstance(node, ast.Constant)}
        return tuple(sorted((text for text in texts if len(text) > 8), key=len, reverse=True))

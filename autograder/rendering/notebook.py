"""The texts of one notebook, rendered within what one notebook may use up together."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from re import Match
from re import compile as pattern
from typing import TypeVar
from urllib.parse import unquote

from autograder.rendering.limits import NOTEBOOK_SECONDS, PICTURE_BYTES, PICTURES
from autograder.rendering.plain import CLIPPED, as_typed
from autograder.rendering.worker import Refused, Renderer, renderer

ATTACHED = pattern(r'<img src="attachment:([^"]*)" alt="([^"]*)"([^>]*)>')
REASON = "text/plain"
"""Among the kinds of an attachment: why intake has left out its data."""

T = TypeVar("T")

NO_TIME = "the notebook's texts and pictures took too long"


@dataclass(frozen=True)
class Picture:
    """A picture that was written anew. data: base64."""

    kind: str
    data: str
    width: int
    height: int


class Texts:
    """Renders the texts of one notebook, one by one."""

    def __init__(self, by: Renderer | None = None):
        self._by = by or renderer()
        self._left = NOTEBOOK_SECONDS
        self._pictures = 0

    def html(self, markdown: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
        """A text as one block of HTML without a blank line, which holds its pictures.

        Args:
            markdown: what somebody wrote.
            attachments: pictures by name, as a notebook's cell has them: kind → base64.

        Returns:
            The HTML; the text as it was typed, with a note, if it is too much to render.

        Raises:
            MachineTrouble: if no process can be started to do it.
        """
        made = self._timed(lambda: self._by.html(markdown))
        if isinstance(made, Refused):
            return as_typed(markdown, made.reason)
        attached = attachments or {}
        return f"<div {CLIPPED}>\n" + ATTACHED.sub(lambda found: self._shown(found, attached), made) + "\n</div>"

    def _timed(self, make: Callable[[], T]) -> T | Refused:
        if self._left <= 0:
            return Refused(NO_TIME)
        begun = time.monotonic()
        try:
            return make()
        finally:
            self._left -= time.monotonic() - begun

    def _shown(self, found: Match[str], attachments: Mapping[str, Mapping[str, str]]) -> str:
        name, description, width = unquote(unescape(found[1])), found[2], found[3]
        made = self._picture(attachments.get(name))
        if isinstance(made, Refused):
            return f"<em>[The picture {escape(name[:80])} cannot be shown, because {escape(made.reason)}.]</em>"
        if not width:
            width = f' width="{made.width}" height="{made.height}"'
        return f'<img src="data:{made.kind};base64,{made.data}" alt="{description}"{width}>'

    def _picture(self, attachment: Mapping[str, str] | None) -> Picture | Refused:
        if not attachment:
            return Refused("it is not in the notebook")
        if REASON in attachment:
            return Refused(attachment[REASON])
        encoded = next((data for kind, data in attachment.items() if kind != REASON), "")
        if len(encoded) > PICTURE_BYTES * 4 / 3 + 4:
            return Refused(f"it has more than {PICTURE_BYTES / 1e6:.0f} MB")
        self._pictures += 1
        if self._pictures > PICTURES:
            return Refused(f"the notebook has more than {PICTURES} pictures")
        answer = self._timed(lambda: self._by.ask({"picture": encoded}))
        if isinstance(answer, Refused):
            return answer
        return _checked(answer)


BASE64 = pattern(r"[A-Za-z0-9+/]+={0,2}")


def _checked(answer: Mapping[str, object]) -> Picture | Refused:
    """A picture, if what the process says of it has the right types: it may have been taken over."""
    kind, data, width, height = (answer.get(key) for key in ("kind", "data", "width", "height"))
    of_right_types = isinstance(kind, str) and isinstance(data, str) and type(width) is int and type(height) is int
    if not of_right_types or kind not in {"image/png", "image/jpeg"} or not BASE64.fullmatch(str(data)):
        return Refused("it cannot be read")
    return Picture(str(kind), str(data), int(str(width)), int(str(height)))

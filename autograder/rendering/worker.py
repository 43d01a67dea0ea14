"""The line to the confined process that renders."""

import atexit
import os
from dataclasses import dataclass

from autograder.confined import Confined, Gone
from autograder.confined.framing import Message
from autograder.rendering.limits import HTML_CHARACTERS, WALL_SECONDS

LONGEST_ANSWER = 40_000_000


@dataclass(frozen=True)
class Refused:
    """Nothing was made. reason: why not, to stand after "because"."""

    reason: str


class Renderer(Confined):
    """A process that renders, for the process that makes this. One request is under way at a time."""

    def __init__(self) -> None:
        super().__init__("autograder.rendering.child", "renders what students wrote", WALL_SECONDS, LONGEST_ANSWER)

    def ask(self, request: Message) -> Message | Refused:
        """What the process answers.

        Args:
            request: {"text": markdown} or {"picture": base64}.

        Returns:
            The answer, or why there is none: the text is too much, or the process died of it.

        Raises:
            MachineTrouble: if no such process can be started.
        """
        try:
            answer = self.request(request)
        except Gone:
            return Refused("it takes too much time or memory")
        return Refused(str(answer["refused"])) if "refused" in answer else answer

    def html(self, markdown: str) -> str | Refused:
        """A text as HTML; see `autograder.rendering.markdown.html_of`.

        Raises:
            MachineTrouble: if the machine does not let the process run that renders.
        """
        answer = self.ask({"text": markdown})
        if isinstance(answer, Refused):
            return answer
        html = answer.get("html")
        return html if isinstance(html, str) and len(html) <= HTML_CHARACTERS else Refused("it became too large a page")


_renderers: dict[int, Renderer] = {}


def renderer() -> Renderer:
    """The one of this process. After a fork each process has its own."""
    if os.getpid() not in _renderers:
        _renderers.clear()
        _renderers[os.getpid()] = Renderer()
        atexit.register(_renderers[os.getpid()].close)
    return _renderers[os.getpid()]

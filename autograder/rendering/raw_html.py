"""HTML that stands between markdown: a few tags, balanced and not too deep. All else is shown as it was typed.

What comes out is balanced, so that the parser of HTML behind this has nothing to repair: repairing is what makes a few
kilobytes of tags into gigabytes.
"""

import re
from html import escape, unescape

from autograder.rendering.limits import NESTING

INLINE = {"a", "abbr", "acronym", "b", "code", "del", "em", "i", "span", "strong", "sub", "sup"}
BLOCKS = {
    *("blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "ul"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}
VOID = {"br", "hr", "img"}
KEPT = {"a": {"href", "title"}, "abbr": {"title"}, "acronym": {"title"}, "img": {"alt", "src", "title", "width"}}

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:\s[^<>]{0,4000})?)/?>")
ATTRIBUTE = re.compile(r"""([A-Za-z-]{1,20})\s{0,4}=\s{0,4}("[^"]*"|'[^']*'|[^\s"'=<>`]+)""")


class Tags:
    """The tags that are open at some place of a text."""

    def __init__(self) -> None:
        self._open: list[str] = []

    @property
    def depth(self) -> int:
        """How many are open."""
        return len(self._open)

    @property
    def blocks_open(self) -> int:
        """How many are open up to the innermost block: within a paragraph those stay open."""
        return next((n + 1 for n in range(self.depth - 1, -1, -1) if self._open[n] in BLOCKS), 0)

    def read(self, html: str, outside: int) -> str:
        """A piece of HTML with all that is not allowed, or would not balance, escaped.

        Args:
            html: as it was typed.
            outside: tags that were open before and must stay so.
        """
        parts, end = [], 0
        for found in TAG.finditer(html):
            parts += [_text(html[end : found.start()]), self._tag(found, outside)]
            end = found.end()
        return "".join([*parts, _text(html[end:])])

    def close(self, down_to: int) -> str:
        """The closing tags of what was opened since `down_to` were open."""
        closed = self._open[down_to:]
        del self._open[down_to:]
        return "".join(f"</{name}>" for name in reversed(closed))

    def close_inline(self, down_to: int) -> str:
        """The closing tags from the first inline one on: no emphasis goes on in the next block."""
        first = next((n for n in range(down_to, self.depth) if self._open[n] in INLINE), self.depth)
        return self.close(first)

    def _tag(self, found: re.Match[str], outside: int) -> str:
        closing, name = found[1], found[2].lower()
        if name in VOID and not closing:
            return picture(found[3]) if name == "img" else f"<{name}>"
        if name not in INLINE | BLOCKS:
            return escape(found[0], quote=False)
        if not closing:
            if self.depth >= NESTING:
                return escape(found[0], quote=False)
            self._open.append(name)
            return f"<{name}{_attributes(name, found[3])}>"
        if name in self._open[outside:]:
            last = self.depth - 1 - self._open[::-1].index(name)
            return self.close(last)
        return ""


def picture(attributes: str) -> str:
    """An img tag of which nothing is kept but what shows a picture."""
    return f"<img{_attributes('img', attributes)}>"


def _attributes(name: str, text: str) -> str:
    kept = KEPT.get(name, set())
    found = {key.lower(): _value(value) for key, value in ATTRIBUTE.findall(text)} if kept else {}
    return "".join(f' {key}="{escape(value)}"' for key, value in found.items() if key in kept)


def _value(typed: str) -> str:
    return unescape(typed[1:-1] if typed[:1] in "\"'" else typed)


def _text(typed: str) -> str:
    """Text between tags. Entities stay what they are: `&lt;` was typed to be shown as a sign."""
    return typed.replace("<", "&lt;").replace(">", "&gt;")

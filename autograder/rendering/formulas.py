"""Formulas as MathML, which browsers show without any script."""

import re
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

LONGEST = 5_000
"""Characters of one formula that is set."""

DEEPEST = 60
MOST_PARTS = 5_000
"""Elements inside one another, and of one formula."""

TAGS = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mpadded", "mphantom", "mstyle", "menclose"),
    *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts"),
    *("mprescripts", "none", "mtable", "mtr", "mtd"),
}
ATTRIBUTES = {
    *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle"),
    *("fence", "form", "height", "largeop", "linethickness", "lspace", "mathvariant", "maxsize", "minsize"),
    *("movablelimits", "notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy"),
    *("symmetric", "voffset", "width"),
}
COMMAND = re.compile(r"\\[A-Za-z]")
BEGUN = re.compile(r"\\(begin|end)\{(align|equation|gather|multline|aligned|gathered)\*?\}(?:\[[tbc]\])?")
KNOWN_AS = {"aligned": "split", "gather": "matrix", "gathered": "matrix", "multline": "matrix"}
"""Environments that latex2mathml sets under another name. The others get a star: no notebook shows numbers of lines."""

VALUE = re.compile(r"[A-Za-z0-9 .%+-]{0,60}")
"""Of attributes."""

LENGTH = re.compile(r"(\d+\.?\d*|\.\d+) ?([a-z%]*)")
IN_EM = {"em": 1.0, "": 1.0, "ex": 0.5, "pc": 1.0, "px": 1 / 16, "pt": 1 / 12, "mu": 1 / 18} | {
    "mm": 0.24,
    "cm": 2.4,
    "in": 6.0,
}
"""Of units, about. One that is not here counts as the largest."""

FARTHEST = 60.0
"""What all lengths of a formula may be together, in em: one could cover what stands around it, or push it away."""

LENGTHS = frozenset(
    {
        *("columnspacing", "depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rowspacing", "rspace"),
        *("voffset", "width"),
    }
)

LARGE_SIGN = 3.0
"""Em of a sign's size, up to which it does not count."""

ARITY = dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2) | {"msubsup": 3, "munderover": 3}
"""Elements that show nothing sensible with another number of parts: TeX that was cut off."""


class Unset(Exception):
    """A formula that cannot be set. It is shown as it was typed."""


def formula(tex: str, block: bool) -> str:
    """A formula as MathML; as it was typed where it cannot be read.

    Args:
        tex: what stands between the dollars.
        block: whether it stands on a line of its own.
    """
    try:
        if len(tex) > LONGEST:
            raise Unset
        known = BEGUN.sub(lambda found: rf"\{found[1]}{{{KNOWN_AS.get(found[2], found[2] + '*')}}}", tex)
        element = convert_to_element(known, display="block" if block else "inline")
        if sum(map(_lengths_of, element.iter())) > FARTHEST:
            raise Unset
        parts: list[str] = []
        _write(element, parts, 0)
        return "".join(parts)
    except Exception:  # what latex2mathml raises for TeX that it does not know has many types
        return _as_typed(tex, block)


def _lengths_of(element: Element) -> float:
    """What an element's lengths are together, in em."""
    total = 0.0
    for name in LENGTHS & element.attrib.keys():
        for number, unit in LENGTH.findall(element.attrib[name]):
            length = float(number) * IN_EM.get(unit, max(IN_EM.values()))
            total += 0.0 if name in {"minsize", "maxsize"} and length <= LARGE_SIGN else length
    return total


def _as_typed(tex: str, block: bool) -> str:
    sign = "$$" if block else "$"
    return f'<code class="tex">{escape(f"{sign}{tex.strip()}{sign}")}</code>'


def _write(element: Element, parts: list[str], depth: int) -> None:
    """An element as text, with the tags and attributes alone that set formulas. Raises Unset."""
    if depth > DEEPEST or len(parts) > 3 * MOST_PARTS:
        raise Unset
    known = element.tag in TAGS
    if (not known and not len(element)) or len(element) != ARITY.get(element.tag, len(element)):
        raise Unset
    if known:
        kept = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES and VALUE.fullmatch(value)}
        attributes = "".join(f' {name}="{value}"' for name, value in kept.items())
        parts.append(f"<{element.tag}{attributes}>")
    if element.text:
        parts.append(_text(element.text))
    for child in element:
        _write(child, parts, depth + 1)
    if known:
        parts.append(f"</{element.tag}>")


def _text(text: str) -> str:
    """An element's text: latex2mathml gives some signs as entities. Raises Unset for an unknown command or a lone &."""
    plain = unescape(text)
    if COMMAND.search(plain) or plain == "&":
        raise Unset
    return escape(plain, quote=False)

"""Pictures in a text cell: taken out of the text and carried beside it, undecoded. Nothing here looks inside one."""

import re
from typing import Any

MAX_PICTURES = 30
"""In one cell."""

MAX_PICTURE = 14_000_000
"""Characters of one, in base64."""

PASTED = re.compile(
    r"data:image/[a-z0-9.+-]{1,30}(?:;[a-z0-9-]{1,20}=[\w.%-]{1,100}){0,3};base64,"
    r"([a-z0-9+/=]*+(?:(?:[\r\n]+[a-z0-9+/=]{1,200}+)++(?=\s*[\"')]))?+)",
    re.IGNORECASE,
)
"""A picture within the text, as Colab pastes it. Lines may break it where a quote or parenthesis tells its end."""

UNNAMED = "application/octet-stream"
REASON = "text/plain"
"""Kinds of an attachment: a picture whose kind only its content tells, and why there is none."""


def take_out(source: str, attached: Any) -> tuple[str, dict[str, dict[str, str]]]:
    """A text with a reference in the place of each picture that stood in it, and the pictures.

    Args:
        source: what the cell holds.
        attached: the cell's `attachments`, of any type.

    Returns:
        The text, and its pictures as a notebook has them: name → {kind: base64}.
    """
    pictures = _attached(attached)

    def refer(found: re.Match[str]) -> str:
        number = len(pictures) + 1
        while (name := f"pasted-{number}") in pictures:
            number += 1
        pictures[name] = _carried("".join(found[1].split()))
        return f"attachment:{name}"

    text = PASTED.sub(refer, source)
    for name in list(pictures)[MAX_PICTURES:]:
        pictures[name] = {REASON: f"the cell has more than {MAX_PICTURES} pictures"}
    return text, pictures


def _attached(attached: Any) -> dict[str, dict[str, str]]:
    """What a front end has attached to a cell: of each picture its first kind of image."""
    pictures = {}
    for name, kinds in attached.items() if isinstance(attached, dict) else ():
        found = next((kind for kind in kinds if kind.startswith("image/")), "") if isinstance(kinds, dict) else ""
        if found:
            data = kinds[found]
            parts = data if isinstance(data, list) else [data]
            text = "".join(part for part in parts if isinstance(part, str))
            pictures[_encodable(name)] = _carried("".join(text.split()))
    return pictures


def _carried(data: str) -> dict[str, str]:
    if len(data) > MAX_PICTURE:
        return {REASON: f"it has {len(data) * 3 / 4e6:.0f} MB, which is too much"}
    return {UNNAMED: _encodable(data)}


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

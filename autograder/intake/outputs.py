"""The outputs that a student's cell was handed in with, made safe to show to a person.

Grading never makes these: they are what the student saw. So nothing of a hidden test can be in them.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a process that only reads notebooks has no need of it
    from nbformat import NotebookNode

MAX_OUTPUTS = 20
MAX_TEXT = 20_000
MAX_IMAGE = 2_000_000
"""Characters of one text and of one image (base64) that are kept."""

IMAGES = {"image/png": "iVBORw0KGgo", "image/jpeg": "/9j/"}
"""The kinds of images that are kept, and how each begins in base64."""

BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def safe_outputs(outputs: list[Any]) -> "list[NotebookNode]":
    """Streams, errors, plain text and bitmaps, cut to size. HTML, SVG, scripts and widgets are dropped."""
    from nbformat import from_dict

    return [from_dict(read) for output in outputs[:MAX_OUTPUTS] if (read := shown_output(output))]


def shown_output(output: Any) -> dict[str, Any] | None:
    """One of them, as plain JSON; None if nothing of it is shown.

    Made by hand: nbformat's new_output takes 0.3 ms to validate each.
    """
    if not isinstance(output, dict):
        return None
    kind = _join(output.get("output_type"))
    if kind == "stream":
        return {"output_type": "stream", "name": "stdout", "text": _cut(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        traceback = [_cut(line) for line in lines[:50]] if isinstance(lines, list) else []
        told = {"ename": _cut(output.get("ename")), "evalue": _cut(output.get("evalue")), "traceback": traceback}
        return {"output_type": "error", **told}
    if kind in {"display_data", "execute_result"} and isinstance(output.get("data"), dict):
        data = _safe_data(output["data"])
        return {"output_type": "display_data", "data": data, "metadata": {}} if data else None
    return None


def _safe_data(data: dict[str, Any]) -> dict[str, str]:
    kept = {}
    for kind, beginning in IMAGES.items():
        image = "".join(_join(data.get(kind))[: 2 * MAX_IMAGE].split())
        if len(image) <= MAX_IMAGE and image.startswith(beginning) and BASE64.fullmatch(image):
            kept[kind] = image
    if not kept and data.get("text/plain"):
        kept["text/plain"] = _cut(data["text/plain"])
    return kept


def _join(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _cut(value: Any) -> str:
    text = _join(value).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n… (cut off)"

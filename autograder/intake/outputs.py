"""The outputs that a student's cell was handed in with, made safe to show to a person.

Grading never makes these: they are what the student saw. So nothing of a hidden test can be in them.
"""

from typing import Any

from nbformat import NotebookNode, v4

MAX_OUTPUTS = 20
MAX_TEXT = 20_000
MAX_IMAGE = 2_000_000
"""Characters of one text and of one image (base64) that are kept."""

IMAGES = ("image/png", "image/jpeg")


def safe_outputs(outputs: list[Any]) -> list[NotebookNode]:
    """Streams, errors, plain text and bitmaps, cut to size. HTML, SVG, scripts and widgets are dropped."""
    kept = []
    for output in outputs[:MAX_OUTPUTS]:
        read = _read(output) if isinstance(output, dict) else None
        if read is not None:
            kept.append(read)
    return kept


def _read(output: dict[str, Any]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        return v4.new_output("stream", name="stdout", text=_cut(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        traceback = [_cut(line) for line in lines[:50]] if isinstance(lines, list) else []
        return v4.new_output(
            "error", ename=_cut(output.get("ename")), evalue=_cut(output.get("evalue")), traceback=traceback
        )
    if kind in {"display_data", "execute_result"} and isinstance(output.get("data"), dict):
        data = _safe_data(output["data"])
        return v4.new_output("display_data", data=data) if data else None
    return None


def _safe_data(data: dict[str, Any]) -> dict[str, str]:
    kept = {}
    for kind in IMAGES:
        image = _join(data.get(kind))
        if image and len(image) <= MAX_IMAGE and image.isascii():
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

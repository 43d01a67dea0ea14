"""Boxes in notebooks can be read in JupyterLab's light and dark theme: text, bold text, links and code."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

THEMES = Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab"
TEXTS = ("--jp-content-font-color1", "--jp-content-font-color0", "--jp-content-link-color")
NEEDED = 4.5
"""Contrast of text that WCAG 2 asks for, level AA."""

NAMED = {"white": "#ffffff", "black": "#000000"}


def variables(theme):
    css = (THEMES / f"theme-{theme}-extension" / "index.css").read_text(encoding="utf-8")
    return dict(re.findall(r"(--[\w-]+)\s*:\s*([^;}]+)", css))


def colour(value, known):
    """Red, green, blue (0 to 255) and opacity of a CSS colour."""
    value = NAMED.get(value.strip(), value.strip())
    if found := re.fullmatch(r"var\((--[\w-]+)(?:,\s*(.+))?\)", value):
        return colour(known.get(found[1], found[2]), known)
    if value.startswith("#"):
        digits = value[1:] if len(value) == 7 else "".join(2 * digit for digit in value[1:])
        return (*(int(digits[place : place + 2], 16) for place in (0, 2, 4)), 1.0)
    numbers = [float(number) for number in re.findall(r"[\d.]+", value)]
    return (*numbers[:3], numbers[3] if len(numbers) == 4 else 1.0)


def over(front, back):
    seen = (front[3] * one + (1 - front[3]) * other for one, other in zip(front[:3], back[:3], strict=True))
    return (*seen, 1.0)


def luminance(seen):
    parts = [part / 255 for part in seen[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(text, back):
    lighter, darker = sorted((luminance(over(text, back)), luminance(back)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(scope="module")
def boxes(release):
    found = [
        box
        for name, text in release.files.items()
        if name.endswith(".ipynb")
        for cell in nbformat.reads(text, as_version=4).cells
        for box in re.findall(r"<div[^>]*>", cell.source)
    ]
    assert len(found) == 5
    return found


def test_contrast_is_computed_as_wcag_says():
    assert contrast((0, 0, 0, 1.0), (255, 255, 255, 1.0)) == pytest.approx(21)
    assert contrast((0x77, 0x77, 0x77, 1.0), (255, 255, 255, 1.0)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_box_can_be_read(boxes, theme):
    known = variables(theme)
    page = colour(known["--jp-layout-color0"], known)
    for box in boxes:
        style = re.search(r'style="([^"]*)"', box)
        assert style and "class=" not in box, f"{box}: JupyterLab's own colours of a box are too pale"
        parts = dict(part.split(":", 1) for part in style[1].replace(" ", "").rstrip(";").split(";"))
        back = over(colour(parts["background"], known), page)
        assert "color" not in parts, "text has the page's own colours"
        for text in TEXTS:
            assert contrast(colour(known[text], known), back) >= NEEDED, (theme, text)

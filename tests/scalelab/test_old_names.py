"""Students' notebooks of an earlier release still import what they did."""

import importlib
import subprocess
import sys

import pytest

import scalelab  # noqa: F401, it serves the old names
from scalelab._compat.old_names import MOVED


@pytest.mark.parametrize("old", MOVED)
def test_an_old_name_gives_the_very_module(old):
    module = importlib.import_module(old)
    assert module is importlib.import_module(MOVED[old])
    assert module.__spec__.name == module.__name__ == MOVED[old]


@pytest.mark.tool
def test_what_released_notebooks_imported_is_there_in_a_new_process():
    code = (
        "import scalelab\nfrom scalelab.plots import alt_text, style\nfrom scalelab.recipe_figure import draw_recipes\n"
        "from scalelab.checking import expect_equal\nfrom scalelab import plots, hand_in\n"
        "print(plots.__name__, callable(hand_in))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["scalelab.figures.plots", "True"], done.stderr

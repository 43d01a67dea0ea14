import html
import re
import sys

import matplotlib
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from scalelab.figures import plots


def drawn() -> Figure:
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([1, 2])
    return figure


def test_alt_text_returns_the_same_figure():
    figure = drawn()
    assert plots.alt_text(figure, "A line.") is figure


def test_a_shown_figure_is_an_image_with_its_alt_text():
    text = 'A "line" that rises <from> 1 & ends at 2.'
    bundle, metadata = plots.alt_text(drawn(), text)._repr_mimebundle_()
    alt = re.search(r'<img alt="([^"]*)"', bundle["text/html"]).group(1)
    assert html.unescape(alt) == text
    assert 'src="data:image/svg+xml;base64,' in bundle["text/html"]
    assert metadata == {"image/png": {"alt": text}}


def test_ipython_gets_html_png_and_the_alt_text():
    formatter = InteractiveShell.instance().display_formatter
    bundle, metadata = formatter.format(plots.alt_text(drawn(), "A line."))
    assert {"text/html", "image/png", "text/plain"} == set(bundle)
    assert metadata["image/png"]["alt"] == "A line."


def test_an_empty_alt_text_is_refused():
    with pytest.raises(ValueError, match="alt text is empty"):
        plots.alt_text(drawn(), "  ")


def test_a_figure_of_pyplot_is_closed_so_that_it_is_not_shown_twice():
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2])
    assert plt.get_fignums()
    plots.alt_text(figure, "A line.")
    assert not plt.get_fignums()


def test_a_figure_of_ours_needs_no_pyplot():
    assert "plt" not in vars(sys.modules["scalelab.figures.plots"])


def test_the_style_holds_inside_and_nowhere_else():
    before = dict(matplotlib.rcParams)
    with plots.style():
        assert matplotlib.rcParams["axes.spines.top"] is False
        assert matplotlib.rcParams["pdf.fonttype"] == 42
    assert dict(matplotlib.rcParams) == before


def test_curves_in_one_plot_differ_in_more_than_colour():
    with plots.style():
        axes = Figure().subplots()
        lines = [axes.plot([1, 2])[0] for _ in plots.COLOURS]
    assert len({line.get_marker() for line in lines}) == len(lines)
    assert len(plots.HATCHES) == len(set(plots.HATCHES)) == len(plots.COLOURS)


def test_the_same_figure_gives_the_same_bytes():
    first, second = (plots.alt_text(drawn(), "A line.")._repr_mimebundle_()[0] for _ in range(2))
    assert first["text/html"] == second["text/html"]

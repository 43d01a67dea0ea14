"""The figure of growth: one colour for one stage, sizes as steps, and the jump at 0 is inside the plot."""

import pytest

from scalelab.figures import plots
from scalelab.figures.growth_figure import STAGE_COLOURS, draw_growth


@pytest.fixture(scope="module")
def axes():
    return draw_growth(0.2, True, 1.2, 1.1, 1.15).axes


def solid(panel):
    return [line for line in panel.get_lines() if line.get_linestyle() != ":" and len(line.get_xdata()) > 2]


def test_a_stage_has_one_colour_in_both_plots_and_no_two_have_the_same(axes):
    assert len(set(STAGE_COLOURS)) == 7
    assert [line.get_color() for line in solid(axes[1])] == list(STAGE_COLOURS)
    order = [STAGE_COLOURS[stage - 1] for stage in (1, 7, 2, 3, 4, 5, 6)]
    assert [line.get_color() for line in solid(axes[0])] == order


def test_the_jump_at_0_lies_off_the_edge(axes):
    for panel in axes[:3]:
        assert panel.get_xlim()[0] < 0
    points = solid(axes[0])[0].get_xydata()  # stage 1: one layer up to 0, two just past it
    assert {float(y) for x, y in points if x <= 0} == {1.0}
    assert {float(y) for x, y in points if x > 0} == {2.0}


def test_every_shown_figure_grows_with_the_size_of_text():
    figure = draw_growth(0.1, False, 1.2, 1.1, 1.15)
    html = figure._repr_mimebundle_()[0]["text/html"]
    assert f"min-width:min({plots.LEAST_WIDTH}em,10.00in)" in html and "max-width:10.00in" in html
    assert html.startswith('<div tabindex="0" style="overflow-x:auto"><img alt=')

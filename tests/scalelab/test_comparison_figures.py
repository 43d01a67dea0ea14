"""The figures of notebook 5: families differ in colour and in shape, labels hide nothing, few rows are no failure."""

import itertools

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from scalelab import comparison
from scalelab.figures.comparison_figure import compare
from scalelab.figures.comparison_looks import LOOKS, amount, look_of, short_name
from scalelab.figures.label_placement import Label, place_labels
from scalelab.figures.recipe_figure import draw_recipes
from scalelab.figures.runtime_figure import draw_times


def made_up(name, cost, accuracy):
    return {"name": name, "parameters": cost, "macs": 50 * cost, "activations": 3 * cost, "accuracy": accuracy}


FEW = [made_up("efficientnet φ=-1", 3e6, 80.0), made_up("efficientnet φ=0", 5e6, 85.0), made_up("resnet18", 1e7, 84.0)]


def test_families_differ_in_colour_and_in_shape():
    assert len({look.marker for look in LOOKS}) == len({look.colour for look in LOOKS}) == len(LOOKS)
    assert {one["family"] for one in comparison.imagenet()} == {name for look in LOOKS for name in look.families}


def box_of(text):
    """Where the letters are; an annotation's own extent holds its line, too."""
    text.get_window_extent()  # an annotation finds its place only when asked for all of it
    return Text.get_window_extent(text)


def overlapping(texts):
    boxes = [box_of(text) for text in texts]
    return [pair for pair in itertools.combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_labels_do_not_overlap_each_other_or_a_point():
    axes = Figure(figsize=(4, 3)).subplots()
    points = [(x / 10, y / 10) for x in range(5) for y in range(5)]
    axes.plot(*zip(*points, strict=True), "o")
    placed = place_labels(axes, [Label(x, y, f"label {x} {y}") for x, y in points], points)
    assert 5 < len(placed) < 25
    assert not overlapping(placed)
    middles = axes.transData.transform(points)
    assert not any(box_of(text).contains(*middle) for text in placed for middle in middles)


def test_a_label_that_is_far_from_its_point_has_a_line_to_it():
    axes = Figure(figsize=(4, 3)).subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    ring = [(0.5 + 0.03 * right, 0.5 + 0.04 * up) for right in (-1, 0, 1) for up in (-1, 0, 1)]
    (far,) = place_labels(axes, [Label(0.5, 0.5, "far")], ring)
    (near,) = place_labels(axes, [Label(0.5, 0.5, "near")], [(0.5, 0.5)])
    assert far.arrow_patch is not None
    assert near.arrow_patch is None


@pytest.mark.parametrize("costs", [["macs"], ["parameters", "macs", "activations"]])
def test_the_figure_of_all_networks_has_no_label_upon_another(costs):
    figure = compare(comparison.imagenet(), costs)
    for axes in figure.axes:
        assert not overlapping(axes.texts)
        assert {"B0", "B7"} <= {text.get_text() for text in axes.texts}


def test_the_line_joins_efficientnets_by_their_size_whatever_the_axis_is():
    small, large = FEW[0] | {"seconds": 0.4}, FEW[1] | {"seconds": 0.3}
    (axes,) = compare([large, small], ["seconds"]).axes
    (line,) = (line for line in axes.get_lines() if line.get_linestyle() == "-")
    assert list(line.get_xdata()) == [0.4, 0.3]


def test_a_bar_joins_the_results_of_several_seeds():
    twice = FEW[2] | {"seeds": 2, "lowest": 83.25, "highest": 84.75}
    figure = compare([*FEW[:2], twice], ["macs"])
    (bar,) = (line for line in figure.axes[0].get_lines() if line.get_marker() == "_")
    assert list(bar.get_ydata()) == [83.25, 84.75] and set(bar.get_xdata()) == {twice["macs"]}
    assert "Bars join the results of several seeds; the longest is 1.5 points." in figure.alt_text
    assert "seeds" not in compare(FEW, ["macs"]).alt_text


def test_the_front_is_whatever_the_function_says():
    figure = compare(FEW, ["parameters"], front=lambda points: [points.index((1e7, 84.0))])
    assert "Pareto front by parameters: resnet18." in figure.alt_text
    assert "Pareto front" in [text.get_text() for text in figure.legends[0].get_texts()]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_networks_are_drawn_without_a_failure(count):
    figure = compare(FEW[:count], ["macs", "parameters"], front=lambda points: list(range(len(points))))
    assert figure.alt_text


def test_the_gain_by_the_recipe_is_told():
    assert "4.7 points (resnet50)" in draw_recipes(comparison.imagenet("all")).alt_text


def test_times_are_drawn_with_their_units():
    figure = draw_times([one | {"seconds": 0.002 * place} for place, one in enumerate(FEW, start=1)])
    assert "from 2 ms (efficientnet φ=-1) to 6 ms (resnet18)" in figure.alt_text
    assert [amount(0.05, "seconds"), amount(2, "seconds"), amount(2e7, "macs"), amount(5e9, "macs")] == [
        "50 ms",
        "2 s",
        "20 M",
        "5 G",
    ]


def test_names_are_short():
    assert [short_name(name) for name in ("efficientnet_b3", "efficientnet_v2_s", "efficientnet φ=-1", "resnet18")] == [
        "B3",
        "V2-s",
        "φ=−1",
        "resnet18",
    ]
    assert look_of({"name": "something else"}) is LOOKS[-1]

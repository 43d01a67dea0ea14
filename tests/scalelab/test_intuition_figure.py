"""Notebook 1's figures: the ways to grow cost the same, which is counted, and labels are apart."""

import itertools

import pytest

from scalelab.figures import intuition_figure


def test_every_way_to_grow_costs_twice_the_baseline():
    costs = {name: intuition_figure._cost(sizes) for name, sizes in intuition_figure.WAYS.items()}
    base = costs.pop("baseline")
    assert len(costs) == 4
    assert all(cost / base == pytest.approx(2, rel=0.03) for cost in costs.values())


def test_the_cost_stands_below_each_network_and_no_label_lies_upon_another():
    figure = intuition_figure.show_ways()
    figure.draw_without_rendering()
    texts = figure.axes[0].texts
    below = [text.get_text() for text in texts if "cost" in text.get_text()]
    assert below == ["1.0 × the cost", *["2.0 × the cost"] * 4]
    boxes = [text.get_window_extent() for text in texts]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_all_of_an_image_is_seen_after_so_many_layers_as_half_its_side():
    lines = intuition_figure.show_receptive_fields().axes[0].get_lines()
    assert [next(x for x, y in line.get_xydata() if y >= 100) for line in lines[:2]] == [16, 32]


def test_the_kernel_of_a_stride_starts_at_the_first_pixel():
    figure = intuition_figure.show_strides()
    dots = [[round(line.get_xdata()[0] - 0.47) for line in axes.get_lines()] for axes in figure.axes]
    assert dots == [[0, 2, 4, 6], [0, 2, 4, 6], [0, 3, 6]]

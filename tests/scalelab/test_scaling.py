"""A small EfficientNet grown in four ways: what is built, at what cost, and how the curves are drawn."""

from itertools import pairwise

import pytest
import torch

from scalelab import counting, scaling
from scalelab.comparison import NoResults
from scalelab.equal_cost import SHAPES, grow
from scalelab.figures.scaling_figure import draw_scaling, show_scaling
from scalelab.small import LAYERS, RESOLUTION, SMALL, Shape, macs, scaled_channels, scaled_repeats, small_efficientnet

BASE = Shape()


def test_the_base_is_small_and_takes_the_images_of_cifar10():
    assert macs(BASE) <= 1.5e6
    network = small_efficientnet().eval()
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize("shape", [BASE, Shape(depth=1.5, width=1.2, resolution=21), Shape(resolution=45)])
def test_its_cost_is_that_of_the_whole_network(shape):
    assert macs(shape) == counting.macs(small_efficientnet(shape), (1, 3, 32, 32))


def test_layers_are_shared_out_in_the_proportions_of_the_base():
    repeats = [repeats for *_, repeats in SMALL]
    assert scaled_repeats(1.0) == repeats
    assert scaled_repeats(3.0) == [3 * number for number in repeats]
    for layers in range(LAYERS, 60):
        assert sum(scaled_repeats(layers / LAYERS)) == layers
    assert scaled_repeats(0.01) == [1, 1, 1, 1]


def test_the_network_has_the_layers_and_channels_that_were_asked_for():
    shape = Shape(depth=2.0, width=1.5)
    network = small_efficientnet(shape)
    stages = list(network.network.features)[1:-1]
    assert [len(stage) for stage in stages] == scaled_repeats(2.0)
    assert [stage[-1].block[-1][0].out_channels for stage in stages] == [18, 24, 48, 72]
    assert scaled_channels(12, 1.1) == 14 and scaled_channels(12, 0.01) == 2


def grown_networks():
    """All ways and factors; a proof but for two."""
    for way in SHAPES:
        for factor in (2, 4, 8):
            sampled = factor == 2 and way in ("resolution", "compound")
            yield pytest.param(way, factor, marks=() if sampled else pytest.mark.proof)


@pytest.mark.parametrize(("way", "factor"), list(grown_networks()))
def test_grown_networks_cost_about_as_much(way, factor):
    shape = grow(way, factor)
    assert macs(shape) / macs(BASE) == pytest.approx(factor, rel=0.07)
    changed = (shape.depth != 1, shape.width != 1, shape.resolution != RESOLUTION)
    alone = {"depth": (True, False, False), "width": (False, True, False), "resolution": (False, False, True)}
    assert changed == alone.get(way, (True, True, True))
    assert shape.interpolated == (way == "resolution" and factor == 8)


def test_no_other_network_in_reach_is_nearer_to_the_cost():
    nearest = abs(macs(grow("depth", 2)) - 2 * macs(BASE))
    assert nearest == min(abs(macs(Shape(depth=layers / LAYERS)) - 2 * macs(BASE)) for layers in range(12, 19))


@pytest.mark.parametrize("wrong", [{"depth": 0}, {"width": -1.0}, {"resolution": 20.5}, {"width": float("nan")}])
def test_a_shape_that_is_none_is_refused_in_a_line(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"^{name}={value}: it should be a"):
        Shape(**wrong)


def test_growing_by_nothing_is_the_base_and_nonsense_is_refused():
    assert all(grow(way, 1) == BASE for way in SHAPES)
    for way, factor in (("height", 2), ("depth", 0.5), ("depth", float("nan"))):
        with pytest.raises(ValueError, match="the way is one of depth, width, resolution, compound"):
            grow(way, factor)


# ---- the curves


def run(config, factor, seed, accuracy, interpolated=False):
    return {"config": config, "factor": factor, "seed": seed, "resolution": 16, "interpolated": interpolated,
            "macs": 1_460_968 * factor, "accuracy": accuracy}  # fmt: skip


RUNS = [
    run("base", 1, 0, 70.0), run("base", 1, 1, 71.0),
    run("depth", 2, 0, 72.0), run("depth", 2, 1, 74.0),
    run("resolution", 8, 0, 80.0, True), run("resolution", 8, 1, 80.5, True),
    run("compound", 2, 0, 75.0), run("compound", 2, 1, 76.0),
]  # fmt: skip


def test_a_point_is_the_mean_of_its_seeds_with_the_lowest_and_the_highest():
    base, depth, *_ = scaling.points(RUNS)
    assert (base.config, base.accuracy, base.lowest, base.highest, base.seeds) == ("base", 70.5, 70.0, 71.0, 2)
    assert (depth.accuracy, depth.macs) == (73.0, 2 * 1_460_968)


def drawn_at(axes, label):
    """The (x, y) of the marker with this label."""
    (line,) = (line for line in axes.lines if line.get_label() == label)
    return line.get_xdata()[0], line.get_ydata()[0]


def test_the_figure_has_the_means_of_the_runs_and_marks_what_is_interpolated():
    figure = draw_scaling(RUNS)
    (axes,) = figure.axes
    assert drawn_at(axes, "base") == (1_460_968, 70.5)
    assert drawn_at(axes, "all three (compound)") == (2 * 1_460_968, 75.5)
    hollow = [line for line in axes.lines if line.get_markerfacecolor() == "white" and len(line.get_xdata())]
    assert [line.get_ydata()[0] for line in hollow] == [80.25]
    assert "70.5 percent with 1.46 M" in figure.alt_text and "80.2 percent with 11.7 M" in figure.alt_text
    assert "the mean is drawn: 2." in figure.alt_text


def test_lines_begin_at_the_base():
    (axes,) = draw_scaling(RUNS).axes
    lines = [line for line in axes.lines if line.get_linestyle() == "-" and len(line.get_xdata()) > 1]
    assert len(lines) == 3
    assert all((line.get_xdata()[0], line.get_ydata()[0]) == (1_460_968, 70.5) for line in lines)


def test_a_network_of_ones_own_is_a_star_with_its_name():
    (axes,) = draw_scaling([*RUNS, run("yours", 3, 0, 77.0)]).axes
    assert drawn_at(axes, "yours") == (3 * 1_460_968, 77.0)


def test_times_are_a_second_plot_without_the_networks_that_have_none():
    times = [{"config": "base", "factor": 1, "step_ratio": 1.0}, {"config": "depth", "factor": 2, "step_ratio": 2.5}]
    _, axes = draw_scaling(RUNS, times).axes
    assert drawn_at(axes, "depth alone") == (2.5, 73.0)
    assert not any(line.get_label() == "all three (compound)" for line in axes.lines)


def test_no_runs_are_an_empty_figure():
    assert "no results yet" in draw_scaling([]).alt_text


def test_a_table_is_read_with_its_numbers(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    monkeypatch.setenv("SCALELAB_DATA", str(tmp_path))
    table = (
        'config,factor,interpolated,macs,accuracy,device\nbase,1,False,12,70.5,"cpu, 1 thread"\ndepth,2,True,24,71,a\n'
    )
    (tmp_path / "results" / "scaling.csv").write_text(table)
    first, second = scaling.runs()
    assert first == {"config": "base", "factor": 1, "interpolated": False, "macs": 12, "accuracy": 70.5,
                     "device": "cpu, 1 thread"}  # fmt: skip
    assert second["interpolated"] is True


def test_missing_and_broken_tables_are_said_in_a_line(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    monkeypatch.setenv("SCALELAB_DATA", str(tmp_path))
    (tmp_path / "results" / "scaling.csv").write_text("config,factor\nbase,many\n")
    with pytest.raises(NoResults, match="`make scaling`"):
        scaling.runs()
    monkeypatch.setattr("scalelab.comparison.data_folders", lambda: ())
    with pytest.raises(NoResults, match="`make timing`"):
        scaling.times()


def test_what_notebook_2_says_of_the_experiment_is_what_the_table_has():
    found = {(point.config, point.factor): point for point in scaling.points(scaling.runs())}
    assert len({(run["config"], run["factor"], run["seed"]) for run in scaling.runs()}) == 2 * len(found) == 18
    best_first = [found[way, 4] for way in ("resolution", "compound", "width", "depth")]
    for better, worse in pairwise(best_first):
        assert better.lowest > worse.highest and better.accuracy - worse.accuracy > 2
    assert abs(best_first[-1].accuracy - found["base", 1].accuracy) < 1
    assert found["width", 2].highest > found["compound", 2].lowest
    assert found["compound", 2].highest > found["width", 2].lowest


def test_the_title_tells_passes_and_seeds_and_fits():
    figure = show_scaling()
    figure.draw_without_rendering()
    (title,) = (text for text in figure.texts if "grow" in text.get_text()) if figure.texts else (figure._suptitle,)
    assert "passes" in title.get_text() and "seed" in title.get_text()
    assert title.get_window_extent().x1 <= figure.bbox.x1


def test_what_notebook_4_says_of_the_sample_is_what_the_tables_have():
    sample, full = (
        {(point.config, point.factor): point for point in scaling.points(scaling.runs(which))}
        for which in (True, False)
    )
    assert {point.seeds for point in sample.values()} == {2} and sample.keys() == full.keys()
    orders = [sorted(scaling.WAYS, key=lambda way, found=found: found[way, 4].accuracy) for found in (sample, full)]
    assert orders[0] == orders[1]
    seen = [scaling.runs(which)[0]["epochs"] * images for which, images in ((True, 3_000), (False, 50_000))]
    assert seen[0] / seen[1] == 1 / 5
    longest = [max(point.highest - point.lowest for point in found.values()) for found in (sample, full)]
    assert longest[0] > 2 * longest[1]
    assert sample["depth", 4].accuracy < sample["depth", 2].accuracy < sample["base", 1].accuracy


def test_a_network_of_ones_own_is_put_among_those_on_the_sample():
    own = [run("mine", 0, seed, accuracy) | {"macs": 3_000_000} for seed, accuracy in ((0, 40.0), (1, 42.0))]
    figure = show_scaling(*own, sample=True)
    assert len(figure.axes) == 1 and drawn_at(figure.axes[0], "mine") == (3_000_000, 41.0)
    assert "the sample" in figure._suptitle.get_text()

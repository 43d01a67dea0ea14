import itertools
import math

import pytest

from scalelab.figures.growth_figure import STAGE_COLOURS
from scalelab.figures.plots import BLUE
from scalelab.layer_cost import build
from scalelab.playground import scaled_stages, show_growth, show_network
from scalelab.stages import scaled_shapes

B0_MACS = 385_814_752

PUBLISHED = [
    # depth, width, resolution, parameters and MACs of B0 to B7
    (1.0, 1.0, 224, 5_288_548, B0_MACS),
    (1.1, 1.0, 240, 7_794_184, 686_802_832),
    (1.2, 1.1, 260, 9_109_994, 993_561_872),
    (1.4, 1.2, 300, 12_233_232, 1_827_141_392),
    (1.8, 1.4, 380, 19_341_616, 4_393_771_024),
    (2.2, 1.6, 456, 30_389_784, 10_266_384_752),
    (2.6, 1.8, 528, 43_040_704, 19_067_593_536),
    (3.1, 2.0, 600, 66_347_960, 37_745_884_192),
]


def total(stages, kind="macs"):
    return sum(getattr(stage, kind) for stage in stages)


@pytest.mark.parametrize(("depth", "width", "resolution", "parameters", "macs"), PUBLISHED)
def test_published_coefficients_give_the_published_counts(depth, width, resolution, parameters, macs):
    stages = scaled_stages(1.0, alpha=depth, beta=width, gamma=resolution / 224)
    assert (total(stages, "parameters"), total(stages)) == (parameters, macs)


def test_phi_0_is_b0():
    stages = scaled_stages(0.0)
    assert [stage.name for stage in stages] == ["stem", *(f"stage {i}" for i in range(1, 8)), "head"]
    assert [stage.repeats for stage in stages] == [1, 1, 2, 2, 3, 3, 4, 1, 1]
    assert [stage.channels for stage in stages] == [32, 16, 24, 40, 80, 112, 192, 320, 1280]
    assert [stage.resolution for stage in stages] == [224, 112, 112, 56, 28, 14, 14, 7, 7]


@pytest.mark.parametrize(
    ("bases", "rounding", "growth"),
    [
        ({"beta": 1.0, "gamma": 1.0}, True, 1.476),
        ({"beta": 1.0, "gamma": 1.0}, False, 1.206),
        ({"alpha": 1.0, "gamma": 1.0}, True, 1.148),
        ({"alpha": 1.0, "gamma": 1.0}, False, 1.197),
        ({}, True, 2.573),
        ({"gamma": 258 / 224}, False, 1.913),  # 1.15 · 224 is 257.6 px; FACTS has its figure at 258
        ({}, False, 1.907),
        ({"alpha": 2.0, "beta": 1.0, "gamma": 1.0}, True, 2.028),
        ({"alpha": 1.0, "beta": 2.0, "gamma": 1.0}, True, 3.758),
        ({"alpha": 1.0, "beta": 1.0, "gamma": 2.0}, True, 3.985),
    ],
)
def test_macs_grow_as_they_were_measured_to(bases, rounding, growth):
    assert total(scaled_stages(1.0, rounding, **bases)) / B0_MACS == pytest.approx(growth, abs=6e-4)


def test_without_rounding_phi_0_is_b0_too():
    for exact, rounded in zip(scaled_stages(0.0, rounding=False), scaled_stages(0.0), strict=True):
        assert exact == rounded


def test_with_rounding_all_is_whole():
    for stage in scaled_stages(1.37):
        values = (stage.repeats, stage.channels, stage.resolution, stage.macs, stage.parameters)
        assert all(type(value) is int for value in values)


def test_without_rounding_sizes_are_exact_and_costs_grow_without_jumps():
    stages = scaled_stages(1.0, rounding=False)
    assert stages[6].repeats == pytest.approx(4 * 1.2)
    assert stages[6].channels == pytest.approx(192 * 1.1)
    assert stages[0].resolution == pytest.approx(224 * 1.15)
    totals = [total(scaled_stages(-2 + step / 50, rounding=False)) for step in range(451)]
    assert all(1.0 < later / earlier < 1.03 for earlier, later in itertools.pairwise(totals))


@pytest.mark.parametrize("base", ["alpha", "beta", "gamma"])
def test_where_nothing_has_to_be_rounded_rounding_changes_nothing(base):
    bases = {"alpha": 1.0, "beta": 1.0, "gamma": 1.0} | {base: 2.0}
    assert scaled_stages(1.0, rounding=False, **bases) == scaled_stages(1.0, rounding=True, **bases)


def test_half_a_layer_costs_half_a_layer():
    half = scaled_stages(1.0, rounding=False, alpha=0.5, beta=1.0, gamma=1.0)
    whole = scaled_stages(0.0)
    for index in (1, 7):  # the stages of one layer
        assert half[index].macs == whole[index].macs / 2
        assert half[index].parameters == whole[index].parameters / 2


def test_odd_resolutions_are_rounded_up_from_stage_to_stage():
    assert [stage.resolution for stage in scaled_stages(1.0)] == [258, 129, 129, 65, 33, 17, 17, 9, 9]


def test_new_layers_come_just_past_phi_0_and_none_before():
    assert [s.repeats for s in scaled_stages(0.0)[1:-1]] == [1, 2, 2, 3, 3, 4, 1]
    assert [s.repeats for s in scaled_stages(1e-6)[1:-1]] == [2, 3, 3, 4, 4, 5, 2]


def test_a_negative_phi_gives_a_smaller_network():
    small = scaled_stages(-2.0)
    assert small[6].repeats == 3 and small[0].resolution == 169
    assert total(small) < B0_MACS


@pytest.mark.parametrize("phi", [math.nan, math.inf])
def test_a_phi_that_is_no_number_is_refused(phi):
    with pytest.raises(ValueError, match="phi has to be finite"):
        scaled_stages(phi)


def test_a_base_of_0_is_refused():
    with pytest.raises(ValueError, match="bases positive"):
        scaled_stages(1.0, alpha=0.0)


def test_layers_are_torchvisions_own():
    shape = scaled_shapes(0.0)[4]
    assert type(build(shape.first)).__module__ == "torchvision.models.efficientnet"


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_the_network_figure_shows_what_changed_and_what_it_costs():
    shown = texts(show_network(1.0))
    assert {"4 → 5", "192 → 208", "224 → 258", "2.57", "1.92", "2.00", "1.72"} <= set(shown)
    assert not any("→" in text for text in texts(show_network(0.0)))


def test_new_layers_are_hatched_and_there_is_one_slab_for_each():
    hatched = [patch for patch in show_network(1.0).axes[0].patches if patch.get_hatch()]
    assert len(hatched) == 7
    assert not [patch for patch in show_network(0.0).axes[0].patches if patch.get_hatch()]


@pytest.mark.parametrize("phi", [-2.0, -0.1, 0.0, 3.3, 7.0])
@pytest.mark.parametrize("rounding", [True, False])
def test_every_network_can_be_drawn_and_has_alt_text(phi, rounding):
    figure = show_network(phi, rounding)
    figure.canvas.draw()
    assert figure.alt_text.startswith("EfficientNet at φ = ")


def test_the_growth_figure_has_alt_text_with_the_numbers_it_shows():
    text = show_growth(2.0).alt_text
    assert "MBConv layers: 16 to 26" in text and "224 to 296 pixels" in text


def lines_of(axes, colour):
    return [line for line in axes.lines if line.get_color() == colour]


def test_the_growth_figure_shows_the_steps_and_the_jump_at_0():
    layers, *_, excess = show_growth(2.0).axes
    phis, steps = lines_of(layers, STAGE_COLOURS[5])[-1].get_data()
    assert sorted(set(steps)) == [4, 5, 6]
    assert layers.get_xlim()[0] < 0 and [step for phi, step in zip(phis, steps, strict=True) if phi <= 0][-1] == 4
    phis, over = lines_of(excess, BLUE)[-1].get_data()
    at_0 = list(phis).index(0.0)
    assert over[at_0] == 1 and over[at_0 + 1] > 1.4 and phis[at_0 + 1] < 1e-5


def test_a_stage_has_one_colour_in_all_plots_of_growth():
    assert len(set(STAGE_COLOURS)) == 7
    layers, channels, *_ = show_growth(2.0).axes
    for stage, (repeats, width) in enumerate(zip((1, 2, 2, 3, 3, 4, 1), (16, 24, 40, 80, 112, 192, 320), strict=True)):
        for axes, at_0 in ((layers, repeats), (channels, width)):
            line = lines_of(axes, STAGE_COLOURS[stage])[-1]
            assert dict(zip(*line.get_data(), strict=True))[0.0] == at_0


def test_a_phi_max_of_0_is_refused():
    with pytest.raises(ValueError, match="phi_max has to be positive"):
        show_growth(0.0)

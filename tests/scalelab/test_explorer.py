"""The playground's widget, seen from Python: its tables, the student's own functions, and the still picture."""

import json
import math
import sys

import numpy as np
import pytest
import traitlets
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from data.make_layer_counts import KINDS, counts
from scalelab.explorer.own_functions import courses_functions
from scalelab.explorer.published import B7, MISSING
from scalelab.explorer.table import HIGHEST_PHI, LOWEST_PHI, WAYS, bases_of, network, table
from scalelab.explorer.widget import Explorer
from scalelab.playground import explore, scaled_stages
from scalelab.width_cost import FILE

PAPERS = (1.2, 1.1, 1.15)
B0_MACS = 385_814_752


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch):
    monkeypatch.setattr(Explorer, "_remembered", None)


@pytest.fixture(scope="module")
def papers() -> dict[str, list]:
    return table(courses_functions(), PAPERS)


def row_at(rows: dict[str, list], phi: float) -> int:
    return max(place for place, one in enumerate(rows["phi"]) if one <= phi + 1e-12)


# ---- the tables


def test_the_file_of_counts_is_what_counting_the_layers_gives():
    kept = {tuple(row["kind"]): row["counts"] for row in json.loads(FILE.read_text())}
    assert kept == {kind: counts(kind) for kind in KINDS}


@pytest.mark.parametrize(
    ("phi", "bases"),
    [
        (-3.0, PAPERS),
        (1.0, PAPERS),
        (2.35, PAPERS),
        (7.0, PAPERS),
        (1.5, (1.07, 1.31, 1.02)),
        (2.0, bases_of("width", *PAPERS)),
        (1.0, bases_of("resolution", *PAPERS)),
        (1.0, bases_of("depth", *PAPERS)),
    ],
)
def test_a_network_of_the_table_is_the_one_whose_layers_are_counted(phi, bases):
    alpha, beta, gamma = bases
    counted = scaled_stages(phi, alpha=alpha, beta=beta, gamma=gamma)
    found = network(courses_functions(), bases, phi)
    assert list(found.macs) == [stage.macs for stage in counted]
    assert found.parameters == sum(stage.parameters for stage in counted)
    assert list(found.layers) == [stage.repeats for stage in counted[1:-1]]
    assert list(found.channels) == [stage.channels for stage in counted]
    assert list(found.pixels) == [stage.resolution for stage in counted]


def test_b7_is_the_published_one():
    b7 = network(courses_functions(), B7, 1.0)
    assert (sum(b7.macs), b7.parameters) == (37_745_884_192, 66_347_960)


def test_a_table_goes_from_the_lowest_to_the_highest_phi_and_has_b0_in_it(papers):
    assert (papers["phi"][0], papers["phi"][-1]) == (LOWEST_PHI, HIGHEST_PHI) == (-3.0, 7.0)
    b0 = papers["phi"].index(0.0)
    assert papers["macs"][b0] == papers["rule"][b0] == B0_MACS
    assert {len(papers[name]) for name in papers if name != "new"} == {len(papers["phi"])}


def test_new_layers_are_just_past_where_the_exact_number_of_layers_is_whole(papers):
    found = [papers["phi"][row] for row in papers["new"]]
    smallest, largest = 1.2**LOWEST_PHI, 1.2**HIGHEST_PHI
    whole = {
        math.log(layers / repeats, 1.2)
        for repeats in (1, 2, 3, 4)
        for layers in range(1, 20)
        if smallest < layers / repeats < largest
    }
    assert found == pytest.approx(sorted({round(phi, 6) for phi in whole}), abs=2e-6)
    assert all(0 < phi - min(whole, key=lambda one: abs(one - phi)) < 1e-8 for phi in found)
    assert papers["layers"][row_at(papers, 0.0)] == (1, 2, 2, 3, 3, 4, 1)
    assert papers["layers"][papers["phi"].index(0.0) + 1] == (2, 3, 3, 4, 4, 5, 2)


@pytest.mark.parametrize("way", ["compound", *WAYS])
def test_every_way_to_grow_costs_the_same_by_the_rule(papers, way):
    alone = table(courses_functions(), bases_of(way, *PAPERS))
    for phi in (-3.0, 2.5, 7.0):
        assert alone["rule"][row_at(alone, phi)] == pytest.approx(papers["rule"][row_at(papers, phi)])


# ---- the student's own functions


def half_up(channels, width):
    return np.int64(8 * round(channels * width / 8))


def test_the_students_own_functions_drive_the_picture():
    widget = explore(prediction=1.0, repeats=lambda repeats, depth: math.floor(repeats * depth) + 7, channels=half_up)
    rows = widget.tables["compound"]
    assert rows["layers"][row_at(rows, 0.0)] == (8, 9, 9, 10, 10, 11, 8)
    assert widget.error == ""


def test_the_students_own_new_layers_are_marked():
    widget = explore(prediction=1.0, emergence=lambda repeats, alpha, phi_max: [float(repeats), alpha, phi_max])
    assert widget.own_phis == [1.0, 1.2, 2.0, 3.0, 4.0, 7.0]


def not_yet(channels, width):
    raise NotImplementedError("round_channels: the three steps above")


def fails(channels, width):
    half = channels / 2
    return half / (width - width)


class Own:
    def __iter__(self):
        raise SystemError("mine")


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"channels": not_yet}, "not_yet is not written yet."),
        ({"channels": fails}, "fails(32, 0.751315), line 3 of it, raised ZeroDivisionError: float division by zero."),
        ({"channels": lambda channels, width: channels * width}, "<lambda>(32, 0.751315) returned 24.0"),
        ({"channels": lambda channels: 8}, "<lambda>(32, 0.751315) raised TypeError: "),
        ({"repeats": lambda repeats, depth: None}, "<lambda>(1, 0.578704) returned None: a whole number of layers is"),
        ({"repeats": lambda repeats, depth: 0}, "returned 0: a whole number of layers is needed, at least 1."),
        ({"repeats": lambda repeats, depth: 10**9}, "returned 1000000000: a whole number of layers is"),
        ({"repeats": lambda repeats, depth: math.inf}, "returned inf: a whole number of layers is"),
        ({"coefficients": lambda phi, alpha, beta, gamma: (1, 2)}, "returned (1, 2): three numbers larger than 0 are"),
        ({"coefficients": lambda phi, alpha, beta, gamma: (phi,) * 3}, "<lambda>(-3, 1.2, 1.1, 1.15) returned (-3.0, "),
        ({"coefficients": lambda phi, alpha, beta, gamma: Own()}, "three numbers larger than 0 are needed"),
        ({"emergence": lambda repeats, alpha, phi_max: None}, "returned None: a list of numbers is needed."),
        ({"repeats": 3}, "int(1, 0.578704) raised TypeError: 'int' object is not callable."),
    ],
)
def test_a_mistake_in_the_students_function_is_one_line_and_the_courses_own_are_shown(papers, own, line):
    widget = explore(prediction=1.0, **own)
    assert line in widget.error and "\n" not in widget.error
    assert widget.error.endswith(" So the course's own functions drive this picture.")
    assert widget.tables["compound"] == papers


def test_a_name_that_it_does_not_know_is_refused():
    with pytest.raises(TypeError, match=r"explore\(\) knows no chanels: .* channels, coefficients, emergence, repeats"):
        explore(chanels=half_up)


# ---- traits


@pytest.mark.parametrize(("name", "value"), [("phi", 7.5), ("way", "height"), ("alpha", 0.9), ("gamma", 2.1)])
def test_what_the_browser_sends_is_checked(name, value):
    widget = explore()
    with pytest.raises(traitlets.TraitError):
        setattr(widget, name, value)


def test_new_bases_give_new_tables():
    widget = explore(prediction=1.0)
    widget.alpha = 1.3
    assert widget.tables["compound"] == table(courses_functions(), (1.3, 1.1, 1.15))
    assert widget.rate == pytest.approx(1.3 * 1.1**2 * 1.15**2)


def test_bases_of_1_change_nothing_and_draw_all_the_same():
    widget = explore(prediction=1.0, emergence=lambda repeats, alpha, phi_max: [1 / (alpha - 1)])
    with widget.hold_trait_notifications():
        widget.alpha = widget.beta = widget.gamma = 1.0
    assert set(widget.tables["compound"]["macs"]) == {B0_MACS}
    assert (widget.tables["compound"]["new"], widget.own_phis, widget.error) == ([], [], "")


def test_a_prediction_is_remembered_until_the_kernel_ends_and_one_in_the_cell_comes_first():
    first = explore()
    assert first.ask and first.prediction is None
    first.prediction = 0.7
    assert explore().prediction == 0.7
    assert explore(prediction=2.0).prediction == 2.0


def test_published_accuracies_come_with_their_source(monkeypatch, tmp_path):
    widget = explore()
    assert [one["name"] for one in widget.published] == [f"B{number}" for number in range(8)]
    assert widget.published[0] == {"name": "B0", "macs": B0_MACS, "accuracy": 77.692}
    assert "torchvision" in widget.source
    monkeypatch.setattr("scalelab.comparison.data_folders", lambda: [tmp_path])
    assert (explore().published, explore().source) == ([], MISSING)


# ---- where nothing runs


def shown(make):
    InteractiveShell.instance()
    with capture_output() as captured:
        result = make()
        if result is not None:
            result._ipython_display_()
    return captured


def test_a_still_picture_with_alt_text_stands_before_the_widget():
    still, live = shown(explore).outputs
    assert set(still.data) == {"text/html", "image/png", "text/plain"}
    assert still.metadata["image/png"]["alt"].startswith("A still picture. Run this cell")
    assert '<img alt="A still picture.' in still.data["text/html"] and 'data-still="still-' in still.data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in live.data


def test_without_anywidget_the_still_picture_and_a_line_are_all(monkeypatch):
    monkeypatch.delitem(sys.modules, "scalelab.explorer.widget")
    monkeypatch.setitem(sys.modules, "anywidget", None)
    captured = shown(explore)
    assert ["image/png" in one.data for one in captured.outputs] == [True]
    assert captured.stdout.startswith("Only a still picture, because anywidget cannot be imported (")
    assert captured.stdout.endswith("python -m pip install anywidget\n") and captured.stdout.count("\n") == 1

"""Notebooks as students have them: in JupyterLab, in a real browser.

All of it is in one module, so that JupyterLab and the browser are started once.
"""

import re
import shutil

import nbformat
import pytest
from playwright.sync_api import Page, expect

from autograder.course.source import read_source
from autograder.release.solution_page import page_of
from autograder.release.solutions import solved_notebook
from tests.compound import COURSE
from tests.run.browser import axe
from tests.scalelab.dragged import WATCH, drag, open_playground, predict, slider, write_playground
from tests.scalelab.lab import CELLS, COUNT, SHOWN, Cells, open_lab, open_notebook, open_page

pytestmark = pytest.mark.tool

EPOCH_BEGUN = f"""([cell, epoch]) => {{
  const shown = [...({SHOWN})(cell).matchAll(/epoch\\s+(\\d+)/g)];
  return shown.some(found => Number(found[1]) >= epoch);
}}"""

ACTIVE_CELL = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A page of a browser, and JupyterLab's address for it, on a folder with what students get."""
    folder = tmp_path_factory.mktemp("student") / "lab"
    shutil.copytree(COURSE.release, folder)
    write_playground(folder)
    with open_lab(folder, tmp_path_factory.mktemp("lab")) as address, open_page(1400) as page:
        yield page, address


# ---- a student works, trains and hands in


@pytest.fixture(scope="module")
def cells(lab):
    """Notebook 4, with all run that stands above the first answer and gives it what it needs."""
    page, address = lab
    open_notebook(page, address, "4_cifar.ipynb")
    page.evaluate("void window.jupyterapp.commands.execute('docmanager:toggle-autosave')")
    cells = Cells(page)
    for cell in ("install", "given-1", "given-2", "given-3"):
        cells.run(cell)
    return cells


LOADER = """train_loader = data.loader(cifar.train, batch_size=128, train=True)
images, labels = next(iter(train_loader))
batch_shape = {shape}"""
NETWORK = """def build_best_model():
    return nn.Sequential(nn.AvgPool2d(8), nn.Flatten(), nn.Linear(48, 10))"""
TRAINING = 'training.fit(build_best_model(), cifar.train, cifar.test, epochs=10_000, name="mine")'
STOPPED = re.compile(r"stopped after epoch (\d+); run the cell again to go on")


def test_a_notebook_opens_with_its_title_and_the_install_cell_is_one_line(cells):
    expect(cells.page.get_by_role("heading", level=1)).to_contain_text("4 · CIFAR-10: train a small EfficientNet")
    hidden = cells.page.locator(".jp-InputPlaceholder").first
    expect(hidden).to_contain_text("Run this cell first")
    assert cells.page.locator(".cm-editor", has_text="importlib").count() == 0


def test_a_wrong_answer_is_told_why_and_a_right_one_passes(cells):
    cells.write("q3_2-train_loader", LOADER.format(shape="(128, 32, 32, 3)"))
    cells.run("q3_2-train_loader")
    wrong = cells.run("q3_2")
    assert "✗ q3_2: 1 of 2 checks passed" in wrong and "→ In PyTorch the channels" in wrong
    cells.write("q3_2-train_loader", LOADER.format(shape="tuple(images.shape)"))
    cells.run("q3_2-train_loader")
    assert "✓ q3_2: all " in cells.run("q3_2")


def test_a_run_is_stopped_and_goes_on(cells):
    cells.write("q3_3-build_best_model", NETWORK)
    cells.run("q3_3-build_best_model")
    cells.write("train-2", TRAINING)
    stopped = []
    for _ in range(2):
        before = cells.page.evaluate(COUNT, "train-2")
        cells.begin("train-2")
        cells.page.wait_for_function(EPOCH_BEGUN, arg=["train-2", stopped[-1] + 2 if stopped else 2])
        cells.page.locator('[data-command="notebook:interrupt-kernel"]').click()
        shown = cells.ended("train-2", before)
        found = STOPPED.search(shown)
        assert found and "Traceback" not in shown, shown
        stopped.append(int(found[1]))
    assert f"going on after epoch {stopped[0]}" in shown and stopped[1] > stopped[0]


def test_what_is_not_saved_is_said_and_what_is_saved_is_handed_in(cells):
    hand_in = nbformat.read(COURSE.release / "4_cifar.ipynb", as_version=4).cells[-1].id
    unsaved = cells.run(hand_in)
    assert "UNSAVED: you have unsaved changes in 4_cifar.ipynb (q3_2, q3_3)" in unsaved
    cells.page.keyboard.press("Control+S")
    cells.page.wait_for_function(f"!{CELLS}.model.dirty")
    saved = cells.run(hand_in)
    assert "UNSAVED" not in saved
    assert re.search(r"q3_2 +answered  \[3 points; checked here: 0.75, passed: 0.75\]", saved)
    assert re.search(r"best\.safetensors .*\bmine\b.* of the test images, 490 numbers", saved)
    assert "Hand in this file: " in saved


# ---- the playground


@pytest.fixture(scope="module")
def page(lab):
    """The playground's cells, run."""
    page, address = lab
    open_playground(page, address)
    return page


@pytest.fixture
def opened(page):
    """The playground once something is predicted."""
    if slider(page).is_hidden():
        predict(page)
    return page


def said(page: Page) -> str:
    return slider(page).get_attribute("aria-valuetext") or ""


def test_first_one_predicts_and_then_the_slider_opens(page):
    expect(slider(page)).to_be_hidden()
    predict(page)
    expect(page.locator(".csl-told")).to_have_text("You wrote φ = 0.70 (▲). Move φ, and see.")


def test_the_still_picture_gives_way(page):
    assert page.locator("[data-still]").count() == 1
    expect(page.locator("[data-still]")).to_be_hidden()


def test_arrow_keys_go_from_new_layer_to_new_layer_and_no_further_than_the_widget(opened):
    slider(opened).focus()
    active = opened.evaluate(ACTIVE_CELL)
    opened.keyboard.press("ArrowUp")
    assert said(opened).startswith("φ = just past 0.00: 23 layers") and said(opened).endswith("in all seven stages.")
    opened.keyboard.press("ArrowLeft")
    assert said(opened).endswith("Just past φ = −1.58: one layer more in stage 6.")
    opened.keyboard.press("Shift+ArrowRight")
    assert said(opened).startswith("φ = −1.55: 16 layers")
    opened.get_by_role("button", name="To the next new layer").click(click_count=2)
    opened.keyboard.press("ArrowUp")  # on the button
    assert said(opened).endswith("Just past φ = 1.22: one layer more in stage 6.")
    assert opened.evaluate(ACTIVE_CELL) == active == 1


def test_what_was_predicted_stands_beside_what_came(opened):
    slider(opened).focus()
    opened.keyboard.press("Shift+ArrowRight")
    compared = "The first new layers come just past φ = 0.00, in all seven stages. Why there?"
    expect(opened.locator(".csl-told")).to_have_text(f"You wrote φ = 0.70 (▲). {compared}")


def test_what_is_dragged_is_drawn_with_each_move(opened):
    """How long that takes is measured by benchmarks/playground.py."""
    opened.evaluate(WATCH)
    drawn = drag(opened)["drawn"]
    assert len(drawn) > 10 and 6.3 <= float(slider(opened).input_value()) <= 6.5


def test_one_dimension_alone_and_other_bases(opened):
    opened.get_by_role("radio", name="depth alone").check()
    opened.get_by_role("spinbutton", name="α, the base of the depth").fill("1.3")
    expect(opened.locator(".csl-by-rule-text")).to_have_text("by the rule, 2.08φ")
    expect(opened.get_by_role("radio", name="depth alone")).to_be_checked()


# ---- axe


@pytest.fixture(scope="module")
def axe_script(tmp_path_factory):
    return axe(tmp_path_factory.mktemp("axe"))


def found_by_axe(page: Page, script: str, part: str) -> list:
    """What axe finds wrong with a part of a page: rules, each with the pieces of HTML that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(script)
    found = page.evaluate(f"axe.run('{part}', {{resultTypes: ['violations']}})")
    assert len(found["passes"]) > 10
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_that_anyone_could_not_use(page, theme, axe_script):
    page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})")
    page.wait_for_selector(f".csl[data-theme={theme.lower()}]")
    assert found_by_axe(page, axe_script, ".csl") == []


def test_axe_finds_nothing_in_a_notebook_that_is_exported(lab, axe_script):
    """Notebook 2 has formulas, tables, boxes, and a text that opens."""
    page = lab[0].context.browser.new_page()
    page.set_content(page_of(solved_notebook(read_source(COURSE.source("2_compound_scaling"))), "2: solutions"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert found_by_axe(page, axe_script, "body") == [], scheme
    page.close()

"""The playground as students have it: in JupyterLab, in a real browser."""

import statistics

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.compound import COURSE
from tests.run.browser import axe
from tests.scalelab.lab import open_lab, open_page

pytestmark = pytest.mark.tool

REDRAW_MS = 100
MORE_DRAGS = 2
"""After one that other programs held up."""

THUMB = 10
"""Pixels: half of the slider's thumb, which its middle does not go beyond."""

CONNECTED = """() => {
  const session = window.jupyterapp.shell.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.connectionStatus === 'connected';
}"""

ACTIVE_CELL = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"

WATCH = """() => {
  window.drawn = [];
  window.painted = [];
  const slider = document.querySelector('.csl input[type=range]');
  const root = document.querySelector('.csl');
  let began;
  slider.addEventListener('input', () => { began = performance.now(); }, {capture: true});
  slider.addEventListener('input', () => {
    const moved = began;
    root.getBoundingClientRect();
    window.drawn.push(performance.now() - moved);
    requestAnimationFrame(() => { setTimeout(() => window.painted.push(performance.now() - moved)); });
  });
}"""
"""Keeps how long it takes from a move of the slider until its picture is drawn, and until it has been painted."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The cells of 3.1 up to the playground, run."""
    folder = tmp_path_factory.mktemp("student")
    released = nbformat.read(COURSE.release / "2_compound_scaling.ipynb", as_version=4)
    [cell] = [cell for cell in released.cells if cell.source == "playground.explore()"]
    start = nbformat.v4.new_code_cell("from scalelab import playground")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[start, cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "2.ipynb")
    with open_lab(folder, tmp_path_factory.mktemp("lab")) as address, open_page(1400) as page:
        page.set_default_timeout(90_000)
        page.goto(address.format("2.ipynb"))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(CONNECTED)
        page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_selector(".csl")
        yield page


def slider(page: Page):
    return page.get_by_role("slider", name="φ, the compound coefficient")


def said(page: Page) -> str:
    return slider(page).get_attribute("aria-valuetext") or ""


def test_first_one_predicts_and_then_the_slider_opens(page):
    expect(slider(page)).to_be_hidden()
    page.get_by_role("spinbutton", name="Your prediction of φ").fill("0.7")
    page.get_by_role("button", name="Write it down").click()
    expect(slider(page)).to_be_focused()
    expect(page.locator(".csl-told")).to_have_text("You wrote φ = 0.70 (▲). Move φ, and see.")


def test_the_still_picture_gives_way(page):
    assert page.locator("[data-still]").count() == 1
    expect(page.locator("[data-still]")).to_be_hidden()


def test_arrow_keys_go_from_new_layer_to_new_layer_and_no_further_than_the_widget(page):
    slider(page).focus()
    active = page.evaluate(ACTIVE_CELL)
    page.keyboard.press("ArrowUp")
    assert said(page).startswith("φ = just past 0.00: 23 layers") and said(page).endswith("in all seven stages.")
    page.keyboard.press("ArrowLeft")
    assert said(page).endswith("Just past φ = −1.58: one layer more in stage 6.")
    page.keyboard.press("Shift+ArrowRight")
    assert said(page).startswith("φ = −1.55: 16 layers")
    page.get_by_role("button", name="To the next new layer").click(click_count=2)
    page.keyboard.press("ArrowUp")  # on the button
    assert said(page).endswith("Just past φ = 1.22: one layer more in stage 6.")
    assert page.evaluate(ACTIVE_CELL) == active == 1


def test_what_was_predicted_stands_beside_what_came(page):
    slider(page).focus()
    page.keyboard.press("Shift+ArrowRight")
    compared = "The first new layers come just past φ = 0.00, in all seven stages. Why there?"
    expect(page.locator(".csl-told")).to_have_text(f"You wrote φ = 0.70 (▲). {compared}")


def drag(page: Page) -> dict[str, list[float]]:
    """Drag the slider from φ = −2.5 to φ = 6.4. Returns milliseconds of each redraw."""
    page.evaluate("window.drawn = []; window.painted = []")
    box = slider(page).bounding_box()
    left, wide = box["x"] + THUMB, box["width"] - 2 * THUMB
    middle = box["y"] + box["height"] / 2
    page.mouse.move(left + wide * (float(slider(page).input_value()) + 3) / 10, middle)
    page.mouse.down()
    for step in range(90):
        page.mouse.move(left + wide * (0.05 + 0.01 * step), middle)
    page.mouse.up()
    page.wait_for_function("window.painted.length === window.drawn.length && window.drawn.length > 10")
    return {name: page.evaluate(f"window.{name}") for name in ("drawn", "painted")}


def late(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def test_while_dragging_it_is_drawn_within_100_ms(page):
    """When it is painted depends on what else the machine does: of that, only the median has to hold."""
    page.evaluate(WATCH)
    times = drag(page)
    for _ in range(MORE_DRAGS):
        if late(times["drawn"]) < REDRAW_MS and statistics.median(times["painted"]) < REDRAW_MS:
            break
        times = drag(page)
    for name, redraws in times.items():
        print(
            f"{name}: {statistics.median(redraws):.1f} ms, 95th percentile {late(redraws):.1f} ms, {len(redraws)} times"
        )
    assert late(times["drawn"]) < REDRAW_MS
    assert statistics.median(times["painted"]) < REDRAW_MS
    assert 6.3 <= float(slider(page).input_value()) <= 6.5


def test_one_dimension_alone_and_other_bases(page):
    page.get_by_role("radio", name="depth alone").check()
    page.get_by_role("spinbutton", name="α, the base of the depth").fill("1.3")
    expect(page.locator(".csl-by-rule-text")).to_have_text("by the rule, 2.08φ", timeout=30_000)
    expect(page.get_by_role("radio", name="depth alone")).to_be_checked()


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_that_anyone_could_not_use(page, theme, tmp_path_factory):
    page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})")
    page.wait_for_selector(f".csl[data-theme={theme.lower()}]")
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe(tmp_path_factory.mktemp("axe")))
    found = page.evaluate("axe.run('.csl', {resultTypes: ['violations']})")
    assert len(found["passes"]) > 10
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []

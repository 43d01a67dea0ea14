"""The playground of notebook 2 in a notebook of its own, and its slider, dragged as a student drags it."""

from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.compound import COURSE
from tests.scalelab.lab import open_notebook

NAME = "playground.ipynb"

PREDICTED = "0.7"

THUMB = 10
"""Pixels: half of the slider's thumb, which its middle does not go beyond."""

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


def write_playground(folder: Path) -> None:
    """A notebook with the cells of 3.1 up to the playground."""
    released = nbformat.read(COURSE.release / "2_compound_scaling.ipynb", as_version=4)
    [cell] = [cell for cell in released.cells if cell.source == "playground.explore()"]
    start = nbformat.v4.new_code_cell("from scalelab import playground")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[start, cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / NAME)


def open_playground(page: Page, address: str) -> None:
    """Open that notebook and run its cells."""
    open_notebook(page, address, NAME)
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".csl")


def slider(page: Page) -> Locator:
    """The slider of φ, which opens once something is predicted."""
    return page.get_by_role("slider", name="φ, the compound coefficient")


def predict(page: Page) -> None:
    """Write a prediction down, as each student must first."""
    page.get_by_role("spinbutton", name="Your prediction of φ").fill(PREDICTED)
    page.get_by_role("button", name="Write it down").click()
    expect(slider(page)).to_be_focused()


def drag(page: Page) -> dict[str, list[float]]:
    """Drag the slider from φ = −2.5 to φ = 6.4. Returns milliseconds of each redraw; WATCH must have been evaluated."""
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

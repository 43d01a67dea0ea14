"""A JupyterLab of its own, and a real browser in front of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.run.browser import browser

QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
"""It would ask a stranger on the network for news, and the student whether it may."""

SAVED_BY_HAND = {"autosave": False}
"""JupyterLab saves by itself every two minutes, which is sometimes in the middle of a test."""

STARTED_SECONDS = 240

PATIENCE = 120_000
"""Milliseconds for whatever a page has to come to: a busy machine takes a while."""

CONNECTED = """() => {
  const session = window.jupyterapp.shell.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.connectionStatus === 'connected';
}"""

CELLS = "window.jupyterapp.shell.currentWidget.content"
GO_TO = f"""id => {{
  {CELLS}.activeCellIndex = {CELLS}.widgets.findIndex(cell => cell.model.id === id);
  {CELLS}.mode = 'command';
  {CELLS}.node.focus();
  return {CELLS}.scrollToItem({CELLS}.activeCellIndex);
}}"""
COUNT = f"id => {CELLS}.widgets.find(cell => cell.model.id === id).model.executionCount"
SHOWN = f"id => {CELLS}.widgets.find(cell => cell.model.id === id).outputArea.node.textContent"


@contextmanager
def open_lab(folder: Path, own: Path) -> Iterator[str]:
    """JupyterLab on a folder, with settings, runtime files and home in `own`: its address, with the token to get in."""
    settings = own / "config" / "labconfig"
    settings.mkdir(parents=True)
    (settings / "page_config.json").write_text(json.dumps(QUIET))
    documents = own / "config" / "lab" / "user-settings" / "@jupyterlab" / "docmanager-extension"
    documents.mkdir(parents=True)
    (documents / "plugin.jupyterlab-settings").write_text(json.dumps(SAVED_BY_HAND))
    places = {"HOME": own, "JUPYTER_CONFIG_DIR": own / "config", "JUPYTER_RUNTIME_DIR": own / "runtime"}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0", "--ip=127.0.0.1"]
    command += [f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"]
    environment = os.environ | {name: str(place) for name, place in places.items()}
    with (own / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            told = _told(server, own)
            yield f"{told['url']}doc/tree/{{}}?token={told['token']}"
        finally:
            server.terminate()
            server.wait(120)


def _told(server: subprocess.Popen, own: Path) -> dict:
    """What the server writes down about itself when it is ready."""
    deadline = time.monotonic() + STARTED_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        for file in (own / "runtime").glob("jpserver-*.json"):
            try:
                return json.loads(file.read_text())
            except ValueError:
                continue  # half written
        time.sleep(0.05)
    raise AssertionError((own / "log").read_text()[-2000:])


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook in the page, and wait until its kernel is there."""
    page.goto(address.format(name))
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(CONNECTED)


class Cells:
    """The cells of the notebook that is open in a page, as a student uses them: by keys."""

    def __init__(self, page: Page):
        self.page = page

    def go_to(self, cell: str) -> None:
        """Make the cell with this id the active one."""
        self.page.evaluate(GO_TO, cell)

    def write(self, cell: str, source: str) -> None:
        """Type `source` in place of what a cell holds."""
        self.go_to(cell)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Escape")

    def begin(self, cell: str) -> None:
        """Run a cell, and do not wait for its end."""
        self.go_to(cell)
        self.page.keyboard.press("Control+Enter")

    def run(self, cell: str) -> str:
        """Run a cell, wait for its end, and return what it shows."""
        before = self.page.evaluate(COUNT, cell)
        self.begin(cell)
        return self.ended(cell, before)

    def ended(self, cell: str, before: int | None) -> str:
        """Wait until a cell that ran as number `before` has run once more, and return what it shows."""
        self.page.wait_for_function(
            f"([cell, before]) => ![null, before].includes(({COUNT})(cell))", arg=[cell, before]
        )
        return self.shown(cell)

    def shown(self, cell: str) -> str:
        """What stands below a cell, as text."""
        return self.page.evaluate(SHOWN, cell)


@contextmanager
def open_page(width: int, height: int = 900) -> Iterator[Page]:
    """A page of a real browser, so wide."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        try:
            page = program.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(PATIENCE)
            yield page
        finally:
            program.close()

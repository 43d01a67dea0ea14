"""A JupyterLab of its own, and a real browser in front of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.run.browser import browser

QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
"""It would ask a stranger on the network for news, and the student whether it may."""

STARTED_SECONDS = 90


@contextmanager
def open_lab(folder: Path, own: Path) -> Iterator[str]:
    """JupyterLab on a folder, with settings, runtime files and home in `own`: its address, with the token to get in."""
    settings = own / "config" / "labconfig"
    settings.mkdir(parents=True)
    (settings / "page_config.json").write_text(json.dumps(QUIET))
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
            server.wait(20)


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


@contextmanager
def open_page(width: int, height: int = 900) -> Iterator[Page]:
    """A page of a real browser, so wide."""
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        try:
            yield program.new_page(viewport={"width": width, "height": height})
        finally:
            program.close()

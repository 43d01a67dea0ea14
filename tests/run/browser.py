"""A real browser, and axe-core in it, for tests of pages."""

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

AXE = "axe-core@4.14.1"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
DARK = re.compile(r"@media (screen and )?\(prefers-color-scheme: dark\)")
RUN = """axe.run({resultTypes: ["violations"]}).then(found => {
  const said = document.createElement("pre"); said.id = "axe";
  said.textContent = JSON.stringify({passes: found.passes.length, violations: found.violations.map(
    one => [one.id, one.impact, one.nodes.map(node => node.html.slice(0, 200))])});
  document.body.replaceChildren(said); })"""


def browser() -> str:
    """The browser's program. Where there is none, the test is skipped; in CI, which installs one, it fails."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI_HAS_BROWSER") else pytest.skip)("no chromium is installed")
    return found


def axe(folder: Path) -> str:
    """axe-core's script, from npm."""
    if shutil.which("npm") is None:
        (pytest.fail if os.environ.get("CI_HAS_BROWSER") else pytest.skip)("no npm is installed")
    subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, check=True, capture_output=True, timeout=120)
    [archive] = folder.glob("axe-core-*.tgz")
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js").read()
    assert hashlib.sha256(script).hexdigest() == AXE_SHA256
    return script.decode()


def violations(page: str, script: str, folder: Path, width: int, dark: bool) -> list:
    """What axe finds wrong with a page as it is shown at a width, in light or dark colours.

    The page's own policy lets no script run, axe's neither, so it is taken out.
    """
    if dark:
        page, changed = DARK.subn("@media all", page)
        assert changed, "the page has dark colours"
        page = page.replace('content="light dark"', 'content="dark"')
    script = script.replace("</script", "<\\/script")
    page = POLICY.sub("", page).replace("</body>", f"<script>{script}</script><script>{RUN}</script></body>")
    place = folder / f"page_{width}_{dark}.html"
    place.write_text(page, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=30000", "--dump-dom"]
    command = [browser(), *options, f"--user-data-dir={folder}/profile", f"--window-size={width},900", place.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = re.search(r'<pre id="axe">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-500:]
    said = json.loads(html.unescape(found[1]))
    assert said["passes"] > 10, "axe has looked at the page"
    return said["violations"]

"""A package index on this machine: every pinned package as an empty wheel, and a memory of what it was asked for."""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from threading import Thread

PINS = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)$", re.MULTILINE)

NEWER = "9999.0"
"""A version that each package but setuptools has as well, and which nobody who is told what to type should get."""


class OwnIndex:
    """What `pip --index-url` is pointed at.

    Attributes:
        url: for `--index-url` or PIP_INDEX_URL.
        asked: the names that were asked for, as pip normalises them.
    """

    def __init__(self, pins: dict[str, str]):
        self.asked: set[str] = set()
        self.wheels = {name: _wheel_name(name, version) for name, version in pins.items()}
        self.url = ""

    def answer(self, path: str) -> bytes | None:
        """What is at a path: the page of a name, or a wheel; None if it is unknown here."""
        _, place, name, *_ = path.split("/")
        if place == "wheels":
            project, version, *_ = name.split("-")
            return _real_wheel(project) if project == "setuptools" else _empty_wheel(project, version)
        self.asked.add(name)
        wheels = [self.wheels[name]] if name in self.wheels else []
        if wheels and name != "setuptools":
            wheels.append(_wheel_name(name, NEWER))
        return "".join(f'<a href="/wheels/{wheel}">{wheel}</a>' for wheel in wheels).encode() or None


@contextmanager
def own_index(constraints: str) -> Iterator[OwnIndex]:
    """An index that serves the pins of a constraints file while it is open."""
    index = OwnIndex({re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PINS.findall(constraints)})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = index.answer(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", "application/zip" if self.path.endswith(".whl") else "text/html")
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        index.url = f"http://127.0.0.1:{server.server_port}/simple"
        Thread(target=server.serve_forever, daemon=True).start()
        yield index
        server.shutdown()


def _wheel_name(name: str, version: str) -> str:
    return f"{name.replace('-', '_')}-{version}-py3-none-any.whl"


def _empty_wheel(project: str, version: str) -> bytes:
    """A wheel that installs nothing but its metadata, and needs nothing."""
    info = f"{project}-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with BytesIO() as made:
        with zipfile.ZipFile(made, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        return made.getvalue()


def _real_wheel(project: str) -> bytes:
    """The installed package as a wheel again: pip builds the wheels of others by setuptools itself."""
    with tempfile.TemporaryDirectory() as folder, BytesIO() as made:
        with zipfile.ZipFile(made, "w") as archive:
            for file in distribution(project).files or ():
                if ".." not in file.parts and file.suffix != ".pyc":
                    shutil.copyfile(file.locate(), Path(folder) / "file")
                    archive.write(Path(folder) / "file", str(file))
        return made.getvalue()

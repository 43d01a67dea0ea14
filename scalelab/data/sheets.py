"""A sheet: many small images in one PNG, sorted by class with the class's name above, and an index in JSON beside it.

The PNG is for looking at; the index tells where on it each image stands and which image of CIFAR-10 it is:

    {"part": "train", "tile": 32, "pitch": 33, "columns": 50, "sha256": …,
     "classes": [{"name": "airplane", "left": 8, "top": 40, "indices": [29, 30, …]}, …]}

A class's images stand from (left, top) on, `columns` to a row, `pitch` pixels apart; `indices` are their places in the
canonical order of CIFAR-10's train or test set. `sha256` is `checksum` of what `read_sheet` returns.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from scalelab.data.images import CLASSES, DataError, Images


def read_sheet(path: str | Path) -> Images:
    """The images of the sheet `path` (a PNG with its .json beside it), in the canonical order of CIFAR-10."""
    path = Path(path)
    index_path = path.with_suffix(".json")
    for file in (path, index_path):
        if not file.is_file():
            raise DataError(f"{file} is missing: copy it again from where the course material came from.")
    try:
        index = json.loads(index_path.read_text(encoding="utf-8"))
        with Image.open(path) as sheet:
            pixels = np.array(sheet.convert("RGB"))  # [H, W, 3]
        images = _cut(pixels, index)
        expected = index["sha256"]
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        SyntaxError,
    ) as error:  # Pillow calls a broken PNG a SyntaxError
        raise DataError(f"{path} cannot be read as a sheet ({error}): copy it and its .json again.") from None
    if checksum(images) != expected:
        raise DataError(f"{path} has other pixels than its index says: copy it and its .json again.")
    return images


def checksum(*parts: Images) -> str:
    """sha256, as hexadecimal, of each part's pixels [N, 3, 32, 32] and then its labels, a byte each."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.images.cpu().contiguous().numpy().data)
        digest.update(part.labels.cpu().to(torch.uint8).numpy().data)
    return digest.hexdigest()


def _cut(pixels: np.ndarray, index: dict) -> Images:
    """The tiles of a sheet: pixels [H, W, 3] -> Images, sorted by canonical index."""
    tile, pitch, columns = index["tile"], index["pitch"], index["columns"]
    tiles, labels, indices = [], [], []
    for group in index["classes"]:
        for place, canonical in enumerate(group["indices"]):
            row, column = divmod(place, columns)
            top, left = group["top"] + row * pitch, group["left"] + column * pitch
            tiles.append(pixels[top : top + tile, left : left + tile])
            labels.append(CLASSES.index(group["name"]))
            indices.append(canonical)
    order = np.argsort(indices)
    images = np.stack(tiles)[order].transpose(0, 3, 1, 2)  # [N, 32, 32, 3] -> [N, 3, 32, 32]
    return Images(torch.from_numpy(np.ascontiguousarray(images)), torch.tensor(labels)[order])

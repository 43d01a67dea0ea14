"""CIFAR-10's official archive, cifar-10-python.tar.gz: pickles of Python 2, read without running what is in them.

https://www.cs.toronto.edu/~kriz/cifar.html tells the format: a batch is a dictionary with b"data", uint8 [10000, 3072]
(the red, the green, then the blue pixels of an image, row by row), and b"labels", a list of whole numbers.
"""

import io
import pickle
import tarfile
import zlib
from pathlib import Path

import numpy as np
import torch
from numpy._core.multiarray import _reconstruct

from scalelab.data.images import SIDE, DataError, Images

FOLDER = "cifar-10-batches-py"
"""What the archive unpacks to."""

TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST = "test_batch"

LARGEST = 64 * 2**20
"""Bytes that no batch exceeds (they have 31 MB)."""

ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}
"""All that a batch may name: what an array is made of. A pickle that names anything else is not a batch."""


class BatchUnpickler(pickle.Unpickler):
    """Reads arrays, lists, strings and numbers. pickle.load itself would call whatever the file says."""

    def find_class(self, module: str, name: str) -> object:
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no batch of CIFAR-10 needs") from None


def read(path: Path) -> tuple[Images, Images]:
    """The training and test images of the archive: the .tar.gz as it is, or the folder that it unpacks to."""
    files = _files(path)
    missing = [name for name in (*TRAIN, TEST) if name not in files]
    if missing:
        raise DataError(f"{path} has no {missing[0]}")
    train = [_batch(path, name, files[name]) for name in TRAIN]
    images, labels = (torch.from_numpy(np.concatenate(each)) for each in zip(*train, strict=True))
    return Images(images, labels), Images(*map(torch.from_numpy, _batch(path, TEST, files[TEST])))


def _files(path: Path) -> dict[str, bytes]:
    """The batches' files: {name: content}."""
    wanted = (*TRAIN, TEST)
    try:
        if path.is_dir():
            return {name: (path / name).read_bytes() for name in wanted if (path / name).is_file()}
        with tarfile.open(path, "r:gz") as archive:
            return {
                Path(member.name).name: content.read()
                for member in archive
                if member.size < LARGEST
                and Path(member.name).name in wanted
                and (content := archive.extractfile(member)) is not None
            }
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise DataError(f"{path} cannot be unpacked ({error})") from None


def _batch(path: Path, name: str, content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """One file of the archive -> uint8 [N, 3, 32, 32] and int64 [N]."""
    try:
        batch = BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
        pixels = np.asarray(batch[b"data"]).reshape(-1, 3, SIDE, SIDE)
        labels = np.array(batch[b"labels"], dtype=np.int64)
    except Exception as error:  # a broken pickle can raise nearly anything
        raise DataError(f"{path}: {name} cannot be read ({str(error) or type(error).__name__})") from None
    if pixels.dtype != np.uint8 or labels.shape != pixels.shape[:1]:
        raise DataError(f"{path}: {name} does not hold CIFAR-10's images and labels")
    return pixels, labels

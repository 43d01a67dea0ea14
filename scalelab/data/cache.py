"""The full set as one file, which a later load maps into memory instead of reading it."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from scalelab.data.images import DataError, Images
from scalelab.data.sheets import checksum

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt

NAME = "cifar10.safetensors"
"""The file's name: train_images, train_labels, test_images and test_labels, as in Images."""


def read(path: Path, expected: str) -> tuple[Images, Images]:
    """The training and test images in a file of the cache.

    Their memory is the file's own pages: nothing is copied, and what is changed in it never reaches the file.

    Args:
        path: of the file.
        expected: the checksum of its pixels and labels.

    Raises:
        DataError: if it cannot be read, or holds something else.
    """
    try:
        with safe_open(path, framework="pt") as file:
            train, test = (
                Images(file.get_tensor(f"{part}_images"), file.get_tensor(f"{part}_labels"))
                for part in ("train", "test")
            )
    except (OSError, SafetensorError, TypeError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error})") from None
    if checksum(train, test) != expected:
        raise DataError(f"{path} holds other images or labels than CIFAR-10")
    return train, test


def write(path: Path, train: Images, test: Images) -> None:
    """Make a file of the cache: there is all of it or nothing, whenever one looks and however this ends.

    Args:
        path: of the file, whose folder exists.
        train: the images to train on.
        test: the images to test on.

    Raises:
        DataError: if it cannot be written.
    """
    tensors = {
        "train_images": train.images.contiguous(),
        "train_labels": train.labels,
        "test_images": test.images.contiguous(),
        "test_labels": test.labels,
    }
    size = sum(tensor.nbytes for tensor in tensors.values())
    expect_space(path.parent, size)
    try:
        with workplace(path.parent) as folder:
            half = folder / path.name
            save_file(tensors, half)
            half.chmod(0o644)  # safetensors makes 0600: a cache that a class shares could not be read
            with half.open("rb+") as file:
                os.fsync(file.fileno())  # or a power cut could leave the new name with old contents
            os.replace(half, path)
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path} cannot be written ({error}): {megabytes(size)} are needed there") from None


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """An empty folder in `folder` for what is not finished. It goes with all in it, at the latest the next time."""
    place = folder / "unfinished"
    shutil.rmtree(place, ignore_errors=True)  # of a process that was killed
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def expect_space(folder: Path, size: int) -> None:
    """See to it that a disk has space left: better before a download than after it.

    Args:
        folder: on the disk.
        size: bytes that are needed.

    Raises:
        DataError: if there are fewer.
    """
    free = shutil.disk_usage(folder).free
    if free < size:
        raise DataError(
            f"the disk of {folder} has {megabytes(free)} left and CIFAR-10 needs {megabytes(size)}: "
            "make room, or set SCALELAB_CACHE to a folder on another disk"
        )


def megabytes(size: int) -> str:
    """Bytes, for people."""
    return f"{size / 1e6:.0f} MB"


@contextmanager
def one_process(folder: Path) -> Iterator[None]:
    """Make `folder` and hold it: another process waits here until this one is done or has died."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "cifar10.lock").open("a")
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written ({error.strerror}): set SCALELAB_CACHE to a folder that you can write to"
        ) from None
    with file:
        waiting = False
        while not _locked(file.fileno()):
            if not waiting:
                print("Another process is fetching CIFAR-10: waiting for it.")
            waiting = True
            time.sleep(0.2)
        yield


def _locked(descriptor: int) -> bool:
    """Lock the file until it is closed; False where another process has it."""
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK):
            return False
        # Some network disks know no locks. Two processes can spoil each other's download there, and the checksum tells.
    return True

"""Where CIFAR-10 lies on this machine: the sample in a folder `data`, the full set in a cache."""

import os
from collections.abc import Iterator
from pathlib import Path

from scalelab.data import full
from scalelab.data.images import Cifar10, DataError
from scalelab.data.sheets import read_sheet

SAMPLE = Path("cifar10_sample")
"""Where the sample is in a data folder: train.png and test.png, with their indices."""

SIZES = ("sample", "full")


def cifar10(root: str | Path | None = None, size: str = "sample") -> Cifar10:
    """CIFAR-10's images to train on and to test on.

    Args:
        root: a folder with the data. If None: what the environment variable SCALELAB_DATA says, else the folder `data`
            in the working folder or above it.
        size: "sample", which comes with the course: 300 images per class to train on and 100 per class to test on; or
            "full": all 50,000 and 10,000. The first time, this downloads about 150 MB, unless they are on this machine
            already; later they are there at once.

    Raises:
        DataError: in one line, if the images are not available.
        ValueError: if `size` is neither.
    """
    if size not in SIZES:
        raise ValueError(f'size has to be "sample" or "full", not {size!r}')
    if size == "sample":
        folder = _named(root) or _data_folder()
        if folder is None:
            raise DataError(
                f"No folder data/{SAMPLE} in {Path.cwd()} or above it: work in the course's folder, "
                "or set SCALELAB_DATA to the data folder."
            )
        # root may be the data folder, or the sample's folder itself.
        folder = folder / SAMPLE if (folder / SAMPLE).is_dir() else folder
        return Cifar10(read_sheet(folder / "train.png"), read_sheet(folder / "test.png"), size)
    train, test = full.load(_named(root) or _data_folder(), cache_folder())
    return Cifar10(train, test, size)


def cache_folder() -> Path:
    """Where the full set is kept: what SCALELAB_CACHE says, else ~/.cache/scalelab."""
    return Path(os.environ.get("SCALELAB_CACHE") or "~/.cache/scalelab").expanduser()


def _named(root: str | Path | None) -> Path | None:
    """The folder that the caller or the environment named, if any."""
    folder, by = (root, "root") if root is not None else (os.environ.get("SCALELAB_DATA"), "SCALELAB_DATA")
    if not folder:
        return None
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise DataError(f"{by}: there is no folder {folder.absolute()}: name the folder that the data is in.")
    return folder


def _data_folder() -> Path | None:
    """The nearest folder `data` with a sample."""
    return next((folder for folder in data_folders() if (folder / SAMPLE).is_dir()), None)


def data_folders() -> Iterator[Path]:
    """Where a folder `data` may be, the nearest first: in the working folder, above it, or beside the package."""
    here = Path.cwd()
    beside = Path(__file__).resolve().parents[2]
    return (folder / "data" for folder in (here, *here.parents, beside))

"""The images that the judge asks a trained network about."""

from functools import lru_cache
from pathlib import Path

from scalelab.data import Images
from scalelab.data.sheets import read_sheet


DATA = Path(__file__).resolve().parents[3] / "data"


@lru_cache
def judging_images() -> Images:
    """1,000 of CIFAR-10's test images: none of those that students test on."""
    return read_sheet(DATA / "judging" / "cifar10.png")


@lru_cache
def training_images() -> Images:
    """The 3,000 images of the sample's train part, which are in the full train part as well."""
    return read_sheet(DATA / "cifar10_sample" / "train.png")

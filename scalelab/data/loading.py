"""Batches to train and to test on, made of one tensor on the device: no files, no worker processes.

A pass over the images costs a few tensor operations a batch, whatever the batch's size: images stay whole numbers
(uint8) until the last step, and a crop with a flip is nothing but a choice of rows and columns.
"""

from collections.abc import Iterator

import numpy as np
import torch

from scalelab.data.images import SIDE, Images, normalise

MOVED_BY = 4
"""Pixels that a training image is moved by at most, up or down and left or right, unless one says otherwise."""

Batch = tuple[torch.Tensor, torch.Tensor]


def loader(
    images: Images,
    batch_size: int = 128,
    train: bool = False,
    device: str | torch.device | None = None,
    seed: int = 0,
    moved_by: int = MOVED_BY,
) -> "Loader":
    """Batches of normalised images, to be iterated over any number of times.

    Each batch is (float32 [n, 3, 32, 32] in channels_last memory format, int64 [n]), both on `device`.
    The order and the moves of a pass depend on the seed and on the number of the pass only, on every device alike.

    Args:
        images: uint8 [N, 3, 32, 32], and their labels.
        batch_size: images of a batch.
        train: if False, all images in their order; the last batch may be shorter. If True, a new order each pass, each
            image moved (what is missing at an edge is mirrored) and flipped left to right half of the time; a last
            short batch is dropped.
        device: where the batches are; None for the device that the images are on.
        seed: of the order and the moves.
        moved_by: at most so many pixels, up or down and left or right.
    """
    return Loader(images, batch_size, train, device, seed, moved_by)


class Loader:
    """See `loader`. `epoch` is the number of the next pass: set it to repeat a pass or to go on with a later one."""

    def __init__(
        self,
        images: Images,
        batch_size: int,
        train: bool,
        device: str | torch.device | None,
        seed: int,
        moved_by: int = MOVED_BY,
    ) -> None:
        if not isinstance(images, Images):
            raise TypeError(f"loader takes Images, such as cifar10().train, not {type(images).__name__}")
        if not isinstance(batch_size, int) or batch_size < 1:
            raise ValueError(f"batch_size has to be a whole number of images, 1 or more, not {batch_size!r}")
        if train and batch_size > len(images):
            raise ValueError(f"batch_size={batch_size}, but there are only {len(images)} images: not one full batch")
        if not isinstance(seed, int) or seed < 0:
            raise ValueError(f"seed has to be a whole number, 0 or more, not {seed!r}")
        self.batch_size, self.train, self.seed, self.epoch = batch_size, train, seed, 0
        self.moved_by = moved_by
        self.device = torch.device(device) if device is not None else images.images.device
        # [N, 32, 32, 3]: a pixel's colours side by side, which is what channels_last means.
        self._pixels = images.images.to(self.device).permute(0, 2, 3, 1).contiguous()
        self._labels = images.labels.to(self.device)

    def __len__(self) -> int:
        """Batches in a pass."""
        whole, rest = divmod(len(self._labels), self.batch_size)
        return whole if self.train or not rest else whole + 1

    def __iter__(self) -> Iterator[Batch]:
        epoch, self.epoch = self.epoch, self.epoch + 1
        return self._shuffled(epoch) if self.train else self._in_order()

    def _in_order(self) -> Iterator[Batch]:
        for start in range(0, len(self._labels), self.batch_size):
            batch = slice(start, start + self.batch_size)
            yield normalise(self._pixels[batch].permute(0, 3, 1, 2)), self._labels[batch]

    def _shuffled(self, epoch: int) -> Iterator[Batch]:
        order, rows, columns = self._draw(epoch)
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            batch = slice(start, start + self.batch_size)
            chosen = order[batch]  # [n]
            # [n, 1, 1], [n, 32, 1] and [n, 1, 32] choose pixels [n, 32, 32, 3].
            pixels = self._pixels[chosen[:, None, None], rows[batch][:, :, None], columns[batch][:, None, :]]
            yield normalise(pixels.permute(0, 3, 1, 2)), self._labels[chosen]

    def _draw(self, epoch: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """All that is random in a pass: the images' order [N], and which rows [N, 32] and columns [N, 32] are seen."""
        number = len(self._labels)
        random = np.random.default_rng((self.seed, epoch))
        order = torch.from_numpy(random.permutation(number)).to(self.device)
        pixels = random.integers(-self.moved_by, self.moved_by, (2, number, 1), endpoint=True)
        moves = torch.from_numpy(pixels).to(self.device)
        flipped = torch.from_numpy(random.integers(0, 2, (number, 1), dtype=bool)).to(self.device)
        places = torch.arange(SIDE, device=self.device)  # [32]
        rows, columns = _mirrored(places + moves[0]), _mirrored(places + moves[1])
        return order, rows, torch.where(flipped, columns.flip(1), columns)


def _mirrored(places: torch.Tensor) -> torch.Tensor:
    """Places outside of 0 … 31 reflected at the edge, which is not repeated: −1 -> 1, 32 -> 30."""
    last = SIDE - 1
    return last - (last - places.abs()).abs()

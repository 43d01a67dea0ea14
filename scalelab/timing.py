"""Seconds that a network takes for one image, measured on the machine at hand."""

import time
from dataclasses import dataclass

import torch
from torch import nn

from scalelab.training import threads
from scalelab.training.device import pick_device, wait_for

UNSTEADY = 1.5
"""A slowest run so many times as long as the fastest one says that the machine had other things to do."""

FEWEST = 2
"""So many runs are made, however slow the network is."""


@dataclass(frozen=True)
class Timing:
    """What was measured. runs: seconds of each run that counts, of `batch_size` images, in their order.

    threads: with how many threads of the CPU; None on another device.
    """

    runs: tuple[float, ...]
    batch_size: int
    threads: int | None = None

    @property
    def seconds(self) -> float:
        """Seconds an image: the fastest run's, because whatever else a machine does can only make a run longer."""
        return min(self.runs) / self.batch_size

    @property
    def steady(self) -> bool:
        """Whether the runs took about the same time. A single run says nothing of it."""
        return len(self.runs) > 1 and max(self.runs) <= UNSTEADY * min(self.runs)

    def __str__(self) -> str:
        if len(self.runs) == 1:
            return f"{1000 * self.seconds:.1f} ms, in a single run"
        note = "" if self.steady else f", but up to {1000 * max(self.runs) / self.batch_size:.1f} ms in other runs"
        return f"{1000 * self.seconds:.1f} ms{note}"


def measure(
    model: nn.Module,
    image_shape: tuple[int, int, int] = (3, 224, 224),
    batch_size: int | None = None,
    repeats: int = 9,
    warm_up: int = 2,
    budget: float = 0.8,
    device: str | torch.device | None = None,
) -> Timing:
    """Time the forward pass of `model` on random images, after a warm-up.

    On a CPU it computes with as many threads as are fastest now, and with those that torch had afterwards.

    Args:
        model: is moved to the device and put into evaluation mode. Its weights may be random: any take the same time.
        image_shape: (channels, height, width), without the batch.
        batch_size: by default 1 on a CPU, and 64 on an accelerator, which a single image does not keep busy.
        repeats: how many runs there are at most.
        warm_up: how many runs before these do not count, at most.
        budget: seconds after which no further run is begun, so that a slow network has fewer of them. There are always
            two, unless fewer are asked for: one alone cannot tell whether the machine had other things to do.
        device: by default the fastest that is there.

    Raises:
        ValueError: if no run is asked for, or the device cannot be used.
    """
    if repeats < 1:
        raise ValueError(f"repeats={repeats}: at least one run is needed")
    device = pick_device(device)
    batch_size = batch_size or (1 if device.type == "cpu" else 64)
    model = model.to(device).eval()
    images = torch.rand(batch_size, *image_shape, device=device)
    warm: list[float] = []
    runs: list[float] = []
    count = threads.usual() if device.type == "cpu" else None
    with torch.inference_mode(), threads.using(count or torch.get_num_threads()):
        # In the first runs torch allocates memory and picks its kernels.
        while not warm or (len(warm) < warm_up and sum(warm) < budget / 2):
            warm.append(_seconds_of_a_run(model, images))
        while len(runs) < min(repeats, FEWEST) or (len(runs) < repeats and sum(runs) < budget):
            runs.append(_seconds_of_a_run(model, images))
    return Timing(tuple(runs), batch_size, count)


def seconds_per_image(model: nn.Module, image_shape: tuple[int, int, int] = (3, 224, 224), **options) -> float:
    """Seconds for one image, of the fastest of the runs that `measure` makes.

    Args:
        model: is moved to the device and put into evaluation mode.
        image_shape: (channels, height, width), without the batch.
        **options: those of `measure`.
    """
    return measure(model, image_shape, **options).seconds


def _seconds_of_a_run(model: nn.Module, images: torch.Tensor) -> float:
    wait_for(images.device)
    start = time.perf_counter()
    model(images)
    wait_for(images.device)
    return time.perf_counter() - start

"""Picks where a network is trained, and with what precision."""

import copy
import time

import torch
import torch.nn.functional as F
from torch import nn

FASTER = 1.15
"""bfloat16 must be so many times as fast as float32 to be worth its rounding."""


def pick_device(device: str | torch.device | None = None) -> torch.device:
    """The device asked for, else the fastest there is: CUDA, then MPS (Apple), then the CPU.

    Raises:
        ValueError: if the device that was asked for cannot be used.
    """
    if device is not None:
        try:
            torch.empty(1, device=device)
        except (RuntimeError, AssertionError, NotImplementedError) as problem:
            reason = str(problem).splitlines()[0]
            raise ValueError(f"device={str(device)!r} cannot be used here ({reason}); leave it out") from None
        return torch.device(device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def pick_precision(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> str:
    """The precision to train with: "bfloat16" if a step with it is clearly faster on this device, else "float32".

    Measured on a copy of the model with one batch, in about a second: many CPUs have no arithmetic of their own
    for bfloat16, and then it is slower. torch's random state is left as it was.
    Where a GPU is done as soon as Python has asked it, shorter arithmetic gains nothing, and bfloat16 is not tried: its
    first step takes a GPU seconds to get ready for.

    Args:
        model: on the device of the images.
        images: [N, 3, H, W], normalised.
        labels: [N], numbers of classes.
    """
    if images.device.type == "mps":
        return "float32"
    devices = [images.device] if images.device.type == "cuda" else []
    with torch.random.fork_rng(devices):
        asked, exact = _seconds_of_a_step(model, images, labels, "float32")
        if exact < FASTER * asked:
            return "float32"
        _, rounded = _seconds_of_a_step(model, images, labels, "bfloat16")
    return "bfloat16" if exact > FASTER * rounded else "float32"


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """The context in which a forward pass computes with some precision.

    Args:
        device: of the model and the images.
        precision: "float32" or "bfloat16".
    """
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16")


def wait_for(device: torch.device) -> None:
    """An accelerator works on after a call has returned: wait until it is done."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def _seconds_of_a_step(
    model: nn.Module, images: torch.Tensor, labels: torch.Tensor, precision: str
) -> tuple[float, float]:
    """Seconds that Python takes to ask an accelerator for a training step, and seconds until it is done.

    The first are 0 where no accelerator is asked.
    """
    trial = copy.deepcopy(model).train()
    training_step(trial, images, labels, precision)  # the first one sets things up
    wait_for(images.device)
    started = time.perf_counter()
    training_step(trial, images, labels, precision)
    asked = time.perf_counter() - started
    wait_for(images.device)
    return 0.0 if images.device.type == "cpu" else asked, time.perf_counter() - started


def training_step(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, precision: str) -> None:
    """What a step computes: forward, loss, backward. No weight is changed; gradients are added to those that are there.

    Args:
        model: on the device of the images.
        images: [N, 3, H, W], normalised.
        labels: [N], numbers of classes.
        precision: "float32" or "bfloat16".
    """
    with autocast(images.device, precision):
        loss = F.cross_entropy(model(images), labels)
    loss.backward()

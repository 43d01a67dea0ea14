"""Trains one more network of the scaling experiment on the sample of CIFAR-10, with the recipe of all the others."""

from typing import Any

import torch

from scalelab import data, training
from scalelab.small import Shape, macs, small_efficientnet

RECIPE: dict[str, Any] = {
    "batch_size": 128, "learning_rate": 0.3, "weight_decay": 5e-4, "label_smoothing": 0.1, "warmup": 0.2
}  # fmt: skip
"""For all. A short trial took 0.05, 0.1, 0.2 and 0.4 for the base and for 4 times its cost by depth, by width and by
resolution; 0.4 was best or nearly so. 0.3 is a step below it, where a longer run is safe."""

PRECISION = "float32"
"""On a CPU with bfloat16 arithmetic, bfloat16 took 1.2 to 1.9 times as long for every one of these networks."""

PASSES = 20
"""Over the 3,000 images of the sample."""


def train(shape: Shape, name: str = "yours", seed: int = 0, passes: int = PASSES) -> dict[str, Any]:
    """Train a network of this shape as `make scaling --sample` trains its own. It takes a minute or two.

    Nothing is kept of it but what is returned: there is nothing to hand in, and no run is touched that you have.

    Args:
        shape: The network: depth, width and resolution.
        name: What the figure calls it.
        seed: Of the weights, and of the order of the images and of their augmentation.
        passes: Over the images. Only with the usual number can it be compared with the others.

    Returns:
        A run, as scalelab.scaling.runs() gives them: scaling_figure.show_scaling draws it.

    Raises:
        Stopped: When it is interrupted.
    """
    cifar = data.cifar10()
    torch.manual_seed(seed)
    record = training.fit(
        small_efficientnet(shape), cifar.train, cifar.test, epochs=passes, seed=seed, precision=PRECISION, name=name,
        out=None, **RECIPE,
    )  # fmt: skip
    return {
        "config": name,
        "factor": 0,
        "seed": seed,
        "resolution": shape.resolution,
        "interpolated": shape.interpolated,
        "macs": macs(shape),
        "accuracy": record.last.accuracy,
        "epochs": record.epochs,
    }

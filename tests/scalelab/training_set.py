"""A network and images so small that a run of `fit` takes a fraction of a second."""

import torch
from torch import nn

from scalelab import data

OPTIONS = {"batch_size": 20, "learning_rate": 0.05, "device": "cpu", "precision": "float32"}


def tiny(seed=0, channels=8):
    torch.manual_seed(seed)
    layers = nn.Conv2d(3, channels, 3, stride=8), nn.ReLU(), nn.Flatten(), nn.Linear(16 * channels, 10)
    return nn.Sequential(*layers)


def few(number, seed=1):
    """A kind of thing is a colour and noise, so that a few steps learn it."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.arange(number) % 10
    colours = (torch.arange(30) * 37 % 256).view(10, 3, 1, 1).float()
    noise = torch.randint(0, 60, (number, 3, 32, 32), generator=random)
    return data.Images((0.7 * colours[labels] + noise).clamp(0, 255).to(torch.uint8), labels)


TRAIN, TEST = few(100), few(50)

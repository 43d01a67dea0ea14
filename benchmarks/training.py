"""`fit` against the loop that a student would write from torchvision's tutorial: images a second, as a ratio.

Same network, same images, same batch size, same device, in one process, by turns. Of each, the second epoch is
timed: the first one warms up. The tutorial's loop: PIL transforms in a DataLoader with two workers, tensors in
PyTorch's default (contiguous) layout, SGD.
"""

import argparse
import statistics
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from scalelab import data, models, training
from scalelab.training.device import pick_device

from torchvision import transforms  # isort: skip  (a CPU build of torch needs scalelab first)

BATCH = 128


class Pictures(Dataset):
    """Images as PIL pictures with the tutorial's transforms."""

    def __init__(self, images: data.Images):
        self.pictures = [Image.fromarray(pixels) for pixels in np.moveaxis(images.images.numpy(), 1, -1)]
        self.labels = images.labels.tolist()
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(32, padding=4),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize(data.MEAN, data.STD),
            ]
        )

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.transform(self.pictures[index]), self.labels[index]


def tutorial(model: torch.nn.Module, images: data.Images, device: torch.device) -> float:
    """Images a second of the tutorial's loop in its second epoch."""
    model.to(device).train()
    batches = DataLoader(Pictures(images), batch_size=BATCH, shuffle=True, num_workers=2, drop_last=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for _ in range(2):
        started = time.perf_counter()
        for inputs, labels in batches:
            inputs, labels = inputs.to(device), labels.to(device)
            optimizer.zero_grad()
            loss = F.cross_entropy(model(inputs), labels)
            loss.backward()
            optimizer.step()
        loss.item()  # waits for a GPU
    return len(batches) * BATCH / (time.perf_counter() - started)


def ours(model: torch.nn.Module, images: data.Images, device: torch.device) -> float:
    """Images a second of `fit` in its second epoch, its test of ten images included."""
    few = data.Images(images.images[:10], images.labels[:10])
    with tempfile.TemporaryDirectory() as folder:
        record = training.fit(
            model, images, few, epochs=2, batch_size=BATCH, device=str(device), out=folder, show=False
        )
    first, second = record.history
    return len(images) // BATCH * BATCH / (second.seconds - first.seconds)


def main() -> None:
    """Print both, by network, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--images", type=int, help="images an epoch (1,280 on a CPU, 25,600 on a GPU)")
    parser.add_argument("--models", nargs="+", default=["efficientnet φ=0"], choices=list(models.COMPARED))
    chosen = parser.parse_args()
    device = pick_device()
    number = chosen.images or (1_280 if device.type == "cpu" else 25_600)
    sample = data.cifar10().train
    index = torch.arange(number) % len(sample)
    images = data.Images(sample.images[index], sample.labels[index])
    print(f"{device}, {torch.get_num_threads()} threads, {number} images an epoch, batch {BATCH}")
    for name in chosen.models:
        pairs = []
        for repeat in range(chosen.repeats):
            pair = [run(models.COMPARED[name](), images, device) for run in (tutorial, ours)]
            pairs.append(pair)
            print(f"  {name}, {repeat + 1}: tutorial {pair[0]:.0f}, fit {pair[1]:.0f} images a second")
        ratios = [fit / theirs for theirs, fit in pairs]
        print(f"{name}: fit is {statistics.median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()

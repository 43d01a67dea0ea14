"""Draws what notebook 4 begins with: maps that end as one pixel, images of each class, and versions of one image."""

import torch
from matplotlib.figure import Figure

from scalelab import counting, data, models
from scalelab.figures import plots

COLUMNS = 12
"""Images of a class that are shown."""


def map_sides(resolution: int, stem_stride: int) -> list[int]:
    """The side of B0's map, in pixels, at the input, after the stem, after each of the 7 stages, and after the head.

    Args:
        resolution: the side of the input, in pixels.
        stem_stride: 1 or 2.
    """
    network = counting.on_meta(models.efficientnet(0, stem_stride=stem_stride))  # shapes without numbers
    maps = torch.empty(1, 3, resolution, resolution, device="meta")
    sides = [resolution]
    for part in network.get_submodule("features").children():
        maps = part(maps)
        sides.append(maps.shape[-1])
    return sides


def show_map_sides() -> Figure:
    """Draw the side of B0's maps from input to head: 224 px, and 32 px with a stem of stride 1 and of stride 2."""
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 4.4), layout="constrained")
        axes = figure.subplots()
        places = ["input", "stem", *(f"stage {i}" for i in range(1, 8)), "head"]
        lines = (
            ("224 px, stem stride 2", 224, 2, "o-", 7),
            ("32 px, stem stride 1", 32, 1, "s-", 7),
            ("32 px, stem stride 2", 32, 2, "^--", -16),
        )
        for label, resolution, stride, look, above in lines:
            sides = map_sides(resolution, stride)
            axes.plot(places, sides, look, label=label)
            for place, side in list(enumerate(sides))[above < 0 :]:  # the third line's input is the second one's
                axes.annotate(str(side), (place, side), (0, above), textcoords="offset points", ha="center", fontsize=9)
        axes.set_yscale("log", base=2)
        axes.yaxis.set_major_formatter("{x:g}")
        axes.set(ylabel="side of the map (px)", ylim=(0.5, 400))
        axes.legend(loc="upper right")
        return plots.alt_text(
            figure,
            "Side of the map after each part of EfficientNet-B0, on a logarithmic axis. 224 pixels fall to 7. 32 pixels"
            " fall to 1 from stage 6 on with a stem of stride 2, and to 2 with a stem of stride 1.",
        )


def show_classes(images: data.Images) -> Figure:
    """Draw the first images of each class, one row for each class."""
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 7.6))
        for label, row in enumerate(figure.subplots(len(data.CLASSES), COLUMNS)):
            for axes, image in zip(row, images.images[images.labels == label], strict=False):
                axes.imshow(image.permute(1, 2, 0).numpy())
                axes.axis("off")
            row[0].text(-6, 16, data.CLASSES[label], ha="right", va="center", fontsize=11)
        figure.subplots_adjust(wspace=0.05, hspace=0.05)
        return plots.alt_text(
            figure,
            f"{COLUMNS} training images of each of the ten classes, a row for each class: small, blurred photographs.",
        )


def show_augmentation(images: data.Images, index: int = 7, versions: int = 9) -> Figure:
    """Draw one image as it is, and versions of it that the training loader makes.

    Args:
        images: of which one is drawn.
        index: which one; the first is 0.
        versions: how many; each is drawn by chance.
    """
    one = data.Images(images.images[index : index + 1], images.labels[index : index + 1])
    many = data.loader(one, batch_size=1, train=True)
    mean, std = torch.tensor(data.MEAN).view(3, 1, 1), torch.tensor(data.STD).view(3, 1, 1)
    shown = [one.images[0] / 255] + [next(iter(many))[0][0] * std + mean for _ in range(versions)]
    with plots.style():
        figure = Figure(figsize=(plots.WIDTH, 1.5))
        for place, (axes, image) in enumerate(zip(figure.subplots(1, versions + 1), shown, strict=True)):
            axes.imshow(image.clamp(0, 1).permute(1, 2, 0).numpy())
            axes.axis("off")
            if place == 0:
                axes.set_title("as it is", fontsize=10)
        return plots.alt_text(
            figure,
            f"One training image as it is, and {versions} versions of it: each moved a little, some of them flipped.",
        )

"""How networks look in the figures of notebook 5: a colour and a shape a family, names, and axes of costs."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from scalelab.comparison import family_of
from scalelab.figures import plots


@dataclass(frozen=True)
class Look:
    """How a group of families is drawn. size: of the marker, in points."""

    name: str
    families: tuple[str, ...]
    colour: str
    marker: str
    size: float = 7


LOOKS = (
    Look("EfficientNet", ("EfficientNet",), plots.BLUE, "o", 8),
    Look("EfficientNetV2", ("EfficientNetV2",), "#003a5d", "P", 8.5),
    Look("ConvNeXt", ("ConvNeXt",), plots.PURPLE, "D", 6),
    Look("RegNet", ("RegNet",), plots.GREEN, "^"),
    Look("ResNet, ResNeXt, Wide ResNet", ("ResNet",), plots.ORANGE, "s", 6),
    Look("DenseNet", ("DenseNet",), plots.SKY, "h", 8),
    Look("MobileNet, MNASNet, ShuffleNet", ("MobileNet", "MNASNet", "ShuffleNet"), plots.YELLOW, "v"),
    Look("older ones", ("AlexNet", "VGG", "Inception", "SqueezeNet"), plots.MUTED, "X"),
)
COSTS = {
    "parameters": "parameters",
    "macs": "multiply-adds for one image",
    "activations": "activations for one image",
    "seconds": "time for one image, on this machine",
}
"""The keys of a network that it can be drawn against, and what they are called."""


FEW_TICKS = 30
"""On an axis from x to less than so many times x, powers of ten alone would be one tick or none."""


def look_of(network: dict) -> Look:
    """How a network is drawn; one of no known family as the older ones."""
    family = network.get("family") or family_of(network["name"])
    return next((look for look in LOOKS if family in look.families), LOOKS[-1])


def short_name(name: str) -> str:
    """A network's name as a label: "B0" for EfficientNet-B0, "V2-s" for EfficientNetV2-S, all others as they are."""
    name = name.replace("efficientnet_v2_", "V2-").replace("efficientnet_b", "B").replace("efficientnet φ", "φ")
    return name.replace("=-", "=−") if name.startswith("φ") else name


def scale_cost(axes: Axes, cost: str, ticks: tuple[float, ...] = (1.0, 2.0, 5.0)) -> None:
    """A logarithmic axis of costs from left to right.

    Args:
        axes: with everything drawn.
        cost: a key of COSTS.
        ticks: where ticks are, as multiples of the powers of ten. A short axis has more of them.
    """
    axes.set_xscale("log")
    axes.margins(x=0.06, y=0.06)
    low, high = axes.get_xlim()
    if high < 10 * low:
        ticks = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
    elif high < FEW_TICKS * low:
        ticks = (1.0, 2.0, 5.0)
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=ticks, numticks=12))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, cost)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(COSTS[cost])


def amount(value: float, cost: str) -> str:
    """A cost as people read it: "20 M", "5 G", "50 ms".

    Args:
        value: a count, or seconds.
        cost: a key of COSTS, of which only "seconds" has another unit.
    """
    units = ((1, "s"), (1e-3, "ms")) if cost == "seconds" else ((1e9, "G"), (1e6, "M"), (1e3, "k"))
    size, unit = next(((size, unit) for size, unit in units if value >= size * 0.9999), units[-1])
    return f"{value / size:.3g} {unit}"

"""Finds how much a small EfficientNet has to grow, in one dimension or in all, to cost so many times its base.

The target is met as closely as whole layers, even numbers of channels and whole pixels allow. What a network really
costs is counted on the network that is built.
"""

from collections.abc import Callable
from functools import lru_cache

from scalelab.small import LAYERS, RESOLUTION, Shape, macs
from scalelab.stages import ALPHA, BETA, GAMMA

STEPS = 100
"""Steps from a width of 1 to a width of 2, and from one φ to the next."""


def _compound(step: int) -> Shape:
    phi = step / STEPS
    return Shape(ALPHA**phi, BETA**phi, round(RESOLUTION * GAMMA**phi))


SHAPES: dict[str, Callable[[int], Shape]] = {
    "depth": lambda step: Shape(depth=1 + step / LAYERS),
    "width": lambda step: Shape(width=1 + step / STEPS),
    "resolution": lambda step: Shape(resolution=RESOLUTION + step),
    "compound": _compound,
}
"""Ways to grow: the shape after so many small steps from the base. "compound" has the paper's α, β and γ."""


@lru_cache
def grow(way: str, factor: float) -> Shape:
    """The shape, grown in one way, whose multiply-adds are nearest to `factor` times those of the base.

    Args:
        way: a key of SHAPES.
        factor: 1 (the base itself) or more.

    Raises:
        ValueError: for anything else.
    """
    if way not in SHAPES or not factor >= 1:
        raise ValueError(f"grow({way!r}, {factor}): the way is one of {', '.join(SHAPES)}, and the factor 1 or more")
    if factor == 1:
        return Shape()
    shape_after, target = SHAPES[way], factor * macs(Shape())
    too_much = 1
    while macs(shape_after(too_much)) <= target:
        too_much *= 2
    enough = too_much // 2
    while too_much - enough > 1:
        middle = (enough + too_much) // 2
        enough, too_much = (middle, too_much) if macs(shape_after(middle)) <= target else (enough, middle)
    return min(shape_after(enough), shape_after(too_much), key=lambda shape: abs(macs(shape) - target))

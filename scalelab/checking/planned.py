"""What the test of the best EfficientNet does with a plan and weights: the judge itself builds and counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notebook_checks.expect import Unexpected
from scalelab.checking.weights_file import elements_in, shapes_in
from scalelab.plan import MAX_NUMBERS, Plan, PlanError, above_limit, read_plan

if TYPE_CHECKING:
    import torch

OTHER = (
    "The weights are not those of the network that the plan describes: are both files of one run? "
    "training.keep hands in both."
)
NO_PLAN = "best_efficientnet.json holds no plan of an EfficientNet: run its check in the notebook."
ABOVE = "The EfficientNet is above one of its two limits, and there no step counts: train a smaller one."


def plan_in(path: Path) -> Plan:
    """The plan that was handed in, within both limits by our own count.

    Raises:
        Unexpected: if the file holds no plan, or one above a limit.
    """
    try:
        plan = read_plan(path)
    except PlanError as problem:
        raise Unexpected(f"{path.name} holds no plan", NO_PLAN, told=str(problem)) from None
    if above := above_limit(plan):
        raise Unexpected(above, ABOVE, told=above)
    return plan


def network_in(plan: Plan, path: Path, rounding: bool = False) -> Any:
    """The network of a plan with the weights that were handed in, in evaluation mode.

    Args:
        plan: within both limits.
        path: of the weights.
        rounding: whether weights are rounded to 8 binary digits, so that nothing can be packed into them.

    Raises:
        Unexpected: if the file holds other weights than the network has.
    """
    import torch

    from scalelab.checking.trained import fill, misfits
    from scalelab.checking.weights_file import weights_in
    from scalelab.planned import PlannedEfficientNet

    if elements_in(path) > MAX_NUMBERS:  # before anything of it is read
        raise Unexpected(f"{path.name} holds more numbers than are allowed", OTHER)
    with torch.random.fork_rng(devices=[]):
        network = PlannedEfficientNet(plan).eval()
    if misfits(network, shapes_in(path)):
        raise Unexpected(f"{path.name} does not fit the plan", OTHER)
    weights = weights_in(path)
    if rounding:
        weights = {
            name: value.to(torch.bfloat16) if value.is_floating_point() else value for name, value in weights.items()
        }
    fill(network, weights)
    return network


def names_of(network: Any, images: "torch.Tensor") -> list[int]:
    """The class that the network gives each image.

    Args:
        network: in evaluation mode, of `network_in`.
        images: uint8 [N, 3, 32, 32], as they are stored; they are normalised here.

    Returns:
        N numbers of classes.

    Raises:
        Unexpected: if a logit is nan or infinite.
    """
    import torch

    from scalelab.checking.neutral import neutral
    from scalelab.checking.trained import logits

    with neutral(), _quick():
        found = logits(network, images)
    if not bool(torch.isfinite(found).all()):
        raise Unexpected("some logits are no numbers", "Some logits are nan or infinite: what do the weights hold?")
    return found.argmax(1).tolist()


@contextmanager
def _quick() -> Iterator[None]:
    """Take numbers too small to matter for 0: a processor needs a hundred times as long for them."""
    import torch

    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)

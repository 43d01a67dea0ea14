"""What handing in says of the trained network: which run it is from and how good, or why nothing can come of it."""

import json
from pathlib import Path

from notebook_checks.handing_in import Look
from scalelab.plan import PlanError, above_limit, macs, numbers, read_plan
from scalelab.training.chosen import EFFICIENTNET, PAIRS, best_of, call_to_keep, read
from scalelab.training.record import RECORD
from scalelab.training.weights import WEIGHTS


def look_at_weights(path: Path) -> Look:
    """What best.safetensors is, or best_efficientnet.safetensors. It is refused if it is no file of weights.

    Args:
        path: where it is, or would be.
    """
    folder = path.parent
    pair = next(one for one in PAIRS if one.weights == path.name)
    kept = read(folder, pair)
    if kept is not None:
        tested = f" of the test images{'' if kept.id else ', as best.json says'}" if kept.accuracy is not None else ""
        return Look(f"{kept}{tested}, {kept.header.numbers:,} numbers")
    best = best_of(folder, pair)
    cell = "Run the training cell" + (" of the EfficientNet." if pair is EFFICIENTNET else ".")
    advice = cell if best is None else f"{call_to_keep(best, folder)} hands in your best run, {best}."
    if not path.exists():
        return Look(advice)
    return Look("no weights", f"this is no file of weights. {advice}")


def look_at_record(path: Path) -> Look:
    """What best.json is: it is told if it is of another run than the weights beside it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        accuracy = content["accuracy"]
        said = f"says {accuracy:.1f}%"
    except OSError:
        return Look("training.fit writes it, and training.keep.")
    except (ValueError, LookupError, TypeError, RecursionError):
        return Look("names no accuracy")
    kept = read(path.parent)
    if kept is not None and "tested_on" in content and content.get("name") != kept.name:
        return Look(f"{said}, but it is of another run than the weights")
    return Look(said)


def look_at_plan(path: Path) -> Look:
    """What best_efficientnet.json is: what its network costs, and whether that is within the limits."""
    if not path.exists():
        return Look("training.fit writes it for a plan, and training.keep.")
    try:
        plan = read_plan(path)
    except PlanError as problem:
        return Look(f"no plan of an EfficientNet: {problem}")
    counts = f"{numbers(plan):,} numbers, {macs(plan):,} multiply-adds"
    above = above_limit(plan)
    return Look(f"{counts}. ABOVE A LIMIT: it gets no points" if above else counts)


LOOKS = {
    WEIGHTS: look_at_weights,
    RECORD: look_at_record,
    EFFICIENTNET.weights: look_at_weights,
    EFFICIENTNET.about: look_at_plan,
}

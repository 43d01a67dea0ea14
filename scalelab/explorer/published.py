"""What the playground shows along the way: the published networks B0 to B7."""

from scalelab.comparison import NoResults, imagenet

B7 = (3.1, 2.0, 600 / 224)
"""Factors of depth, width and resolution, as published (arXiv 1905.11946 and its reference implementation)."""

SOURCE = (
    "Accuracy: torchvision's published weights for B0 to B7 (the first of each), on ImageNet's validation images, one "
    "centre crop. B1 to B7 have factors of their own; a network that is drawn here has not been trained."
)
MISSING = "The folder data/results is missing, so the published accuracies are not shown."


def published() -> tuple[list[dict], str]:
    """name, macs and accuracy (percent) of B0 to B7, the smallest first, and where that is from."""
    try:
        rows = imagenet("V1")
    except NoResults:
        return [], MISSING
    prefix = "efficientnet_b"
    found = [
        {"name": f"B{row['name'].removeprefix(prefix)}", "macs": row["macs"], "accuracy": row["accuracy"]}
        for row in rows
        if row["name"].startswith(prefix)
    ]
    return sorted(found, key=lambda row: row["macs"]), SOURCE

"""scalelab: what students import in the compound scaling course.

Importing it makes torchvision importable next to a CPU build of torch (see `scalelab._compat.torchvision_cpu`), so
notebooks import scalelab first. Torch itself is imported only by the parts that need it.
"""

from pathlib import Path

from notebook_checks.handing_in import Assignment
from notebook_checks.handing_in import hand_in as _hand_in
from scalelab._compat.old_names import serve_old_names
from scalelab._compat.torchvision_cpu import declare_operators_on_import

__all__ = ["hand_in"]
__version__ = "0.2.0"

NOTEBOOKS = ("1_intuition", "2_compound_scaling", "3_efficientnet", "4_cifar", "5_comparison")
ASSIGNMENT = Assignment(
    "compound_scaling",
    tuple(f"{name}.ipynb" for name in NOTEBOOKS),
    {
        "best.safetensors": "q3_3",
        "best.json": "q3_3",
        "best_efficientnet.safetensors": "q3_3",
        "best_efficientnet.json": "q3_3",
    },
)
"""For folders of an earlier release, which have no hand_in.json."""


def hand_in(folder: str | Path = ".", output: str | Path | None = None, student: str | None = None) -> Path:
    """Make the zip to hand in, print what is in it and what is not answered yet, and return its path.

    Args:
        folder: where the notebooks are.
        output: the zip to write, by default compound_scaling.zip in `folder`.
        student: a name to put before the default file name, if the course asks for one.

    Raises:
        NothingToHandIn: if `folder` holds no notebook of the assignment.
    """
    from scalelab.training.looks import LOOKS  # imports torch

    return _hand_in(folder, output, student, assignment=ASSIGNMENT, looks=LOOKS)


declare_operators_on_import()
serve_old_names()

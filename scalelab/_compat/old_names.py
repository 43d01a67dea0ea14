"""Keeps modules importable by the names that they had in earlier releases: students' notebooks use them."""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FIGURES = (
    *("comparison_figure", "comparison_looks", "efficientnet_figure", "growth_figure", "label_placement"),
    *("network_figure", "plots", "recipe_figure", "runtime_figure"),
)
MOVED = {f"scalelab.{name}": f"scalelab.figures.{name}" for name in FIGURES} | {
    "scalelab.handing_in": "notebook_checks.handing_in",
    "scalelab.notebook_state": "notebook_checks.notebook_state",
    "scalelab.torchvision_cpu": "scalelab._compat.torchvision_cpu",
    "scalelab.checking.expect": "notebook_checks.expect",
    "scalelab.checking.inputs": "notebook_checks.inputs",
    "scalelab.checking.values": "notebook_checks.values",
}
"""Old name → new name."""


def serve_old_names() -> None:
    """Let every old name give the very module that the new one gives."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())


class _Moved(MetaPathFinder, Loader):
    """Finds a moved module by its old name, after every other finder has failed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(MOVED[spec.name])
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run already. Python has set the old name's spec on it: its own is put back."""
        if module.__spec__ is not None:
            module.__spec__ = module.__spec__.loader_state

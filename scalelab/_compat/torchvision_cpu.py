"""Lets torchvision be imported next to a CPU build of torch.

torchvision's pip wheel for Linux is linked to CUDA. Next to a CPU build of torch its C++ operators cannot be
loaded, and `import torchvision` dies with "operator torchvision::nms does not exist", because it describes
two of them to torch. Declaring these two without an implementation is enough for models, datasets, transforms
and the metadata of weights; only nms and its kin are then missing.

Nothing here imports torch or torchvision before somebody else does.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from scalelab._compat.no_compiler import compiler_put_off

OPERATORS = ("nms", "qnms")
"""The operators that torchvision 0.28 describes to torch on import whether or not it could load them."""

_libraries: list[object] = []  # torch forgets what a Library declared when the Library itself is garbage


def declare_operators_on_import() -> None:
    """Make the first `import torchvision` of this process work with a CPU build of torch.

    Does nothing where torchvision is imported already, and nothing the second time. Where the wheel's own
    operators can be loaded, they are, and torchvision finds them there.
    """
    waiting = any(isinstance(finder, _BeforeTorchvision) for finder in sys.meta_path)
    if "torchvision" not in sys.modules and not waiting:
        sys.meta_path.insert(0, _BeforeTorchvision())


class _BeforeTorchvision(MetaPathFinder):
    """Finds torchvision as the other finders would, and declares its operators before its code runs.

    Not already while finding: `importlib.util.find_spec("torchvision")`, with which many packages ask
    whether it is installed, is no import, and should not import torch.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "torchvision":
            return None
        others = (finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec"))
        spec = next(filter(None, (finder.find_spec(fullname, path, target) for finder in others)), None)
        if spec is not None and spec.loader is not None:
            self._run_before(spec, spec.loader)
        return spec

    def _run_before(self, spec: ModuleSpec, loader: Loader) -> None:
        execute = loader.exec_module

        def declare_and_execute(module: ModuleType) -> None:
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            _declare_missing_operators(spec)
            with compiler_put_off():
                execute(module)

        loader.exec_module = declare_and_execute  # type: ignore[method-assign]  # of this one import


def _declare_missing_operators(spec: ModuleSpec) -> None:
    """Declare OPERATORS unless the C++ ones of the torchvision at `spec` can be loaded."""
    if importlib.util.find_spec("torch") is None:
        return  # torchvision itself says best that torch is missing
    import torch

    if _loads_its_own(spec):
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in OPERATORS:
        if not hasattr(torch.ops.torchvision, name):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _libraries.append(library)


def _loads_its_own(spec: ModuleSpec) -> bool:
    """Whether the shared object beside `spec` (`_C.so`, on Windows `_C.pyd`) loads with this torch."""
    import torch

    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    shared = sorted(file for folder in folders for file in folder.glob("_C*.*") if file.suffix in (".so", ".pyd"))
    for file in shared:
        try:
            torch.ops.load_library(str(file))
            return True
        except (OSError, ImportError):
            continue
    return False

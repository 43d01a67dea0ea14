"""What torch is like in rooms, which have no GPU and no network, and where nothing is worth compiling.

Imported first, see course.toml.

Nothing here changes a value that a right answer gives; a student's own notebook never imports it.
"""

import os
from types import ModuleType

from notebook_checks.after_import import after_import

os.environ["PYTORCH_JIT"] = "0"  # read when torch is imported: torch.jit.script gives what it was given

import torch

from scalelab.checking.without_gpu import use_what_is_there
from scalelab.checking.without_network import work_without_downloads


def run_as_written(compiler: ModuleType) -> None:
    """Have all that torch compiles run as it was written: compiling takes minutes and changes no value. Wrappers stay.

    Args:
        compiler: torch._dynamo, which is imported when something is compiled for the first time.
    """
    torch.compiler.set_stance("force_eager")


def _number_of_threads_stays(number: int) -> None:
    """In the place of torch.set_num_interop_threads, which raises once anything has run, as it has in every room."""


after_import("torch._dynamo", run_as_written)
use_what_is_there()
work_without_downloads()
torch.set_num_interop_threads = _number_of_threads_stays  # type: ignore[assignment]

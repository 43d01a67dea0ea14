"""What torch is like in rooms, where there is no GPU and nothing is worth compiling: imported first, see course.toml.

Nothing here changes a value that a right answer gives; a student's own notebook never imports it.
"""

import os
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from notebook_checks.after_import import after_import

os.environ["PYTORCH_JIT"] = "0"  # read when torch is imported: torch.jit.script gives what it was given

import torch

THERE = {"cpu", "meta"}
"""The devices that a room has."""


def run_as_written(compiler: ModuleType) -> None:
    """Have all that torch compiles run as it was written: compiling takes minutes and changes no value. Wrappers stay.

    compiler: torch._dynamo, which is imported when something is compiled for the first time.
    """
    torch.compiler.set_stance("force_eager")


def _on_what_is_there(set_device: Callable[[Any], None]) -> Callable[[Any], None]:
    """torch.set_default_device, for which a GPU is the CPU: a student had one, and a room does not."""

    @wraps(set_device)
    def set_default_device(device: Any) -> None:
        there = device is None or torch.device(device).type in THERE
        set_device(device if there else "cpu")

    return set_default_device


def _number_of_threads_stays(number: int) -> None:
    """In the place of torch.set_num_interop_threads, which raises once anything has run, as it has in every room."""


after_import("torch._dynamo", run_as_written)
torch.set_default_device = _on_what_is_there(torch.set_default_device)  # type: ignore[assignment]
torch.set_num_interop_threads = _number_of_threads_stays  # type: ignore[assignment]

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
from torch.utils import _device

THERE = {"cpu", "meta"}
"""The devices that a room has."""

GPUS = {"cuda", "mps", "xpu"}

MAKERS = (
    *("tensor", "as_tensor", "empty", "zeros", "ones", "full", "eye", "arange", "linspace"),
    *("rand", "randn", "randint", "randperm"),
    *("empty_like", "zeros_like", "ones_like", "full_like", "rand_like", "randn_like"),
)
"""The functions of torch that take a device."""


def run_as_written(compiler: ModuleType) -> None:
    """Have all that torch compiles run as it was written: compiling takes minutes and changes no value. Wrappers stay.

    Args:
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


def _elsewhere(device: Any) -> bool:
    """Whether this names a device that a room does not have."""
    if isinstance(device, str):
        return device.partition(":")[0] in GPUS
    return isinstance(device, torch.device) and device.type in GPUS


def _made_on_what_is_there(make: Callable[..., Any]) -> Callable[..., Any]:
    """One of torch's functions that make a tensor, for which a GPU is the CPU."""

    @wraps(make)
    def made(*args: Any, **named: Any) -> Any:
        if "device" in named and _elsewhere(named["device"]):
            named["device"] = "cpu"
        return make(*args, **named)

    return made


def _stays_on_what_is_there(to: Callable[..., Any]) -> Callable[..., Any]:
    """The method `to` of tensors or modules, for which a GPU is the CPU."""

    @wraps(to)
    def moved(one: Any, *args: Any, **named: Any) -> Any:
        if args and (_elsewhere(args[0]) or type(args[0]) is int):  # a number is that of a GPU
            args = ("cpu", *args[1:])
        if "device" in named and _elsewhere(named["device"]):
            named["device"] = "cpu"
        return to(one, *args, **named)

    return moved


def _do_with_what_is_there() -> None:
    """Let code that asks for a GPU run on the CPU: whoever wrote it had one."""
    _device._device_constructors()  # remembers these functions, and has to know them as they were
    for name in MAKERS:
        setattr(torch, name, _made_on_what_is_there(getattr(torch, name)))
    torch.Tensor.to = _stays_on_what_is_there(torch.Tensor.to)  # type: ignore[method-assign]
    torch.nn.Module.to = _stays_on_what_is_there(torch.nn.Module.to)  # type: ignore[method-assign]
    torch.Tensor.cuda = lambda tensor, *_, **__: tensor  # type: ignore[method-assign]
    torch.cuda.synchronize = lambda *_: None
    torch.cuda.get_device_name = lambda *_: "CPU"


def _number_of_threads_stays(number: int) -> None:
    """In the place of torch.set_num_interop_threads, which raises once anything has run, as it has in every room."""


after_import("torch._dynamo", run_as_written)
torch.set_default_device = _on_what_is_there(torch.set_default_device)  # type: ignore[assignment]
_do_with_what_is_there()
torch.set_num_interop_threads = _number_of_threads_stays  # type: ignore[assignment]

"""A state of torch in which networks are built and compared, whatever a notebook has set: the same in every notebook.

What a student's own functions give is computed in the notebook's state. Only what tests build and run themselves is
computed in this one, and the notebook's state is as it was afterwards.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch

FULL_PRECISION = "ieee"
"""float32 arithmetic that rounds nothing to fewer digits."""


@contextmanager
def neutral() -> Iterator[None]:
    """Compute on the CPU in plain float32: one thread, no autocast, nothing compiled, warnings that are no errors.

    Gradients are recorded and the torch random state is one that the notebook does not get to see. All of it is put
    back afterwards, even what was set meanwhile.
    """
    with ExitStack() as undo:
        undo.enter_context(warnings.catch_warnings())
        warnings.simplefilter("default")
        undo.enter_context(torch.random.fork_rng(devices=[]))
        torch.default_generator.seed()  # other numbers each time: a dropout that is never switched off has to be seen
        for read, write, value in _SETTINGS:
            _set_for_now(undo, read, write, value)
        undo.enter_context(torch.inference_mode(False))
        undo.enter_context(torch.enable_grad())
        undo.enter_context(_without_autocast())
        undo.enter_context(_on_cpu())
        undo.enter_context(_uncompiled())
        yield


def _set_for_now(undo: ExitStack, read: Callable[[], Any], write: Callable[[Any], None], value: Any) -> None:
    """Write a setting, and have it written back as it was. One that is right already is not touched, only looked at."""
    before = read()
    if before != value:
        write(value)

    def put_back() -> None:
        if read() != before:
            write(before)

    undo.callback(put_back)


def _deterministic() -> tuple[bool, bool]:
    return torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()


def _set_deterministic(mode: tuple[bool, bool]) -> None:
    torch.use_deterministic_algorithms(mode[0], warn_only=mode[1])


def _set_anomaly(on: bool) -> None:
    torch.autograd.set_detect_anomaly(on)


def _precision_settings() -> list[tuple[Callable, Callable, Any]]:
    """How the CPU rounds float32: one setting for each kind of layer, or a single one in torch before 2.9."""
    parts = [getattr(torch.backends.mkldnn, name, None) for name in ("matmul", "conv", "rnn")]
    if not all(hasattr(part, "fp32_precision") for part in parts):
        return [(torch.get_float32_matmul_precision, torch.set_float32_matmul_precision, "highest")]
    return [_attribute(part, "fp32_precision", FULL_PRECISION) for part in parts]


def _attribute(owner: Any, name: str, value: Any) -> tuple[Callable[[], Any], Callable[[Any], None], Any]:
    return lambda: getattr(owner, name), lambda new: setattr(owner, name, new), value


_SETTINGS: list[tuple[Callable[[], Any], Callable[[Any], None], Any]] = [
    (torch.get_default_dtype, torch.set_default_dtype, torch.float32),
    (torch.get_num_threads, torch.set_num_threads, 1),  # networks here are too small to share out
    (_deterministic, _set_deterministic, (False, False)),
    (torch.is_anomaly_enabled, _set_anomaly, False),
    *_precision_settings(),
]
"""(how it is read, how it is written, what it is for now)."""


@contextmanager
def _without_autocast() -> Iterator[None]:
    """No autocast, not even one that a network switches on by itself: it rounds to three digits."""
    own = torch.set_autocast_enabled
    with torch.autocast("cpu", enabled=False):
        torch.set_autocast_enabled = lambda *_: None
        try:
            yield
        finally:
            torch.set_autocast_enabled = own


@contextmanager
def _on_cpu() -> Iterator[None]:
    """Build on the CPU, also in a notebook with another torch.set_default_device: all that is drawn here lies there."""
    try:
        elsewhere = torch.get_default_device().type != "cpu"
    except (RuntimeError, AssertionError):  # a device that is not available here
        elsewhere = True
    if not elsewhere:
        yield  # torch asks such a context about each call, which takes a while
        return
    with torch.device("cpu"):
        yield


@contextmanager
def _uncompiled() -> Iterator[None]:
    """Run compiled networks as they were written, where anything is compiled at all: that changes no value."""
    if "torch._dynamo" not in sys.modules:
        yield
        return
    with torch.compiler.set_stance("force_eager"):
        yield

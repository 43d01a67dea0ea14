"""Puts off the import of torch's compiler, which takes a second, to where somebody compiles something.

torchvision asks it one question while it is imported, and torch hides its own FLOP counter from it. Neither has any
use for it in this course: nothing here is compiled.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from notebook_checks.stand_in import StandIn

ASKED = "torch._dynamo.utils"
"""The module of the compiler's that torchvision 0.28 takes `is_compile_supported` from, to call it much later."""


class _Compiler(StandIn):
    """In the place of ASKED: whatever else is taken from it imports the compiler after all."""

    def is_compile_supported(self, device: Any) -> bool:
        return self._real().is_compile_supported(device)


@contextmanager
def compiler_put_off() -> Iterator[None]:
    """Let torchvision be imported without the compiler, unless that is imported already."""
    if ASKED in sys.modules:
        yield
        return
    stand_in = sys.modules[ASKED] = _Compiler(ASKED)
    try:
        yield
    finally:
        if sys.modules.get(ASKED) is stand_in:
            del sys.modules[ASKED]


def show_to_compiler(mode: type) -> None:
    """Let a torch dispatch mode run as it is written.

    torch wraps each of them in a function that imports the compiler, when it is first called, to hide the mode from it.
    """
    plain = getattr(getattr(mode, "__torch_dispatch__", None), "__wrapped__", None)
    if plain is not None:
        mode.__torch_dispatch__ = plain  # type: ignore[attr-defined]  # which it has, as `plain` was found in it

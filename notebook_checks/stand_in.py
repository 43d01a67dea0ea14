"""A module in the place of another one, which is imported when something is asked of it.

Not importlib's LazyLoader: that imports it as soon as a second module imports it, too.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class StandIn(ModuleType):
    """To be put into sys.modules. is_package: whether the real one has modules of its own, which may be imported."""

    def __init__(self, name: str, is_package: bool = False):
        super().__init__(name)
        self._is_package = is_package

    def _real(self) -> ModuleType:
        """The real module, imported now."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and not (self._is_package and name == "__path__"):
            raise AttributeError(name)  # Python itself looks at modules in this way
        return getattr(self._real(), name)

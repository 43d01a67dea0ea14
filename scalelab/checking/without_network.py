"""Lets code that downloads something go on in rooms, which have no network, where what counts does not hang on it.

Weights that others trained are replaced by those that are handed in, so none are loaded. All of CIFAR-10 has the same
shapes as its sample, so the sample is given.
"""

import os
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

import torch

from notebook_checks.after_import import after_import


class NotDownloaded(OrderedDict):
    """In the place of weights that would be downloaded: loading them leaves a network as it is."""


def work_without_downloads() -> None:
    """Have downloads of weights and images give what is there, from now on in this process."""
    torch.hub.load_state_dict_from_url = lambda *_, **__: NotDownloaded()
    torch.nn.Module.load_state_dict = _loading_what_is_there(  # type: ignore[method-assign]
        torch.nn.Module.load_state_dict
    )
    after_import("torchvision.models._api", _no_weights_of_others)
    after_import("scalelab.data", _sample_for_all)


def _loading_what_is_there(load: Callable[..., Any]) -> Callable[..., Any]:
    """The method load_state_dict, which ignores what was not downloaded."""

    @wraps(load)
    def load_state_dict(network: Any, state_dict: Any, *args: Any, **named: Any) -> Any:
        if isinstance(state_dict, NotDownloaded):
            return load(network, network.state_dict(), *args, **named)
        return load(network, state_dict, *args, **named)

    return load_state_dict


def _no_weights_of_others(module: ModuleType) -> None:
    module.WeightsEnum.get_state_dict = lambda *_, **__: NotDownloaded()


def _sample_for_all(module: ModuleType) -> None:
    """Have cifar10() give the sample where the full set, or a folder that is named, is not there."""
    own = module.cifar10

    @wraps(own)
    def cifar10(root: Any = None, size: str = "sample") -> Any:
        size = "sample" if size == "full" else size
        try:
            return own(root, size)
        except module.DataError:
            named = os.environ.pop("SCALELAB_DATA", None)
            try:
                return own(None, size)
            finally:
                if named is not None:
                    os.environ["SCALELAB_DATA"] = named

    setattr(module, "cifar10", cifar10)  # noqa: B010

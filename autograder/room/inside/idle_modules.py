"""Modules that a room does not have, and that change no answer: they draw, log, format, or help to find mistakes.

A student who has them imports them beside an answer, and the answer is judged all the same. Whatever is asked of such a
module is done, and gives something that is no value. What computes is not among them: its name is told to the student.
"""

import sys
import types
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec

IDLE = {
    *("seaborn", "plotly", "altair", "bokeh", "graphviz", "torchviz", "jupyterthemes", "mpld3"),
    *("wandb", "mlflow", "comet_ml", "neptune"),
    *("torchinfo", "torchsummary", "rich", "tabulate", "prettytable", "termcolor", "colorama"),
    *("ipdb", "pudb", "memory_profiler", "line_profiler", "beartype", "typeguard", "jaxtyping"),
}
"""What others install beside a course's packages."""


def serve_idle_modules():
    """Let these modules be imported where nothing else finds them, and google.colab, which has a module above it."""
    sys.meta_path.append(_Finder())
    if not any(finder.find_spec("tensorboard", None) for finder in sys.meta_path if hasattr(finder, "find_spec")):
        sys.meta_path.insert(0, _FinderOfWriters())


class _Finder(MetaPathFinder, Loader):
    """Finds these modules and all that would be in them, after every other finder has failed."""

    def find_spec(self, fullname, path, target=None):
        first = fullname.partition(".")[0]
        if first in IDLE or fullname == "google" or fullname.startswith("google.colab"):
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        return None if spec.name == "google" else IdleModule(spec.name)

    def exec_module(self, module):
        """There is no code to run."""


class _FinderOfWriters(_Finder):
    """Finds torch's own module for TensorBoard, which is there and cannot be imported without that package."""

    def find_spec(self, fullname, path, target=None):
        return ModuleSpec(fullname, self) if fullname == "torch.utils.tensorboard" else None


class Idle:
    """Can be called, asked for more, entered and gone through, and holds nothing. A decorator of it changes nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Idle()

    def __call__(self, *args, **named):
        return args[0] if len(args) == 1 and not named and isinstance(args[0], types.FunctionType | type) else Idle()

    def __getitem__(self, _key):
        return Idle()

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


class IdleModule(Idle, types.ModuleType):
    """A module of this kind."""

    __version__ = "99.0"

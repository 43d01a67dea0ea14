"""Figures in a room, which has no screen: whatever window or widget a notebook wants them in, they are drawn by Agg."""

import sys

from notebook_checks.after_import import after_import

WITHOUT_WINDOWS = {"agg", "cairo", "pdf", "pgf", "ps", "svg", "template", "inline"}


def draw_without_windows(shell):
    """Let `%matplotlib qt`, `matplotlib.use("TkAgg")` and the like mean Agg.

    Args:
        shell: IPython's.
    """
    own = shell.enable_matplotlib

    def enable_matplotlib(gui=None):
        try:
            return own(gui)
        except Exception:  # a package that the room does not have
            return own("agg")

    shell.enable_matplotlib = enable_matplotlib
    shell.enable_gui = lambda gui=None: None
    after_import("matplotlib.pyplot", _without_windows)


def _without_windows(pyplot):
    """Have pyplot take Agg for each backend that opens a window, a page or a widget."""
    own = pyplot.switch_backend

    def switch_backend(newbackend):
        name = newbackend.lower() if isinstance(newbackend, str) else "inline"
        draws = name.rpartition("backend_")[2] in WITHOUT_WINDOWS
        own(newbackend if draws else "agg")
        if not draws:
            sys.modules["matplotlib"].rcParams["backend"] = "agg"

    matplotlib = sys.modules["matplotlib"]
    own_use = getattr(matplotlib, "use")  # noqa: B009

    def use(backend, **options):
        try:
            own_use(backend, **options)
        except (ImportError, ValueError):  # one that matplotlib does not know here
            own_use("agg")

    pyplot.switch_backend = switch_backend
    setattr(matplotlib, "use", use)  # noqa: B010

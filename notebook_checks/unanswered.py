"""Cells that need an answer which is not there yet say so in one line, and *Run All* goes on past them.

An answer cell starts out with `raise NotImplementedError("name: what to write")`. Without this, every cell that meets
such a line shows a traceback, and Jupyter runs none of the cells below it.
"""

import ast
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

_MARK = "_notebook_checks_goes_on"


def go_on() -> None:
    """From now on, an answer that is missing is one line and no error. Only in a notebook's kernel, and once."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or not hasattr(shell, "kernel") or getattr(shell, _MARK, False):
        return
    setattr(shell, _MARK, True)
    _Missing(shell).watch()


class _Missing:
    """What is known to be missing in one kernel. names: what cells would have defined that did not get to their end."""

    def __init__(self, shell: Any):
        self.shell = shell
        self.names: set[str] = set()
        self.said = False

    def watch(self) -> None:
        self.shell.set_custom_exc((NotImplementedError, NameError), self._handler())
        self.shell.events.register("post_run_cell", self._after)

    def _handler(self) -> Callable[..., None]:
        def show(
            shell: Any, kind: type[BaseException], problem: BaseException, trace: TracebackType, tb_offset: Any = None
        ) -> None:
            said = self._sentence(problem, trace)
            self.said = said is not None
            if said is None:
                shell.showtraceback((kind, problem, trace), tb_offset=tb_offset)
            else:
                print(said)

        return show

    def _sentence(self, problem: BaseException, trace: TracebackType) -> str | None:
        """What to say; None for an error that is the student's own."""
        if isinstance(problem, NameError):
            name = problem.name or ""
            return f"Not yet: this cell needs `{name}`, which a cell above will make." if name in self.names else None
        if not _raised_in_a_cell(trace) or ":" not in str(problem):
            return None
        name, _, hint = str(problem).partition(":")
        self.names.add(name)  # a cell that gives a value, and not a function, leaves no name until it is answered
        return f"Not answered yet: `{name}` ({hint.strip()})"

    def _after(self, result: Any) -> None:
        """Note what a cell did or did not define, and tell Jupyter that a missing answer is no error."""
        if result is None:
            return
        defined = _assigned_in(str(getattr(result.info, "raw_cell", "") or ""))
        if self.said:
            self.said = False
            self.names |= defined
            result.error_in_exec = None
        elif result.success:
            self.names -= defined


def _assigned_in(source: str) -> set[str]:
    """The names that a cell gives a value, those inside of its functions too; none if it is not plain Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    assigned = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imported = {name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for name in _names_of(node)}
    return assigned | defined | imported


def _names_of(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {alias.asname or alias.name.split(".")[0] for alias in node.names}


def _raised_in_a_cell(trace: TracebackType | None) -> bool:
    """Whether the error comes from the notebook's own code, and not from a library that it called."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__") == "__main__"

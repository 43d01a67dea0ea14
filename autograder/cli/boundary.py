"""The one place where errors end: each is one line, but for the traceback of our mistakes."""

import gc
import sys
import traceback
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from autograder.errors import FAULT, INTERRUPTED, MachineTrouble, UserError, WrongCall, machine_trouble
from autograder.log import close_log, command_line, current_log, log_fault, trace_of
from autograder.terminal import tell


def run(app: typer.Typer) -> NoReturn:
    """Run what was typed, and end the process.

    Exit status: 0 if all went well, 1 if something could not be done, 2 after a wrong call, 70 after a mistake of this
    program, 130 after Ctrl-C.
    """
    try:
        status = app(standalone_mode=False)
    except TyperException as problem:  # a wrong call
        status = _tell(_in_one_line(problem), WrongCall.exit_status)
    except UserError as problem:
        status = _tell(f"autograder: {problem}{_logged(problem)}", problem.exit_status)
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except Exception as problem:
        status = INTERRUPTED if _followed_ctrl_c(problem) else _tell_foreign(problem)
    finally:
        close_log()
    if status == INTERRUPTED:
        kept = (
            " What was graded is kept: the same command goes on from there."
            if {"grade", "merge"} & set(sys.argv[1:])
            else ""
        )
        tell(f"autograder: stopped.{kept}")
    gc.freeze()  # or else Python looks through all that is there once more, which can take it a second
    sys.exit(status if isinstance(status, int) else 0)


def _tell(line: str, status: int) -> int:
    tell(line)
    return status


def _logged(problem: UserError) -> str:
    """Write down what another program said, if it said anything. Returns where to read it, for the message."""
    if not problem.details:
        return ""
    log = log_fault(type(problem).__name__, trace_of(problem))
    return f"; more is in {log}" if log else ""


def _followed_ctrl_c(problem: BaseException | None) -> bool:
    """Whether it was raised by what cleaned up after Ctrl-C."""
    while problem is not None and not isinstance(problem, KeyboardInterrupt):
        problem = problem.__cause__ or problem.__context__
    return problem is not None


def _tell_foreign(problem: Exception) -> int:
    """An exception that Python or a library raised: the machine's trouble, or a mistake of ours, with its traceback."""
    trouble = machine_trouble(problem) or _database_trouble(problem)
    log = log_fault(command_line(), trace_of(problem)) if current_log() else None
    if trouble is not None:
        return _tell(f"autograder: {trouble}{f'; more is in {log}' if log else ''}", trouble.exit_status)
    if log is None:
        traceback.print_exception(problem)
    where = f"what happened is in {log}" if log else "please report the traceback above"
    return _tell(f"autograder: a fault of the program, not yours ({type(problem).__name__}); {where}", FAULT)


def _database_trouble(problem: Exception) -> MachineTrouble | None:
    """What a gradebook's database will not do: its disk is full, or nobody may write to it."""
    if "sqlalchemy" not in sys.modules:  # by which every database is asked
        return None
    from autograder.engines.database_trouble import kind_of_trouble

    found = kind_of_trouble(problem)
    return MachineTrouble(f"the gradebook: {found[1]}; put that right, then try again") if found else None


def _in_one_line(problem: TyperException) -> str:
    said = problem.format_message()
    if "Usage:" in said:  # no command at all: Typer gives the help
        return said
    command = getattr(getattr(problem, "ctx", None), "command_path", "autograder")
    return f"autograder: {said.rstrip('.')}; see '{command} --help'"

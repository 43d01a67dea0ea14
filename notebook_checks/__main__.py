"""`python -m notebook_checks NOTEBOOK…`: what the public checks of notebooks said when these were last run.

For scripts, such as a job of GitHub Actions or GitLab CI in a student's repository. Nothing is run here.
"""

import sys
from pathlib import Path

from notebook_checks.notebook_state import read_notebook
from notebook_checks.public_checks import ALL_PASSED

USAGE = "usage: python -m notebook_checks NOTEBOOK…   (run and saved, as by: jupyter execute --inplace NOTEBOOK)"


def main(arguments: list[str]) -> int:
    """Print a line for each check.

    Args:
        arguments: files of notebooks.

    Returns:
        The exit status: 0 if every check has passed, 1 if not, 2 after a wrong call.
    """
    if not arguments or any(one.startswith("-") for one in arguments):
        print(USAGE, file=sys.stderr)
        return 2
    passed = [_tell_of(Path(one)) for one in arguments]
    return 0 if all(passed) else 1


def _tell_of(file: Path) -> bool:
    """Print a notebook's lines. Returns whether all of its checks have passed."""
    state = read_notebook(file)
    if state.problem is not None:
        print(f"{file.name}: not readable: {state.problem}")
        return False
    if not state.checks:
        print(f"{file.name}: has no checks")
        return False
    for question, output in state.checks.items():
        first = output.strip().partition("\n")[0]
        print(f"{file.name}  {first or f'{question}: has no result'}")
    return all(ALL_PASSED.match(output.strip()) for output in state.checks.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""nbgrader's configuration where nbgrader is called from the repo's root: the course lies in dist/nbgrader."""

from pathlib import Path

from autograder.engines.nbgrader import configure

configure(get_config(), Path(__file__).resolve().parent / "dist" / "nbgrader")  # noqa: F821

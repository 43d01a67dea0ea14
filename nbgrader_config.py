"""nbgrader's configuration where nbgrader is called from the repo's root: its course lies in dist/nbgrader."""

from pathlib import Path

from autograder.engines.nbgrader import configure

ROOT = Path(__file__).resolve().parent
configure(get_config(), ROOT / "dist" / "nbgrader", ROOT / "solutions" / "compound_scaling")  # noqa: F821

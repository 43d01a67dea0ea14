"""The version of nbgrader's tables, which changes with nbgrader: a gradebook of another one is not used."""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


@lru_cache
def newest_version() -> str:
    """The version of the tables of the nbgrader that is installed, without importing or starting anything."""
    spec = find_spec("nbgrader")
    [package] = spec.submodule_search_locations or [] if spec else []
    versions = {}
    for path in (Path(package) / "alembic" / "versions").glob("*.py"):
        said = dict(re.findall(r"^(revision|down_revision) = ['\"]?(\w+)['\"]?", path.read_text("utf-8"), re.MULTILINE))
        versions[said["revision"]] = said["down_revision"]
    [newest] = versions.keys() - versions.values()
    return newest


def version_problem(version: str | None, shown: str) -> str:
    """Why tables of a version cannot be used, in one line; "" if they can.

    Args:
        version: as the gradebook's tables tell it; None if they tell none.
        shown: the gradebook's path or URL, for the message, without a password.
    """
    if version == newest_version():
        return ""
    told = f"of version {version}" if version else "without a version"
    return (
        f"{shown}: holds a gradebook {told}, and this nbgrader has {newest_version()}; keep a copy, then bring it "
        "up to date with 'nbgrader db upgrade --CourseDirectory.db_url=URL', or name another one"
    )

"""Students, graders and CI have the same versions: constraints.txt, environment.yml and the releases agree."""

import re
import tomllib
from importlib.metadata import distributions, version

import yaml
from packaging.specifiers import SpecifierSet

from autograder.release import assemble, bundles
from tests.compound import COURSE, ROOT

OWN = {"compound-scaling-lab", "notebook-course-autograder", "notebook-course-checks"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    return {normal(name): pinned for name, pinned in re.findall(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)", text)}


PINNED = pins((ROOT / "constraints.txt").read_text())


def needed(path: str) -> set[str]:
    project = tomllib.loads((ROOT / path).read_text())["project"]
    extras = [one for group in project.get("optional-dependencies", {}).values() for one in group]
    return {normal(re.split(r"[=<>\[; ]", one)[0]) for one in [*project["dependencies"], *extras]} - OWN


def all_needed() -> set[str]:
    return set().union(*(needed(f"{place}pyproject.toml") for place in ("", "scalelab/", "notebook_checks/")))


def test_everything_that_the_two_distributions_need_is_pinned():
    assert (all_needed()) - set(PINNED) == set()


def test_no_pin_of_a_distribution_differs_from_the_constraints():
    declared = pins((ROOT / "pyproject.toml").read_text()) | pins((ROOT / "scalelab/pyproject.toml").read_text())
    assert {name: PINNED[name] for name in declared} == declared


def test_conda_users_get_the_same_set():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    by_pip = next(part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    assert by_pip[0] == "-c constraints.txt"
    assert {"-e ./notebook_checks", "-e ./scalelab", "-e .[dev]"} <= set(by_pip)
    declared = pins("\n".join(by_pip))
    assert {name: PINNED[name] for name in declared} == declared


def test_students_get_the_same_versions():
    for text in (*bundles.set_up_texts(COURSE).values(), assemble.install_cell(COURSE)):
        declared = pins(text.replace("python=3.11", ""))
        assert declared
        assert {name: PINNED[name] for name in declared} == declared


def test_what_is_installed_here_is_what_is_pinned():
    for name in sorted(all_needed()):
        assert version(name).split("+")[0] == PINNED[name], name


def test_the_oldest_python_that_is_promised_can_have_every_pin():
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    oldest = promised.removeprefix(">=") + ".0"
    here = {normal(one.name): one.metadata.get("Requires-Python") or "" for one in distributions()}
    assert len(set(PINNED) & set(here)) > 100
    assert [name for name in PINNED if oldest not in SpecifierSet(here.get(name, ""))] == []

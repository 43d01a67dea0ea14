"""Containers, Binder and CI examples say the same as the Makefile, README and the students' own texts."""

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from autograder.release import bundles
from autograder.release.assemble import OTTER
from tests.compound import COURSE, ROOT
from tests.test_setup import PINNED, pins

EXAMPLES = sorted((ROOT / "docs/examples").glob("*.yml"))
GRADERS = [ROOT / "containers/grader.Dockerfile", *(one for one in EXAMPLES if "grading" in one.name)]
STUDENTS = [
    ROOT / "containers/student.Dockerfile",
    ROOT / "binder/postBuild",
    *(one for one in EXAMPLES if "student" in one.name),
]
ALL = [*GRADERS, *STUDENTS]
OURS = {"./notebook_checks", "./scalelab", "."}


def text_of(file: Path) -> str:
    """Its text, with continued lines joined."""
    return re.sub(r"\s*\\\n\s*", " ", file.read_text(encoding="utf-8"))


def installed(file: Path) -> list[set[str]]:
    """What each `pip install` names, without its options."""
    found = []
    for line in text_of(file).splitlines():
        if line.lstrip().startswith("#"):
            continue
        for command in re.findall(r"pip install (.*?)(?: && |$)", line):
            words = re.sub(r"\$\{[^}]*\}|--index-url \S+|-c \S+|(?<!\S)--?[a-z-]+", " ", command)
            found.append({word.strip("'\"") for word in words.split()})
    return found


def by_name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_there_is_an_example_for_each_system_and_for_both_sides():
    names = {one.name for one in EXAMPLES}
    assert names == {f"{system}-{side}.yml" for system in ("github", "gitlab") for side in ("student", "grading")}


@pytest.mark.parametrize("file", ALL, ids=by_name)
def test_every_version_is_the_pinned_one_and_every_install_keeps_to_the_pins(file):
    declared = pins(re.sub(r"jupyterhub==\S+", "", text_of(file)))
    assert declared["torch"] and {name: PINNED[name] for name in declared} == declared
    commands = re.findall(r"pip install [^\n]*", text_of(file))
    assert commands and all("-c constraints.txt" in one for one in commands)


@pytest.mark.parametrize("file", ALL, ids=by_name)
def test_torch_comes_first_and_alone_from_the_index_for_cpus(file):
    first, *later = installed(file)
    assert first == {f"torch=={PINNED['torch']}"}
    assert "--no-deps" in text_of(file).split("pip install", 2)[1], "that index need not have what torch needs"
    assert "https://download.pytorch.org/whl/cpu" in text_of(file)
    assert not any(one.startswith("torch==") for names in later for one in names)


@pytest.mark.parametrize("file", GRADERS, ids=by_name)
def test_graders_install_what_readme_says_by_path(file):
    _, ours = installed(file)
    assert {one.partition("[")[0] for one in ours} == OURS
    assert "pip install -c constraints.txt ./notebook_checks ./scalelab ." in (ROOT / "README.md").read_text()
    assert {"bubblewrap", "libseccomp2"} <= set(text_of(file).split()), "what `make sandbox` installs"


@pytest.mark.parametrize("file", STUDENTS, ids=by_name)
def test_students_get_what_their_own_environment_has(file):
    environment = yaml.safe_load(bundles.set_up_texts(COURSE)["environment.yml"])
    [by_pip] = [one["pip"] for one in environment["dependencies"] if isinstance(one, dict)]
    theirs = {one for one in by_pip if not one.startswith("-c ") and not one.endswith(".whl")}
    _, rest = installed(file)
    assert theirs - {f"torch=={PINNED['torch']}"} <= rest and OTTER in rest
    assert rest & {"./*.whl", "./notebook_checks"}
    assert "autograder" not in rest and "." not in rest, "students get no hidden test and no grader"


def test_all_that_is_copied_into_the_graders_image_exists_and_is_seen_by_docker():
    text = text_of(ROOT / "containers/grader.Dockerfile")
    sources = [word for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for word in line.split()[:-1]]
    assert {"constraints.txt", "pyproject.toml", "autograder", "scalelab", "notebook_checks"} <= set(sources)
    ignored = (ROOT / ".dockerignore").read_text().split()
    for source in sources:
        assert (ROOT / source).exists() and source not in ignored
    files = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license-files"]
    assert all((ROOT / one).exists() and one.split("/")[0] in sources for one in files)


def test_of_the_course_only_the_students_zip_goes_into_the_students_image():
    text = text_of(ROOT / "containers/student.Dockerfile")
    assert re.findall(r"^(?:COPY|ADD) (.*)$", text, re.MULTILINE) == ["--chown=student student.zip /tmp/student.zip"]
    assert re.search(r"^USER student$", text, re.MULTILINE)


def test_binder_and_the_image_open_the_first_notebook():
    first = f"{COURSE.notebooks[0]}.ipynb"
    assert f"/lab/tree/{first}" in text_of(ROOT / "containers/student.Dockerfile")
    notebook = (COURSE.release / first).relative_to(ROOT)
    assert f"/lab/tree/{notebook}" in text_of(ROOT / "binder/postBuild") and (ROOT / notebook).is_file()
    assert f"lab/tree/{notebook}" in (ROOT / "docs/containers.md").read_text()
    assert (ROOT / "binder/postBuild").stat().st_mode & 0o100, "repo2docker runs it as a program"
    python, *_ = yaml.safe_load((ROOT / "binder/environment.yml").read_text())["dependencies"]
    assert python == yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"][0]


def test_the_devcontainer_is_set_up_as_the_makefile_does_it():
    said = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    build = said["build"]
    dockerfile = (ROOT / ".devcontainer" / build["dockerfile"]).resolve()
    assert re.search(rf"^FROM \S+ AS {build['target']}$", dockerfile.read_text(), re.MULTILINE)
    assert said["postCreateCommand"] == "make setup" and "setup:" in (ROOT / "Makefile").read_text()
    packages = text_of(dockerfile).split("FROM")[1].split()
    assert {"make", "python3", "python3-venv"} <= set(packages)


@pytest.mark.parametrize("file", EXAMPLES, ids=by_name)
def test_an_example_is_yaml_that_names_jobs_and_hides_no_secret_from_view(file):
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    text = file.read_text(encoding="utf-8")
    jobs = said["jobs"].values() if "github" in file.name else [one for one in said.values() if isinstance(one, dict)]
    assert list(jobs)
    if "student" in file.name:
        named = re.search(r'notebooks="([^"]*)"', text)
        assert named and {f"{one}.ipynb" for one in COURSE.notebooks} - set(named[1].split()) == {"4_cifar.ipynb"}
        assert "autograder grade" not in text and "TOKEN" not in text
        assert "python -m notebook_checks" in text
    else:
        assert "autograder" in text and "release" in text and "grade handins --out graded" in text


@pytest.mark.parametrize("file", GRADERS[1:], ids=by_name)
def test_every_file_that_a_hand_in_may_have_is_fetched_for_grading(file):
    (patterns,) = re.findall(r"-type f \\\( (.*?) \\\)", file.read_text(encoding="utf-8"))
    names = [name for _, name in re.findall(r"-(i?)name '([^']+)'", patterns)]
    handed_in = [*(f"{notebook}.ipynb" for notebook in COURSE.notebooks), *(one.name for one in COURSE.attachments)]
    missed = [one for one in handed_in if not any(fnmatch(one.lower(), name) for name in names)]
    assert len(handed_in) == 9 and not missed

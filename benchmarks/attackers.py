"""A class in which a third of the students are attackers, beside the same class without them.

Prints seconds and peak memory of both, and whether every honest student has the same points in both. Of notebook 2,
with attacks of the corpus (tests/attacks) that take what they can: `python -m benchmarks.attackers`.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

import nbformat

from autograder.course import Course
from autograder.course.answered import fill, model_answers
from autograder.course.skeleton import load_skeletons
from autograder.release.build import Release, build, write_dist
from benchmarks.processes import Measured, measure
from tests.attacks.classes import narrow, write_one
from tests.attacks.corpus import read_corpus
from tests.attacks.planted import Planted
from tests.compound import COURSE, ROOT

NOTEBOOK = "2_compound_scaling"

ATTACKS = (
    *("busy_sessions", "descriptors_in_flight", "message_flood", "slow_markdown", "unmapped_memory"),
    "zip_of_many",
)


def write_honest(folder: Path, number: int) -> None:
    """Hand-ins of so many students, each with a comment that no other has."""
    model, skeleton = model_answers(COURSE), load_skeletons(COURSE)[NOTEBOOK]
    for index in range(number):
        student = f"student{index:03}"
        place = folder / student / COURSE.name
        place.mkdir(parents=True)
        own = {cell: f"# written by {student}\n{text}" for cell, text in model.items()}
        nbformat.write(fill(skeleton, own), place / f"{NOTEBOOK}.ipynb")


def graded(course: Course, submitted: Path, out: Path, workers: int) -> Measured:
    """Grade a class as `autograder grade` does, with otter's results: without a gradebook, time is that of rooms."""
    command = [sys.executable, "-m", "autograder", "--course", str(course.folder), "grade", str(submitted)]
    command += ["--out", str(out), "--engine", "otter", "--workers", str(workers), "--seed", "3"]
    return measure(command, ROOT, dict(os.environ) | {"PYTHONPATH": str(ROOT)})


def points(out: Path) -> dict[tuple[str, str], str]:
    """(student, question) → points, of the honest."""
    with (out / "scores.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["student"], row["question"]): row["score"] for row in rows if row["student"].startswith("student")}


def seconds(out: Path) -> dict[str, float]:
    """Seconds that judging each student's notebook took, the longest first."""
    found = {path.parent.name: json.loads(path.read_text())["seconds"] for path in (out / "results").glob("*/*.json")}
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def told_of(name: str, one: Measured, took: dict[str, float]) -> str:
    """Lines about one class."""
    honest = median(took[student] for student in took if student.startswith("student"))
    longest = ", ".join(f"{student} {took[student]:.0f} s" for student in list(took)[:6])
    return (
        f"{name:16} {len(took):3} students {one.seconds:6.1f} s, peak {one.peak / 2**20:5.0f} MiB; "
        f"an honest notebook took {honest:.1f} s (median)\n    longest: {longest}"
    )


def main() -> int:
    """Exit status: 1 where an honest student has other points beside attackers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attackers", description=__doc__)
    parser.add_argument("--honest", type=int, default=12)
    parser.add_argument("--attacks", nargs="+", default=ATTACKS, metavar="NAME")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    attacks = [one for one in read_corpus() if one.name in chosen.attacks]
    with Planted() as planted, tempfile.TemporaryDirectory() as made:
        release = build(COURSE)
        whole = Course(COURSE.folder, Path(made))
        write_dist(Release(whole, release.sources, release.questions, release.instructor, release.files))
        course = narrow(whole, NOTEBOOK, planted.folder / "narrow")
        (course.folder / "dist").symlink_to(whole.dist)
        classes = {"without attackers": [], "with attackers": attacks}
        told, found = {}, {}
        for name, hostile in classes.items():
            submitted = planted.folder / "handins" / name.replace(" ", "-")
            write_honest(submitted, chosen.honest)
            for attack in hostile:
                write_one(attack, planted.marks, submitted / attack.name / COURSE.name)
            out = planted.folder / "store" / name.replace(" ", "-")
            told[name] = graded(course, submitted, out, chosen.workers)
            found[name] = points(out)
            print(told_of(name, told[name], seconds(out)), flush=True)
    first, second = found.values()
    other = sorted(place for place in first if first[place] != second.get(place))
    without, beside = told.values()
    print(f"{beside.seconds / without.seconds:.2f} times as long, {beside.peak / without.peak:.2f} times the memory")
    print(f"honest points that differ: {len(other)} of {len(first)}", *other)
    return 1 if other or not first else 0


if __name__ == "__main__":
    sys.exit(main())

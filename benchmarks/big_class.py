"""A class drawn from the whole answer bank, five notebooks each, some of it broken and hostile: what grading it costs.

Prints seconds a student, the most memory held at once, and the bytes that a run leaves for each student beside what
was handed in: with one worker and with two, on Dask with two worker processes, and as shards that are merged. All
grade with one seed, so all must give the same scores.csv and students.csv. Five hundred students take an hour or more.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from cluster import PORT, cluster
from processes import Measured, measure

from autograder.course import find_course
from autograder.course.skeleton import load_skeletons
from autograder.release.build import build, write_nbgrader_course
from autograder.verify.bank import bank_of
from autograder.verify.one_question import notebook_of
from autograder.verify.students import draw_students, write_students

COURSE = find_course(Path(__file__).parent)
ROOT = Path(__file__).resolve().parents[1]
SEED = 11
SHARDS = 4
TABLES = ("scores.csv", "students.csv")

HOSTILE = (
    "import os\nos._exit(3)",
    "blocks = []\nwhile True:\n    blocks.append(bytearray(2**26))",
    "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "print('<script>alert(1)</script>' * 10**6)",
    "import os\nfor number in range(10**7):\n    os.write(os.open(f'{number}', os.O_CREAT | os.O_RDWR), bytes(2**20))",
)
"""What hostile students put in the place of stage_output_shape. Each ends the same way each time, which what forks
without end does not: where it meets its limit is chance."""


def write_class(folder: Path, number: int) -> None:
    """So many students in nbgrader's tree. Of every ten one file is cut off, of every twenty one student is hostile."""
    banks = [
        {name: answers for name, answers in bank_of(COURSE).answers.items() if notebook_of(COURSE, name) == notebook}
        for notebook in load_skeletons(COURSE)
    ]
    drawn = draw_students(banks, combinations=number, seed=SEED)
    whole = [one for one in drawn if len(one.answers) == sum(map(len, banks))][:number]
    write_students(COURSE, whole, COURSE.notebooks, folder)
    for index, student in enumerate(whole):
        place = folder / student.name / COURSE.name
        if index % 10 == 3:
            cut = place / f"{COURSE.notebooks[index // 10 % len(COURSE.notebooks)]}.ipynb"
            cut.write_bytes(cut.read_bytes()[:2000])
        if index % 20 == 7:
            _make_hostile(place / f"{COURSE.notebooks[0]}.ipynb", HOSTILE[index // 20 % len(HOSTILE)])


def _make_hostile(path: Path, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "q1_2-stage_output_shape").source = source
    nbformat.write(notebook, path)


class BigClass:
    """Grades the class in `folder`/submitted, in one way after the other."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.submitted = folder / "submitted"

    def pool(self, workers: int) -> tuple[Measured, Path]:
        """This machine's own processes, nbgrader's gradebook included."""
        place = self._new(f"pool-{workers}")
        return self._grade(place, "--workers", str(workers)), place

    def dask(self) -> tuple[Measured, Path]:
        """A scheduler and two workers of one thread on loopback."""
        place = self._new("dask")
        with cluster(self.folder):
            return self._grade(place, "--scheduler", f"tcp://127.0.0.1:{PORT}"), place

    def shards(self) -> tuple[Measured, Path]:
        """One shard after the other with two workers, then `merge`."""
        place = self._new("shards")
        parts = [place / f"shard-{number}" for number in range(1, SHARDS + 1)]
        done = [
            self._run("grade", self.submitted, "--seed", SEED, "--shard", f"{number}/{SHARDS}", "--out", part)
            for number, part in enumerate(parts, start=1)
        ]
        where = "--out", place / "out", "--nbgrader-course", place / "course"
        done.append(self._run("merge", *parts, *where))
        return Measured(sum(one.seconds for one in done), max(one.peak for one in done), 0, done[-1].said), place

    def _new(self, name: str) -> Path:
        place = self.folder / name
        shutil.rmtree(place, ignore_errors=True)
        write_nbgrader_course(build(COURSE), place / "course")
        return place

    def _grade(self, place: Path, *options: str) -> Measured:
        where = "--out", place / "out", "--nbgrader-course", place / "course", "--seed", SEED
        return self._run("grade", self.submitted, *where, *options)

    def _run(self, *arguments: object) -> Measured:
        command = [sys.executable, "-m", "autograder", *map(str, arguments)]
        done = measure(command, ROOT, dict(os.environ))
        if done.status not in (0, 1):  # 1: some notebooks could not be graded, as they are cut off
            sys.exit(f"{' '.join(command)} ended with {done.status}:\n{done.said}")
        return done


def bytes_below(folder: Path) -> int:
    """Of files that are no links."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    """Exit status: 1 where two ways give other scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--ways", nargs="+", default=["two", "one", "dask", "shards"], metavar="WAY")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where class and results stay")
    chosen = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as made:
        folder = chosen.keep or Path(made)
        bench = BigClass(folder)
        if not bench.submitted.exists():
            write_class(bench.submitted, chosen.students)
        number = len(list(bench.submitted.iterdir()))
        print(f"{number} students, {bytes_below(bench.submitted) / number / 1e6:.2f} MB handed in by each", flush=True)
        ways: dict[str, Callable[[], tuple[Measured, Path]]] = {
            "two": lambda: bench.pool(2),
            "one": lambda: bench.pool(1),
            "dask": bench.dask,
            "shards": bench.shards,
        }
        tables, before = {}, bytes_below(course_of_nobody(folder))
        for way in chosen.ways:
            done, place = ways[way]()
            left = (bytes_below(place) - before) / number / 1e6
            tables[way] = [(place / "out" / name).read_bytes() for name in TABLES]
            print(
                f"{way:7} {done.seconds / number:6.2f} s a student ({done.seconds:.0f} s), peak "
                f"{done.peak / 2**20:5.0f} MiB, {left:.2f} MB left for each",
                flush=True,
            )
    same = len({tuple(one) for one in tables.values()}) == 1
    print("scores.csv and students.csv: " + ("equal in all ways" if same else "NOT EQUAL"))
    return 0 if same else 1


def course_of_nobody(folder: Path) -> Path:
    """nbgrader's course with nobody in it, whose bytes are no student's."""
    place = folder / "nobody"
    write_nbgrader_course(build(COURSE), place)
    return place


if __name__ == "__main__":
    sys.exit(main())

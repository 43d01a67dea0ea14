"""Shards of a class, merged, are what one run on the whole class gives: every file of it, and the gradebook."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.engines.grading import Grading
from autograder.errors import NotFinished, NothingHandedIn, WrongCall
from autograder.room import NONE
from autograder.run.hints import FILE as TOLD
from autograder.run.hints import Attempt, History, read_history, write_history
from autograder.run.run import Run
from autograder.run.run_record import FILE, grade_and_record, need_folder_for, parsed, record_of, write_run
from autograder.run.sharding.merge import merge_shards, read_shards
from autograder.run.sharding.shards import Shard, shard_of
from autograder.run.to_students.feedback import make_pages
from tests.run.whole_runs import DUE, SEED, content, graded, make_class, own_gradebook

pytestmark = pytest.mark.room


@pytest.fixture(scope="module")
def handins(tiny: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tiny, tmp_path_factory.mktemp("class") / "handins")


def merged(course: Course, outs: list[Path], out: Path) -> Path:
    out.mkdir(exist_ok=True)
    merge_shards(course, read_shards(course, outs), out, DUE, course_folder=own_gradebook(course, out))
    return out


@pytest.fixture(scope="module")
def two(tiny: Course, handins: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of two shards of nbgrader's. No test changes them."""
    folder = tmp_path_factory.mktemp("two")
    return [graded(tiny, handins, folder / f"shard-{number}", "nbgrader", Shard(number, 2)) for number in (1, 2)]


@pytest.fixture
def own_two(two: list[Path], tmp_path: Path) -> list[Path]:
    """Copies of them."""
    return [Path(shutil.copytree(one, tmp_path / one.name)) for one in two]


@pytest.mark.parametrize(("engine", "shards"), [("nbgrader", 2), ("otter", 4)])
def test_merged_shards_are_what_one_run_gives(tiny, handins, two, tmp_path, engine, shards):
    whole = graded(tiny, handins, tmp_path / "whole", engine)
    outs = (
        two
        if engine == "nbgrader"
        else [
            graded(tiny, handins, tmp_path / f"shard-{number}", engine, Shard(number, shards))
            for number in range(1, shards + 1)
        ]
    )
    assert not (outs[0] / "autograded").exists() and not (outs[0] / "gradebook.db").exists()
    expected = content(whole, tiny, engine)
    assert "notes.txt" in expected["left_out.txt"]
    assert "Zoe" in expected["students.csv"] and "zoe" in expected["students.csv"]
    assert any(name.startswith("results/eve") for name in expected)
    assert content(merged(tiny, outs[::-1], tmp_path / "merged"), tiny, engine) == expected
    if engine == "nbgrader":
        assert pages(tiny, tmp_path / "merged", "ada", "bob") == pages(tiny, whole, "ada", "bob")
    # Once more, as after an interruption: nobody is written down again.
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "merged-course").rglob("*.ipynb")}
    assert content(merged(tiny, outs, tmp_path / "merged"), tiny, engine) == expected
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "merged-course").rglob("*.ipynb")} == before


def pages(course: Course, out: Path, *students: str) -> dict[str, str]:
    """Feedback, made of the run in `out`."""
    made = make_pages(course, own_gradebook(course, out), out, students, lambda what, done, of: None)
    return {student: page.read_text(encoding="utf-8") for student, page in made.pages.items()}


def told_before(out: Path) -> None:
    """As if everyone in a folder had handed in once before, and been told the same."""
    told = read_history(out).of
    older = {
        student: {
            name: (replace(attempts[-1], hand_in="of the first attempt"), *attempts) for name, attempts in of.items()
        }
        for student, of in told.items()
    }
    write_history(out, History(older))


def test_what_was_told_at_earlier_attempts_is_merged_and_reported(tiny, own_two, tmp_path):
    for one in own_two:
        told_before(one)
    out = merged(tiny, own_two, tmp_path / "merged")
    expected = {student: of for one in own_two for student, of in read_history(one).of.items()}
    assert read_history(out) == History(expected)
    assert expected["bob"]["1_averages"][0].told["q1"] == expected["bob"]["1_averages"][1].told["q1"]
    assert 'id="hints"' in (out / "report.html").read_text(encoding="utf-8"), "bob was told the same twice"
    # What the merged folder knows of still earlier attempts stays.
    oldest = Attempt("oldest", {"q1": ("A hint.",)})
    write_history(out, History({"bob": {"1_averages": (oldest, *expected["bob"]["1_averages"])}}))
    merged(tiny, own_two, out)
    assert read_history(out).of["bob"]["1_averages"] == (oldest, *expected["bob"]["1_averages"])
    (own_two[0] / TOLD).write_text("[", encoding="utf-8")
    with pytest.raises(WrongCall, match=r"told.json is damaged"):
        merged(tiny, own_two, tmp_path / "other")


def test_a_shard_graded_again_judges_nobody_anew(tiny, handins, own_two):
    results = sorted(own_two[0].glob("results/*/*.json"))
    before = [path.read_bytes() for path in results]
    graded(tiny, handins, own_two[0], "nbgrader", Shard(1, 2))
    assert [path.read_bytes() for path in results] == before


def test_a_call_that_cannot_read_its_class_leaves_a_finished_run_as_it_was(tiny, tmp_path):
    (tmp_path / "nothing").mkdir()
    shutil.copytree(tiny.dist / "nbgrader", tmp_path / "course")
    run = Run(tmp_path / "nothing", Grading(tmp_path / "results", tiny, SEED, NONE), "nbgrader", tmp_path / "course", 1)
    write_run(tmp_path, replace(record_of(run), students=("ada",), finished=True))
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(NothingHandedIn):
        grade_and_record(run, tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def changed(out: Path, **changes) -> None:
    """Another run.json."""
    record = parsed((out / FILE).read_bytes())
    assert record is not None
    write_run(out, replace(record, **changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seed": 8}, "has another seed (8 and not 7)"),
        ({"engine": "otter"}, "has another engine (otter and not nbgrader)"),
        ({"limits": {"cell_seconds": 1.0}}, "has another limits"),
        ({"shard": "2/3"}, "has another number of shards (3 and not 2)"),
        ({"content": "0" * 64}, "the course was another one than here"),
        ({"pins": {"python": "3.9.1"}}, "was graded with other versions than those here: "),
        ({"whole": "0" * 64}, "has read another class than shard 1/2"),
        ({"shard": "1/2"}, "is there twice"),
        ({"shard": ""}, "which is no shard"),
        ({"students": ("dee", "../eve")}, "'../eve' is no student's name"),
        ({"students": ("dee", "eve", "ada")}, "ada: is in shard 1/2"),
        ({"students": ("dee", "eve", "bobby1")}, "bobby1: is in shard 2/2"),
    ],
)
def test_shards_that_do_not_fit_together_are_refused_by_name(tiny, own_two, changes, said):
    assert str(shard_of("bobby1", 2)) == "1/2"
    changed(own_two[1], **changes)
    with pytest.raises(WrongCall) as refused:
        read_shards(tiny, own_two)
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert "shard-2" in str(refused.value)


def test_what_is_missing_or_was_killed_is_said_by_name(tiny, own_two):
    changed(own_two[1], shard="3/4", finished=False)
    changed(own_two[0], shard="1/4")
    with pytest.raises(NotFinished) as refused:
        read_shards(tiny, own_two)
    unfinished, missing = str(refused.value).split("\n")
    assert unfinished == f"shard 3/4 ({own_two[1]}): was not finished; run the same command again"
    assert missing == "shards 2/4, 4/4: missing; name the --out of every shard"
    assert refused.value.exit_status == 1


def result(out: Path) -> Path:
    return next(out.glob("results/*/1_averages.json"))


def more_points(out: Path) -> None:
    content = json.loads(result(out).read_text(encoding="utf-8"))
    content["questions"][0]["score"] = 60.0
    result(out).write_text(json.dumps(content), encoding="utf-8")


def of_another(out: Path) -> None:
    content = json.loads(result(out).read_text(encoding="utf-8"))
    result(out).write_text(json.dumps(content | {"student": "somebody"}), encoding="utf-8")


def with_a_link(out: Path) -> None:
    path = result(out)
    path.rename(out / "elsewhere.json")
    path.symlink_to(out / "elsewhere.json")


def with_a_linked_folder(out: Path) -> None:
    (out / "results").rename(out / "elsewhere")
    (out / "results").symlink_to(out / "elsewhere")


def with_a_pipe(out: Path) -> None:
    path = result(out)
    path.unlink()
    os.mkfifo(path)


def with_a_stranger(out: Path) -> None:
    next(out.glob("intake/*/tiny")).joinpath("nbgrader_config.py").write_text("import os", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (more_points, "has points of q1 that there cannot be"),
        (of_another, "is of another student, notebook or seed"),
        (with_a_link, "is a link, or cannot be read"),
        (with_a_linked_folder, "is a link, or cannot be read"),
        (with_a_pipe, "is no file"),
        (lambda out: result(out).write_text("{"), "is no result"),
        (lambda out: result(out).unlink(), "is missing; run this shard again"),
        (lambda out: shutil.rmtree(out / "intake"), "holds no notebook"),
        (lambda out: (out / "hand_ins.json").write_text("[]"), "holds no hand_ins.json"),
        (with_a_stranger, "nbgrader_config.py: is no notebook of this course"),
    ],
)
def test_what_no_run_writes_is_refused_in_one_line(tiny, own_two, tmp_path, spoil, said):
    spoil(own_two[0])
    with pytest.raises(WrongCall) as refused:
        merged(tiny, own_two, tmp_path / "merged")
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert not (tmp_path / "merged" / "scores.csv").exists()


def test_a_folder_that_holds_another_run_is_refused(own_two, tmp_path):
    course = "tiny"
    need_folder_for(own_two[0], course, SEED, "nbgrader", "1/2")
    for part, seed, merged_of in (("2/2", SEED, 0), ("1/2", 8, 0), ("", None, 0), ("", SEED, 2)):
        with pytest.raises(WrongCall, match=r"holds shard 1/2 of tiny with seed 7 and nbgrader; name another folder"):
            need_folder_for(own_two[0], course, seed, "nbgrader", part, merged_of)
    changed(own_two[0], shard="")
    need_folder_for(own_two[0], course, None, "otter")
    (own_two[0] / FILE).unlink()
    with pytest.raises(WrongCall, match="holds another run"):
        need_folder_for(own_two[0], course, SEED, "nbgrader", "1/2")
    need_folder_for(tmp_path / "new", course, SEED, "nbgrader", "1/2")

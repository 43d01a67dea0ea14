"""Of what students hand in beside their notebooks, two files go further, and nothing else ever does."""

import json
import os
import zipfile

import pytest

from autograder.intake.attachments import find_attachments, with_attachments
from autograder.intake.collect import clean, collect
from autograder.intake.rebuild import rebuild
from tests.compound import COURSE
from tests.intake.intake_files import as_raw, hand_in, place_of

WEIGHTS, RECORD, *_ = (one.name for one in COURSE.attachments)
MAX_BYTES = {one.name: one.max_bytes for one in COURSE.attachments}
NOTEBOOK = "4_cifar"


@pytest.fixture
def kept(tmp_path, released):
    """What of a class goes further: student → (file's name → its bytes, the notes of notebook 4)."""

    def run(place):
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        found = {}
        for one in collect(place, scratch, released):
            cleaned = clean(one, released, scratch)
            assert all(rebuilt.submission.folder is None for name, rebuilt in cleaned.items() if name != NOTEBOOK)
            submission = cleaned[NOTEBOOK].submission
            paths = submission.folder.rglob("*") if submission.folder else ()
            assert submission.folder is None or place not in submission.folder.parents
            found[one.student] = ({path.name: path.read_bytes() for path in paths}, " ".join(submission.notes))
        return found

    return run


def put(folder, **files):
    """Write files: best_safetensors=b"…" is best.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)


def test_what_training_made_is_found_beside_the_notebook_and_below_it(place, kept, skeletons):
    for student, where in (("ada", "."), ("bob", "runs/best one")):
        hand_in(skeletons[NOTEBOOK], place / student / "compound_scaling" / f"{NOTEBOOK}.ipynb")
        put(place / student / "compound_scaling" / where, best_safetensors=b"w", best_json=b"{}")
    both = ({WEIGHTS: b"w", RECORD: b"{}"}, "")
    assert kept(place) == {"ada": both, "bob": both}


@pytest.mark.parametrize(
    "name",
    [
        "Best.safetensors", "BEST.SAFETENSORS", "best (1).safetensors", "best(2).safetensors", "best-1.safetensors",
        "best - Copy.safetensors", "Best - Copy (2).safetensors", "best copy.safetensors", "Copy of best.safetensors",
        "best.safetensors.txt", "best.safetensors.bin", "best.safetensors.safetensors", "best (1).safetensors.download",
        "best.safetensors.1", "best.safetensors (1)", "best.safetensors - Copy", "best.safetensors copy 2",
    ],
)  # fmt: skip
def test_other_cases_of_letters_and_copies_are_the_attachment(place, kept, skeletons, name):
    hand_in(skeletons[NOTEBOOK], place / "ada" / f"{NOTEBOOK}.ipynb")
    (place / "ada" / name).write_bytes(b"w")
    assert kept(place) == {"ada": ({WEIGHTS: b"w"}, "")}


def test_of_a_file_and_its_copy_the_newer_counts(place, kept, skeletons):
    for student, newer in (("ada", WEIGHTS), ("bob", "best (1).safetensors")):
        hand_in(skeletons[NOTEBOOK], place / student / f"{NOTEBOOK}.ipynb")
        for name in (WEIGHTS, "best (1).safetensors"):
            (place / student / name).write_bytes(name.encode())
            os.utime(place / student / name, (2e9, 2e9) if name == newer else (1e9, 1e9))
    found = kept(place)
    assert found["ada"][0] == {WEIGHTS: WEIGHTS.encode()}
    assert found["bob"][0] == {WEIGHTS: b"best (1).safetensors"} and "handed in 2 times" in found["bob"][1]


def test_every_attachment_is_found_and_copied_however_its_names_come(place, tmp_path, skeletons, released):
    put(place, best_safetensors=b"w", best_json=b"{}")
    attachments = released.attachments_of(NOTEBOOK)
    files = find_attachments(place, iter(attachments))
    assert {path.name for path in files} == {WEIGHTS, RECORD}
    handed_in = rebuild(as_raw(skeletons[NOTEBOOK]), skeletons[NOTEBOOK], "ada")
    copied = with_attachments(handed_in, iter(attachments), files, place, tmp_path / "copies").submission.folder
    assert {path.name for path in copied.iterdir()} == {WEIGHTS, RECORD}


def test_it_is_found_in_zips_and_in_a_flat_folder(place, tmp_path, kept, skeletons):
    hand_in(skeletons[NOTEBOOK], tmp_path / "own" / f"{NOTEBOOK}.ipynb")
    put(tmp_path / "own", best_safetensors=b"w", best_json=b"{}")
    with zipfile.ZipFile(place / "ada.zip", "w") as archive:
        for path in (tmp_path / "own").iterdir():
            archive.write(path, path.name)
    (place / "bob").mkdir()
    (place / "bob" / "handin.zip").write_bytes((place / "ada.zip").read_bytes())
    hand_in(skeletons[NOTEBOOK], place / f"carl_{NOTEBOOK}.ipynb")
    (place / f"carl_{WEIGHTS}").write_bytes(b"w")
    (place / f"carl_{RECORD}").write_bytes(b"{}")
    both = {WEIGHTS: b"w", RECORD: b"{}"}
    assert {student: files for student, (files, _) in kept(place).items()} == dict.fromkeys(
        ["ada", "bob", "carl"], both
    )


def test_a_students_own_folder_is_read(place, kept, skeletons):
    hand_in(skeletons[NOTEBOOK], place / f"{NOTEBOOK}.ipynb")
    put(place, best_safetensors=b"w")
    assert kept(place) == {"class": ({WEIGHTS: b"w"}, "")}


def test_the_one_beside_the_notebook_is_taken_else_the_newest_and_it_is_said(place, kept, skeletons):
    hand_in(skeletons[NOTEBOOK], place / "ada" / f"{NOTEBOOK}.ipynb")
    hand_in(skeletons[NOTEBOOK], place / "bob" / f"{NOTEBOOK}.ipynb")
    put(place / "ada", best_safetensors=b"beside")
    for folder, time in (("ada/runs", 2e9), ("bob/old", 1e9), ("bob/new", 2e9)):
        put(place / folder, best_safetensors=folder.encode())
        os.utime(place / folder / WEIGHTS, (time, time))
    found = kept(place)
    assert found["ada"][0] == {WEIGHTS: b"beside"} and "the one beside the notebook is judged" in found["ada"][1]
    assert found["bob"][0] == {WEIGHTS: b"bob/new"} and "that is the newest is judged" in found["bob"][1]


def test_links_pipes_folders_and_files_that_are_too_large_are_left_out_with_a_note(place, tmp_path, kept, skeletons):
    secret = tmp_path / "secret"
    secret.write_text("the grader's own")
    for student in ("link", "pipe", "large", "folder"):
        hand_in(skeletons[NOTEBOOK], place / student / f"{NOTEBOOK}.ipynb")
    (place / "link" / WEIGHTS).symlink_to(secret)
    os.mkfifo(place / "pipe" / WEIGHTS)
    with (place / "large" / WEIGHTS).open("wb") as file:
        file.truncate(MAX_BYTES[WEIGHTS] + 1)
    with (place / "large" / RECORD).open("wb") as file:
        file.truncate(MAX_BYTES[RECORD] + 1)
    put(place / "folder" / WEIGHTS, code_py=b"")
    found = kept(place)
    assert [files for files, _ in found.values()] == [{}] * 4
    assert "best.safetensors for q3_3 is a symbolic link" in found["link"][1]
    assert "no file, and was left out" in found["pipe"][1]
    assert "37.4 MB are the limit" in found["large"][1] and "best.json" in found["large"][1]


def test_a_link_does_not_stand_in_the_way_of_a_file(place, kept, skeletons):
    hand_in(skeletons[NOTEBOOK], place / "ada" / f"{NOTEBOOK}.ipynb")
    (place / "ada" / WEIGHTS).symlink_to("/etc/passwd")
    put(place / "ada" / "runs", best_safetensors=b"w")
    assert kept(place)["ada"][0] == {WEIGHTS: b"w"}


def test_a_file_of_exactly_the_limit_is_taken(place, kept, skeletons):
    hand_in(skeletons[NOTEBOOK], place / "ada" / f"{NOTEBOOK}.ipynb")
    with (place / "ada" / RECORD).open("wb") as file:
        file.truncate(MAX_BYTES[RECORD])
    assert len(kept(place)["ada"][0][RECORD]) == MAX_BYTES[RECORD]


def test_nothing_else_goes_further(place, kept, skeletons):
    """Modules that shadow ours, folders of tests, hidden files, and links to folders."""
    hand_in(skeletons[NOTEBOOK], place / "eve" / f"{NOTEBOOK}.ipynb")
    put(place / "eve", best_safetensors=b"w", torch_py=b"x", otter_py=b"x", best_pt=b"x", mybest_safetensors=b"x")
    put(place / "eve" / "scalelab", __init___py=b"x")
    put(place / "eve" / "tests", q3_3_py=b"x")
    put(place / "eve" / ".hidden", best_json=b"x")
    put(place.parent / "elsewhere", best_json=b"x")
    (place / "eve" / "link").symlink_to(place.parent / "elsewhere")
    files, notes = kept(place)["eve"]
    assert files == {WEIGHTS: b"w"}
    assert all(name in notes for name in ("link", "best.pt", "mybest.safetensors", "otter.py", "torch.py", "q3.3.py"))


def test_files_without_notebook_4_or_with_one_that_cannot_be_read_go_nowhere(place, kept, skeletons):
    hand_in(skeletons["1_intuition"], place / "ada" / "1_intuition.ipynb")
    put(place / "ada", best_safetensors=b"w")
    put(place / "bob", best_safetensors=b"w")
    (place / "bob" / f"{NOTEBOOK}.ipynb").write_text("{")
    assert [files for files, _ in kept(place).values()] == [{}, {}]


def test_without_a_scratch_folder_they_are_left_out(place, tmp_path, released, skeletons):
    hand_in(skeletons[NOTEBOOK], place / "ada" / f"{NOTEBOOK}.ipynb")
    put(place / "ada", best_safetensors=b"w")
    (one,) = collect(place, tmp_path, released)
    assert clean(one, released)[NOTEBOOK].submission.folder is None


def test_a_training_cell_keeps_the_students_text_and_is_never_run(place, tmp_path, released, skeletons):
    skeleton = skeletons[NOTEBOOK]
    trains = [cell for cell in skeleton.cells if cell.role == "train"]
    path = hand_in(skeleton, place / "ada" / f"{NOTEBOOK}.ipynb")
    content = json.loads(path.read_text())
    content["cells"][place_of(skeleton, trains[-1].id)]["source"] = "my_own_training()"
    path.write_text(json.dumps(content))
    (one,) = collect(place, tmp_path, released)
    rebuilt = clean(one, released)[NOTEBOOK]
    kept = {cell.id: cell for cell in rebuilt.submission.cells}
    assert kept[trains[-1].id].source == "my_own_training()" and not kept[trains[-1].id].runs
    assert kept[trains[0].id].source == trains[0].source
    assert rebuilt.notebook.cells[place_of(skeleton, trains[-1].id)].source == "my_own_training()"
    assert rebuilt.submission.notes == ()


def test_an_answer_that_was_moved_into_a_training_cell_is_not_taken_for_one(place, tmp_path, released, skeletons):
    """Grading never runs it there, so the stub has to stay, which says so."""
    skeleton = skeletons[NOTEBOOK]
    train = next(cell for cell in reversed(skeleton.cells) if cell.role == "train")
    path = hand_in(skeleton, place / "ada" / f"{NOTEBOOK}.ipynb")
    content = json.loads(path.read_text())
    content["cells"][place_of(skeleton, train.id)]["source"] = "def build_best_model():\n    return 1"
    del content["cells"][place_of(skeleton, "q3_3-build_best_model")]
    path.write_text(json.dumps(content))
    (one,) = collect(place, tmp_path, released)
    submission = clean(one, released)[NOTEBOOK].submission
    answer = next(cell for cell in submission.cells if cell.id == "q3_3-build_best_model")
    assert "NotImplementedError" in answer.source and not answer.touched

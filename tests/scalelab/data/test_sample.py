import json
import shutil
from pathlib import Path

import pytest
import torch
from PIL import Image

from scalelab.data import CLASSES, DataError, cifar10
from scalelab.data.sheets import checksum, read_sheet

DATA = Path(__file__).parents[3] / "data"

DRAWN = {
    "cifar10_sample/train.png": "c4d7dcc06f496530d55004dcbf3178a0010690a42684a6f0fb80c52e137d83e0",
    "cifar10_sample/test.png": "088806fa138862928cbf638bbb354e6720365ba45bfa22fdeeab88a2dcc43586",
    "judging/cifar10.png": "fcc62e94b968877dca3a9e6adec14c05539b6f2c28e9712c691070a5708a618a",
}
"""Each sheet's pixels and labels, as data/README.md and data/judging/README.md record them."""


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    monkeypatch.delenv("SCALELAB_DATA", raising=False)


def indices(sheet: str) -> set[int]:
    index = json.loads((DATA / sheet).with_suffix(".json").read_text())
    return {number for group in index["classes"] for number in group["indices"]}


@pytest.mark.parametrize("sheet", DRAWN)
def test_a_sheets_pixels_and_labels_are_those_that_were_recorded(sheet):
    assert checksum(read_sheet(DATA / sheet)) == DRAWN[sheet]
    assert DRAWN[sheet] in "".join(path.read_text() for path in (DATA / "README.md", DATA / "judging" / "README.md"))


def test_the_sample_has_300_images_a_class_to_train_on_and_100_to_test_on():
    data = cifar10()
    assert data.size == "sample"
    assert data.train.labels.bincount().tolist() == [300] * len(CLASSES)
    assert data.test.labels.bincount().tolist() == [100] * len(CLASSES)
    assert data.train.images.shape == (3000, 3, 32, 32) and data.train.images.dtype == torch.uint8


def test_a_class_is_not_all_in_one_place():
    assert len(cifar10().train.labels[:50].unique()) == len(CLASSES)


def test_the_judging_images_are_none_that_students_have():
    judging = read_sheet(DATA / "judging/cifar10.png")
    assert judging.labels.bincount().tolist() == [100] * len(CLASSES)
    assert not indices("judging/cifar10.png") & indices("cifar10_sample/test.png")
    # CIFAR-10 repeats a few photographs: by their pixels too, none is among those handed out.
    handed_out = {image.numpy().tobytes() for part in (cifar10().train, cifar10().test) for image in part.images}
    assert not handed_out & {image.numpy().tobytes() for image in judging.images}


def test_the_sample_is_under_10_megabytes():
    assert sum(path.stat().st_size for path in (DATA / "cifar10_sample").iterdir()) < 10_000_000


def test_what_students_import_does_not_know_of_the_judging_images():
    for module in (DATA.parent / "scalelab" / "data").glob("*.py"):
        assert "judg" not in module.read_text(), module


# ---- where it is looked for


def test_root_may_be_the_data_folder_or_the_samples_own(tmp_path):
    assert len(cifar10(DATA).test) == len(cifar10(str(DATA / "cifar10_sample")).test) == 1000


@pytest.mark.parametrize("where", ["environment", "working folder", "two folders above", "beside the package"])
def test_without_root_the_sample_is_found(where, tmp_path, monkeypatch):
    copy = tmp_path / "data" / "cifar10_sample"
    working = tmp_path / "a" / "b"
    working.mkdir(parents=True)
    monkeypatch.chdir({"working folder": tmp_path, "two folders above": working}.get(where, "/"))
    read = []
    monkeypatch.setattr("scalelab.data.places.read_sheet", lambda path: read.append(path.parent))
    if where != "beside the package":
        shutil.copytree(DATA / "cifar10_sample", copy)
    if where == "environment":
        monkeypatch.setenv("SCALELAB_DATA", str(tmp_path / "data"))
    cifar10()
    assert read == [DATA / "cifar10_sample" if where == "beside the package" else copy] * 2


def test_a_folder_data_without_the_sample_is_passed_by(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    assert len(cifar10().test) == 1000


# ---- what goes wrong


def test_a_size_that_is_none_is_one_line():
    with pytest.raises(ValueError, match=r'^size has to be "sample" or "full", not .smal.$'):
        cifar10(size="smal")


def test_a_root_that_is_none_is_one_line(tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"^root: there is no folder .*nowhere: name the folder that the data is in.$"):
        cifar10(tmp_path / "nowhere")
    monkeypatch.setenv("SCALELAB_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"^SCALELAB_DATA: there is no folder"):
        cifar10()


@pytest.fixture
def copy(tmp_path) -> Path:
    return shutil.copytree(DATA / "cifar10_sample", tmp_path / "cifar10_sample")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100_000])


def change_a_pixel(path: Path) -> None:
    with Image.open(path) as sheet:
        sheet.putpixel((20, 50), (1, 2, 3))
        sheet.save(path)


def halve(path: Path) -> None:
    with Image.open(path) as sheet:
        sheet.resize((sheet.width // 2, sheet.height // 2)).save(path)


@pytest.mark.parametrize(
    ("file", "damage", "says"),
    [
        ("test.png", Path.unlink, "test.png is missing"),
        ("test.json", Path.unlink, "test.json is missing"),
        ("test.png", truncate, "test.png cannot be read as a sheet"),
        ("test.png", halve, "test.png cannot be read as a sheet"),
        ("test.png", change_a_pixel, "test.png has other pixels than its index says"),
        ("test.json", lambda path: path.write_text("{}"), "test.png cannot be read as a sheet"),
        ("test.json", lambda path: path.write_text("no JSON"), "test.png cannot be read as a sheet"),
        ("test.png", lambda path: path.write_text("<html>"), "test.png cannot be read as a sheet"),
    ],
)
def test_a_damaged_sheet_is_one_line(copy, file, damage, says):
    damage(copy / file)
    with pytest.raises(DataError, match=says) as caught:
        cifar10(copy)
    assert "\n" not in str(caught.value)

import os
import pickle

import pytest

from scalelab.data import archive
from scalelab.data.images import DataError


def test_the_archive_is_read_packed_and_unpacked(small, tmp_path):
    packed = tmp_path / "cifar-10-python.tar.gz"
    packed.write_bytes(small.archive)
    assert small.same(archive.read(packed))
    folder = tmp_path / archive.FOLDER
    folder.mkdir()
    for name, content in small.batches.items():
        (tmp_path / name).write_bytes(content)
    assert small.same(archive.read(folder))


def test_a_batch_that_wants_to_run_something_is_refused_and_not_run(small, tmp_path):
    class Attack:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    folder = tmp_path / archive.FOLDER
    folder.mkdir()
    for name, content in small.batches.items():
        (tmp_path / name).write_bytes(content)
    (folder / "data_batch_3").write_bytes(pickle.dumps({b"data": Attack(), b"labels": []}))
    with pytest.raises(DataError, match=r"data_batch_3 cannot be read \(it asks for posix.mkdir"):
        archive.read(folder)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("data_batch_2", b"not a pickle", "data_batch_2 cannot be read"),
        ("data_batch_2", pickle.dumps([1, 2]), "data_batch_2 cannot be read"),
        ("test_batch", None, "has no test_batch"),
    ],
)
def test_a_broken_batch_is_one_line(small, tmp_path, name, content, says):
    folder = tmp_path / archive.FOLDER
    folder.mkdir()
    for path, good in small.batches.items():
        (tmp_path / path).write_bytes(good)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(DataError, match=says) as caught:
        archive.read(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("length", [0, 1000, 100_000])
def test_half_an_archive_is_one_line(small, tmp_path, length):
    path = tmp_path / "cifar-10-python.tar.gz"
    path.write_bytes(small.archive[:length])
    with pytest.raises(DataError, match="cannot be unpacked") as caught:
        archive.read(path)
    assert "\n" not in str(caught.value)

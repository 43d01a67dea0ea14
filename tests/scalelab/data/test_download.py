import hashlib
import resource
from contextlib import contextmanager

import pytest

from scalelab.data.download import Download, TooSlow, fetch
from scalelab.data.images import DataError


def download(server, **changes) -> Download:
    right = {"url": server.url, "size": len(server.content), "md5": hashlib.md5(server.content).hexdigest()}
    return Download(**(right | changes))


@pytest.fixture
def part(tmp_path):
    return tmp_path / "cifar-10-python.tar.gz.part"


def test_a_download_is_the_servers_file(server, part):
    fetch(download(server), part)
    assert part.read_bytes() == server.content


def test_a_stopped_download_goes_on_where_it_stopped(server, part):
    part.write_bytes(server.content[:700_000])
    fetch(download(server), part)
    assert part.read_bytes() == server.content
    assert server.asked == ["bytes=700000-"]


def test_a_connection_that_breaks_is_made_again(server, part):
    server.breaks_after = 800_000
    fetch(download(server), part)
    assert part.read_bytes() == server.content
    assert server.asked == ["", "bytes=800000-", "bytes=1600000-"]


def test_a_server_that_cannot_resume_sends_all_again(server, part):
    server.ranges = False
    part.write_bytes(b"x" * 1000)
    fetch(download(server), part)
    assert part.read_bytes() == server.content


def test_a_complete_part_is_not_downloaded_again(server, part):
    part.write_bytes(server.content)
    fetch(download(server), part)
    assert server.asked == []


def test_a_part_that_is_too_long_is_thrown_away(server, part):
    part.write_bytes(server.content + b"more")
    fetch(download(server), part)
    assert part.read_bytes() == server.content


def test_a_wrong_md5_leaves_nothing_behind(server, part):
    with pytest.raises(DataError, match="wrong md5, and was deleted"):
        fetch(download(server, md5="0" * 32), part)
    assert not part.exists()


def test_a_file_of_another_size_is_not_begun(server, part):
    with pytest.raises(DataError, match="a file of another size"):
        fetch(download(server, size=12345), part)
    assert not part.exists()


def test_a_server_that_is_too_slow_is_given_up_early_and_its_part_is_kept(server, part):
    server.pause = 0.02
    with pytest.raises(TooSlow, match=r"\d+ minutes would be left at \d+ kB/s"):
        fetch(download(server), part, patience=0.5, trial=0.1)
    kept = part.stat().st_size
    assert 0 < kept < len(server.content) / 2
    server.pause = 0
    fetch(download(server), part)
    assert server.asked[-1] == f"bytes={kept}-"
    assert part.read_bytes() == server.content


def test_a_slow_server_is_waited_for_where_there_is_time(server, part):
    server.pause = 0.002
    fetch(download(server), part, patience=60, trial=0.05)
    assert part.read_bytes() == server.content


def test_an_error_of_the_server_is_one_line(server, part):
    server.status = 503
    with pytest.raises(DataError, match=r"the server says 503 Service Unavailable \(0 of [\d,]+ bytes came\)"):
        fetch(download(server), part)


def test_no_server_is_one_line(part):
    with pytest.raises(DataError, match=r"^http://127.0.0.1:9/x.tar.gz: Connection refused \(0 of 10 bytes came\)$"):
        fetch(Download("http://127.0.0.1:9/x.tar.gz", 10, ""), part)
    assert not part.exists()


@contextmanager
def no_file_longer_than(size: int):
    """As a full disk: writing further is an error."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_stops_the_download_with_a_line_and_keeps_what_came(server, part):
    with no_file_longer_than(1_000_000), pytest.raises(DataError, match=r"part cannot be written \(File too large\)"):
        fetch(download(server), part)
    assert part.read_bytes() == server.content[:1_000_000]
    fetch(download(server), part)
    assert server.asked == ["", "bytes=1000000-"]
    assert part.read_bytes() == server.content

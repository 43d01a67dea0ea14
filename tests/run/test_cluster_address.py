"""Where a cluster may be: tls by default, plain tcp on this machine alone; and what travels there as bytes."""

import subprocess
import sys

import pytest

from autograder.errors import WrongCall
from autograder.judge.grader import digest_of_grader
from autograder.run.cluster.address import read_address
from autograder.run.cluster.course_there import lay_out, packed_course
from autograder.run.cluster.packing import packed, unpacked
from autograder.run.course_content import digest_of_course
from tests.compound import COURSE


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("tls://host:8786", "tls://host:8786"),
        ("host.example.org:8786", "tls://host.example.org:8786"),
        ("tls://[::1]:8786", "tls://[::1]:8786"),
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://127.9.9.9:1", "tcp://127.9.9.9:1"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("tcp://localhost:8786/", "tcp://localhost:8786"),
    ],
)
def test_an_address_is_read_as_it_is_told(text, is_):
    assert str(read_address(text)) == is_


@pytest.mark.parametrize(
    "text", ["tcp://10.0.0.1:8786", "tcp://host:8786", "tcp://localhost.evil.org:8786", "tcp://127.0.0.1.evil.org:8786"]
)
def test_plain_tcp_to_another_machine_is_refused_unless_somebody_says_so(text):
    with pytest.raises(WrongCall, match="is not encrypted, and whoever connects can run code there; use tls://"):
        read_address(text)
    assert str(read_address(text, insecure=True)) == text


@pytest.mark.parametrize(
    "text", ["", "host", "tls://host", "tls://:8786", "tls://a b:1", "host:0", "host:65536", "host:²"]
)
def test_what_is_no_address_is_told_in_one_line(text):
    with pytest.raises(WrongCall, match=r"is no address; it is such as tls://host:8786") as refused:
        read_address(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["ws://127.0.0.1:1", "inproc://a:1", "http://host:1"])
def test_other_ways_to_a_scheduler_are_refused(text):
    with pytest.raises(WrongCall, match="is neither tls:// nor tcp://"):
        read_address(text, insecure=True)


def test_what_was_packed_comes_out_as_it_was():
    files = {"a": b"", "b/ü": bytes(range(256)), "c": b"c"}
    assert unpacked(packed(files)) == files
    for cut in (3, 12, len(packed(files)) - 1):
        with pytest.raises(ValueError, match=r"."):
            unpacked(packed(files)[:cut])


@pytest.mark.parametrize("name", ["/etc/passwd", "../course.toml/../../../x", "a/../../../x", "."])
def test_no_file_of_a_course_is_written_outside_its_folder(tmp_path, name):
    outside = set(tmp_path.iterdir())
    with pytest.raises(ValueError, match="leads out of the course"):
        lay_out(packed({name: b"x"}), tmp_path / "here")
    assert set(tmp_path.iterdir()) - outside == {tmp_path / "here"}
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


@pytest.mark.tool
def test_other_users_of_a_worker_read_what_rooms_see_and_nothing_else(tiny, tmp_path):
    there = lay_out(packed_course(tiny), tmp_path / "here")
    readable = {path.relative_to(there.folder).parts[0] for path in there.folder.rglob("*") if path.stat().st_mode & 4}
    assert readable == {"notebooks", "data"}
    assert digest_of_course(there) == digest_of_course(tiny)


def test_this_course_is_there_as_it_is_here(tmp_path):
    there = lay_out(packed_course(COURSE), tmp_path / "here")
    assert digest_of_course(there) == digest_of_course(COURSE)
    assert digest_of_grader(there) == digest_of_grader(COURSE)
    assert there.room_needs.packages == COURSE.room_needs.packages


@pytest.mark.tool
def test_without_a_scheduler_dask_is_not_imported():
    imports = "import sys, autograder.cli, autograder.run.run_record, autograder.run.sharding.merge"
    code = f"{imports}; print('dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"

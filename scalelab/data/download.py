"""Downloads a large file with progress; what was stopped goes on where it stopped."""

import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from tqdm.auto import tqdm

from scalelab.data.images import DataError

TIMEOUT = 20.0
"""Seconds that a server may be silent."""

TRIAL = 5.0
"""Seconds after which the server's speed is looked at."""


class TooSlow(DataError):
    """The server would take longer than the caller has patience for. What came so far is kept."""


@dataclass(frozen=True)
class Download:
    """A file on a server: its address, its size in bytes, and its md5 as hexadecimal."""

    url: str
    size: int
    md5: str


def fetch(download: Download, part: Path, patience: float | None = None, trial: float = TRIAL) -> None:
    """Download into a file, from where an earlier try stopped.

    A connection that breaks is made anew as long as something comes.

    Args:
        download: from where, and what its size and md5 are.
        part: the file. On return it is complete and its md5 is right.
        patience: seconds that may be left after the trial; None for any time.
        trial: seconds for which the speed is measured.

    Raises:
        TooSlow: if it would take longer.
        DataError: for all else.
    """
    have = _size(part)
    if have > download.size:
        part.unlink()
        have = 0
    speed = _Speed(download.size, patience, trial)
    # The delay: no bar of 0% without a network.
    with tqdm(
        total=download.size, initial=have, unit="B", unit_scale=True, desc=_name(download), delay=0.5
    ) as progress:
        while have < download.size:
            before, reason = have, "the connection broke"
            try:
                for now in _receive(download, part, have):
                    progress.update(now - progress.n)
                    speed.check(now)
            except (OSError, HTTPException) as error:
                reason = _reason(error)
            have = _size(part)
            if have <= before and have < download.size:
                raise DataError(f"{download.url}: {reason} ({have:,} of {download.size:,} bytes came)")
    if _md5(part) != download.md5:
        part.unlink()
        raise DataError(f"{download.url}: what came has a wrong md5, and was deleted")


def _receive(download: Download, part: Path, have: int) -> Iterator[int]:
    """Append to `part` what the server sends from byte `have` on; yield the bytes that there are by now."""
    request = urllib.request.Request(download.url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        if have and response.status != 206:  # the server sends all from the start
            have = 0
        if have + _length(response) != download.size:
            raise DataError(
                f"{download.url}: the server sends a file of another size than CIFAR-10's {download.size:,} bytes"
            )
        with _opened(part, "ab" if have else "wb") as file:
            while chunk := response.read1(2**18):
                _write(file, chunk, part)
                have += len(chunk)
                yield have


def _length(response: HTTPResponse) -> int:
    """Bytes that the response says it has; −1 where it does not say."""
    return int(response.headers.get("Content-Length", -1))


class _Speed:
    """Gives up on a download that would take too long."""

    def __init__(self, size: int, patience: float | None, trial: float) -> None:
        self.size, self.patience, self.trial = size, patience, trial
        self.start: tuple[float, int] | None = None

    def check(self, have: int) -> None:
        """Raise TooSlow once it is clear that more than `patience` seconds are left."""
        now = time.monotonic()
        if self.start is None:
            self.start = (now, have)
        since, first = self.start
        if self.patience is None or now - since < self.trial:
            return
        rate = (have - first) / (now - since)  # bytes a second
        left = (self.size - have) / max(rate, 1)
        if left > self.patience:
            raise TooSlow(f"{left / 60:.0f} minutes would be left at {rate / 1000:.0f} kB/s")


def _opened(part: Path, mode: str):
    try:
        return part.open(mode, buffering=0)
    except OSError as error:
        raise DataError(f"{part} cannot be written ({error.strerror})") from None


def _write(file, chunk: bytes, part: Path) -> None:
    try:
        while chunk:
            chunk = chunk[file.write(chunk) :]  # an unbuffered file may take a part only
    except OSError as error:  # above all a full disk: no reason to ask the server again
        raise DataError(f"{part} cannot be written ({error.strerror})") from None


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _name(download: Download) -> str:
    return download.url.rpartition("/")[2]


def _reason(error: Exception) -> str:
    """What went wrong, in the words of the innermost error."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server says {error.code} {error.reason}"
    inner = getattr(error, "reason", None) or error
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__

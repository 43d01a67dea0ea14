"""Which run is handed in: best.safetensors and best.json are copies of one run's files. This module changes them.

A run of a plan (`scalelab.plan`) is handed in as best_efficientnet.safetensors and best_efficientnet.json; both pairs
are changed by the same rules, and neither by a run that belongs to the other.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scalelab.training.record import RECORD, Record
from scalelab.training.run_folders import PLAN, RUNS, folder_name, free_folder
from scalelab.training.weights import WEIGHTS, Header, header_of

OWN = "own weights"
"""The name that weights get which no run of `fit` made."""


class NoSuchRun(Exception):
    """There is no run of this name to hand in. Its text names those that there are."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the one line."""
        return [str(self)]


@dataclass(frozen=True)
class Pair:
    """What one kind of network is handed in as.

    Args:
        weights: the file of the weights.
        about: the file beside it: of a network of any kind the record, of an EfficientNet the plan.
        in_run: what `about` is called in a run's folder, where the weights are best.safetensors.
    """

    weights: str
    about: str
    in_run: str

    def files(self, in_run: bool) -> tuple[str, str]:
        """The two files, the weights first, in a run's folder or where they are handed in from."""
        return (WEIGHTS, self.in_run) if in_run else (self.weights, self.about)


ANY_KIND = Pair(WEIGHTS, RECORD, RECORD)
EFFICIENTNET = Pair("best_efficientnet.safetensors", "best_efficientnet.json", PLAN)
PAIRS = (ANY_KIND, EFFICIENTNET)


@dataclass(frozen=True)
class Kept:
    """A pair of files that can be handed in, and what they say of themselves.

    Args:
        folder: where they are.
        pair: what they are handed in as.
        is_run: whether this is a run's folder, and not where files are handed in from.
        header: what the weights' file says.
        name: the run that they are from; None for weights that `fit` did not write.
        id: what no other run has; None for weights of an earlier release or of the student's own.
        accuracy: percent of the test images; None if nothing says it.
        tested_on: which test images these were; None if nothing says it.
    """

    folder: Path
    pair: Pair
    is_run: bool
    header: Header
    name: str | None
    id: str | None
    accuracy: float | None
    tested_on: str | None

    def __str__(self) -> str:
        return f"{'a file of your own' if self.name is None else repr(self.name)} ({self.percent})"

    @property
    def percent(self) -> str:
        """The accuracy, for people."""
        return "accuracy unknown" if self.accuracy is None else f"{self.accuracy:.1f}%"

    @property
    def content(self) -> bytes:
        """The bytes of the weights' file."""
        return (self.folder / self.pair.files(self.is_run)[0]).read_bytes()


def read(out: Path, pair: Pair = ANY_KIND) -> Kept | None:
    """What is handed in; None if the file of weights is missing or holds none.

    Args:
        out: where the files are handed in from.
        pair: which of them.
    """
    return _read(out, pair, False, _read_record(out / RECORD) if pair is ANY_KIND else {})


def read_run(folder: Path) -> Kept | None:
    """What a run's folder holds; None if it has no weights."""
    pair = EFFICIENTNET if (folder / PLAN).is_file() else ANY_KIND
    return _read(folder, pair, True, _read_record(folder / RECORD))


def _read(folder: Path, pair: Pair, is_run: bool, record: dict[str, Any]) -> Kept | None:
    header = header_of(folder / pair.files(is_run)[0])
    if header is None:
        return None
    notes = header.notes
    if "run" in notes:  # the weights speak for themselves
        said = (notes["run"], notes.get("id"), _number(notes.get("accuracy")), notes.get("tested"))
        return Kept(folder, pair, is_run, header, *said)
    if "tested_on" in record:  # the record is of weights that are no longer here
        return Kept(folder, pair, is_run, header, None, None, None, None)
    name = record.get("name")
    tested_on = USUAL_TESTS.get(str(record.get("trained_on")))  # earlier releases did not say it
    own_name = name if isinstance(name, str) else None
    return Kept(folder, pair, is_run, header, own_name, None, _number(record.get("accuracy")), tested_on)


USUAL_TESTS = {"sample": "1000 images", "full": "10000 images"}
"""What belongs to CIFAR-10's two sizes: what a network was trained on → how many images it was tested on."""


def notes_of(record: Record, id: str) -> dict[str, str]:
    """What the weights' file says of itself.

    Args:
        record: of the run, as far as it has come.
        id: the run's, which no other run has.
    """
    return {"run": record.name, "id": id, "accuracy": repr(record.accuracy), "tested": record.tested_on}


def offer(run: Path, out: Path) -> str:
    """Hand in the run in the folder `run` if nothing as good is handed in yet.

    A run takes the place of another one only if it did better on the very same test images.

    Args:
        run: the run's folder, with the weights of its best epoch so far.
        out: where the files are handed in from.

    Returns:
        The name of the run whose place it took, to get that one back by; else "".
    """
    new = read_run(run)
    if new is None:
        return ""
    now = read(out, new.pair)
    if now is not None and not _same_files(new, now) and not _is_better(new, now):
        return ""
    before = "" if now is None or _same_files(new, now) else put_aside(out, new.pair)
    _copy(new, out, to_run=False)
    return before


def told(run: Path, out: Path, before: str = "") -> str:
    """One line: what is handed in now, and how to hand in the other one.

    Args:
        run: the folder of the run that has just ended.
        out: where the files are handed in from.
        before: what `offer` returned.
    """
    new = read_run(run)
    if new is None:
        return f"{out / WEIGHTS} is as it was: this run made no weights."
    now, file = read(out, new.pair), out / new.pair.weights
    if now is None:
        return f"{file} holds no weights, and this run made none."
    if _same_files(new, now):
        back = f" {_call(before, out)} hands in the one that was there before." if before else ""
        return f"{file} is now {now}.{back}"
    compared = "" if _same_tests(new, now) else " of other test images, so they are not compared"
    other = " It is another network than this one: build_best_model has to build the one that is handed in."
    is_same = new.pair is EFFICIENTNET or new.header.shapes == now.header.shapes  # a plan comes with its weights
    return (
        f"{file} is still {now}: this run reached {new.accuracy:.1f}%{compared}. "
        f"{_call(_label(new), out)} hands this one in.{'' if is_same else other}"
    )


def keep(run: str | Record, out: str | Path = ".") -> None:
    """Hand in this run: best.safetensors and best.json become copies of its files. Nothing is lost by it.

    A run of a plan is handed in as best_efficientnet.safetensors and best_efficientnet.json.

    Args:
        run: the run's name, as `fit` or `runs` tells it, or what `fit` returned.
        out: the folder that `fit` was given.

    Raises:
        NoSuchRun: if there is no run of this name that has ended an epoch.
    """
    name, out = run.name if isinstance(run, Record) else str(run), Path(out)
    found = [one for one in _all(out) if _label(one) == name]
    if not found:
        there = ", ".join(repr(_label(one)) for one in _all(out))
        known = f"There are: {there}." if there else "training.fit makes one."
        raise NoSuchRun(f"There is no run {name!r} in {out / RUNS}. {known}")
    pair = found[0].pair
    before, aside = read(out, pair), put_aside(out, pair)
    _copy(found[0], out, to_run=False)
    back = f" {_call(aside, out)} hands in {before} again." if aside not in ("", _label(found[0])) else ""
    print(f"{out / pair.weights} is now {_label(found[0])!r} ({found[0].percent}).{back}")


def best_of(out: Path, pair: Pair = ANY_KIND) -> Kept | None:
    """The run that did best among those of one kind; None if there is none.

    Args:
        out: the folder that holds runs/.
        pair: the kind. A run whose accuracy is not known counts as 0 percent.
    """
    return max((one for one in _all(out) if one.pair is pair), key=lambda one: one.accuracy or 0.0, default=None)


def call_to_keep(one: Kept, out: Path) -> str:
    """The call that hands in a run, as a student types it.

    Args:
        one: a run below out/runs.
        out: the folder that holds runs/; it stands in the call unless it is the working folder.
    """
    return _call(_label(one), out)


def runs(out: str | Path = ".") -> None:
    """Print a line for each run that there is, the best one first, with a mark at those that are handed in."""
    out = Path(out)
    now = {pair: read(out, pair) for pair in PAIRS}
    there = sorted(_all(out), key=lambda one: -(one.accuracy or 0))
    if not there:
        print(f"There is no run in {out / RUNS} yet: training.fit makes one.")
    for one in there:
        accuracy = "     ?" if one.accuracy is None else f"{one.accuracy:5.1f}%"
        same = now[one.pair]
        what = " as the EfficientNet" if one.pair is EFFICIENTNET else ""
        mark = f"  ← handed in{what}" if same is not None and _same_files(one, same) else ""
        print(f"{accuracy}  {_label(one)}{mark}")


def put_aside(out: Path, pair: Pair = ANY_KIND) -> str:
    """Give what is handed in now a folder of its own, unless it has one.

    Args:
        out: where the files are handed in from; it holds runs/.
        pair: which of them.

    Returns:
        The name to get it back by; "" if nothing is handed in.
    """
    now = read(out, pair)
    if now is None:
        return ""
    for one in _all(out):
        if _same_files(one, now):
            return _label(one)
    folder, name = free_folder(out, now.name or OWN)
    _copy(now, folder, to_run=True)
    return name if name == now.name else folder.name


def _all(out: Path) -> Iterator[Kept]:
    """The runs below out/runs that have weights."""
    for folder in sorted((out / RUNS).glob("*/")):
        if (one := read_run(folder)) is not None:
            yield one


def _label(one: Kept) -> str:
    """The name that a run is picked by."""
    return one.name if one.name is not None and folder_name(one.name) == one.folder.name else one.folder.name


def _same_files(one: Kept, other: Kept) -> bool:
    """Whether two pairs of files are of one run."""
    if one.id is not None or other.id is not None:
        return one.id == other.id
    return one.header == other.header and one.content == other.content


def _same_tests(one: Kept, other: Kept) -> bool:
    """Whether the accuracies of two runs are of the same test images. Records of earlier releases tell their number."""
    first, second = one.tested_on, other.tested_on
    if not first or not second:
        return False
    by_number = first in USUAL_TESTS.values() or second in USUAL_TESTS.values()
    return first == second or (by_number and first.split(",")[0] == second.split(",")[0])


def _is_better(new: Kept, now: Kept) -> bool:
    return (
        _same_tests(new, now) and new.accuracy is not None and now.accuracy is not None and new.accuracy > now.accuracy
    )


def _copy(one: Kept, folder: Path, to_run: bool) -> None:
    """Copy a pair of files: each all of it or nothing, and the weights first, as they say whose they are."""
    for name, new_name in zip(one.pair.files(one.is_run), one.pair.files(to_run), strict=True):
        target = folder / new_name
        if not (one.folder / name).is_file():
            target.unlink(missing_ok=True)
            continue
        partial = target.with_name(f"{target.name}.partial")
        shutil.copyfile(one.folder / name, partial)
        partial.replace(target)


def _call(name: str, out: Path) -> str:
    """The call that hands in a run."""
    return f"training.keep({name!r})" if out == Path() else f"training.keep({name!r}, out={str(out)!r})"


def _read_record(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _number(value: Any) -> float | None:
    try:
        return float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        return None

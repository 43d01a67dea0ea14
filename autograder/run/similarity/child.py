"""The process that compares students' code. What it reads may be made to break it, so it can do nothing but compute."""

import builtins
import io
import json
import keyword
import os
import re
import resource
import signal
import sys
from collections import Counter, defaultdict
from itertools import combinations
from types import ModuleType

from autograder.confined.inside import close_walls, start_no_collector

MEMORY_BYTES = 3_000_000_000
DOCUMENT_SECONDS = 2.0
"""Of processor time for the tokens of one notebook. Ordinary ones take a hundredth of this."""

LETTERS = 25
"""Characters of code, names and comments left out, that are compared as one piece: copydetect's own default."""

ENOUGH = 0.6
"""A pair is told if it shares so much of the shorter one's own code."""


TOKEN = re.compile(
    r"""(?P<left_out>\#[^\n]*|\s+)|(?P<text>\'\'\'[\s\S]*?\'\'\'|\"\"\"[\s\S]*?\"\"\"|'[^'\n]*'|"[^"\n]*")|(?P<name>[^\W\d]\w*)|."""
)
KEPT = frozenset((*keyword.kwlist, *dir(builtins)))
"""Names that are not the student's own choice."""


class TookTooLong(BaseException):
    """A notebook has used up its seconds. Nothing but `_fingerprint` catches it."""


def main() -> None:
    """Read the request from standard input, and write the answer to standard output."""
    _leave_out_pictures()
    from copydetect import CodeFingerprint, compare_files
    from copydetect.utils import get_token_coverage

    CodeFingerprint("", LETTERS, 1, filter=False, fp=io.StringIO("a = 1\n" * 20))  # imports what it needs
    request = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    start_no_collector()
    resource.setrlimit(resource.RLIMIT_CPU, (int(request["seconds"]), int(request["seconds"]) + 1))
    signal.signal(signal.SIGVTALRM, _too_long)
    close_walls()
    comparison = _Comparison(request, CodeFingerprint, compare_files, get_token_coverage)
    json.dump(comparison.answer(), sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # nothing that libraries do at their end is needed, nor allowed


def _leave_out_pictures() -> None:
    """Have copydetect find an empty matplotlib: nothing here draws, and importing it takes longer than all else."""
    empty = ModuleType("matplotlib")
    empty.__dict__["pyplot"] = empty
    sys.modules["matplotlib"] = sys.modules["matplotlib.pyplot"] = empty


def letters_of(code: str) -> str:
    """Python code with a letter for each name and text, and without comments and spaces, as copydetect makes it.

    Its own tokens come from Pygments, which takes forty times as long: half a minute for a class of 300.
    """
    return "".join(map(_letter, TOKEN.finditer(code)))


def _letter(token: re.Match[str]) -> str:
    if token["left_out"]:
        return ""
    if token["text"]:
        return "S"
    return "V" if token["name"] and token["name"] not in KEPT else token[0]


class _Comparison:
    """One request. The functions are copydetect's."""

    def __init__(self, request, fingerprint, compare, coverage):
        self._request, self._compare, self._coverage = request, compare, coverage
        self._fingerprint_of = fingerprint
        self._left_out: list[str] = []
        self._compared = 0

    def answer(self) -> dict:
        by_notebook = defaultdict(list)
        for student, notebook, code in self._request["documents"]:
            by_notebook[notebook].append((student, code))
        pairs = [pair for notebook in by_notebook for pair in self._pairs_of(notebook, by_notebook[notebook])]
        pairs.sort(key=lambda pair: (-max(pair[4], pair[5]) * pair[3], pair))
        return {"pairs": pairs, "left_out": self._left_out, "compared": self._compared}

    def _pairs_of(self, notebook: str, documents: list) -> list:
        ours = self._fingerprint("\n\n".join(self._request["ours"].get(notebook, ())))
        known = ours.hashes if ours is not None else set()
        prints = {}
        for student, code in documents:
            one = self._fingerprint(code)
            if one is None:
                self._left_out.append(student)
            else:
                prints[student] = one
        counts = Counter(piece for one in prints.values() for piece in one.hashes)
        common = {piece for piece, count in counts.items() if count > self._request["common"]} | known
        for student in list(prints):
            one = prints[student]
            one.hashes = one.hashes - common
            one.hash_idx = {piece: places for piece, places in one.hash_idx.items() if piece not in common}
            one.token_coverage = self._coverage(one.hash_idx, LETTERS, len(one.filtered_code))
            if one.token_coverage < self._request["short"]:
                del prints[student]
        self._compared += len(prints)
        pairs = (self._pair(notebook, prints, *two) for two in _candidates(prints))
        return [pair for pair in pairs if pair]

    def _pair(self, notebook: str, prints: dict, first: str, second: str) -> list | None:
        shared, (of_first, of_second), _ = self._compare(prints[first], prints[second])
        if max(of_first, of_second) < ENOUGH or shared < self._request["short"]:
            return None
        percents = [min(round(100 * float(share)), 100) for share in (of_first, of_second)]
        return [notebook, first, second, int(shared), *percents]

    def _fingerprint(self, code: str):
        """The pieces of a text; None if it takes too long."""
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, DOCUMENT_SECONDS)
            return self._fingerprint_of("", LETTERS, 1, filter=False, fp=io.StringIO(letters_of(code)))
        except (TookTooLong, RecursionError, MemoryError, ValueError, IndexError):
            return None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _candidates(prints: dict) -> list[tuple[str, str]]:
    """Pairs that have many pieces in common, so that not every pair of a class is compared."""
    owners = defaultdict(list)
    for student in sorted(prints):
        for piece in prints[student].hashes:
            owners[piece].append(student)
    shared = Counter(pair for of in owners.values() if len(of) > 1 for pair in combinations(of, 2))
    return [
        (first, second)
        for (first, second), count in sorted(shared.items())
        if count >= ENOUGH / 2 * min(len(prints[first].hashes), len(prints[second].hashes))
    ]


def _too_long(*_: object) -> None:
    raise TookTooLong


if __name__ == "__main__":
    main()

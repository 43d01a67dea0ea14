"""Matches the names of weights in a file with those in a network, whatever wrapped the network when it was saved.

`torch.compile` puts "_orig_mod." before the names of what it wraps, DataParallel and AveragedModel put "module.".
"""

from collections.abc import Iterable, Mapping

WRAPPERS = {"_orig_mod", "module"}
"""Parts of a name that say nothing of the layer that a tensor belongs to."""

AVERAGED = "n_averaged"
"""AveragedModel's count of what it has averaged. It is no weight: a network that is not wrapped works without it."""


COUNT = "num_batches_tracked"
"""BatchNorm's count of batches. It changes no value, and torch itself asks for none where a file has no such count."""


def bare(name: str) -> str:
    """The name without what wrappers have put into it."""
    return ".".join(part for part in name.split(".") if part not in WRAPPERS)


def pair(own: Iterable[str], given: Iterable[str]) -> dict[str, str]:
    """Which tensor in a file belongs to which of a network.

    A name that both have belongs to itself. Others are matched without wrappers, where that leaves one tensor alone
    on each side. A tensor without a partner is left out.

    Args:
        own: names in the network's state_dict.
        given: names in the file.

    Returns:
        Name in the network → name in the file.
    """
    own, given = set(own), set(given)
    paired = {name: name for name in own & given}
    mine, theirs = _by_bare_name(own - given), _by_bare_name(given - own)
    for name in mine.keys() & theirs.keys():
        if len(mine[name]) == len(theirs[name]) == 1:
            paired[mine[name][0]] = theirs[name][0]
    return paired


def weights_of(names: Iterable[str], others: Iterable[str]) -> set[str]:
    """Names of tensors without AveragedModel's count, if only these are an AveragedModel's.

    Args:
        names: of a network or a file.
        others: of what they are matched with.
    """
    kept = set(names) - {AVERAGED}
    averaged = bool(kept) and all("module" in name.split(".") for name in kept)
    return kept if averaged and AVERAGED not in set(others) else set(names)


def _by_bare_name(names: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(bare(name), []).append(name)
    return found

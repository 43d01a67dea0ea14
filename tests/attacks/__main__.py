"""`python -m tests.attacks`: grades the whole corpus, and prints what must come of each attack and what came of it."""

import argparse
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.course import Course
from autograder.release.build import Release, build, write_dist
from tests.attacks.corpus import Attack, read_corpus
from tests.attacks.running import ENGINES, KINDS, NO_WALLS, Outcome, allowed, best_room, run_corpus
from tests.attacks.stock import stock_scores
from tests.compound import COURSE

console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)


def main() -> int:
    """Exit status: 0 where everything held, 1 where not, 2 for a wrong call."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C does, it ends what grades, too
    chosen = _arguments()
    corpus = read_corpus()
    unknown = set(chosen.only or ()) - {attack.name for attack in corpus}
    if unknown:
        print(f"--only: there is no attack {', '.join(sorted(unknown))}; see tests/attacks/", file=sys.stderr)
        return 2
    wanted = [attack for attack in corpus if not chosen.only or attack.name in chosen.only]
    room = chosen.room or best_room()
    attacks = allowed(wanted, room)
    skipped = [attack.name for attack in wanted if attack not in attacks]
    if skipped:
        console.print(f"NOT RUN, because the room '{room}' has no walls: {', '.join(skipped)}")
    engines = ENGINES if chosen.engine == "both" else (chosen.engine,)
    with tempfile.TemporaryDirectory() as folder:
        release = build(COURSE)
        course = Course(COURSE.folder, Path(folder))
        write_dist(Release(course, release.sources, release.questions, release.instructor, release.files))
        outcomes = {engine: run_corpus(attacks, (engine,), room, course)[engine] for engine in engines}
        stock = stock_scores(attacks) if chosen.stock else {}
    console.print(f"{len(attacks)} attacks in a room of kind '{room}', each engine's run a class of its own")
    console.print(_table(attacks, outcomes, stock))
    return _sum_up(outcomes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--room", choices=(*KINDS, NO_WALLS), help="the best that this machine allows by default")
    parser.add_argument("--only", nargs="+", metavar="NAME")
    parser.add_argument("--stock", action="store_true", help="try them on stock nbgrader and stock otter, too")
    return parser.parse_args()


def _table(attacks: list[Attack], outcomes: dict[str, Outcome], stock: dict[tuple[str, str], str]) -> Table:
    """A row an attack: what must come of it, and what came of it with each tool."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("attack", "aims", "must get", *outcomes, *(f"stock {tool}" for tool in ENGINES if stock)):
        table.add_column(heading, overflow="fold")
    for attack in attacks:
        came = [str(one) for outcome in outcomes.values() for one in outcome.came if one.attack == attack]
        must = f"{attack.score:g} points" + (f", {attack.status}" if attack.status else "")
        table.add_row(attack.name, attack.aims, must, *came, *(stock[tool, attack.name] for tool in ENGINES if stock))
    return table


def _sum_up(outcomes: dict[str, Outcome]) -> int:
    """Print the counts. Returns the exit status."""
    came = [(engine, one) for engine, outcome in outcomes.items() for one in outcome.came]
    succeeded = {one.attack.name for _, one in came if one.succeeded}
    otherwise = [f"{one.attack.name} with {engine}" for engine, one in came if one.otherwise and not one.succeeded]
    strays = [what for outcome in outcomes.values() for what in outcome.strays]
    touched = [what for _, one in came for what in one.touched] + strays
    harmed = [f"{engine}: {line}" for engine, outcome in outcomes.items() for line in outcome.harmed]
    counts = {
        "attacks that succeeded": sorted(succeeded),
        "attacks that ended otherwise than they must": otherwise,
        "fellow students harmed": harmed,
        "files changed outside": [what for what in touched if what.startswith("file")],
        "processes left over": [what for what in touched if what.startswith("process left over")],
        "touched by nobody knows whom": strays,
    }
    for what, which in counts.items():
        told = [f"\n    {one}" + (f" ({times} times)" if times > 1 else "") for one, times in Counter(which).items()]
        console.print(f"{what}: {len(which)}{''.join(told)}", markup=False)
    return 1 if any(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

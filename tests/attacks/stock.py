"""What the tools as they come give for the same attacks, as far as trying that does no harm."""

import tempfile
from pathlib import Path

from benchmarks.stock import StockFailed, stock_score
from tests.attacks.classes import write_one
from tests.attacks.corpus import Attack
from tests.attacks.planted import Planted
from tests.attacks.running import ENGINES

NOT_TRIED = "not tried"


def stock_scores(attacks: list[Attack]) -> dict[tuple[str, str], str]:
    """(tool, attack's name) → the score that the tool as it comes gives, as the table shows it."""
    scores = {(tool, attack.name): NOT_TRIED for tool in ENGINES for attack in attacks}
    with Planted(seconds_to_end=1.0) as planted:
        for attack in (attack for attack in attacks if attack.is_for_stock):
            folder = Path(tempfile.mkdtemp(dir=planted.folder)) / "handin"
            write_one(attack, planted.marks, folder)
            for tool in ENGINES:
                scores[tool, attack.name] = _told(attack, tool, folder / f"{attack.notebook}.ipynb")
        planted.end_left_over()  # such as kernels whose tool gave up, and which would stay
    return scores


def _told(attack: Attack, tool: str, notebook: Path) -> str:
    try:
        points = stock_score(tool, notebook, attack.notebook)
    except StockFailed:  # the tool itself gave up on it
        return "no grade"
    return f"{'SUCCEEDED' if points > attack.score + 1e-6 else 'held'}, {points:g} points"

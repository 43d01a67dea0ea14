"""The corpus: one folder an attack, with what it is, what it does, and what must come of it."""

import importlib.util
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

AIMS = ("points", "tests", "harm")
"""Points without the answer; hidden tests, or whatever else would tell the answer; harm to anything outside."""


@dataclass(frozen=True)
class Attack:
    """One attack, as its verdict.toml has it.

    story: what it does, in one sentence. notebook, cell: where its attack.py stands. answered: whether all else is
    answered as the model does. score: what the notebook must get, tests only. least: what it must get at least, where
    that depends on the time that the machine takes. status, says, message: what the cell's question must get, where
    that is certain; says is a part of the message, message all of it. ends: how its cell may end, as the message tells
    it; an attack whose cell must run to its last line, which is usual, has none: whatever stops it earlier may have
    stopped it before it did anything. walls: whether only a room with walls stops it. needs_room: whether it must not
    even be tried in a room that has none. stock: whether it may be tried on the tools as they come.
    """

    name: str
    story: str
    aims: str
    notebook: str
    cell: str
    score: float
    least: float | None = None
    answered: bool = False
    status: str = ""
    says: str = ""
    message: str | None = None
    ends: tuple[str, ...] = ()
    walls: bool = False
    needs_room: bool = False
    stock: bool | None = None

    @property
    def folder(self) -> Path:
        """Where the attack lies."""
        return FOLDER / self.name

    @property
    def question(self) -> str:
        """The question whose answer the attack stands in."""
        return self.cell.partition("-")[0]

    @property
    def source(self) -> str | None:
        """The text of its attack.py; None where the attack is in the files that are handed in."""
        path = self.folder / "attack.py"
        return path.read_text() if path.exists() else None

    @property
    def make(self) -> Callable[[Path], None] | None:
        """The function of its make.py, which changes the files of a hand-in in a folder; None without one."""
        path = self.folder / "make.py"
        if not path.exists():
            return None
        spec = importlib.util.spec_from_file_location(f"attack_{self.name}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.make

    @property
    def is_for_stock(self) -> bool:
        """Whether it may be tried on the tools as they come: not what does harm."""
        harmless = self.aims != "harm" and not self.needs_room and self.source is not None
        return harmless if self.stock is None else self.stock


def read_corpus() -> list[Attack]:
    """Every attack, by name. Raises TypeError or KeyError where a verdict.toml is not as it must be."""
    paths = sorted(FOLDER.glob("*/verdict.toml"))
    return [_read(path) for path in paths]


def _read(path: Path) -> Attack:
    verdict = tomllib.loads(path.read_text(encoding="utf-8"))
    return Attack(name=path.parent.name, **verdict | {"ends": tuple(verdict.get("ends", ()))})

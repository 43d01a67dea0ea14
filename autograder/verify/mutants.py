"""Mutants of the model answers: small mistakes, made by machine, each of which must cost points.

cosmic-ray's operators make most of them (numbers off by one, other arithmetic, other comparisons, `not`, `and` for
`or`, loops that never run). Two that students' mistakes ask for are added here, as operators of its own kind: a
statement that is missing, and two neighbours that are swapped.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider

NO_ONES_MISTAKE = ("Shift", "Bit", "_Is", "Invert", "UAdd", "Not_", "Decorator", "Exception", "Variable")
"""Parts of the names of operators that are left out: bit operations, identity for equality, and what has no place
in a cell of a few lines."""


@dataclass(frozen=True)
class Mutant:
    """A model answer with one change. cell: the name that its cell defines. before, after: the lines that differ."""

    question: str
    cell: str
    source: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.question}: {self.told}"

    @property
    def told(self) -> str:
        """The change in one line, by which it is known: "L·2 → L·3"."""
        return f"{self.before} → {self.after}"


class DropStatement(Operator):
    """Leaves a statement out."""

    def mutation_positions(self, node):
        if node.type == "simple_stmt" and node.children[0].type not in ("string", "pass_stmt", "keyword"):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        node.children[0] = _code("pass", node.children[0])
        return node

    @classmethod
    def examples(cls):
        return (Example("x = 1\n", "pass\n"),)


class SwapNeighbours(Operator):
    """Swaps two positional arguments of a call, or two entries of a tuple, that stand side by side."""

    def mutation_positions(self, node):
        for first in self._pairs(node):
            yield node.children[first].start_pos, node.children[first + 2].end_pos

    def mutate(self, node, index):
        first = self._pairs(node)[index]
        children = node.children
        one, other = children[first].get_code(False), children[first + 2].get_code(False)
        children[first], children[first + 2] = _code(other, children[first]), _code(one, children[first + 2])
        return node

    @staticmethod
    def _pairs(node) -> list[int]:
        if node.type not in ("arglist", "testlist_comp", "testlist", "testlist_star_expr"):
            return []
        pairs = range(0, len(node.children) - 2, 2)
        return [i for i in pairs if not {"argument", "sync_comp_for"} & {node.children[k].type for k in (i, i + 2)}]

    @classmethod
    def examples(cls):
        return (Example("f(a, b)", "f(b, a)"),)


def mutants_of(question: str, cell: str, source: str) -> Iterator[Mutant]:
    """All mutants of a cell that parse and differ from it in more than layout, each once.

    Args:
        question: its name.
        cell: the id of the answer cell, which the mutants carry; "" if nobody needs it.
        source: of the cell, which parses.
    """
    seen = {_plain(source)}
    for operator in _operators():
        occurrence = 0
        while (mutated := mutate_code(source, operator, occurrence)) is not None:
            occurrence += 1
            plain = _plain(mutated)
            if plain is not None and plain not in seen:
                seen.add(plain)
                yield Mutant(question, cell, mutated, *_difference(source, mutated))


def _operators() -> Iterator[Operator]:
    provider = OperatorProvider()
    for name in provider:
        if not any(part in name for part in NO_ONES_MISTAKE):
            yield provider[name]()
    yield DropStatement()
    yield SwapNeighbours()


def _code(text: str, in_place_of):
    node = parso.parse(text).children[0]
    node.get_first_leaf().prefix = in_place_of.get_first_leaf().prefix
    return node


def _plain(source: str) -> str | None:
    """The code without its layout; None where it does not parse, and so is no mistake that would run."""
    try:
        return ast.unparse(ast.parse(source))
    except SyntaxError:
        return None


def _difference(source: str, mutated: str) -> tuple[str, str]:
    lines = list(ndiff(source.split("\n"), mutated.split("\n")))
    old, new = (" / ".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))
    return old, new

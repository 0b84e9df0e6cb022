"""A query ready to be looked up: its words as terms, its shape made plain; `compiler` makes it.

Leaf                    one word, phrase, pattern or label, as it is looked up and scored
Conjunction, Disjunction, Within, Everything, Nothing
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Sequence(NamedTuple):
    """Terms at given distances from the first; one term is a word, several are a phrase.

    With `slop`, in any order instead, within as many words as there are terms and `slop` more.
    """

    terms: tuple[tuple[int, str], ...]
    slop: int | None = None


class Beginning(NamedTuple):
    """Terms that begin so."""

    prefix: str


class Shape(NamedTuple):
    """Terms of this form: `*` any characters, `?` one."""

    shape: str


class Approximation(NamedTuple):
    """Terms within an edit distance (Levenshtein)."""

    word: str
    distance: int


Pattern = Beginning | Shape | Approximation
"""Stands for several terms of a vocabulary, and for words as they were written."""


class Leaf(NamedTuple):
    """One word of the query: any of its forms, in any of its fields."""

    text: str
    fields: tuple[str, ...]
    spellings: tuple[Sequence, ...]
    """Ways of writing it, of which the most frequent counts; none for a pattern."""
    pattern: Pattern | None = None
    accented: tuple[str, ...] = ()
    """Its words as typed, where folding changed more than case."""


class Conjunction(NamedTuple):
    """All of `required`, none of `excluded`."""

    required: tuple[Node, ...]
    excluded: tuple[Node, ...]


class Disjunction(NamedTuple):
    """At least one."""

    children: tuple[Node, ...]


class Boosted(NamedTuple):
    """A leaf that counts more or less than others."""

    leaf: Leaf
    weight: float


class Within(NamedTuple):
    """Documents whose value lies between, both ends included."""

    column: str
    low: float
    high: float


class Everything:
    """All documents."""


class Nothing:
    """No document."""


Node = Leaf | Boosted | Conjunction | Disjunction | Within | Everything | Nothing


def words(node: Node) -> list[Boosted]:
    """The different words of a query, by which documents are scored, with their weights.

    A word that occurs twice counts twice.
    """
    weights: dict[Leaf, float] = {}
    for boosted in _words(node):
        weights[boosted.leaf] = weights.get(boosted.leaf, 0.0) + boosted.weight
    return [Boosted(leaf, weight) for leaf, weight in weights.items()]


def _words(node: Node) -> Iterator[Boosted]:
    match node:
        case Leaf():
            yield Boosted(node, 1.0)
        case Boosted():
            yield node
        case Conjunction(children) | Disjunction(children):
            for child in children:
                yield from _words(child)

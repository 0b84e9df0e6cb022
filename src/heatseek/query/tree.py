"""The query tree: what was asked, free of syntax and of any engine.

Text in a leaf is as it was typed; each engine analyses it as it analysed the articles.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word, in one field or, without one, in any text field."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side in this order, all in the same field."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins with `text`."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Words close together, in any order, all in the same field.

    They stand within as many words as there are in `text`, and `slop` more.
    """

    text: str
    slop: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Any word of this form: `*` stands for any characters or none, `?` for one."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any word that up to `distance` insertions, deletions or replacements make of `text`."""

    text: str
    distance: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Values of a field from `low` to `high`, both included; None is open.

    Dates are seconds since 1970. The states `published` (not held back) and `related` (no file of
    its own) are 1 or 0. What an article has or lacks (`schema.PRESENCE`) has no ends: it is
    known or not. Unknown values are in no range. Ranges choose, and score nothing.
    """

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Boosted:
    """A part of the query whose words count `weight` times as much."""

    child: Query
    weight: float


@dataclass(frozen=True, slots=True)
class Words:
    """Words typed one after another: all are wanted, but any will do if nothing has all."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every child must match (`AND`)."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one child must match (`OR`)."""

    children: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The child must not match (`NOT`, `-`)."""

    child: Query


@dataclass(frozen=True, slots=True)
class Everything:
    """All articles. A query that asks for no word scores 1 in each article that it matches."""


Leaf = Term | Phrase | Near | Prefix | Wildcard | Fuzzy
Group = Words | All | Any
Query = Leaf | Range | Boosted | Group | Not | Everything

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
    """All articles, each with a text score of 1: a search by filters alone."""


Query = Term | Phrase | Prefix | Words | All | Any | Not | Everything

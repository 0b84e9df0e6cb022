"""The fields of an article, once: what kind each is, how much it weighs, how it is addressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from heatseek.article import Article


class TextField(NamedTuple):
    """A field whose words are searched and scored."""

    name: str
    values: Callable[[Article], tuple[str, ...]]
    """The texts to index; a phrase never reaches from one into the next."""
    weight: float
    """How much one occurrence counts (BM25F)."""
    b: float
    """How much a long field dilutes it: 0 not at all, 1 in full."""
    aliases: tuple[str, ...] = ()


class LabelField(NamedTuple):
    """A field compared as a whole, without regard to case, accents and spacing."""

    name: str
    values: Callable[[Article], tuple[str, ...]]
    by_name: bool = True
    """Whether `name:` in a query means it; topics and providers are searched as text there."""
    aliases: tuple[str, ...] = ()


def _known(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)


TEXT_FIELDS: tuple[TextField, ...] = (
    TextField("title", lambda a: (a.title,), weight=2.0, b=0.75),
    TextField("excerpt", lambda a: (a.excerpt,), weight=1.0, b=0.75, aliases=("description",)),
    TextField("topics", lambda a: a.topics, weight=1.0, b=0.75, aliases=("topic",)),
    TextField(
        "provider",
        lambda a: _known(a.provider.name, a.provider.domain),
        weight=0.5,
        b=0.75,
        aliases=("site",),
    ),
    TextField("body", lambda a: (a.body,), weight=0.5, b=0.75),
)

LABEL_FIELDS: tuple[LabelField, ...] = (
    LabelField("topic_label", lambda a: a.topics, by_name=False),
    LabelField(
        "provider_label", lambda a: _known(a.provider.name, a.provider.domain), by_name=False
    ),
    LabelField("category", lambda a: _known(a.category)),
    LabelField("type", lambda a: _known(a.type)),
)

RANGE_FIELDS = ("quality", "heat", "date")
"""Numbers and instants, asked for by their values."""

_TEXT_NAMES = {n: s.name for s in TEXT_FIELDS for n in (s.name, *s.aliases)}
_LABEL_NAMES = {n: s.name for s in LABEL_FIELDS if s.by_name for n in (s.name, *s.aliases)}
_SEARCHABLE = _TEXT_NAMES | _LABEL_NAMES


def searchable_field(name: str) -> str | None:
    """The field that `name:` in a query means, or None if there is none."""
    return _SEARCHABLE.get(name.lower())


def range_field(name: str) -> str | None:
    """The field whose values `name:` in a query chooses by, or None if there is none."""
    return name.lower() if name.lower() in RANGE_FIELDS else None

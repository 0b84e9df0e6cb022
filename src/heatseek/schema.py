"""The fields of an article, once: what kind each is, how much it weighs, how it is addressed."""

from __future__ import annotations

import re
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
    facet: str = ""
    """The name under which its values are counted; empty if they are not."""
    counted: Callable[[Article], tuple[str, ...]] | None = None
    """Those of its values that are counted, if not all."""


_WORD_OF_LINK = re.compile(r"[^\W_]+")
_SCHEME = re.compile(r"\s*(?:https?://)?(?:www\.)?", re.IGNORECASE)


def link_words(link: str) -> str:
    """The words of a link, or of a part of one, in order: `/example/com/ai/`.

    A link contains the words of a part if its own words contain them as text.
    """
    words = _WORD_OF_LINK.findall(link, _SCHEME.match(link).end())  # type: ignore[union-attr] # it matches anything
    return f"/{'/'.join(words)}/" if words else ""


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
    LabelField("topic_label", lambda a: a.topics, by_name=False, facet="topic"),
    LabelField(
        "provider_label",
        lambda a: _known(a.provider.name, a.provider.domain),
        by_name=False,
        facet="provider",
        counted=lambda a: _known(a.provider.name, a.provider.domain)[:1],
    ),
    LabelField("category", lambda a: _known(a.category), facet="category"),
    LabelField("type", lambda a: _known(a.type), facet="type"),
    LabelField("related", lambda a: a.related_to),
    LabelField("url", lambda a: (link_words(a.url or ""),)),
)

LINKS = "url"
"""The label field that is asked for by a part of it, not as a whole."""

YEAR = "year"
"""The facet of dates."""
FACETS = (*(spec.facet for spec in LABEL_FIELDS if spec.facet), YEAR)
"""By what matches can be counted."""

RANGE_FIELDS = ("quality", "heat", "date")
"""Numbers and instants, asked for by their values."""

DATE_BOUNDS = ("after", "before")
"""Names for one end of a range of dates."""

STATES = ("is", "has")
"""Names by which articles are asked for that are, or have, something."""

PRESENCE: dict[str, Callable[[Article], bool]] = {
    "image": lambda a: bool(a.image),
    "url": lambda a: bool(a.url),
    "excerpt": lambda a: bool(a.excerpt),
    "body": lambda a: bool(a.body),
    "topics": lambda a: bool(a.topics),
    "provider": lambda a: bool(a.provider.name or a.provider.domain),
}
"""What `has:` asks for, besides values that have ranges."""

_CHOOSING = frozenset((*RANGE_FIELDS, *DATE_BOUNDS, *STATES))
_TEXT_NAMES = {n: s.name for s in TEXT_FIELDS for n in (s.name, *s.aliases)}
_LABEL_NAMES = {n: s.name for s in LABEL_FIELDS if s.by_name for n in (s.name, *s.aliases)}
_SEARCHABLE = _TEXT_NAMES | _LABEL_NAMES


def searchable_field(name: str) -> str | None:
    """The field that `name:` in a query means, or None if there is none."""
    return _SEARCHABLE.get(name.lower())


def range_field(name: str) -> str | None:
    """The name, in lower case, if `name:` in a query chooses articles by a value or state."""
    return name.lower() if name.lower() in _CHOOSING else None


def field_names() -> list[str]:
    """All that may stand before a colon in a query."""
    return sorted(_SEARCHABLE.keys() | _CHOOSING)

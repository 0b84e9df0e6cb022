"""The fields of an article, once: what kind each is, how much it weighs, how it is addressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum

from heatseek.article import Article
from heatseek.conventions import KEYS
from heatseek.definitions import NamedTuple, pattern
from heatseek.errors import UsageError


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
    alternatives: bool = False
    """True if its values say the same in other words: it is as long as the longest of them."""


class LabelField(NamedTuple):
    """A field compared as a whole, without regard to case, accents and spacing."""

    name: str
    values: Callable[[Article], tuple[str, ...]]
    by_name: bool = True
    """True if `name:` in a query means it; topics and providers are searched as text there."""
    aliases: tuple[str, ...] = ()
    facet: str = ""
    """The name under which its values are counted; empty if they are not."""
    counted: Callable[[Article], tuple[str, ...]] | None = None
    """Those of its values that are counted, if not all."""


class FieldKind(StrEnum):
    """The kind of a declared field's values."""

    KEYWORD = "keyword"
    """Labels, one or many."""
    TEXT = "text"
    """Words; they are found, and never make an article score more than a label does."""
    NUMBER = "number"
    """Of any size, with or without decimals (64-bit floating point)."""
    DATE = "date"
    BOOLEAN = "boolean"

    @property
    def is_ordered(self) -> bool:
        """True if there are ranges of its values, and an order of hits."""
        return self in (FieldKind.NUMBER, FieldKind.DATE, FieldKind.BOOLEAN)


class DeclaredField(NamedTuple):
    """A key of the front matter that is a field of one archive.

    The index is built with such fields and knows them; see `Generation.fields`.
    """

    name: str
    """The key, as it is written in the front matter; in a query case does not matter."""
    kind: FieldKind = FieldKind.KEYWORD
    facet: bool = False
    """True if its values can be counted over the matches."""


_WORD_OF_LINK = pattern(r"[^\W_]+")
_SPACED = "".join(sign if sign.isalnum() else " " for sign in map(chr, range(128)))
"""ASCII, with a space in place of what parts words of a link."""
_SCHEME = pattern(r"\s*(?:https?://)?(?:www\.)?", re.IGNORECASE)


_NAME = pattern(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_TAKEN = frozenset("published related id kind secured related_to relevance".split())
"""Names that mean something else, or keys that are never read, in lower case; and an order."""


def link_words(link: str) -> str:
    """The words of a link, or of a part of one, in order: `/example/com/ai/`.

    A link contains the words of a part if its own words contain them as text.
    """
    start = _SCHEME.match(link).end()  # type: ignore[union-attr] # it matches anything
    if link.isascii():
        words = link[start:].translate(_SPACED).split()
    else:
        words = _WORD_OF_LINK.findall(link, start)
    return f"/{'/'.join(words)}/" if words else ""


def _known(*values: str | None) -> tuple[str, ...]:
    return tuple(filter(None, values))


TEXT_FIELDS: tuple[TextField, ...] = (
    TextField("title", lambda a: (a.title, *a.aliases), weight=2.0, b=0.75, alternatives=True),
    TextField("excerpt", lambda a: (a.excerpt,), weight=1.0, b=0.75, aliases=("description",)),
    TextField(
        "topics",
        lambda a: a.topics,
        weight=1.0,
        b=0.75,
        aliases=("topic", "tag", "tags", "keyword", "keywords"),
    ),
    TextField(
        "provider",
        lambda a: a.provider.labels,
        weight=0.5,
        b=0.75,
        aliases=("site", "author", "authors", "source", "publisher"),
    ),
    TextField("body", lambda a: (a.body,), weight=0.5, b=0.75),
)

LABEL_FIELDS: tuple[LabelField, ...] = (
    LabelField("topic_label", lambda a: a.topics, by_name=False, facet="topic"),
    LabelField(
        "provider_label",
        lambda a: a.provider.labels,
        by_name=False,
        facet="provider",
        counted=lambda a: a.provider.names,
    ),
    LabelField("category", lambda a: _known(a.category), aliases=("section",), facet="category"),
    LabelField("type", lambda a: _known(a.type), facet="type"),
    LabelField("related", lambda a: a.related_to),
    LabelField("url", lambda a: (link_words(a.url or ""),)),
)

RELATED = "related"
"""The label field of the ids of articles that mention this one."""
LINKS = "url"
"""The label field that is asked for by a part of it, not as a whole."""

YEAR = "year"
"""The facet of dates."""
FACETS = (*(spec.facet for spec in LABEL_FIELDS if spec.facet), YEAR)
"""By what matches can be counted."""

RANGE_FIELDS = ("quality", "heat", "date", "updated")
"""Numbers and instants, asked for by their values."""
DATES = ("date", "updated")
"""Those that are instants."""
RANGE_ALIASES = {"lastmod": "updated", "modified": "updated"}
"""Other names of them."""

DATE_BOUNDS = ("after", "before")
"""Names for one end of a range of dates."""

STATES = ("is", "has", "draft")
"""Names by which articles are asked for that are, or have, something; or are held back."""

PATH = "path"
"""The name by which articles are asked for that stand in a folder, or are a file."""

PRESENCE: dict[str, Callable[[Article], bool]] = {
    "image": lambda a: bool(a.image),
    "url": lambda a: bool(a.url),
    "excerpt": lambda a: bool(a.excerpt),
    "body": lambda a: bool(a.body),
    "topics": lambda a: bool(a.topics),
    "provider": lambda a: any(a.provider),
}
"""The names behind `has:`, besides values that have ranges."""

_CHOOSING = frozenset((*RANGE_FIELDS, *DATE_BOUNDS, *STATES, PATH))
_TEXT_NAMES = {n: s.name for s in TEXT_FIELDS for n in (s.name, *s.aliases)}
_LABEL_NAMES = {n: s.name for s in LABEL_FIELDS if s.by_name for n in (s.name, *s.aliases)}
_SEARCHABLE = _TEXT_NAMES | _LABEL_NAMES
_BUILT_IN = frozenset((*_SEARCHABLE.values(), *_CHOOSING, *FACETS)) - {"draft"}
"""Names that no declared field can have; it can have other names of these."""


def searchable_field(name: str) -> str | None:
    """The field that `name:` in a query means, or None if there is none."""
    return _SEARCHABLE.get(name.lower())


FACET_OF = {field: spec.facet for spec in LABEL_FIELDS if (field := searchable_field(spec.facet))}
"""By the field in which a query asks for its values: topics, provider, category, type."""


def range_field(name: str) -> str | None:
    """The name, in lower case, if `name:` in a query chooses articles by a value or state."""
    lower = name.lower()
    lower = RANGE_ALIASES.get(lower, lower)
    return lower if lower in _CHOOSING else None


def field_names() -> list[str]:
    """All that may stand before a colon in a query."""
    return sorted(_SEARCHABLE.keys() | _CHOOSING | RANGE_ALIASES.keys())


def name_flaw(name: str) -> str:
    """Why no declared field can have this name; empty if one can."""
    if not _NAME.fullmatch(name):
        return f'"{name[:40]}" cannot be a field: use letters, digits, - and _'
    lower = name.lower()
    if lower in _BUILT_IN and lower in KEYS:
        return f'"{name}" is built in: it is read already; [keys] says from which keys'
    if lower in _BUILT_IN or lower in _TAKEN:
        return f'"{name}" is built in: choose another key'
    return ""


def field_flaw(field: DeclaredField) -> str:
    """Why there can be no such field; empty if there can."""
    if field.facet and field.kind is FieldKind.TEXT:
        return "a text is not counted: its kind must be another"
    return name_flaw(field.name)


def check_declared(fields: Iterable[DeclaredField]) -> None:
    """Refuse fields that cannot be together.

    Raises:
        UsageError: one has no name that it can have, or is there twice.
    """
    known: set[str] = set()
    for field in fields:
        flaw = field_flaw(field)
        if not flaw and field.name.lower() in known:
            flaw = f'"{field.name}" is there already'
        if flaw:
            raise UsageError(f"field {field.name[:40]}: {flaw}")
        known.add(field.name.lower())


class Names:
    """The names before a colon in the queries of one index: those above, and its own."""

    def __init__(self, declared: Iterable[DeclaredField] = ()) -> None:
        self._declared = {field.name.lower(): field for field in declared}
        ordered = [field.name for field in self._declared.values() if field.kind.is_ordered]
        self.ranges = (*RANGE_FIELDS, *ordered)
        """Those that take numbers and instants."""

    def declared(self, name: str) -> DeclaredField | None:
        """The declared field of this name, in any case."""
        return self._declared.get(name.lower())

    def searchable(self, name: str) -> str | None:
        """See `searchable_field`."""
        own = self.declared(name)
        if own is None:
            return searchable_field(name)
        return None if own.kind.is_ordered else own.name

    def choosing(self, name: str) -> str | None:
        """See `range_field`; a declared name as it was declared."""
        own = self.declared(name)
        if own is None:
            return range_field(name)
        return own.name if own.kind.is_ordered else None

    def own(self) -> list[str]:
        """The declared names, in small letters."""
        return list(self._declared)

    def all(self) -> list[str]:
        """See `field_names`."""
        return [*self.own(), *field_names()]


BUILT_IN = Names()

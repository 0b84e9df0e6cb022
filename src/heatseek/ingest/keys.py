"""Where the values of an archive's fields stand, and how it writes them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from heatseek.conventions import (
    ADDRESS,
    KEYS,
    MAX_KEY,
    NESTED,
    NO_CONVENTIONS,
    RELATED,
    Conventions,
    key_of,
)
from heatseek.ingest.dates import Dates
from heatseek.schema import DeclaredField
from heatseek.zones import zone_of

OWN = "."
"""Before the name of a declared field, which may be that of one of every archive."""
PAGE = "page"
"""What a key is read for that says where a page stands on its site."""
TABLE = "table"
"""The use of a key whose own keys count as if they stood beside it."""
_MOST_KEYS = 10_000
"""Remembered as they are typed."""
_LISTS = frozenset(map(str.lower, KEYS["topics"]))
"""Keys whose text is a list, with commas between its items; so are keys of topics by `[keys]`."""


class Format(NamedTuple):
    """How the files of one archive are read.

    Attributes:
        fields: declared ones, which are read besides those of every archive.
        conventions: those of its heatseek.toml.
        month_first: which way round its dates with slashes are; None: nobody knows.
        spaced: whether lists are also written with spaces between their items, as in Jekyll.
    """

    fields: tuple[DeclaredField, ...] = ()
    conventions: Conventions = NO_CONVENTIONS
    month_first: bool | None = None
    spaced: bool = False


PLAIN = Format()
"""Of an archive of which nothing is known."""


class Place(NamedTuple):
    """A use of a key.

    Attributes:
        field: one of every archive, or `OWN` and the name of a declared one, or `PAGE`, `TABLE`.
        rank: of the keys of the field, the one of the lowest rank that has a value counts.
        opposite: whether it says the opposite.
    """

    field: str
    rank: int
    opposite: bool


class Keys:
    """The uses of each key.

    Attributes:
        topics: keys of topics, in small letters, which may be written `#topic`.
        lists: those and others whose text is a list.
        flags: keys that may be no date because they are true or false.
        spaced: see `Format`.
        dates: how dates are read.
        known: the places of keys that were met before, as they were typed.
    """

    def __init__(self, form: Format) -> None:
        every = form.conventions.all_keys | {RELATED: (RELATED,), TABLE: NESTED, PAGE: ADDRESS}
        every |= {OWN + field.name: (field.name,) for field in form.fields}
        self._places: dict[str, list[Place]] = {}
        for field, entries in every.items():
            for rank, entry in enumerate(entries):
                name, opposite = key_of(entry) if field in KEYS else (entry, False)
                self._places.setdefault(name.lower(), []).append(Place(field, rank, opposite))
        self.known: dict[Any, list[Place]] = {}
        self.topics = _LISTS | {key_of(entry)[0].lower() for entry in every["topics"]}
        self.lists = self.topics | {entry.lower() for entry in every["aliases"]}
        self.flags = {key_of(entry)[0].lower() for entry in every["published"]}
        self.own = {key.lower() for key in (*every["link"][:2], *every["image"][:1])}
        self.spaced = form.spaced
        self.dates = Dates(zone_of(form.conventions.time_zone or "UTC"), form.month_first)

    def places(self, key: Any) -> list[Place]:
        """The uses of a key, in whatever case it is typed; none if it is no text."""
        found = self._places.get(key.lower(), []) if type(key) is str else []
        if type(key) is str and len(self.known) < _MOST_KEYS and len(key) < MAX_KEY:
            self.known[key] = found
        return found


@lru_cache(maxsize=4)
def keys_of(form: Format) -> Keys:
    """The keys of a format."""
    return Keys(form)

"""Where the values of an archive's fields stand, and how it writes them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from heatseek.conventions import KEYS, UNSAID, Conventions, key_of
from heatseek.ingest.dates import Dates, zone
from heatseek.schema import DeclaredField

OWN = "."
"""Before the name of a declared field, which may be that of one of every archive."""
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
    conventions: Conventions = UNSAID
    month_first: bool | None = None
    spaced: bool = False


PLAIN = Format()
"""Of an archive of which nothing is known."""


class Keys:
    """The keys of each field in small letters, in the order in which they are looked for."""

    def __init__(self, form: Format) -> None:
        entries = form.conventions.all_keys
        self._keys = {
            field: tuple(_lower(entry) for entry in keys) for field, keys in entries.items()
        }
        self.lists = _LISTS | {name for name, _ in self._keys["topics"]}
        self.flags = {name for name, _ in self._keys["published"]}
        self.spaced = form.spaced
        self.dates = Dates(zone(form.conventions.time_zone or "UTC"), form.month_first)

    def of(self, field: str) -> tuple[tuple[str, bool], ...]:
        """The keys of a field, and whether each says the opposite."""
        own = field.removeprefix(OWN)
        return self._keys[field] if own == field else ((own.lower(), False),)


def _lower(entry: str) -> tuple[str, bool]:
    name, opposite = key_of(entry)
    return name.lower(), opposite


@lru_cache(maxsize=4)
def keys_of(form: Format) -> Keys:
    """The keys of a format."""
    return Keys(form)

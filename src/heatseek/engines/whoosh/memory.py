"""Words looked up, kept from search to search within a bound."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heatseek.engines.whoosh.found import Found, Lookup
    from heatseek.engines.whoosh.plan import Leaf

MOST = 2_000_000
"""Documents in all words together; about 16 MB for each million."""


class Memory:
    """Finds leaves, and finds those that were asked for lately at once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._kept: OrderedDict[Leaf, Found] = OrderedDict()
        self._new: list[Found] = []
        self._held = 0

    def __call__(self, leaf: Leaf) -> Found:
        """Style a leaf up."""
        found = self._kept.pop(leaf, None)
        if found is None:
            found = self._lookup.find(leaf)
            self._new.append(found)
        self._kept[leaf] = found
        return found

    def trim(self) -> None:
        """After a search: drop what was asked for longest ago, down to the bound."""
        self._held += sum(map(self._size, self._new))
        self._new.clear()
        while self._held > MOST:
            _, oldest = self._kept.popitem(last=False)
            self._held -= self._size(oldest)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._new.clear()
        self._held = 0

    def _size(self, found: Found) -> int:
        return self._lookup.arrays.total(found.documents) + 1

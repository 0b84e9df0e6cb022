"""Words looked up, kept from search to search within a bound."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heatseek.engines.whoosh.found import Found, Lookup
    from heatseek.engines.whoosh.plan import Leaf

MOST_BYTES = 64_000_000
"""Of all words together."""


class Memory:
    """Finds leaves, and finds those that were asked for lately at once.

    Attributes:
        bytes: what all that is kept takes, about.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        # With the bytes that each takes, about; 0 until the search ends that looked it up.
        self._kept: OrderedDict[Leaf, tuple[Found, int]] = OrderedDict()
        self._new: list[Leaf] = []
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __call__(self, leaf: Leaf) -> Found:
        """Look a leaf up."""
        kept = self._kept.get(leaf)
        if kept is None:
            kept = self._kept[leaf] = (self._lookup.find(leaf), 0)
            self._new.append(leaf)
        else:
            self._kept.move_to_end(leaf)
        return kept[0]

    def trim(self) -> None:
        """After a search: drop what was asked for longest ago, down to the bound."""
        for leaf in self._new:
            found, _ = self._kept[leaf]
            size = found.bytes
            self._kept[leaf] = (found, size)
            self.bytes += size
        self._new.clear()
        while self.bytes > MOST_BYTES:
            _, (_, size) = self._kept.popitem(last=False)
            self.bytes -= size

    def forget_new(self) -> None:
        """After a search that failed: drop what it looked up."""
        for leaf in self._new:
            self.bytes -= self._kept.pop(leaf)[1]
        self._new.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._new.clear()
        self.bytes = 0

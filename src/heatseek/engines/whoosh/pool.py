"""Postings in memory while a segment is written, as compact as they will be on disk.

Takes the place of Whoosh's pool, which holds a tuple per posting (some 250 bytes), sorts them
all, and goes to disk and back beyond its limit. Documents come in order, so nothing but the terms
needs sorting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from heatseek.engines.whoosh.postings import PostingsBuilder


class Pool:
    """What Whoosh's writer asks of a pool."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, PostingsBuilder]] = {}

    def add(self, item: tuple[str, bytes, int, float, Any]) -> None:
        """Add a posting: field, term, document, weight (not used) and what it says."""
        field, term, document, _, places = item
        terms = self._fields.get(field)
        if terms is None:
            terms = self._fields[field] = {}
        builder = terms.get(term)
        if builder is None:
            builder = terms[term] = PostingsBuilder()
        builder.add(document, places)

    def iter_postings(self) -> Iterator[tuple[str, bytes, PostingsBuilder]]:
        """All terms, sorted, with their postings; each is let go once it was given."""
        for field in sorted(self._fields):
            terms = self._fields.pop(field)
            for term in sorted(terms):
                yield field, term, terms.pop(term)

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()

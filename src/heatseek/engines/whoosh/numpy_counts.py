"""Counts for `vectorised`: read from a term's record by numpy, as far as they are asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from heatseek.engines.whoosh.postings import FieldPostings, Postings

Array = np.ndarray[Any, Any]
ID = np.dtype(np.uint32)
"""Of document numbers."""
_WIDTHS: dict[int, np.dtype[Any]] = {1: np.dtype(np.uint8), 4: np.dtype(np.uint32)}


class Counts:
    """How often something occurs in each of some documents.

    Args:
        ids: the documents, ascending.
        values: their counts; None: 1 for each.
    """

    def __init__(self, ids: Array, values: Array | None) -> None:
        self.ids = ids
        self.values = values

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, documents: Array) -> Array | None:
        """The counts of these documents, 0 for those that have none; None if none has any."""
        if not len(self.ids):
            return None
        places = places_in(documents, self.ids)
        having: Array = self.ids[places] == documents
        return having if self.values is None else having * self.values[places]

    def places(self, documents: Array) -> Array:
        """Where in `documents`, which has them all, each of `ids` stands."""
        places: Array = documents.searchsorted(self.ids)
        return places


class TermCounts(Counts):
    """Of a term in one field: taken from its record as far as they are asked for."""

    def __init__(self, record: Record, bit: int, found: FieldPostings) -> None:
        self._record = record
        self._bit = bit
        self._length = len(found)
        self._ids: Array | None = None
        self._before: Array | None = None
        width = found.count_width
        self.values = np.frombuffer(found.raw_counts, _WIDTHS[width]) if width else None

    def __len__(self) -> int:
        return self._length

    @property
    def ids(self) -> Array:  # type: ignore[override] # computed when it is asked for
        if self._length == len(self._record.documents):
            return self._record.documents
        if self._ids is None:
            self._ids = self._record.documents[self._having()]
        return self._ids

    def at(self, documents: Array) -> Array | None:
        places, masks, every = self._record.look(documents)
        if not every & self._bit:
            return None
        having: Array = (masks & self._bit) != 0
        if self.values is None:
            return having
        if self._before is None:
            having_all = self._having()
            self._before = np.cumsum(having_all) - having_all
        counts: Array = having * self.values[np.minimum(self._before[places], self._length - 1)]
        return counts

    def places(self, documents: Array) -> Array:
        if len(documents) == len(self._record.documents):
            return np.flatnonzero(self._having())
        return super().places(documents)

    def _having(self) -> Array:
        having: Array = (self._record.masks & self._bit) != 0
        return having


class Record:
    """A term's record; what one of its fields looked up is there for the next."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self.documents: Array = np.frombuffer(postings.ids, ID)
        self.masks: Array = np.frombuffer(postings.masks, np.uint8)
        self._asked: Array | None = None
        self._answer: tuple[Array, Array, int]

    def in_field(self, field: int) -> TermCounts | None:
        """The counts in one field, if there are any."""
        found = self._postings.in_field(field)
        return TermCounts(self, 1 << field, found) if found else None

    def look(self, documents: Array) -> tuple[Array, Array, int]:
        """Where each document stands in the record, its mask, and all masks together."""
        if self._asked is not documents:
            places = places_in(documents, self.documents)
            masks = self.masks[places] * (self.documents[places] == documents)
            self._answer = places, masks, int(np.bitwise_or.reduce(masks))
            self._asked = documents
        return self._answer


def places_in(documents: Array, others: Array) -> Array:
    """Where each document stands or would stand in `others`; the last place instead of the end."""
    return np.minimum(others.searchsorted(documents), len(others) - 1)

"""Counts for `numpy_arrays`: read from a term's record when they are needed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heatseek.engines.whoosh.coding import BYTES, FOUR, MORE, ONES, TWO, Coded
from heatseek.engines.whoosh.postings import Postings, SegmentPostings
from heatseek.engines.whoosh.sections import DamagedRecordError
from heatseek.ranking.arrays import Floats

Documents = NDArray[np.intp]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
Numbers = NDArray[Any]
Look = tuple[Places, NDArray[np.uint8], int]
"""Places of documents in a record, their masks, and all masks together."""
_FROM_TWO = TWO - (TWO << 8)
"""What a number of two bytes is more than these bytes say."""
ID = np.dtype(np.intp)
"""Of document numbers: any other is made into this one wherever an array is indexed by it."""


class Counts:
    """How often something occurs in each of some documents.

    Args:
        ids: the documents, ascending.
        values: their counts; None: 1 for each.
    """

    def __init__(self, ids: Documents, values: Numbers | None) -> None:
        self.ids = ids
        self.values = values

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, documents: Documents) -> Numbers | None:
        """The counts of these documents, 0 for those that have none; None if none has any."""
        if not len(self.ids):
            return None
        places = places_in(documents, self.ids)
        having: Mask = self.ids[places] == documents
        return having if self.values is None else having * self.values[places]

    def places(self, documents: Documents) -> Places:
        """Where in `documents`, which has them all, each of `ids` stands."""
        places: Places = documents.searchsorted(self.ids)
        return places


class TermCounts(Counts):
    """Of a term in one field: taken from its record as far as they are needed."""

    def __init__(self, record: Record, bit: int, counts: Coded) -> None:
        self._record = record
        self._bit = bit
        self._coded = counts
        self._ids: Documents | None = None
        self._own: Places | None = None
        self._before: Places | None = None
        self._values: Numbers | None = None

    def __len__(self) -> int:
        return self._coded.count

    @property
    def ids(self) -> Documents:  # type: ignore[override] # computed when it is needed
        if self._coded.count == len(self._record.documents):
            return self._record.documents
        if self._ids is None:
            self._ids = self._record.documents[self._places()]
        return self._ids

    @property
    def values(self) -> Numbers | None:  # type: ignore[override] # likewise
        if self._values is None and self._coded.form != ONES:
            self._values = numbers_of(self._coded)
        return self._values

    def at(self, documents: Documents) -> Numbers | None:
        places, masks, every = self._record.look(documents)
        if not every & self._bit:
            return None
        having: Mask = (masks & self._bit) != 0
        values = self.values
        if values is None:
            return having
        if self._before is None:
            having_all: Mask = (self._record.masks & self._bit) != 0
            self._before = having_all.cumsum() - having_all
        counts: Numbers = having * values[np.minimum(self._before[places], len(values) - 1)]
        return counts

    def places(self, documents: Documents) -> Places:
        if len(documents) == len(self._record.documents):
            return self._places()
        return super().places(documents)

    def _places(self) -> Places:
        """Where in the record its documents stand."""
        if self._own is None:
            self._own = (self._record.masks & self._bit).nonzero()[0]
        return self._own


class Record:
    """A term's record; what one of its fields looked up is there for the next."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self.documents = documents_of(postings)
        self.masks: NDArray[np.uint8] = np.frombuffer(postings.masks, np.uint8)
        self._looked_up: Documents | None = None
        self._latest: Look

    def by_field(self) -> dict[int, TermCounts]:
        """The counts in each field that has any."""
        fields = self._postings.fields.items()
        return {field: TermCounts(self, 1 << field, each.coded_counts) for field, each in fields}

    def look(self, documents: Documents) -> Look:
        """Where each document stands in the record, its mask, and all masks together."""
        if self._looked_up is not documents:
            places = places_in(documents, self.documents)
            masks = self.masks[places] * (self.documents[places] == documents)
            self._latest = places, masks, int(np.bitwise_or.reduce(masks))
            self._looked_up = documents
        return self._latest


class Norms:
    """The divisors of counts in a field: worked out for each length, not for each document.

    Args:
        table: by length.
        lengths: of the field in each document.
    """

    def __init__(self, table: Floats, lengths: Numbers) -> None:
        self._table = table
        self._lengths = lengths

    def __getitem__(self, documents: Any) -> Any:
        return self._table.take(self._lengths[documents])


def places_in(documents: Documents, others: Documents) -> Places:
    """Where each document stands or would stand in `others`; the last place instead of the end."""
    return np.minimum(others.searchsorted(documents), len(others) - 1)


def ids_of(part: SegmentPostings, field: int | None) -> Documents:
    """The documents of a term, in all fields or in one."""
    base, postings = part
    ids = documents_of(postings)
    if field is not None and not postings.mask >> field & 1:
        masks = np.frombuffer(postings.masks, np.uint8)
        ids = ids[(masks & (1 << field)).astype(np.bool_)]
    return moved(ids, base)


def documents_of(postings: Postings) -> Documents:
    """The documents of a term in its segment.

    Raises:
        DamagedRecordError: the segment has not so many.
    """
    ids: Documents | None = postings.array
    if ids is None:
        gaps = numbers_of(postings.documents)
        ids = postings.array = gaps.cumsum(dtype=ID)
        if ids[-1] >= postings.size or np.count_nonzero(gaps[1:]) < len(gaps) - 1:
            raise DamagedRecordError
    return ids


def numbers_of(coded: Coded) -> Numbers:
    """A list that is not of ones as an array."""
    if coded.form == BYTES:
        low = np.frombuffer(coded.low, np.uint8)
        return _whole(low, coded) if coded.has_large else low
    values = np.frombuffer(coded.nibbles(), np.uint8)
    if coded.more:
        more = (values == MORE).nonzero()[0]
        values = values.astype(ID)
        values[more] += numbers_of(coded.more)
    return values


def _whole(low: Numbers, coded: Coded) -> Numbers:
    values = low.astype(ID)
    two = (low >= TWO).nonzero()[0]
    if coded.wide:
        large = low[two]
        values[two[large == FOUR]] = np.frombuffer(coded.wide, np.uint32)
        two = two[large < FOUR]
    values[two] = (values[two] << 8) + _FROM_TWO + np.frombuffer(coded.second, np.uint8)
    return values


def moved(ids: Documents, base: int) -> Documents:
    """Documents of a segment as those of the index."""
    return ids + base if base else ids


def values_of(counts: Counts) -> Numbers:
    """Counts as an array, also where all are 1."""
    return np.ones(len(counts), np.uint8) if counts.values is None else counts.values

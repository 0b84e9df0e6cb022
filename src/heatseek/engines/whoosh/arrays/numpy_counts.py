"""Counts for `numpy_arrays`: read from a term's record when they are needed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heatseek.engines.whoosh.coding import BYTES, FOUR, MORE, ONES, TWO, Coded
from heatseek.engines.whoosh.postings import FieldPostings, Postings, SegmentPostings
from heatseek.engines.whoosh.sections import DamagedRecordError
from heatseek.ranking.arrays import Floats

Documents = NDArray[np.uint32]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
Numbers = NDArray[Any]
Look = tuple[Places, NDArray[np.uint8], int]
"""Places of documents in a record, their masks, and all masks together."""
ID = np.dtype(np.uint32)
"""Of document numbers."""


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

    def __init__(self, record: Record, bit: int, postings: FieldPostings) -> None:
        self._record = record
        self._bit = bit
        self._length = len(postings)
        self._ids: Documents | None = None
        self._own: Places | None = None
        self._before: Places | None = None
        counts = postings.coded_counts
        self.values = None if counts.form == ONES else numbers_of(counts)

    def __len__(self) -> int:
        return self._length

    @property
    def ids(self) -> Documents:  # type: ignore[override] # computed when it is needed
        if self._length == len(self._record.documents):
            return self._record.documents
        if self._ids is None:
            self._ids = self._record.documents[self._places()]
        return self._ids

    def at(self, documents: Documents) -> Numbers | None:
        places, masks, every = self._record.look(documents)
        if not every & self._bit:
            return None
        having: Mask = (masks & self._bit) != 0
        if self.values is None:
            return having
        if self._before is None:
            having_all = self._having()
            self._before = np.cumsum(having_all) - having_all
        counts: Numbers = having * self.values[np.minimum(self._before[places], self._length - 1)]
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

    def _having(self) -> Mask:
        having: Mask = (self._record.masks & self._bit) != 0
        return having


class Record:
    """A term's record; what one of its fields looked up is there for the next."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self.documents = documents_of(postings)
        self.masks: NDArray[np.uint8] = np.frombuffer(postings.masks, np.uint8)
        self._looked_up: Documents | None = None
        self._latest: Look

    def in_field(self, field: int) -> TermCounts | None:
        """The counts in one field, if there are any."""
        postings = self._postings.in_field(field)
        return TermCounts(self, 1 << field, postings) if postings else None

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
        return self._table[self._lengths[documents]]


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
        ids = postings.array = np.cumsum(gaps, dtype=ID)
        if ids[-1] >= postings.size or not (ids[1:] > ids[:-1]).all():
            raise DamagedRecordError
    return ids


def numbers_of(coded: Coded) -> Numbers:
    """A list that is not of ones as an array."""
    low = np.frombuffer(coded.low, np.uint8)
    if coded.form == BYTES:
        return _whole(low, coded) if coded.has_large else low
    values = np.empty(2 * len(low), np.uint8)
    values[0::2], values[1::2] = low >> 4, low & MORE
    values = values[: coded.count]
    if coded.more:
        values = values.astype(np.uint32)
        values[values == MORE] += numbers_of(coded.more)
    return values


def _whole(low: Numbers, coded: Coded) -> Numbers:
    values = low.astype(np.uint32)
    two = large = (low >= TWO).nonzero()[0]
    if coded.wide:
        two, four = large[low[large] < FOUR], large[low[large] == FOUR]
        values[four] = np.frombuffer(coded.wide, np.uint32)
    values[two] = TWO + (values[two] - TWO << 8) + np.frombuffer(coded.second, np.uint8)
    return values


def moved(ids: Documents, base: int) -> Documents:
    """Documents of a segment as those of the index."""
    return ids + np.uint32(base) if base else ids


def values_of(counts: Counts) -> Numbers:
    """Counts as an array, also where all are 1."""
    return np.ones(len(counts), np.uint8) if counts.values is None else counts.values

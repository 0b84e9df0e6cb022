"""Counts for `numpy_arrays`: read from a term's record when they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heatseek.engines.whoosh.arrays.numpy_lists import (
    Documents,
    Mask,
    Numbers,
    Places,
    at,
    in_index,
    joined,
    numbers_of,
    places_in,
)
from heatseek.engines.whoosh.coding import ONES, Coded
from heatseek.engines.whoosh.postings import SegmentPostings, TermPostings, fields_of
from heatseek.ranking.arrays import Floats

Look = tuple[Places, NDArray[np.uint8], int]
"""Places of documents in a record, their masks, and all masks together."""
Block = tuple[Documents, Places | slice, Numbers | None]
"""Of a block of documents: those that have something, their places in it, and counts, or all 1."""
ALL = slice(None)
_BELOW = ((1 << np.arange(8)) - 1).astype(np.uint8)
"""Per bit of a byte: those below it."""
_ONES = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1, dtype=np.uint8)
"""Per byte: how many of its bits are set."""
_FEW = 4_096
"""Documents of a term whose counts are read at once."""
_ONE = np.ones(1)
"""A count of 1 for each of any documents."""
_COUNT = np.dtype(np.uint32)
"""Of how often something occurs: no other array is indexed by it."""


class Counts:
    """How often something occurs in each of some documents.

    Args:
        ids: the documents, ascending.
        values: their counts; None: 1 for each.
    """

    __slots__ = ("ids", "values")

    def __init__(self, ids: Documents, values: Numbers | None) -> None:
        self.ids = ids
        self.values = values

    def forget_ids(self) -> None:
        """Give back the memory of documents that can be told again."""

    def at(self, documents: Documents) -> Numbers | None:
        """The counts of these documents, 0 for those that have none; None if none has any."""
        if not len(self.ids):
            return None
        places = places_in(documents, self.ids)
        having: Mask = self.ids[places] == documents
        return having if self.values is None else having * self.values[places]

    def among(self, documents: Documents) -> Numbers:
        """The counts of documents that are all of these and others, 0 for those."""
        if len(documents) == len(self.ids):
            return _ONE if self.values is None else self.values
        counts = np.zeros(len(documents), _COUNT)
        counts[documents.searchsorted(self.ids)] = 1 if self.values is None else self.values
        return counts

    def blocks(self, documents: Documents, parts: Iterable[slice]) -> Iterator[Block]:
        """Of documents that are all of these and others, part by part; none is empty."""
        for part in parts:
            some = documents[part]
            start, end = self.ids.searchsorted((some[0], some[-1] + 1))
            ids = self.ids[start:end]
            places = ALL if len(ids) == len(some) else some.searchsorted(ids)
            yield ids, places, None if self.values is None else self.values[start:end]


class MarkedOnes(Counts):
    """A count of 1 for each document of the index whose mask has a field."""

    def __init__(self, masks: NDArray[np.uint8], field: int) -> None:
        self._masks = masks
        self._bit = 1 << field
        self.values = None

    @property
    def ids(self) -> Documents:  # type: ignore[override] # they take more memory than the masks
        return np.flatnonzero(self._masks & self._bit)

    def at(self, documents: Documents) -> Numbers | None:
        return self.among(documents)

    def among(self, documents: Documents) -> Numbers:
        having: Mask = (self._masks[documents] & self._bit) != 0
        return having

    def blocks(self, documents: Documents, parts: Iterable[slice]) -> Iterator[Block]:
        for part in parts:
            some = documents[part]
            places = (self._masks[some] & self._bit).nonzero()[0]
            yield some[places], places, None


class TermCounts(Counts):
    """Of a term in one field: taken from its record as far as they are needed.

    Args:
        record: of the term.
        field: its number.
        lists: of each segment; None: all are ones.
    """

    __slots__ = ("_bit", "_ids", "_lists", "_ranks", "_record", "_values")

    def __init__(self, record: Record, field: int, lists: Sequence[Coded] | None) -> None:
        self._record = record
        self._bit = 1 << field
        self._lists = lists
        self._ids: Documents | None = None
        self._values: Numbers | None = None
        self._ranks: Ranks | None = None

    @property
    def ids(self) -> Documents:  # type: ignore[override] # computed when it is needed
        if self._ids is None:
            having: Mask = (self._record.masks & self._bit) != 0
            self._ids = self._record.documents[having]
        return self._ids

    def forget_ids(self) -> None:
        self._ids = None

    @property
    def values(self) -> Numbers | None:  # type: ignore[override] # likewise
        if self._lists:
            self.read()
        return self._values

    def read(self) -> None:
        """Take the counts from the parts of the record."""
        if self._lists:
            values = joined([numbers_of(each) for each in self._lists])
            self._values = self._record.living(values, self._bit)
            self._lists = None

    def at(self, documents: Documents) -> Numbers | None:
        places, masks, every = self._record.look(documents)
        if not every & self._bit:
            return None
        having: Mask = (masks & self._bit) != 0
        values = self.values
        if values is None:
            return having
        if self._ranks is None:
            self._ranks = Ranks((self._record.masks & self._bit) != 0)
        counts: Numbers = having * values[np.minimum(self._ranks.at(places), len(values) - 1)]
        return counts

    def among(self, documents: Documents) -> Numbers:
        record = self._record
        if documents is not record.documents:
            return super().among(documents)
        values = self.values
        if record.mask:
            return _ONE if values is None else values
        bits = record.masks & self._bit
        if values is None:
            having: Numbers = bits.astype(np.bool_)
            return having
        counts: Numbers = bits.astype(values.dtype, copy=False)
        counts[bits.nonzero()] = values
        return counts

    def blocks(self, documents: Documents, parts: Iterable[slice]) -> Iterator[Block]:
        record = self._record
        if documents is not record.documents:
            yield from super().blocks(documents, parts)
            return
        values, end = self.values, 0
        for part in parts:
            some = documents[part]
            places = (record.masks[part] & self._bit).nonzero()[0]
            start, end = end, end + len(places)
            counts = None if values is None else values[start:end]
            if len(places) == len(some):
                yield some, ALL, counts
            else:
                yield some[places], places, counts


class Ranks:
    """How many of some flags are set before each: a byte and a half for eight of them."""

    def __init__(self, flags: Mask) -> None:
        self._bits = np.packbits(flags, bitorder="little")
        ones = _ONES[self._bits]
        self._before = ones.cumsum(dtype=np.uint32) - ones

    def at(self, places: Places) -> Numbers:
        """The ranks of some places."""
        at = places >> 3
        ranks: Numbers = self._before[at] + _ONES[self._bits[at] & _BELOW[places & 7]]
        return ranks


class Record:
    """The records of a term in all segments as one, without the documents that are deleted.

    What one of its fields looked up is there for the next.

    Args:
        parts: each of another segment, in order.
        alive: True at each document that is not deleted; None: none is.
        kind: of documents.

    Raises:
        DamagedRecordError: a segment has not so many documents.
    """

    __slots__ = ("_latest", "_living", "_looked_up", "_masks", "documents", "mask", "parts")

    def __init__(
        self, parts: Sequence[SegmentPostings], alive: Mask | None, kind: np.dtype[Any]
    ) -> None:
        self.parts = parts
        self.documents = in_index(parts, kind)
        self.mask = parts[0][1].mask if len(parts) == 1 else 0
        """The fields of all documents, if they have the same; else 0."""
        self._living: Mask | None = None
        """Of all documents in the records, those that are not deleted."""
        if alive is not None:
            self._living = at(alive, self.documents)
            self.documents = self.documents[self._living]
        self._masks: NDArray[np.uint8] | None = None
        self._looked_up: Documents | None = None
        self._latest: Look

    @property
    def masks(self) -> NDArray[np.uint8]:
        """The fields of each document."""
        if self._masks is None:
            masks = self._all_masks()
            if self._living is None:
                # Nothing more is read of them.
                self.parts = ()
            else:
                masks = masks[self._living]
            self._masks = masks
        return self._masks

    def by_field(self) -> dict[int, TermCounts]:
        """The counts in each field that has any; none if all documents are deleted.

        To be called once: of few documents what they are read from is let go.
        """
        if not len(self.documents):
            return {}
        counts = self._by_field()
        if len(self.documents) <= _FEW:
            # The arrays take less than what they are read from.
            for each in counts.values():
                each.read()
            self._masks = self.masks
            self.parts = ()
        return counts

    def _by_field(self) -> dict[int, TermCounts]:
        every = [postings for _, postings in self.parts]
        if all(postings.is_single for postings in every):
            fields = fields_of(self.mask or int(np.bitwise_or.reduce(self.masks)))
            return {field: TermCounts(self, field, None) for field in fields}
        lists: dict[int, list[Coded]] = {}
        for postings in every:
            for field, each in postings.counts.items():
                lists.setdefault(field, []).append(each)
        return {
            field: TermCounts(self, field, None if {c.form for c in coded} == {ONES} else coded)
            for field, coded in lists.items()
        }

    def living(self, values: Numbers, bit: int) -> Numbers:
        """Of values for all documents in the records that have a field those that stay."""
        if self._living is None:
            return values
        kept: Numbers = values[self._living[(self._all_masks() & bit) != 0]]
        return kept

    def look(self, documents: Documents) -> Look:
        """Where each document stands in the record, its mask, and all masks together."""
        if self._looked_up is not documents:
            places = places_in(documents, self.documents)
            masks = self.masks[places] * (self.documents[places] == documents)
            self._latest = places, masks, int(np.bitwise_or.reduce(masks))
            self._looked_up = documents
        return self._latest

    def _all_masks(self) -> NDArray[np.uint8]:
        return joined([np.frombuffer(postings.masks, np.uint8) for _, postings in self.parts])


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


def record_of(parts: TermPostings, alive: Mask | None, kind: np.dtype[Any]) -> Record:
    """The record of a term, kept with its postings."""
    if parts.record is None:
        parts.record = Record([*parts], alive, kind)
        for _, postings in parts:
            # The record has the documents, too.
            postings.array = None
    record: Record = parts.record
    return record

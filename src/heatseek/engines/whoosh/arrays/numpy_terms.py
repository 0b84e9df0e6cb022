"""Terms for `numpy_arrays`: documents and counts, from records of postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from heatseek.engines.whoosh.arrays import in_order
from heatseek.engines.whoosh.arrays.numpy_counts import Counts, MarkedOnes, record_of
from heatseek.engines.whoosh.arrays.numpy_lists import (
    ID,
    Documents,
    ids_of,
    mark,
    moved,
    positions_in,
    read,
)
from heatseek.engines.whoosh.arrays.numpy_sets import NONE, Sets
from heatseek.engines.whoosh.postings import PhrasePostings, SegmentPostings, TermPostings

if TYPE_CHECKING:
    from heatseek.engines.model import Budget
    from heatseek.engines.shared.plan import TermSequence

Masks = NDArray[np.uint8]
_RARE = 16
"""Documents of a term below which an operation on arrays takes longer than a step for each."""
_TOGETHER = 10_000
"""Documents of rare terms that are added at once."""


class Terms(Sets):
    """Terms as the documents that have them, of those that are not deleted."""

    def documents(self, parts: TermPostings, field: int | None) -> Documents:
        if field is None and parts and in_order(parts):
            return record_of(parts, self._alive, self._id).documents
        return self._living(self.union([ids_of(part, field, self._id) for part in parts]))

    def masks(self, parts: Iterable[SegmentPostings]) -> Masks:
        masks = np.zeros(self._size, np.uint8)
        rare: list[int] = []
        of_rare = bytearray()
        for base, postings in parts:
            if len(postings) < _RARE:
                rare += map(base.__add__, postings.ids)
                of_rare += postings.masks
                if len(rare) > _TOGETHER:
                    _add(masks, rare, of_rare)
            else:
                # It may be one of thousands: nothing is kept of it.
                ids = moved(read(postings), base)
                masks[ids] |= np.frombuffer(postings.masks, np.uint8)
        _add(masks, rare, of_rare)
        return masks if self._alive is None else masks * self._alive

    def mask_bytes(self, masks: Masks) -> int:
        return masks.nbytes

    def having(self, masks: Masks, field: int | None) -> Documents:
        return positions_in(masks if field is None else masks & (1 << field), self._id)

    def marked(self, masks: Masks, field: int) -> Counts:
        return MarkedOnes(masks, field)

    def counts(self, parts: TermPostings, fields: Iterable[int]) -> dict[int, Counts]:
        every = record_of(parts, self._alive, self._id).by_field() if parts else {}
        return {field: every[field] for field in fields if field in every}

    def phrase(
        self, form: TermSequence, parts: Sequence[PhrasePostings], field: int, budget: Budget
    ) -> Counts:
        # Few queries have phrases.
        from heatseek.engines.whoosh.arrays.numpy_phrases import phrase_counts  # noqa: PLC0415

        found = [Counts(NONE, None)]
        for base, postings in parts:
            ids, values = phrase_counts(form, postings, field, budget)
            ids = moved(ids, base)
            if self._alive is not None:
                alive = self._alive[ids]
                ids, values = ids[alive], values[alive]
            found.append(Counts(ids, values))
        return self.most(found) or found[0]

    def most(self, every: Sequence[Counts]) -> Counts | None:
        every = [counts for counts in every if len(counts.ids)]
        if len(every) < 2:
            return every[0] if every else None
        ids = self.union([counts.ids for counts in every])
        values = np.zeros(len(ids), np.uint32)
        for counts in every:
            places = ids.searchsorted(counts.ids)
            own = 1 if counts.values is None else counts.values
            values[places] = np.maximum(values[places], own)
        return Counts(ids, values)

    def holders(self, every: Iterable[Counts]) -> Documents:
        return self.union([counts.ids for counts in every])

    def ones(self, documents: Documents) -> Counts:
        return Counts(documents, None)

    def count_in(self, counts: Counts, document: int) -> int:
        here = counts.at(np.array([document], ID))
        return 0 if here is None else int(here[0])

    def overlaps(self, documents: Documents, terms: Iterable[TermPostings]) -> list[int]:
        mask = np.zeros(self._size, np.bool_)
        mark(mask, documents)
        # A document has a label once, in one of its spellings.
        return [
            sum(int(np.count_nonzero(mask[each])) for each in self._sets(parts)) for parts in terms
        ]

    def _sets(self, parts: TermPostings) -> list[Documents]:
        """The documents of each record; as one set, if none can be in two of them."""
        if parts and in_order(parts):
            return [record_of(parts, self._alive, self._id).documents]
        return [ids_of(part, None, self._id) for part in parts]


def _add(masks: Masks, documents: list[int], their: bytearray) -> None:
    """Add masks of documents, some of which may be there twice; both lists are emptied."""
    np.bitwise_or.at(masks, np.array(documents, ID), np.frombuffer(bytes(their), np.uint8))
    documents.clear()
    their.clear()

"""Array operations by numpy: sorted arrays of documents, dense arrays for lookups."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from heatseek.engines.whoosh.arrays import ROUNDING, BoostColumns, Evidence, Word
from heatseek.engines.whoosh.numpy_counts import ID, Array, Counts, Record, places_in
from heatseek.engines.whoosh.postings import SegmentPostings
from heatseek.ranking import LARGEST, Boosts
from heatseek.ranking.bm25 import K1

_SPARSE = 16
"""A set this many times smaller than another is looked up in it, not passed over with it."""
_NONE = np.empty(0, ID)
_REMEMBERED = 8
_DOCUMENT_BYTES = 48
"""Of a word: numbers, places and counts by field, and what they give before any weight."""


class VectorisedArrays:
    """See `arrays.Arrays`. A set of documents is an ascending array."""

    def __init__(self, size: int, deleted: Sequence[int] = ()) -> None:
        self._size = size
        self.document_bytes = _DOCUMENT_BYTES
        self._alive: Array | None = None
        if len(deleted):
            self._alive = np.ones(size, np.bool_)
            self._alive[np.asarray(deleted)] = False
        self.live = size - len(deleted)
        self._scratch = np.zeros(size)
        self._multipliers: OrderedDict[Boosts, Array] = OrderedDict()

    def column(self, parts: Sequence[memoryview], typecode: str) -> Array:
        dtype = np.dtype(typecode)
        if len(parts) == 1:
            return np.frombuffer(parts[0], dtype)
        return np.concatenate([np.frombuffer(p, dtype) for p in parts] or [np.empty(0, dtype)])

    def norms(self, base: float, slope: float, lengths: Array) -> Array:
        return base + slope * lengths.astype(np.float64)

    def constant_norms(self) -> Array:
        return np.ones(self._size)

    def norm_in(self, norms: Array, document: int) -> float:
        return float(norms[document])

    def documents(self, parts: Iterable[SegmentPostings], field: int | None) -> Array:
        return self._living(self.union([_ids(part, field) for part in parts]))

    def masks(self, parts: Iterable[SegmentPostings]) -> Array:
        found = np.zeros(self._size, np.uint8)
        for base, postings in parts:
            found[_moved(np.frombuffer(postings.ids, ID), base)] |= np.frombuffer(
                postings.masks, np.uint8
            )
        return found if self._alive is None else found * self._alive

    def mask_bytes(self, masks: Array) -> int:
        return masks.nbytes

    def having(self, masks: Array, field: int | None) -> Array:
        return np.flatnonzero(masks if field is None else masks & (1 << field)).astype(ID)

    def counts(self, parts: Sequence[SegmentPostings], fields: Iterable[int]) -> dict[int, Counts]:
        records = [(base, Record(postings)) for base, postings in parts]
        found: dict[int, Counts] = {}
        for field in fields:
            every = [(base, record.in_field(field)) for base, record in records]
            having = [(base, counts) for base, counts in every if counts]
            if len(having) == 1 and not having[0][0] and self._alive is None:
                found[field] = having[0][1]
            elif having:
                ids = [_moved(counts.ids, base) for base, counts in having]
                values = [_values(counts) for _, counts in having]
                counts = self._living_counts(np.concatenate(ids), np.concatenate(values))
                if len(counts):
                    found[field] = counts
        return found

    def counted(self, counts: dict[int, int]) -> Counts:
        ids = sorted(counts)
        return Counts(np.array(ids, ID), np.array([counts[i] for i in ids], np.uint32))

    def ones(self, documents: Array) -> Counts:
        return Counts(documents, None)

    def count_in(self, counts: Counts, document: int) -> int:
        found = counts.at(np.array([document], ID)) if len(counts) else None
        return 0 if found is None else int(found[0])

    def as_dict(self, counts: Counts) -> dict[int, int]:
        ids = counts.ids.tolist()
        if counts.values is None:
            return dict.fromkeys(ids, 1)
        return dict(zip(ids, counts.values.tolist(), strict=True))

    def chosen(self, documents: Iterable[int]) -> Array:
        return np.array(sorted(documents), ID)

    def everything(self) -> Array:
        return self._living(np.arange(self._size, dtype=ID))

    def union(self, sets: Sequence[Array]) -> Array:
        sets = [each for each in sets if len(each)]
        if len(sets) < 2:
            return sets[0] if sets else _NONE
        if sum(map(len, sets)) * _SPARSE < self._size:
            return np.unique(np.concatenate(sets))
        mask = np.zeros(self._size, np.bool_)
        for each in sets:
            mask[each] = True
        return np.flatnonzero(mask).astype(ID)

    def intersection(self, sets: Sequence[Array]) -> Array:
        first, *others = sorted(sets, key=len)
        for other in others:
            first = first[self._member(first, other)]
        return first

    def difference(self, documents: Array, unwanted: Sequence[Array]) -> Array:
        for each in unwanted:
            documents = documents[~self._member(documents, each)]
        return documents

    def between(self, documents: Array, column: Array, low: float, high: float) -> Array:
        values = column[documents]
        return documents[(values >= low) & (values <= high)]

    def numbers(self, documents: Array) -> list[int]:
        result: list[int] = documents.tolist()
        return result

    def total(self, documents: Array) -> int:
        return len(documents)

    def scores(self, documents: Array, words: Sequence[Word]) -> Array:
        if not words or not len(documents):
            return np.ones(len(documents))
        if all(len(documents) * _SPARSE >= len(word.evidence.documents) for word in words):
            return self._scores_of_many(documents, words)
        total = np.zeros(len(documents))
        near: dict[int, Array] = {}
        for word in words:
            x = np.zeros(len(documents))
            for counts, norms in word.evidence.fields:
                if (found := counts.at(documents)) is not None:
                    # The norms of these documents are the same for every word.
                    if id(norms) not in near:
                        near[id(norms)] = norms[documents]
                    x += found / near[id(norms)]
            total += word.weight * x / (K1 + x)
        return total

    def _scores_of_many(self, documents: Array, words: Sequence[Word]) -> Array:
        """Scores worked out for all documents that have a word, then those asked for taken out."""
        total = self._scratch
        try:
            for word in words:
                evidence = word.evidence
                if evidence.prepared is None:
                    evidence.prepared = self._weighted(evidence)
                x = evidence.prepared
                total[evidence.documents] += word.weight * x / (K1 + x)
            scores = total[documents]
            for word in words:
                total[word.evidence.documents] = 0.0
        except BaseException:
            # Ctrl-C, too: the next search must not find scores of this one.
            total.fill(0.0)
            raise
        return scores

    def _weighted(self, evidence: Evidence) -> Array:
        """The x of the formula for each document that has a word."""
        x = np.zeros(len(evidence.documents))
        for counts, norms in evidence.fields:
            ids, values = counts.ids, counts.values
            found = (1.0 if values is None else values) / norms[ids]
            if len(ids) == len(x):
                x += found
            else:
                x[counts.places(evidence.documents)] += found
        return x

    def values(self, documents: Array, column: Array) -> list[int]:
        result: list[int] = column[documents].tolist()
        return result

    def overlaps(self, documents: Array, terms: Sequence[Sequence[SegmentPostings]]) -> list[int]:
        mask = np.zeros(self._size, np.bool_)
        mask[documents] = True
        # A document has a label once, in one of its spellings.
        return [
            sum(int(np.count_nonzero(mask[_ids(part, None)])) for part in parts) for parts in terms
        ]

    def pairs(self, documents: Array, scores: Array) -> list[tuple[int, float]]:
        return list(zip(documents.tolist(), scores.tolist(), strict=True))

    def contenders(
        self,
        documents: Array,
        scores: Array,
        count: int,
        boosts: Boosts,
        columns: BoostColumns,
    ) -> list[tuple[int, float]]:
        if not count:
            return []
        if count < len(documents):
            low = boosts.bounds[0]
            most = scores * self._multiplier(boosts, columns)[documents]
            least = _greatest(most, count) * low * (1.0 - ROUNDING)
            kept = np.flatnonzero(most >= least)
            documents, scores = documents[kept], scores[kept]
        return self.pairs(documents, scores)

    def leading(self, documents: Array, values: Array, dates: Array, count: int) -> list[int]:
        if not count:
            return []
        keys, times = values[documents], dates[documents]
        if count < len(documents):
            least = _greatest(keys, count)
            better = np.flatnonzero(keys > least)
            level = np.flatnonzero(keys == least)
            oldest = _greatest(times[level], count - len(better))
            kept = np.concatenate([better, level[times[level] >= oldest]])
            documents, keys, times = documents[kept], keys[kept], times[kept]
        order = np.lexsort((times, keys))[::-1]
        result: list[int] = documents[order].tolist()
        return result

    def _multiplier(self, boosts: Boosts, columns: BoostColumns) -> Array:
        """For each document of the index, without recency; kept for the next query."""
        found = self._multipliers.pop(boosts, None)
        if found is None:
            found = (
                1.0
                + boosts.quality * _saturation(columns.quality, boosts.quality_pivot)
                + boosts.heat * _saturation(columns.heat, boosts.heat_pivot)
            )
            while len(self._multipliers) >= _REMEMBERED:
                self._multipliers.popitem(last=False)
        self._multipliers[boosts] = found
        return found

    def _member(self, documents: Array, others: Array) -> Array:
        """For each of `documents`, whether it is one of `others`."""
        if not len(others) or not len(documents):
            return np.zeros(len(documents), np.bool_)
        if len(documents) * _SPARSE < len(others):
            found: Array = others[places_in(documents, others)] == documents
            return found
        mask = np.zeros(self._size, np.bool_)
        mask[others] = True
        return mask[documents]

    def _living(self, documents: Array) -> Array:
        return documents if self._alive is None else documents[self._alive[documents]]

    def _living_counts(self, ids: Array, values: Array) -> Counts:
        if self._alive is None:
            return Counts(ids, values)
        alive = self._alive[ids]
        return Counts(ids[alive], values[alive])


def _ids(part: SegmentPostings, field: int | None) -> Array:
    base, postings = part
    ids = np.frombuffer(postings.ids, ID)
    if field is not None:
        masks = np.frombuffer(postings.masks, np.uint8)
        ids = ids[(masks & (1 << field)).astype(np.bool_)]
    return _moved(ids, base)


def _moved(ids: Array, base: int) -> Array:
    return ids + np.uint32(base) if base else ids


def _values(counts: Counts) -> Array:
    return np.ones(len(counts), np.uint8) if counts.values is None else counts.values


def _greatest(values: Array, count: int) -> Any:
    """The `count`-th greatest value."""
    at = len(values) - count
    return np.partition(values, at)[at]


def _saturation(values: Array, pivot: float) -> Array:
    bounded = np.clip(values, 0, LARGEST).astype(np.float64)
    result: Array = bounded / (bounded + pivot)
    return result

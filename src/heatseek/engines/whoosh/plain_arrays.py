"""Array operations by the standard library: sets, dictionaries and C-level iteration."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import chain
from typing import Any

from heatseek.engines.whoosh.arrays import ROUNDING, BoostColumns, Word
from heatseek.engines.whoosh.postings import SegmentPostings
from heatseek.ranking import LARGEST, Boosts
from heatseek.ranking.bm25 import K1

Norms = tuple[float, float, Sequence[int]]
_ENTRY_BYTES = 100
"""Of a set or a dictionary, with the number that is in it."""


class PlainArrays:
    """See `arrays.Arrays`. A set of documents is a set, counts and scores are dictionaries."""

    def __init__(self, size: int, deleted: Iterable[int] = ()) -> None:
        self._size = size
        self.document_bytes = 2 * _ENTRY_BYTES
        self._deleted = frozenset(deleted)
        self.live = size - len(self._deleted)

    def column(self, parts: Sequence[memoryview], typecode: str) -> Sequence[int]:
        if len(parts) == 1:
            return parts[0]
        return array(typecode, chain.from_iterable(parts))

    def norms(self, base: float, slope: float, lengths: Sequence[int]) -> Norms:
        return base, slope, lengths

    def constant_norms(self) -> Norms:
        return 1.0, 0.0, ()

    def norm_in(self, norms: Norms, document: int) -> float:
        base, slope, lengths = norms
        return base + slope * lengths[document] if slope else base

    def documents(self, parts: Iterable[SegmentPostings], field: int | None) -> set[int]:
        return set().union(*(_ids(part, field) for part in parts)) - self._deleted

    def masks(self, parts: Iterable[SegmentPostings]) -> dict[int, int]:
        found: dict[int, int] = {}
        get = found.get
        for part in parts:
            for document, mask in zip(_ids(part, None), part[1].masks, strict=True):
                found[document] = get(document, 0) | mask
        return self._without_deleted(found)

    def mask_bytes(self, masks: dict[int, int]) -> int:
        return _ENTRY_BYTES * len(masks)

    def having(self, masks: dict[int, int], field: int | None) -> set[int]:
        if field is None:
            return set(masks)
        return {document for document, mask in masks.items() if mask >> field & 1}

    def counts(
        self, parts: Sequence[SegmentPostings], fields: Iterable[int]
    ) -> dict[int, dict[int, int]]:
        found = {field: self._in_field(parts, field) for field in fields}
        return {field: counts for field, counts in found.items() if counts}

    def _in_field(self, parts: Sequence[SegmentPostings], field: int) -> dict[int, int]:
        counts: dict[int, int] = {}
        for part in parts:
            postings = part[1].in_field(field)
            if postings:
                counts.update(zip(_ids(part, field), postings.counts, strict=True))
        return self._without_deleted(counts)

    def counted(self, counts: dict[int, int]) -> dict[int, int]:
        return counts

    def ones(self, documents: set[int]) -> dict[int, int]:
        return dict.fromkeys(documents, 1)

    def count_in(self, counts: dict[int, int], document: int) -> int:
        return counts.get(document, 0)

    def as_dict(self, counts: dict[int, int]) -> dict[int, int]:
        return counts

    def chosen(self, documents: Iterable[int]) -> set[int]:
        return set(documents)

    def everything(self) -> set[int]:
        return set(range(self._size)) - self._deleted

    def union(self, sets: Sequence[set[int]]) -> set[int]:
        return sets[0] if len(sets) == 1 else set().union(*sets)

    def intersection(self, sets: Sequence[set[int]]) -> set[int]:
        return set.intersection(*sorted(sets, key=len))

    def difference(self, documents: set[int], unwanted: Sequence[set[int]]) -> set[int]:
        return documents.difference(*unwanted)

    def between(
        self, documents: set[int], column: Sequence[int], low: float, high: float
    ) -> set[int]:
        return {document for document in documents if low <= column[document] <= high}

    def numbers(self, documents: set[int]) -> list[int]:
        return list(documents)

    def total(self, documents: set[int]) -> int:
        return len(documents)

    def scores(self, documents: set[int], words: Sequence[Word]) -> dict[int, float]:
        if not words:
            return dict.fromkeys(documents, 1.0)
        total: dict[int, float] = dict.fromkeys(documents, 0.0)
        for word in words:
            weight = word.weight
            for document, x in self._weighted(word, documents).items():
                total[document] += weight * x / (K1 + x)
        return total

    def _weighted(self, word: Word, documents: set[int]) -> dict[int, float]:
        """The x of the formula, for those of `documents` that have the word."""
        total: dict[int, float] = {}
        for counts, norms in word.evidence.fields:
            found = self._weighted_in(counts, norms, documents)
            if not total:
                total = found
                continue
            get = total.get
            for document, x in found.items():
                total[document] = get(document, 0.0) + x
        return total

    def _weighted_in(
        self, counts: dict[int, int], norms: Norms, documents: set[int]
    ) -> dict[int, float]:
        base, slope, lengths = norms
        if len(documents) < len(counts):
            counts = {document: counts[document] for document in documents & counts.keys()}
        elif len(documents) < self.live:
            counts = {d: count for d, count in counts.items() if d in documents}
        if not slope:
            return {document: count / base for document, count in counts.items()}
        return {d: count / (base + slope * lengths[d]) for d, count in counts.items()}

    def values(self, documents: set[int], column: Sequence[int]) -> list[int]:
        return [column[document] for document in documents]

    def overlaps(
        self, documents: set[int], terms: Sequence[Sequence[SegmentPostings]]
    ) -> list[int]:
        return [len(documents.intersection(_all_ids(parts))) for parts in terms]

    def pairs(
        self,
        documents: set[int],  # noqa: ARG002 - scores know them
        scores: dict[int, float],
    ) -> list[tuple[int, float]]:
        return list(scores.items())

    def contenders(
        self,
        documents: set[int],  # noqa: ARG002 - scores know them
        scores: dict[int, float],
        count: int,
        boosts: Boosts,
        columns: BoostColumns,
    ) -> list[tuple[int, float]]:
        if count >= len(scores) or not count:
            return list(scores.items()) if count else []
        low, high = boosts.bounds
        least = nlargest(count, scores.values())[-1] * low * (1.0 - ROUNDING)
        likely = [pair for pair in scores.items() if pair[1] * high >= least]
        # The part of the multiplier that is the same at any time cuts nearly all of the rest.
        static = _static(boosts, columns)
        most = [text * static(document) for document, text in likely]
        least = nlargest(count, most)[-1] * low * (1.0 - ROUNDING)
        return [pair for pair, bound in zip(likely, most, strict=True) if bound >= least]

    def leading(
        self, documents: set[int], values: Sequence[int], dates: Sequence[int], count: int
    ) -> list[int]:
        keys = {document: (values[document], dates[document]) for document in documents}
        if not count:
            return []
        last = nlargest(count, keys.values())[-1] if count < len(keys) else None
        kept = [d for d, key in keys.items() if last is None or key >= last]
        return sorted(kept, key=keys.__getitem__, reverse=True)

    def _without_deleted(self, values: dict[int, int]) -> dict[int, int]:
        for document in self._deleted & values.keys():
            del values[document]
        return values


def _all_ids(parts: Sequence[SegmentPostings]) -> Iterable[int]:
    return chain.from_iterable(_ids(part, None) for part in parts)


def _ids(part: SegmentPostings, field: int | None) -> Iterable[int]:
    base, postings = part
    ids: Iterable[int] = postings.ids if field is None else postings.documents_of(field)
    return map(base.__add__, ids) if base else ids


def _static(boosts: Boosts, columns: BoostColumns) -> Any:
    """The multiplier without recency, as a function of the document."""
    quality, heat = columns.quality, columns.heat
    w_q, w_h, k_q, k_h = boosts.quality, boosts.heat, boosts.quality_pivot, boosts.heat_pivot

    def static(document: int) -> float:
        q, h = quality[document], heat[document]
        q, h = min(q, LARGEST), min(h, LARGEST)
        return (
            1.0 + w_q * (q / (q + k_q) if q > 0 else 0.0) + w_h * (h / (h + k_h) if h > 0 else 0.0)
        )

    return static

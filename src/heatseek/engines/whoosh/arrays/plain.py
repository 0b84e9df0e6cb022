"""Array operations by the standard library: sets, dictionaries and C-level iteration."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import chain

from heatseek.engines.whoosh.arrays import ROUNDING, Boosting, exact_multipliers
from heatseek.engines.whoosh.columns import least_in, widened, widest
from heatseek.engines.whoosh.postings import SegmentPostings
from heatseek.ranking import ascending, static
from heatseek.ranking.bm25 import Dilution, add_scores, field_parts, title_factor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heatseek.engines.whoosh import arrays


Counts = dict[int, int]
Norms = tuple[Dilution, Sequence[int]]
Scores = dict[int, float]
if TYPE_CHECKING:
    Operations = arrays.ArrayOperations[set[int], Counts, Counts, Sequence[int], Norms, Scores]
    Word = arrays.Word[set[int], Counts, Norms, Scores]
_ENTRY_BYTES = 100
"""Of a set or a dictionary, with the number that is in it."""


def plain_arrays(size: int, deleted: Iterable[int] = ()) -> arrays.Arrays:
    """Operations over `size` documents, some of which are deleted."""
    made: Operations = PlainArrays(size, deleted)
    return made  # type: ignore[return-value] # nobody else looks into these arrays


class PlainArrays:
    """See `arrays.ArrayOperations`. Documents are a set, counts and scores dictionaries."""

    def __init__(self, size: int, deleted: Iterable[int] = ()) -> None:
        self._size = size
        self.document_bytes = 2 * _ENTRY_BYTES
        self._deleted = frozenset(deleted)
        self.live = size - len(self._deleted)

    def column(self, parts: Sequence[memoryview], typecode: str) -> Sequence[int]:
        if len(parts) == 1:
            return parts[0]
        joined = array(widest(parts, typecode))
        for part in parts:
            if part.format == joined.typecode:
                joined.frombytes(part.cast("B"))
            else:
                joined.extend(widened(part, joined))
        return joined

    def norms(self, dilution: Dilution, lengths: Sequence[int]) -> Norms:
        return dilution, lengths

    def constant_norms(self) -> Norms:
        return Dilution(1.0, 0.0), ()

    def documents(self, parts: Iterable[SegmentPostings], field: int | None) -> set[int]:
        return set().union(*(_ids(part, field) for part in parts)) - self._deleted

    def masks(self, parts: Iterable[SegmentPostings]) -> Counts:
        masks: Counts = {}
        get = masks.get
        for part in parts:
            for document, mask in zip(_ids(part, None), part[1].masks, strict=True):
                masks[document] = get(document, 0) | mask
        return self._without_deleted(masks)

    def mask_bytes(self, masks: Counts) -> int:
        return _ENTRY_BYTES * len(masks)

    def having(self, masks: Counts, field: int | None) -> set[int]:
        if field is None:
            return set(masks)
        return {document for document, mask in masks.items() if mask >> field & 1}

    def counts(self, parts: Sequence[SegmentPostings], fields: Iterable[int]) -> dict[int, Counts]:
        every = {field: self._in_field(parts, field) for field in fields}
        return {field: counts for field, counts in every.items() if counts}

    def _in_field(self, parts: Sequence[SegmentPostings], field: int) -> Counts:
        counts: Counts = {}
        for part in parts:
            postings = part[1].in_field(field)
            if postings:
                counts.update(zip(_ids(part, field), postings.counts, strict=True))
        return self._without_deleted(counts)

    def counted(self, counts: Counts) -> Counts:
        return counts

    def ones(self, documents: set[int]) -> Counts:
        return dict.fromkeys(documents, 1)

    def count_in(self, counts: Counts, document: int) -> int:
        return counts.get(document, 0)

    def part_in(self, counts: Counts, norms: Norms, document: int) -> float:
        if document not in counts:
            return 0.0
        return field_parts({document: counts[document]}, *norms)[document]

    def as_dict(self, counts: Counts) -> Counts:
        return counts

    def chosen(self, documents: Iterable[int]) -> set[int]:
        return set(documents)

    def everything(self) -> set[int]:
        return set(range(self._size)) - self._deleted

    def lasting(self, documents: set[int]) -> set[int]:
        return documents

    def union(self, sets: Sequence[set[int]]) -> set[int]:
        return sets[0] if len(sets) == 1 else set().union(*sets)

    def intersection(self, sets: Sequence[set[int]]) -> set[int]:
        return set.intersection(*sorted(sets, key=len))

    def difference(self, documents: set[int], excluded: Sequence[set[int]]) -> set[int]:
        return documents.difference(*excluded)

    def between(
        self, documents: set[int], column: Sequence[int], low: float, high: float
    ) -> set[int]:
        low = least_in(column, low)
        return {document for document in documents if low <= column[document] <= high}

    def titled(
        self, words: Sequence[Word], lengths: Sequence[int], weight: float
    ) -> tuple[set[int], Scores] | None:
        titles = [word.evidence.title or {} for word in words]
        size = sum(word.evidence.size for word in words)
        first, *others = sorted(titles, key=len)
        documents = set(first).intersection(*others)
        if size == 1:
            documents = self.between(documents, lengths, 1, 1)
        factors = {d: title_factor(size, lengths[d], weight) for d in documents}
        return (documents, factors) if documents else None

    def raised(
        self,
        documents: set[int],  # noqa: ARG002 - scores know them
        scores: Scores,
        titled: tuple[set[int], Scores],
    ) -> Scores:
        for document, factor in titled[1].items():
            if document in scores:
                scores[document] *= factor
        return scores

    def numbers(self, documents: set[int]) -> list[int]:
        return list(documents)

    def total(self, documents: set[int]) -> int:
        return len(documents)

    def scores(self, documents: set[int], words: Sequence[Word]) -> Scores:
        if not words:
            return dict.fromkeys(documents, 1.0)
        totals = dict.fromkeys(documents, 0.0)
        for word in words:
            add_scores(totals, word.weight, self._xs(word, documents))
        return totals

    def _xs(self, word: Word, documents: set[int]) -> Scores:
        """The x of the formula, for those of `documents` that have the word."""
        xs: Scores = {}
        for counts, norms in word.evidence.fields:
            parts = field_parts(self._among(counts, documents), *norms)
            if not xs:
                xs = parts
                continue
            get = xs.get
            for document, part in parts.items():
                xs[document] = get(document, 0.0) + part
        return xs

    def _among(self, counts: Counts, documents: set[int]) -> Counts:
        """The counts of these documents."""
        if len(documents) < len(counts):
            return {document: counts[document] for document in documents & counts.keys()}
        if len(documents) < self.live:
            return {d: count for d, count in counts.items() if d in documents}
        return counts

    def values(self, documents: set[int], column: Sequence[int]) -> list[int]:
        return [column[document] for document in documents]

    def overlaps(
        self, documents: set[int], terms: Sequence[Sequence[SegmentPostings]]
    ) -> list[int]:
        return [len(documents.intersection(_all_ids(parts))) for parts in terms]

    def pairs(
        self,
        documents: set[int],  # noqa: ARG002 - scores know them
        scores: Scores,
    ) -> list[tuple[int, float]]:
        return list(scores.items())

    def contenders(
        self,
        documents: set[int],
        words: Sequence[Word],
        count: int,
        boosting: Boosting[Sequence[int]],
        titled: tuple[set[int], Scores] | None,
    ) -> list[tuple[int, float]]:
        scores = self.scores(documents, words) if count else {}
        if titled:
            scores = self.raised(documents, scores, titled)
        if count >= len(scores) or not count:
            return list(scores.items()) if count else []
        boosts, columns, _ = boosting
        low, high = boosts.bounds
        least = nlargest(count, scores.values())[-1] * low * (1.0 - ROUNDING)
        likely = [pair for pair in scores.items() if pair[1] * high >= least]
        # The part of the multiplier that is the same at any time cuts nearly all of the rest.
        quality, heat = columns.quality, columns.heat
        most = [text * static(quality[d], heat[d], boosts) for d, text in likely]
        least = nlargest(count, most)[-1] * low * (1.0 - ROUNDING)
        return [pair for pair, bound in zip(likely, most, strict=True) if bound >= least]

    def multipliers(
        self, documents: Iterable[int], boosting: Boosting[Sequence[int]]
    ) -> dict[int, float]:
        return exact_multipliers(documents, boosting)

    def leading(
        self,
        documents: set[int],
        values: Sequence[int],
        dates: Sequence[int],
        count: int,
        *,
        unknown: float | None = None,
    ) -> list[int]:
        if not count:
            return []
        keys: dict[int, tuple[float, int]]
        if unknown is None:
            keys = {document: (values[document], dates[document]) for document in documents}
        else:
            keys = {d: (ascending(values[d], unknown), dates[d]) for d in documents}
        last = nlargest(count, keys.values())[-1] if count < len(keys) else None
        kept = [d for d, key in keys.items() if last is None or key >= last]
        return sorted(kept, key=keys.__getitem__, reverse=True)

    def _without_deleted(self, values: Counts) -> Counts:
        for document in self._deleted & values.keys():
            del values[document]
        return values


def _all_ids(parts: Sequence[SegmentPostings]) -> Iterable[int]:
    return chain.from_iterable(_ids(part, None) for part in parts)


def _ids(part: SegmentPostings, field: int | None) -> Iterable[int]:
    base, postings = part
    ids: Iterable[int] = postings.ids if field is None else postings.documents_of(field)
    return map(base.__add__, ids) if base else ids

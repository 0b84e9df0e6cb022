"""Array operations by the standard library: sets, dictionaries and C-level iteration."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from itertools import compress
from operator import add, and_, mul, or_

from heatseek.engines.whoosh.arrays import ROUNDING, Boosting, exact_multipliers, in_order
from heatseek.engines.whoosh.arrays.plain_counts import (
    Counts,
    Documents,
    Ones,
    Record,
    Union,
    number_of,
    places_of,
)
from heatseek.engines.whoosh.columns import SegmentedColumn, gathered, least_in
from heatseek.engines.whoosh.postings import PhrasePostings, SegmentPostings, TermPostings
from heatseek.ranking import ascending, bm25, static
from heatseek.ranking.bm25 import Dilution

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from heatseek.engines.model import Budget
    from heatseek.engines.shared.plan import TermSequence
    from heatseek.engines.whoosh import arrays

    T = TypeVar("T")


Masks = dict[int, int]
Scores = list[float]
if TYPE_CHECKING:
    Column = memoryview | SegmentedColumn
    Norms = tuple[Dilution, Column]
    Operations = arrays.ArrayOperations[Documents, Counts, Masks, Column, Norms, Scores]
    Word = arrays.Word[Documents, Counts, Norms, Scores]
_ENTRY_BYTES = 100
"""Of a set or a dictionary, with the number that is in it."""
_PORTION = 10
"""Times as many documents as are wanted are scored at first: those that promise most."""
LEAST = 50_000
"""Documents of an index; of fewer, a number for each that has a term takes less time."""
_DENSE = 8
"""A term that one of so many documents has is worth a byte for each."""
_MANY = 10_000
"""Values that take longer to be sorted than to be looked through."""
_RARE = 2
"""A word that has so many times fewer documents is scored in these alone."""


def plain_arrays(size: int, deleted: Iterable[int] = ()) -> arrays.Arrays:
    """Operations over `size` documents, some of which are deleted."""
    made: Operations = PlainArrays(size, deleted)
    return made  # type: ignore[return-value] # nobody else looks into these arrays


class PlainArrays:
    """See `arrays.ArrayOperations`. Scores are dictionaries; `plain_counts` has the rest."""

    def __init__(self, size: int, deleted: Iterable[int] = ()) -> None:
        self._size = size
        self.document_bytes = 2 * _ENTRY_BYTES
        self._deleted = frozenset(deleted)
        self.live = size - len(self._deleted)

    def column(self, parts: Sequence[memoryview], typecode: str) -> Column:  # noqa: ARG002 - not made anew
        return parts[0] if len(parts) == 1 else SegmentedColumn(parts)

    def norms(self, dilution: Dilution, lengths: Column) -> Norms:
        return dilution, lengths

    def constant_norms(self) -> Norms:
        return Dilution(1.0, 0.0), SegmentedColumn(())

    def documents(self, parts: TermPostings, field: int | None) -> Documents:
        if parts and in_order(parts):
            record = self._record(parts)
            return record.documents if field is None else record.in_field(field)
        every = (_ids(part, field) for part in parts)
        return Documents(members=set().union(*every).difference(self._deleted))

    def _record(self, parts: TermPostings) -> Record:
        """The record of a term, kept with its postings."""
        if parts.record is None:
            parts.record = self._read([*parts])
        record: Record = parts.record
        return record

    def _read(self, parts: Sequence[SegmentPostings]) -> Record:
        if self._size < LEAST or sum(len(each) for _, each in parts) * _DENSE < self._size:
            masks = b"".join([postings.masks for _, postings in parts])
            return Record(parts, self._deleted, masks)
        # In large indexes only.
        from heatseek.engines.whoosh.arrays.plain_dense import dense_record  # noqa: PLC0415

        return dense_record(parts, self._deleted, self._size)

    def masks(self, parts: Iterable[SegmentPostings]) -> Masks:
        masks: Masks = {}
        get = masks.get
        for part in parts:
            for document, mask in zip(_ids(part, None), part[1].masks, strict=True):
                masks[document] = get(document, 0) | mask
        for document in self._deleted & masks.keys():
            del masks[document]
        return masks

    def mask_bytes(self, masks: Masks) -> int:
        return _ENTRY_BYTES * len(masks)

    def having(self, masks: Masks, field: int | None) -> Documents:
        if field is None:
            return Documents(members=set(masks))
        having = {document for document, mask in masks.items() if mask >> field & 1}
        return Documents(members=having)

    def marked(self, masks: Masks, field: int) -> Counts:
        return Ones(self.having(masks, field))

    def counts(self, parts: TermPostings, fields: Iterable[int]) -> dict[int, Counts]:
        every = self._record(parts).counts() if parts else {}
        return {field: every[field] for field in fields if field in every}

    def phrase(
        self, form: TermSequence, parts: Sequence[PhrasePostings], field: int, budget: Budget
    ) -> Counts:
        # Few queries have phrases.
        from heatseek.engines.whoosh.arrays.plain_phrases import phrase_counts  # noqa: PLC0415

        counts = {
            base + document: count
            for base, postings in parts
            for document, count in phrase_counts(form, postings, field, budget)
        }
        for document in self._deleted & counts.keys():
            del counts[document]
        return Counts(counts)

    def most(self, every: Sequence[Counts]) -> Counts | None:
        every = list(filter(len, every))
        if len(every) < 2:
            return every[0] if every else None
        merged: dict[int, int] = {}
        for counts in every:
            for document, count in counts.all().items():
                merged[document] = max(count, merged.get(document, 0))
        return Counts(merged)

    def holders(self, every: Iterable[Counts]) -> Documents:
        return Documents(members=set().union(*(counts.all() for counts in every)))

    def ones(self, documents: Documents) -> Counts:
        return Ones(documents)

    def count_in(self, counts: Counts, document: int) -> int:
        return counts.of(Documents((document,)))[0]

    def part_in(self, counts: Counts, norms: Norms, document: int) -> float:
        documents = Documents((document,))
        (part,) = bm25.field_parts(counts.of(documents), _norms_of(documents, norms))
        return part

    def chosen(self, documents: Iterable[int]) -> Documents:
        return Documents(members=set(documents))

    def everything(self) -> Documents:
        every = range(self._size)
        if not self._deleted:
            return Documents(every)
        return Documents([document for document in every if document not in self._deleted])

    def lasting(self, documents: Documents) -> Documents:
        return documents

    def union(self, sets: Sequence[Documents]) -> Documents:
        sets = [each for each in sets if len(each)]
        match sets:
            case []:
                return Documents(())
            case [one]:
                return one
            case [one, other]:
                return Union(one, other)
        if any(each.number is not None for each in sets):
            return Documents(number=reduce(or_, map(self._number, sets)))
        return Documents(members=set().union(*sets))

    def intersection(self, sets: Sequence[Documents]) -> Documents:
        first, *others = sorted(sets, key=len)
        if not others:
            return first
        numbers = [each.number for each in sets if each.number is not None]
        if len(numbers) == len(sets):
            number = reduce(and_, numbers)
            same = (each for each in sets if each.number == number)
            return next(same, None) or Documents(number=number)
        for other in others:
            first = other.narrowed(first)
        return first

    def difference(self, documents: Documents, excluded: Sequence[Documents]) -> Documents:
        if not excluded:
            return documents
        if documents.number is None:
            return Documents(members=documents.members.difference(*excluded))
        number = documents.number
        for each in excluded:
            number &= ~self._number(each)
        return Documents(number=number)

    def _number(self, documents: Documents) -> int:
        if documents.number is not None:
            return documents.number
        flags = bytearray(self._size)
        for document in documents:
            flags[document] = 1
        return number_of(flags)

    def between(self, documents: Documents, column: Column, low: float, high: float) -> Documents:
        low, ids = least_in(column, low), documents.ids
        pairs = zip(ids, _values(column, ids), strict=True)
        return Documents([document for document, value in pairs if low <= value <= high])

    def titled(
        self,
        documents: Documents,
        words: Sequence[Word],
        lengths: Column,
        weight: float,
    ) -> tuple[Documents, Scores] | None:
        titles = [word.evidence.title for word in words if word.evidence.title]
        if len(titles) < len(words):
            return None
        first, *others = sorted(titles, key=len)
        documents = self.intersection([documents, first.having()])
        for title in others:
            documents = Documents(list(compress(documents.ids, title.flags(documents))))
        some = documents.ids
        size = sum(word.evidence.size for word in words)
        own = _values(lengths, some)
        if size == 1:
            some = [document for document, length in zip(some, own, strict=True) if length == 1]
            own = [1] * len(some)
        factors = [bm25.title_factor(size, length, weight) for length in own]
        return (Documents(some), factors) if some else None

    def raised(
        self,
        documents: Documents,
        scores: Scores,
        titled: tuple[Documents, Scores],
    ) -> Scores:
        some, factors = titled
        ids = documents.ids
        for (document, place), factor in zip(places_of(some.ids, ids), factors, strict=False):
            if ids[place] == document:
                scores[place] *= factor
        return scores

    def numbers(self, documents: Documents) -> list[int]:
        return list(documents)

    def total(self, documents: Documents) -> int:
        return len(documents)

    def scores(self, documents: Documents, words: Sequence[Word]) -> Scores:
        if not words:
            return [1.0] * len(documents)
        totals = [0.0] * len(documents)
        near: dict[int, list[float]] = {}
        for word in words:
            having = word.evidence.documents
            if _RARE * len(having) < len(documents):
                some = self.intersection([having, documents])
                scores = bm25.scores(word.weight, self._xs(word, some, {}))
                places = places_of(some.ids, documents.ids)
                for (_, place), score in zip(places, scores, strict=True):
                    totals[place] += score
            else:
                scores = bm25.scores(word.weight, self._xs(word, documents, near))
                totals = list(map(add, totals, scores))
        return totals

    def _xs(self, word: Word, documents: Documents, near: dict[int, list[float]]) -> Scores:
        """The x of the formula, for each of `documents`.

        Args:
            word: of the query.
            documents: of which some may be without it.
            near: the norms of these documents by field, the same for every word; filled here.
        """
        xs = [0.0] * len(documents)
        for counts, norms in word.evidence.fields:
            if id(norms) not in near:
                near[id(norms)] = _norms_of(documents, norms)
            parts = bm25.field_parts(counts.of(documents), near[id(norms)])
            xs = list(map(add, xs, parts))
        return xs

    def values(self, documents: Documents, column: Column) -> list[int]:
        return list(_values(column, documents.ids))

    def overlaps(self, documents: Documents, terms: Iterable[TermPostings]) -> list[int]:
        has = documents.members.__contains__
        # A document has a label once, in one of its spellings.
        return [sum(sum(map(has, _ids(part, None))) for part in parts) for parts in terms]

    def pairs(self, documents: Documents, scores: Scores) -> list[tuple[int, float]]:
        return list(zip(documents.ids, scores, strict=True))

    def contenders(
        self,
        documents: Documents,
        words: Sequence[Word],
        count: int,
        boosting: Boosting[Column],
        titled: tuple[Documents, Scores] | None,
    ) -> list[tuple[int, float]]:
        if not count:
            return []
        best = _Best(count, boosting)
        bound = sum(word.weight for word in words) if words else 1.0
        if titled:
            self._add(best, *titled, words, bound)
        if bound * boosting.boosts.bounds[1] >= best.least:
            rest = self.difference(documents, [titled[0]]) if titled else documents
            self._add(best, rest, None, words, bound)
        return best.texts

    def _add(
        self,
        best: _Best,
        documents: Documents,
        factors: Scores | None,
        words: Sequence[Word],
        bound: float,
    ) -> None:
        """Add to the best what could be among them.

        Args:
            best: so far.
            documents: of which some may be.
            factors: of each, by its title; None: 1.
            words: of the query.
            bound: no score is above it, but for factors and multipliers.
        """
        ids = documents.ids
        statics = best.statics(ids)
        promises = list(map(mul, statics, factors)) if factors else statics
        first = _PORTION * best.count
        edge = _greatest(promises, first) if len(ids) > first else 0.0

        def score(chosen: list[bool]) -> None:
            some = Documents(list(compress(ids, chosen)))
            texts = self.scores(some, words)
            if factors:
                texts = list(map(mul, texts, compress(factors, chosen)))
            best.add(some.ids, texts, list(compress(statics, chosen)))

        score([promise >= edge for promise in promises])
        others = [edge > promise and promise * bound >= best.least for promise in promises]
        if any(others):
            score(others)

    def multipliers(self, documents: Iterable[int], boosting: Boosting[Column]) -> dict[int, float]:
        return exact_multipliers(documents, boosting)

    def leading(
        self,
        documents: Documents,
        values: Column,
        dates: Column,
        count: int,
        *,
        unknown: float | None = None,
    ) -> list[int]:
        if not count:
            return []
        ids = documents.ids
        own: Iterable[float] = _values(values, ids)
        if unknown is not None:
            own = [ascending(value, unknown) for value in own]
        keys = dict(zip(ids, zip(own, _values(dates, ids), strict=True), strict=True))
        last = _greatest(keys.values(), count) if count < len(keys) else None
        kept = [d for d, key in keys.items() if last is None or key >= last]
        return sorted(kept, key=keys.__getitem__, reverse=True)


class _Best:
    """Documents that could be among the best of those that were added.

    Args:
        count: how many are the best.
        boosting: what their multipliers are worked out of.

    Attributes:
        least: no document with a smaller bound of its score is among them.
    """

    def __init__(self, count: int, boosting: Boosting[Column]) -> None:
        self.count = count
        self.least = 0.0
        self._boosting = boosting
        self._found: list[tuple[float, int, float]] = []

    @property
    def texts(self) -> list[tuple[int, float]]:
        """They, with the scores of their texts."""
        return [(document, text) for _, document, text in self._found]

    def statics(self, documents: Sequence[int]) -> Scores:
        """The part of each document's multiplier that is the same at any time, but for rounding."""
        boosts, (_, quality, heat), _ = self._boosting
        qualities, heats = _values(quality, documents), _values(heat, documents)
        # Many have the same values.
        by_quality = {value: static(value, None, boosts) for value in set(qualities)}
        by_heat = {value: static(None, value, boosts) - 1.0 for value in set(heats)}
        return list(map(add, map(by_quality.get, qualities), map(by_heat.get, heats)))

    def add(self, documents: Sequence[int], texts: Scores, statics: Scores) -> None:
        """More documents."""
        rows = zip(map(mul, texts, statics), documents, texts, strict=True)
        self._found += [row for row in rows if row[0] >= self.least]
        self.least = max(self.least, self._reached() * self._boosting.boosts.bounds[0])
        self._found = [row for row in self._found if row[0] >= self.least]

    def _reached(self) -> float:
        """The least of the `count` greatest bounds, but for rounding; 0: there are not so many."""
        if len(self._found) <= self.count:
            return 0.0
        return _greatest([most for most, *_ in self._found], self.count) * (1.0 - ROUNDING)


def _greatest(values: Collection[T], count: int) -> T:
    """The `count`-th greatest of at least so many."""
    if len(values) < _MANY:
        return sorted(values)[-count]  # type: ignore[type-var] # numbers, or pairs of them
    from heapq import nlargest  # noqa: PLC0415 - seldom

    return nlargest(count, values)[-1]


def _norms_of(documents: Documents, norms: Norms) -> list[float]:
    """The divisors of a field for some documents."""
    dilution, lengths = norms
    if not dilution.slope:
        return [dilution.base] * len(documents)
    return bm25.norms(dilution, _values(lengths, documents.ids))


def _values(column: Column, documents: Sequence[int]) -> Sequence[int]:
    """The numbers of some documents, which ascend."""
    if isinstance(column, SegmentedColumn):
        return column.at(documents)
    return gathered(column, documents)


def _ids(part: SegmentPostings, field: int | None) -> Iterable[int]:
    base, postings = part
    ids: Iterable[int] = postings.ids if field is None else postings.documents_of(field)
    return map(base.__add__, ids) if base else ids

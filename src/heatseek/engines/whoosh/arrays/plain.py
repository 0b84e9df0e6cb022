"""Array operations by the standard library: sets, dictionaries and C-level iteration."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from heapq import nlargest
from operator import add, and_, itemgetter, mul

from heatseek.engines.whoosh.arrays import ROUNDING, Boosting, exact_multipliers, in_order
from heatseek.engines.whoosh.arrays.plain_counts import (
    Counts,
    Documents,
    Ones,
    Record,
    Union,
    gathered,
    places_of,
    record_of,
)
from heatseek.engines.whoosh.columns import least_in, widened, widest
from heatseek.engines.whoosh.postings import SegmentPostings
from heatseek.ranking import ascending, bm25, static
from heatseek.ranking.bm25 import Dilution

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heatseek.engines.whoosh import arrays


Masks = dict[int, int]
Scores = list[float]
if TYPE_CHECKING:
    Column = memoryview | array[int]
    Norms = tuple[Dilution, Column]
    Operations = arrays.ArrayOperations[Documents, Counts, Masks, Column, Norms, Scores]
    Word = arrays.Word[Documents, Counts, Norms, Scores]
_ENTRY_BYTES = 100
"""Of a set or a dictionary, with the number that is in it."""
_PORTION = 30
"""Times as many documents as are wanted are scored at first, of those with all words in the title.
"""
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

    def column(self, parts: Sequence[memoryview], typecode: str) -> Column:
        if len(parts) == 1:
            return parts[0]
        joined = array(widest(parts, typecode))
        for part in parts:
            if part.format == joined.typecode:
                joined.frombytes(part.cast("B"))
            else:
                joined.extend(widened(part, joined))
        return joined

    def norms(self, dilution: Dilution, lengths: Column) -> Norms:
        return dilution, lengths

    def constant_norms(self) -> Norms:
        return Dilution(1.0, 0.0), array("B")

    def documents(self, parts: Iterable[SegmentPostings], field: int | None) -> Documents:
        parts = list(parts)
        if parts and in_order(parts):
            record = self._record(parts)
            return record.documents if field is None else record.in_field(field)
        every = (_ids(part, field) for part in parts)
        return Documents(members=set().union(*every).difference(self._deleted))

    def _record(self, parts: Sequence[SegmentPostings]) -> Record:
        """Kept with the records: documents and counts are asked for apart."""
        postings = parts[0][1]
        if not isinstance(postings.array, Record) or postings.array.parts != parts:
            postings.array = record_of(parts, self._deleted, self._size)
        record: Record = postings.array
        return record

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

    def counts(self, parts: Sequence[SegmentPostings], fields: Iterable[int]) -> dict[int, Counts]:
        every = self._record(parts).counts() if parts else {}
        return {field: every[field] for field in fields if field in every}

    def counted(self, counts: dict[int, int]) -> Counts:
        return Counts(counts)

    def ones(self, documents: Documents) -> Counts:
        return Ones(documents)

    def count_in(self, counts: Counts, document: int) -> int:
        return counts.of(Documents((document,)))[0]

    def part_in(self, counts: Counts, norms: Norms, document: int) -> float:
        documents = Documents((document,))
        (part,) = bm25.field_parts(counts.of(documents), _norms_of(documents, norms))
        return part

    def as_dict(self, counts: Counts) -> dict[int, int]:
        return counts.all()

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
        return Documents(members=set().union(*sets))

    def intersection(self, sets: Sequence[Documents]) -> Documents:
        first, *others = sorted(sets, key=len)
        if not others:
            return first
        numbers = [each.number for each in sets if each.number is not None]
        if len(numbers) == len(sets):
            return Documents(number=reduce(and_, numbers))
        members = first.members
        for other in others:
            members = other.among(members)
        return Documents(members=members)

    def difference(self, documents: Documents, excluded: Sequence[Documents]) -> Documents:
        if not excluded:
            return documents
        return Documents(members=documents.members.difference(*excluded))

    def between(self, documents: Documents, column: Column, low: float, high: float) -> Documents:
        low = least_in(column, low)
        return Documents(members={d for d in documents if low <= column[d] <= high})

    def titled(
        self,
        documents: Documents,
        words: Sequence[Word],
        lengths: Column,
        weight: float,
    ) -> tuple[Documents, Scores] | None:
        titles: list[Documents] = []
        for word in words:
            if not word.evidence.title:
                return None
            titles.append(word.evidence.title.having())
        size = sum(word.evidence.size for word in words)
        some = self.intersection([*titles, documents]).ids
        if size == 1:
            some = [document for document in some if lengths[document] == 1]
        factors = [bm25.title_factor(size, lengths[document], weight) for document in some]
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
        return [column[document] for document in documents]

    def overlaps(
        self, documents: Documents, terms: Sequence[Sequence[SegmentPostings]]
    ) -> list[int]:
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
        bound = sum(word.weight for word in words) * boosting.boosts.bounds[1]
        for greatest, some, factors in _portions(titled, _PORTION * count):
            if bound * greatest < best.least:
                return best.texts
            best.add(some.ids, list(map(mul, self.scores(some, words), factors)))
        if not words or bound >= best.least:
            rest = self.difference(documents, [titled[0]]) if titled else documents
            best.add(rest.ids, self.scores(rest, words))
        return best.texts

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
        keys: dict[int, tuple[float, int]]
        if unknown is None:
            keys = {document: (values[document], dates[document]) for document in documents}
        else:
            keys = {d: (ascending(values[d], unknown), dates[d]) for d in documents}
        last = nlargest(count, keys.values())[-1] if count < len(keys) else None
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
        self._count = count
        self._boosting = boosting
        self._found: list[tuple[float, int, float]] = []
        self.least = 0.0

    @property
    def texts(self) -> list[tuple[int, float]]:
        """They, with the scores of their texts."""
        return [(document, text) for _, document, text in self._found]

    def add(self, documents: Sequence[int], texts: Scores) -> None:
        """More documents."""
        boosts, (_, quality, heat), _ = self._boosting
        low, high = boosts.bounds
        least = max(self.least, self._reached(texts) * low)
        for document, text in zip(documents, texts, strict=True):
            if text * high >= least:
                # The part of the multiplier that is the same at any time cuts nearly all.
                most = text * static(quality[document], heat[document], boosts)
                self._found.append((most, document, text))
        self.least = max(least, self._reached([most for most, _, _ in self._found]) * low)
        self._found = [each for each in self._found if each[0] >= self.least]

    def _reached(self, scores: Scores) -> float:
        """What `count` of the scores reach at least, but for rounding; 0: there are not so many."""
        if len(scores) <= self._count:
            return 0.0
        return nlargest(self._count, scores)[-1] * (1.0 - ROUNDING)


def _portions(
    titled: tuple[Documents, Scores] | None, size: int
) -> Iterator[tuple[float, Documents, Scores]]:
    """Documents by the factors of their titles: the greatest of a portion, and those of each."""
    some, factors = titled or (Documents(()), [])
    order = sorted(zip(factors, some.ids, strict=True), reverse=True)
    while order:
        portion, order = order[:size], order[size:]
        greatest, _ = portion[0]
        portion.sort(key=itemgetter(1))
        yield greatest, Documents([d for _, d in portion]), [factor for factor, _ in portion]
        size *= 4


def _norms_of(documents: Documents, norms: Norms) -> list[float]:
    """The divisors of a field for some documents."""
    dilution, lengths = norms
    if not dilution.slope:
        return [dilution.base] * len(documents)
    return bm25.norms(dilution, gathered(lengths, documents.ids))


def _ids(part: SegmentPostings, field: int | None) -> Iterable[int]:
    base, postings = part
    ids: Iterable[int] = postings.ids if field is None else postings.documents_of(field)
    return map(base.__add__, ids) if base else ids

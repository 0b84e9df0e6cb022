"""Array operations by numpy: scores, and which documents are the best."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, cast

import numpy as np

from heatseek.engines.whoosh.arrays import Boosting, exact_multipliers
from heatseek.engines.whoosh.arrays.numpy_counts import Counts, Norms
from heatseek.engines.whoosh.arrays.numpy_factors import Factors, raised
from heatseek.engines.whoosh.arrays.numpy_lists import (
    ID,
    Documents,
    Mask,
    joined,
)
from heatseek.engines.whoosh.arrays.numpy_ranges import Ranges
from heatseek.engines.whoosh.arrays.numpy_scores import (
    Bounds,
    gains_of,
    greatest,
    is_long,
    leaders,
    max_of,
    promising,
    reached,
    slackened,
    total,
)
from heatseek.engines.whoosh.arrays.numpy_sets import NONE, SPARSE
from heatseek.engines.whoosh.arrays.numpy_terms import Masks, Terms
from heatseek.engines.whoosh.columns import unknown_in, widest
from heatseek.ranking import Boosts
from heatseek.ranking import arrays as formulas
from heatseek.ranking.arrays import Floats, Numbers
from heatseek.ranking.bm25 import Dilution

Multipliers = tuple[Floats | Factors, float]
"""The multiplier of each document, and the greatest of them."""
if TYPE_CHECKING:
    from heatseek.engines.whoosh import arrays

    Operations = arrays.ArrayOperations[Documents, Counts, Masks, Numbers, Norms, Floats]
    Evidence = arrays.Evidence[Documents, Counts, Norms, Floats]
    Word = arrays.Word[Documents, Counts, Norms, Floats]

_MANY = 3_000
"""Documents from which on a look at which of them could be among the best costs less than it saves;
and from which on a word is not scored in all of its own where it is asked for in a few."""
_SAMPLE = 256
"""Documents that are scored to know what the best reach at least."""
_FEW_LENGTHS = 2
"""Bytes of a length; of longer ones there are fewer than numbers that they could be."""
_KEPT = 8
"""Sets of weights, and instants, whose multipliers are kept."""
_DOCUMENT_BYTES = 24
"""Of a word: numbers, fields and counts, and what they give, or ranks in fields."""


def numpy_arrays(
    size: int, deleted: Sequence[int] = (), *, long_lived: bool = True
) -> arrays.Arrays:
    """Operations over `size` documents, some of which are deleted; for one search or for many."""
    made: Operations = NumpyArrays(size, deleted, long_lived=long_lived)
    return cast("arrays.Arrays", made)


class NumpyArrays(Terms):
    """See `arrays.ArrayOperations`."""

    def __init__(self, size: int, deleted: Sequence[int] = (), *, long_lived: bool = True) -> None:
        super().__init__(size, deleted, keeps_masks=long_lived)
        self._long_lived = long_lived
        self.document_bytes = _DOCUMENT_BYTES
        self.live = size - len(deleted)
        self._scratch = np.zeros(size)
        self._multipliers: OrderedDict[tuple[Boosts, float], Multipliers] = OrderedDict()
        self._latest: tuple[Boosts | None, Multipliers] = None, (self._scratch, 0.0)
        """Weights that were asked for last, and their multipliers: to hash weights takes longer."""

    def column(self, parts: Sequence[memoryview], typecode: str) -> Numbers:
        if len(parts) == 1:
            return np.frombuffer(parts[0], parts[0].format)
        joined: Numbers = np.empty(self._size, widest(parts, typecode))
        end = 0
        for part in parts:
            start, end = end, end + len(part)
            values = np.frombuffer(part, part.format)
            joined[start:end] = values
            if unknown_in(values) != (unknown := unknown_in(joined)):
                joined[start:end][values == unknown_in(values)] = unknown
        return joined

    def norms(self, dilution: Dilution, lengths: Numbers) -> Norms:
        if lengths.itemsize <= _FEW_LENGTHS:
            different = np.arange(1 << 8 * lengths.itemsize)
        else:
            different, lengths = np.unique(lengths, return_inverse=True)
        return Norms(formulas.norms(dilution, different), lengths)

    def constant_norms(self) -> Norms:
        return Norms(np.ones(1), np.broadcast_to(np.uint8(0), self._size))

    def part_in(self, counts: Counts, norms: Norms, document: int) -> float:
        here = counts.at(np.array([document], ID))
        return 0.0 if here is None else float(formulas.field_parts(here, norms[[document]])[0])

    def titled(
        self,
        documents: Documents,
        words: Sequence[Word],
        lengths: Numbers,
        weight: float,
    ) -> tuple[Documents, Floats] | None:
        if any(word.evidence.title is None for word in words):
            return None
        size = sum(word.evidence.size for word in words)
        # The rarest first, so that few titles are left to look for in those of the others.
        first, *others = sorted((word.evidence for word in words), key=self._rarity)
        if size == 1:
            if first.alone is None:
                first.alone = self.between(self._titles(first), lengths, 1, 1)
            documents = first.alone
        else:
            documents = self._titles(first)
            for other in others:
                if not len(documents):
                    return None
                documents = documents[self._member(documents, self._titles(other))]
        if not len(documents):
            return None
        return documents, formulas.title_factors(size, lengths[documents], weight)

    def _titles(self, evidence: Evidence) -> Documents:
        """The documents whose title has a word."""
        title = evidence.title
        if title is None:
            return NONE
        documents = title.ids
        if not self._long_lived:
            title.forget_ids()
        return documents

    def _rarity(self, evidence: Evidence) -> int:
        """How many titles have a word; what tells it roughly, where those are not kept."""
        return len(self._titles(evidence) if self._long_lived else evidence.documents)

    def raised(
        self, documents: Documents, scores: Floats, titled: tuple[Documents, Floats]
    ) -> Floats:
        return raised(documents, scores, *titled)

    def scores(self, documents: Documents, words: Sequence[Word]) -> Floats:
        if not words or not len(documents):
            return np.ones(len(documents))
        if all(len(documents) * SPARSE >= len(word.evidence.documents) for word in words):
            return self._scores_of_many(documents, words)
        return self._added(documents, words)

    def _added(self, documents: Documents, words: Sequence[Word]) -> Floats:
        """The scores of a few documents, in any order."""
        totals = np.zeros(len(documents))
        near: dict[int, Floats] = {}
        for word in words:
            totals += self._looked_up(documents, word, near)
        return totals

    def _looked_up(self, documents: Documents, word: Word, near: dict[int, Floats]) -> Floats:
        """A word's score in each of a few documents.

        Args:
            documents: the few.
            word: of which all others are left alone.
            near: the norms of these documents by field, the same for every word; filled here.
        """
        evidence = word.evidence
        if not len(evidence.documents):
            return np.zeros(len(documents))
        gains = evidence.gains
        if len(evidence.documents) < _MANY or (gains and gains.weight == word.weight):
            places = evidence.documents.searchsorted(documents)
            having: Mask = evidence.documents.take(places, mode="clip") == documents
            found: Floats = having * gains_of(word).scores.take(places, mode="clip")
            return found
        xs = np.zeros(len(documents))
        for counts, norms in evidence.fields:
            if (here := counts.at(documents)) is not None:
                if id(norms) not in near:
                    near[id(norms)] = norms[documents]
                xs += formulas.field_parts(here, near[id(norms)])
        return formulas.scores(word.weight, xs)

    def _scores_of_many(self, documents: Documents, words: Sequence[Word]) -> Floats:
        """Scores worked out for all documents that have a word, then those of `documents` taken."""
        if len(words) == 1 and words[0].evidence.documents is documents:
            return gains_of(words[0]).scores
        totals = self._scratch
        try:
            for word in words:
                totals[word.evidence.documents] += gains_of(word).scores
            result: Floats = totals[documents]
            for word in words:
                totals[word.evidence.documents] = 0.0
        except BaseException:
            # Ctrl-C, too: the next search must not find scores of this one.
            totals.fill(0.0)
            raise
        return result

    def values(self, documents: Documents, column: Numbers) -> Iterator[int]:
        every = formulas.blocks(len(documents))
        return chain.from_iterable(column[documents[block]].tolist() for block in every)

    def pairs(self, documents: Documents, scores: Floats) -> list[tuple[int, float]]:
        return list(zip(documents.tolist(), scores.tolist(), strict=True))

    def contenders(
        self,
        documents: Documents,
        words: Sequence[Word],
        count: int,
        boosting: Boosting[Numbers],
        titled: tuple[Documents, Floats] | None,
    ) -> list[tuple[int, float]]:
        if not count:
            return []
        if count >= len(documents):
            scores = self.scores(documents, words)
        elif titled:
            documents, scores = self._best_raised(documents, words, count, boosting, titled)
        else:
            documents, scores = self._best(documents, words, count, self._factors(boosting))
        if titled:
            scores = self.raised(documents, scores, titled)
        if not self._long_lived:
            # What is in the way of the articles; it is worked out again where there are two tiers.
            self._forget(words)
        return self.pairs(documents, scores)

    def _forget(self, words: Sequence[Word]) -> None:
        """Give back the memory of what is worked out for all documents."""
        for word in words:
            word.evidence.gains = None

    def _best_raised(
        self,
        documents: Documents,
        words: Sequence[Word],
        count: int,
        boosting: Boosting[Numbers],
        titled: tuple[Documents, Floats],
    ) -> tuple[Documents, Floats]:
        """`_best`, by multipliers in which the factors of titles are for as long as it takes."""
        factors, most = self._factors(boosting)
        some, more = titled
        if isinstance(factors, Factors):
            by = factors.raised(some, more), most
            return self._best(documents, words, count, by, some)
        before = factors[some]
        try:
            factors[some] = before * more
            # A document that is raised has all words.
            return self._best(documents, words, count, (factors, most), some)
        finally:
            # Ctrl-C, too: the next search must not find titles of this one.
            factors[some] = before

    def _best(
        self,
        documents: Documents,
        words: Sequence[Word],
        count: int,
        by: Multipliers,
        raised: Documents = NONE,
    ) -> tuple[Documents, Floats]:
        """All that could be among the best `count` by these factors, with their scores before.

        Args:
            documents: of which.
            words: by which.
            count: how many are the best.
            by: the factors, and the greatest one of documents that are not raised.
            raised: documents with greater factors.
        """
        factors, _ = by
        least = 0.0
        if len(documents) >= _MANY and words:
            documents, least = self._narrowed(documents, words, count, by, raised)
        best = []
        for part in self._scored(documents, words, by, lambda: least):  # noqa: B023 - as it has grown
            some, own = part
            most = own * factors[some]
            if is_long(most, count) or count < len(most) < len(documents):
                least = max(least, slackened(reached(most, count)))
                kept = (most >= least).nonzero()[0]
                some, own, most = some[kept], own[kept], most[kept]
            best.append((some, own, most))
        documents, scores, most = map(joined, zip(*best, strict=True))
        kept = (most >= slackened(greatest(most, count))).nonzero()[0]
        return documents[kept], scores[kept]

    def _scored(
        self,
        documents: Documents,
        words: Sequence[Word],
        by: Multipliers,
        least: Callable[[], float],
    ) -> Iterator[tuple[Documents, Floats]]:
        """The scores of all that could reach so much by these factors, some at a time."""
        if not self._long_lived and len(documents) >= _MANY and words:
            ranges = Ranges(documents, words, self._size)
            if len(words) < 2 or not least():
                yield from ranges.scores()
            else:
                for some in ranges.promising(by, least):
                    yield some, self._added(some, words)
            return
        scores = self.scores(documents, words)
        for block in formulas.blocks(len(documents)):
            yield documents[block], scores[block]

    def _narrowed(
        self,
        documents: Documents,
        words: Sequence[Word],
        count: int,
        by: Multipliers,
        raised: Documents,
    ) -> tuple[Documents, float]:
        """Those of many documents that could be among the best `count`, which reach so much."""
        factors, most = by
        words = sorted(words, key=lambda word: len(word.evidence.documents))
        wanted = self._mask(documents)
        least = 0.0
        some = self._with_most_words(words, count, wanted, raised)
        if len(some) >= count:
            if len(some) > (size := max(count, _SAMPLE)):
                some = some[factors[some].argpartition(-size)[-size:]]
            least = slackened(greatest(self._added(some, words) * factors[some], count))
        every = total(words)
        if every * most < least:
            raised = raised[wanted[raised]]
            return raised[every * factors[raised] >= least], least
        if len(words) < 2 or not self._long_lived:
            return documents, least
        bounds = Bounds(factors, most, least)
        found = promising(words, count, wanted.copy(), bounds, self._scratch)
        return documents if found is None else found, least

    def _with_most_words(
        self, words: Sequence[Word], count: int, wanted: Mask, raised: Documents
    ) -> Documents:
        """Documents of which some are likely to be among the best; too few: that takes long."""
        some = raised[wanted[raised]]
        first, *others = (word.evidence.documents for word in words)
        if len(some) >= count or len(first) > _MANY:
            return some
        some = first[wanted[first]]
        for other in others:
            fewer = some[self._member(some, other)]
            if len(fewer) < count:
                break
            some = fewer
        return some

    def leading(
        self,
        documents: Documents,
        values: Numbers,
        dates: Numbers,
        count: int,
        *,
        unknown: float | None = None,
    ) -> list[int]:
        if not count:
            return []
        best = []
        for block in formulas.blocks(len(documents)):
            some = documents[block]
            keys, times = values[some], dates[some]
            if unknown is not None:
                keys = formulas.ascending(keys, unknown)
            kept = leaders(keys, times, count)
            best.append((some[kept], keys[kept], times[kept]))
        if not best:
            return []
        documents, keys, times = map(joined, zip(*best, strict=True))
        kept = leaders(keys, times, count)
        documents, keys, times = documents[kept], keys[kept], times[kept]
        order = np.lexsort((times, keys))[::-1]
        result: list[int] = documents[order].tolist()
        return result

    def multipliers(
        self, documents: Iterable[int], boosting: Boosting[Numbers]
    ) -> dict[int, float]:
        boosts = boosting.boosts
        chosen = list(documents)
        is_ready = boosts is self._latest[0] or (boosts, 0.0) in self._multipliers
        # Powers of 2 are numpy's own; all else is the formula's to the last bit.
        if boosts.recency or (len(chosen) < _MANY and not is_ready):
            return exact_multipliers(chosen, boosting)
        factors = self._factors(boosting)[0]
        if isinstance(factors, Factors):
            return dict(zip(chosen, factors[chosen].tolist(), strict=True))
        return {document: factors.item(document) for document in chosen}

    def _factors(self, boosting: Boosting[Numbers]) -> Multipliers:
        """The multiplier of each document of the index, but for rounding; kept for the next query.

        `now` is mostly the date of the newest article.
        """
        if not self._long_lived:
            factors = Factors(boosting)
            return factors, factors.most
        boosts, columns, now = boosting
        if boosts is self._latest[0] and not boosts.recency:
            return self._latest[1]
        key = boosts, now if boosts.recency else 0.0
        multipliers = self._multipliers.pop(key, None)
        if multipliers is None:
            every = formulas.multipliers(*columns, now, boosts)
            multipliers = every, max_of(every)
            while len(self._multipliers) >= _KEPT:
                self._multipliers.popitem(last=False)
        self._multipliers[key] = multipliers
        self._latest = boosts, multipliers
        return multipliers

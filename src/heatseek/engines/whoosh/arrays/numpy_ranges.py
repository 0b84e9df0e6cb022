"""Scores for `numpy_arrays` in a process that searches once: a range of documents at a time.

What a search of many holds for all documents (scores of words, sums) is there for one range only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from heatseek.engines.whoosh.arrays.numpy_factors import Factors
from heatseek.engines.whoosh.arrays.numpy_lists import Documents
from heatseek.engines.whoosh.arrays.numpy_scores import part_scores, total
from heatseek.ranking.arrays import Floats

if TYPE_CHECKING:
    from heatseek.engines.whoosh.arrays.numpy_scores import Word

_RANGE = 65_536
"""Numbers of documents."""


class Ranges:
    """Some documents of an index of a size, and the words by which they are scored."""

    def __init__(self, documents: Documents, words: Sequence[Word], size: int) -> None:
        self._documents = documents
        self._cuts = _cuts(documents, size)
        self._words = [_WordRanges(word, size) for word in words]

    def scores(self) -> Iterator[tuple[Documents, Floats]]:
        """The score of each document, range by range."""
        for number, part in enumerate(self._cuts):
            some = self._documents[part]
            yield some, self._added(number, self._words)[some - number * _RANGE]

    def promising(
        self, by: tuple[Floats | Factors, float], least: Callable[[], float]
    ) -> Iterator[Documents]:
        """The documents that could be among the best, range by range.

        Words are added up from the rarest one on. Those are left out that, all together, give less
        than the best have; then whoever stays behind even with these in full is out of it, too.

        Args:
            by: the multipliers, and the greatest one of documents that have not all words.
            least: gives what the best reach at least; it may grow from one range to the next.
        """
        factors, most = by
        words = sorted(self._words, key=len)
        rest = [total([each.word for each in words[place:]]) for place in range(len(words) + 1)]
        for number, part in enumerate(self._cuts):
            bound = least()
            # What is once left out stays so: the bound does not sink.
            while words and rest[len(words) - 1] * most < bound:
                words.pop()
            some = self._documents[part]
            sums = self._added(number, words)[some - number * _RANGE]
            yield some[(sums + rest[len(words)]) * factors[some] >= bound]

    @staticmethod
    def _added(number: int, words: Sequence[_WordRanges]) -> Floats:
        """The sum of the scores of words for each number of a range."""
        totals = np.zeros(_RANGE)
        for word in words:
            documents = word.documents(number)
            if len(documents):
                totals[documents - number * _RANGE] += word.scores()
        return totals


class _WordRanges:
    """A word, whose ranges are read in order."""

    def __init__(self, word: Word, size: int) -> None:
        self.word = word
        self._cuts = _cuts(word.evidence.documents, size)
        parts = [part for part in self._cuts if part.start < part.stop]
        self._scores = part_scores(word.weight, word.evidence, parts)

    def __len__(self) -> int:
        return len(self.word.evidence.documents)

    def documents(self, number: int) -> Documents:
        """Those of a range that have it."""
        return self.word.evidence.documents[self._cuts[number]]

    def scores(self) -> Floats:
        """Its score in each document of the next range in which there are any."""
        return next(self._scores)


def _cuts(documents: Documents, size: int) -> list[slice]:
    """The documents of each range."""
    starts = np.arange(0, size + _RANGE, _RANGE).astype(documents.dtype)
    edges = documents.searchsorted(starts).tolist()
    return list(map(slice, edges, edges[1:]))

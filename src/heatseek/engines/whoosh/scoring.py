"""Text scores of matching documents (the formula is in `heatseek.bm25`)."""

from __future__ import annotations

from array import array
from functools import cached_property
from typing import TYPE_CHECKING

from heatseek.bm25 import K1, UNDILUTED, Dilution, dilution, idf, saturated
from heatseek.engines.whoosh.plan import Everything, Leaf
from heatseek.results import WordScore
from heatseek.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heatseek.engines.whoosh.matching import Matcher

_TEXT = {spec.name: spec for spec in TEXT_FIELDS}
EVERYTHING_SCORE = 1.0
"""Of each document where nothing particular was asked for."""


class Scorer:
    """Scores by the statistics of all segments together."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._lengths: dict[str, Sequence[int]] = {}

    def scores(self, asked: Iterable[Leaf | Everything], documents: set[int]) -> dict[int, float]:
        """The text score of each of `documents`."""
        total = dict.fromkeys(documents, 0.0)
        for leaf in asked:
            if isinstance(leaf, Everything):
                total = {document: s + EVERYTHING_SCORE for document, s in total.items()}
                continue
            weight = self._idf(leaf)
            for document, x in self._weighted(leaf, documents).items():
                total[document] += weight * x / (K1 + x)
        return total

    def words(self, asked: Iterable[Leaf | Everything], document: int) -> tuple[WordScore, ...]:
        """What each word gave to the score of a document."""
        return tuple(word for leaf in asked if (word := self._word(leaf, document)))

    def _word(self, leaf: Leaf | Everything, document: int) -> WordScore | None:
        if isinstance(leaf, Everything):
            return WordScore("(everything)", EVERYTHING_SCORE, ())
        parts = {
            field: self._weighted_in(field, frequencies, {document}).get(document, 0.0)
            for field, frequencies in self._matcher.frequencies(leaf).items()
        }
        x = sum(parts.values())
        if not x:
            return None
        score = self._idf(leaf) * saturated(x)
        fields = tuple((field, score * part / x) for field, part in parts.items() if part)
        return WordScore(leaf.text, score, fields)

    def _idf(self, leaf: Leaf) -> float:
        return idf(self._matcher.size, len(self._matcher.documents(leaf)))

    def _weighted(self, leaf: Leaf, documents: set[int]) -> dict[int, float]:
        """X of the formula, for those of `documents` that have the word."""
        total: dict[int, float] = {}
        for field, frequencies in self._matcher.frequencies(leaf).items():
            found = self._weighted_in(field, frequencies, documents)
            if not total:
                total = found
                continue
            get = total.get
            for document, x in found.items():
                total[document] = get(document, 0.0) + x
        return total

    def _weighted_in(
        self, field: str, frequencies: dict[int, int], documents: set[int]
    ) -> dict[int, float]:
        base, slope = self._dilution(field)
        if len(documents) < len(frequencies):
            common = documents & frequencies.keys()
            frequencies = {document: frequencies[document] for document in common}
        elif len(documents) < self._matcher.size:
            frequencies = {d: tf for d, tf in frequencies.items() if d in documents}
        if not slope:
            return {document: tf / base for document, tf in frequencies.items()}
        lengths = self._field_lengths(field)
        return {d: tf / (base + slope * lengths[d]) for d, tf in frequencies.items()}

    def _dilution(self, field: str) -> Dilution:
        spec = _TEXT.get(field)
        if spec is None:
            return UNDILUTED
        words, having = self._totals.get(field, (0, 0))
        return dilution(spec.weight, spec.b, words / having if having else 0.0)

    @cached_property
    def _totals(self) -> dict[str, tuple[int, int]]:
        every = [segment.statistics() for segment in self._matcher.segments]
        return {
            field: (sum(s[field][0] for s in every), sum(s[field][1] for s in every))
            for field in _TEXT
        }

    def _field_lengths(self, field: str) -> Sequence[int]:
        lengths = self._lengths.get(field)
        if lengths is None:
            columns = [segment.lengths(field) for segment in self._matcher.segments]
            lengths = self._lengths[field] = joined(columns, "I")
        return lengths


def joined(columns: list[Sequence[int]], typecode: str) -> Sequence[int]:
    """The columns of all segments as one; that of a single segment as it is."""
    if len(columns) == 1:
        return columns[0]
    values = array(typecode)
    for column in columns:
        values.extend(column)
    return values

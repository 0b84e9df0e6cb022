"""Articles and queries as weighed terms: the words of all text fields, stemmed, by number."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from heatseek.schema import TEXT_FIELDS
from heatseek.text.languages import Analyzer
from heatseek.text.tokens import forms, written_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.article import Article
    from heatseek.text.languages import Language

MOST_CHARACTERS = 20_000
"""Of a field: what an article is about is told by then."""
_MOST_WORDS = 500_000
"""Different words whose terms are remembered."""


class Terms:
    """Gives terms to texts; function words and numbers have none."""

    def __init__(self, language: Language) -> None:
        self._analyzer = Analyzer(language)
        self._known: dict[str, tuple[str, ...]] = {}

    def of_article(self, article: Article) -> dict[str, float]:
        """How much each term counts in an article: the logarithm of how often it stands there.

        A word in a field counts as often as the field has weight in the ranking.
        """
        counts: defaultdict[str, float] = defaultdict(float)
        for spec in TEXT_FIELDS:
            for text in spec.values(article):
                self._count(text[:MOST_CHARACTERS], spec.weight, counts)
        return _dampened(counts)

    def of_text(self, text: str) -> dict[str, float]:
        """How much each term counts in a query."""
        counts: defaultdict[str, float] = defaultdict(float)
        self._count(text[:MOST_CHARACTERS], 1.0, counts)
        return _dampened(counts)

    def _count(self, text: str, weight: float, counts: defaultdict[str, float]) -> None:
        for word in written_words(text):
            terms = self._known.get(word)
            if terms is None:
                terms = self._learn(word)
            for term in terms:
                counts[term] += weight

    def _learn(self, word: str) -> tuple[str, ...]:
        if len(self._known) >= _MOST_WORDS:
            self._known.clear()
        terms = self._known[word] = tuple(self._of_parts(forms(word).parts))
        return terms

    def _of_parts(self, parts: Iterable[str]) -> Iterable[str]:
        analyzer = self._analyzer
        for part in parts:
            if not part.isdecimal() and not analyzer.is_stopword(part):
                yield analyzer.stem(part)


def _dampened(counts: dict[str, float]) -> dict[str, float]:
    return {term: math.log1p(count) for term, count in counts.items()}

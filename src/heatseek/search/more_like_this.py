"""An article as a query: the words that tell it from others.

The selection is Lucene's MoreLikeThis: words weighed by how often they stand in the article and by
how few articles have them, the best of which become a query.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from heatseek.query.rewriting import any_of
from heatseek.query.tree import Boosted, Query, Term
from heatseek.schema import TEXT_FIELDS
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heatseek.article import Article

MOST_WORDS = 25
_CONSIDERED = 150
"""Different words that are looked up; the most frequent in the article."""
_LETTERS = 2_000
"""Of each field: what an article is about stands at its beginning."""


def like(
    article: Article,
    articles: int,
    count: Callable[[Sequence[Query]], Sequence[int]],
    language: Language = ENGLISH,
) -> Query | None:
    """The query that finds articles about the same; None if there is no word to go by.

    Args:
        article: what they are to be like.
        articles: how many there are.
        count: gives how many of them match each of some queries.
        language: of the index.
    """
    weights, written = _weights(article, Analyzer(language))
    scores: dict[Query, float] = {}
    heaviest = weights.most_common(_CONSIDERED)
    terms = [Term(written[stem]) for stem, _ in heaviest]
    for (_, weight), term, having in zip(heaviest, terms, count(terms), strict=True):
        # A word of this article alone finds nothing else.
        if having > 1:
            scores[Boosted(term, round(weight / (weight + 1.0), 3))] = weight * math.log(
                1.0 + articles / having
            )
    best = sorted(scores, key=lambda word: -scores[word])[:MOST_WORDS]
    return any_of(best) if best else None


def _weights(article: Article, analyzer: Analyzer) -> tuple[Counter[str], dict[str, str]]:
    """How much each stem counts by the fields that it stands in, and how it is written first."""
    stem = analyzer.stem
    weights: Counter[str] = Counter()
    written: dict[str, str] = {}
    for spec in TEXT_FIELDS:
        for text in spec.values(article):
            for token in tokenize(text[:_LETTERS]):
                for part in token.forms.parts:
                    if not analyzer.is_stopword(part) and not part.isdecimal():
                        weights[stem(part)] += spec.weight  # type: ignore[assignment] # weights are no counts
                        written.setdefault(stem(part), part)
    return weights, written

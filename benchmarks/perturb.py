"""An archive of any size from a smaller one: articles like the real ones, but not copies.

A variation has about a third of the words in title and excerpt replaced by other words of the
archive, the topics of another article, and date, quality and heat of three more.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from heatseek.article import Article, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_REPLACED = 0.3
"""The share of words in title and excerpt that other words of the archive take the place of."""
_WORD = re.compile(r"\w+")
_FOLDER = 1_000
"""Articles per folder."""


def scaled(
    articles: Sequence[Article], count: int, seed: int, related: int = 0
) -> Iterator[Article]:
    """Give `count` articles: a sample of the archive, or all of it and then variations.

    Each has the first `related` entries of what the article that it is like mentions, unchanged.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    if count <= len(articles):
        chosen = [articles[place] for place in sorted(chance.sample(range(len(articles)), count))]
        varied: Iterator[Article] = iter(())
    else:
        chosen = list(articles)
        varied = _variations(articles, count - len(articles), chance)
    for number, article in enumerate(chain(chosen, varied)):
        path = f"{number // _FOLDER:04d}/{number:07d}.md"
        yield replace(
            article, id=path, kind=Kind.ARTICLE, related_to=(), related=article.related[:related]
        )


def _variations(
    articles: Sequence[Article], count: int, chance: random.Random
) -> Iterator[Article]:
    words = _Words(articles, chance)
    for number in range(count):
        article = articles[number % len(articles)]
        other, dated, rated, heated = (chance.choice(articles) for _ in range(4))
        yield replace(
            article,
            title=words.vary(article.title),
            excerpt=words.vary(article.excerpt),
            topics=tuple(chance.sample(other.topics, len(other.topics))),
            published_at=dated.published_at,
            quality=rated.quality,
            heat=heated.heat,
            url=f"https://variation.example/{number}",
        )


class _Words:
    """Words of titles and excerpts, drawn as often as they stand there."""

    def __init__(self, articles: Sequence[Article], chance: random.Random) -> None:
        counts = Counter(
            word
            for article in articles
            for word in _WORD.findall(f"{article.title} {article.excerpt}")
        )
        self._words: list[str] = list(counts)
        self._sums = list(accumulate(counts.values()))
        self._chance = chance

    def vary(self, text: str) -> str:
        """Replace some words of a text."""
        return _WORD.sub(self._replacement, text)

    def _replacement(self, match: re.Match[str]) -> str:
        if self._chance.random() >= _REPLACED:
            return match.group()
        return self._chance.choices(self._words, cum_weights=self._sums)[0]

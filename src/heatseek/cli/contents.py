"""An index's contents, counted in one pass over its articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from heatseek.article import Kind
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from heatseek.article import Article


class Numbers(NamedTuple):
    """A number of articles: how many have it, and its spread; the median is one of the values."""

    known: int
    unknown: int
    lowest: int | None = None
    median: int | None = None
    highest: int | None = None


class Dates(NamedTuple):
    """The dates of articles: how many have one, the first and the last."""

    known: int
    unknown: int
    first: datetime | None
    last: datetime | None


class Contents(NamedTuple):
    """Counts. Labels, numbers and dates are those of articles, related ones left out.

    A label is one however it is written, as in facets, and goes by the spelling of most articles.
    """

    articles: int
    related: int
    published: Counter[bool | None]
    topics: Counter[str]
    providers: Counter[str]
    categories: Counter[str]
    types: Counter[str]
    dates: Dates
    quality: Numbers
    heat: Numbers


def contents(articles: Iterable[Article]) -> Contents:
    """Count everything."""
    related = 0
    published: Counter[bool | None] = Counter()
    topics, providers, categories, types = _Labels(), _Labels(), _Labels(), _Labels()
    dates: list[datetime | None] = []
    quality: list[int | None] = []
    heat: list[int | None] = []
    for article in articles:
        if article.kind is Kind.RELATED:
            related += 1
            continue
        published[article.published] += 1
        topics.add(*article.topics)
        providers.add(*(article.provider.names or ("",)))
        categories.add(article.category or "")
        types.add(article.type or "")
        dates.append(article.published_at)
        quality.append(article.quality)
        heat.append(article.heat)
    return Contents(
        articles=published.total(),
        related=related,
        published=published,
        topics=topics.counted(),
        providers=providers.counted(),
        categories=categories.counted(),
        types=types.counted(),
        dates=_dates(dates),
        quality=_numbers(quality),
        heat=_numbers(heat),
    )


class _Labels:
    """Articles by label, and the spellings of each."""

    def __init__(self) -> None:
        self._articles: Counter[str] = Counter()
        self._spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, *values: str) -> None:
        """Count the labels of an article, each once."""
        keys = {value: label(value) for value in values}
        self._articles.update(set(keys.values()))
        for value, key in keys.items():
            self._spellings[key][value] += 1

    def counted(self) -> Counter[str]:
        """The articles of each label; of equally frequent spellings the first by letters."""
        return Counter(
            {
                min(spellings, key=lambda value: (-spellings[value], value)): self._articles[key]
                for key, spellings in self._spellings.items()
            }
        )


def _numbers(values: list[int | None]) -> Numbers:
    known = sorted(value for value in values if value is not None)
    unknown = len(values) - len(known)
    if not known:
        return Numbers(0, unknown)
    return Numbers(len(known), unknown, known[0], known[len(known) // 2], known[-1])


def _dates(values: list[datetime | None]) -> Dates:
    known = [value for value in values if value is not None]
    unknown = len(values) - len(known)
    return Dates(len(known), unknown, min(known, default=None), max(known, default=None))

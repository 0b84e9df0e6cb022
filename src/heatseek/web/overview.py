"""An index as a whole: its contents, its articles over time, and its labels with their means."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from heatseek.article import Kind
from heatseek.cli.contents import contents
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heatseek.article import Article
    from heatseek.cli.contents import Contents


class LabelRow(NamedTuple):
    """A topic or a provider."""

    value: str
    articles: int
    quality: float | None
    """The mean over those whose quality is known."""
    heat: float | None


class Month(NamedTuple):
    """A month in UTC."""

    year: int
    month: int
    articles: int


class Overview(NamedTuple):
    """All that is counted in one look at every article; related ones count nowhere but there."""

    contents: Contents
    months: tuple[Month, ...]
    """From the first that has an article to the last, those without any among them."""
    topics: tuple[LabelRow, ...]
    """The most frequent first."""
    providers: tuple[LabelRow, ...]


def overview(articles: Iterable[Article]) -> Overview:
    """Count everything."""
    months: Counter[int] = Counter()
    topics, providers = _Means(), _Means()

    def tallied() -> Iterator[Article]:
        for article in articles:
            if article.kind is Kind.ARTICLE:
                if date := article.published_at:
                    months[12 * date.year + date.month - 1] += 1
                topics.add(article, article.topics)
                providers.add(article, article.provider.names)
            yield article

    counted = contents(tallied())
    return Overview(
        counted,
        tuple(_months(months)),
        tuple(topics.rows(counted.topics)),
        tuple(providers.rows(counted.providers)),
    )


def _months(counts: Counter[int]) -> Iterator[Month]:
    if counts:
        for number in range(min(counts), max(counts) + 1):
            yield Month(number // 12, number % 12 + 1, counts[number])


class _Means:
    """Sums of quality and heat, and how many numbers are in each, by label."""

    def __init__(self) -> None:
        self._sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def add(self, article: Article, values: Iterable[str]) -> None:
        """Take in an article that has some labels, each once."""
        for key in {label(value) for value in values}:
            sums = self._sums[key]
            for place, number in ((0, article.quality), (2, article.heat)):
                if number is not None:
                    sums[place] += number
                    sums[place + 1] += 1

    def rows(self, counts: Counter[str]) -> Iterator[LabelRow]:
        """A row for each label that has a name."""
        for value, articles in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            if value:
                quality, rated, heat, heated = self._sums[label(value)]
                means = (quality / rated if rated else None, heat / heated if heated else None)
                yield LabelRow(value, articles, *means)

"""The contents of an index over time, and what each label's articles are worth: the plots' numbers.

They take a look at every article, and are made once for a generation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from heatseek.article import Kind
from heatseek.cli.render.escapes import UNICODE
from heatseek.text.tokens import label
from heatseek.web.addresses import Address
from heatseek.web.histograms import month, with_heights, year
from heatseek.zones import local

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from heatseek import Generation, Index
    from heatseek.article import Article
    from heatseek.cli.contents import Contents
    from heatseek.web.histograms import Column

ROWS = 20
"""Labels of each kind that have a row."""
MOST_COLUMNS = 120
"""Months that stand side by side; longer times are counted by year."""
HOME = Address("/")


class Row(NamedTuple):
    """A label and its articles."""

    name: str
    articles: int
    share: float
    """In per cent of the most frequent one."""
    quality: str
    """The mean over those that have it."""
    heat: str
    address: Address


class Table(NamedTuple):
    """The most frequent labels of a kind."""

    name: str
    rows: tuple[Row, ...]
    more: int
    """How many labels there are beside these."""


class Figures(NamedTuple):
    """Articles by month, and the sums behind the means of labels."""

    months: Counter[tuple[int, int]]
    worth: dict[str, dict[str, Worth]]
    """By kind of label and label."""


class Worth:
    """The quality and heat of some articles."""

    __slots__ = ("heat", "quality")

    def __init__(self) -> None:
        self.quality: list[int] = []
        self.heat: list[int] = []

    def add(self, article: Article) -> None:
        """Count an article with them."""
        if article.quality is not None:
            self.quality.append(article.quality)
        if article.heat is not None:
            self.heat.append(article.heat)


def mean(values: list[int]) -> str:
    """As it is shown."""
    return f"{sum(values) / len(values):.0f}" if values else UNICODE.dash


@lru_cache(maxsize=1)
def figures(index: Index, generation: Generation, zone: tzinfo) -> Figures:  # noqa: ARG001 - of the key
    """Those of a generation, which the index is at."""
    return _counted(index.articles(), zone)


def _counted(articles: Iterable[Article], zone: tzinfo) -> Figures:
    months: Counter[tuple[int, int]] = Counter()
    worth: dict[str, dict[str, Worth]] = {
        "topic": defaultdict(Worth),
        "provider": defaultdict(Worth),
    }
    for article in articles:
        if article.kind is Kind.RELATED:
            continue
        if article.published_at is not None:
            day = local(article.published_at, zone)
            months[day.year, day.month] += 1
        for kind, values in (("topic", article.topics), ("provider", article.provider.names)):
            for key in {label(value) for value in values}:
                worth[kind][key].add(article)
    return Figures(months, worth)


def over_time(months: Counter[tuple[int, int]]) -> tuple[str, list[Column]]:
    """Articles by month, or by year if there are too many months; and which of them it is."""
    if not months:
        return "month", []
    (first, first_month), (last, last_month) = min(months), max(months)
    numbers = range(first * 12 + first_month - 1, last * 12 + last_month)
    if len(numbers) <= MOST_COLUMNS:
        pairs = [(number // 12, number % 12 + 1) for number in numbers]
        return "month", with_heights(month(HOME, *pair, months[pair]) for pair in pairs)
    years: Counter[int] = Counter()
    for (number, _), count in months.items():
        years[number] += count
    shown = range(max(first, last + 1 - MOST_COLUMNS), last + 1)
    return "year", with_heights(year(HOME, number, years[number]) for number in shown)


def tables(contents: Contents, measured: Figures) -> list[Table]:
    """The most frequent topics and providers, then categories and types."""
    named = (
        *(("topic", contents.topics), ("provider", contents.providers)),
        *(("category", contents.categories), ("type", contents.types)),
    )
    made = (_table(kind, counter, measured.worth.get(kind, {})) for kind, counter in named)
    return [table for table in made if table.rows]


def _table(kind: str, counter: Counter[str], worth: dict[str, Worth]) -> Table:
    labels = [(name, count) for name, count in counter.most_common() if name]
    most = labels[0][1] if labels else 1
    rows = []
    for name, count in labels[:ROWS]:
        values = worth.get(label(name), Worth())
        share = round(100 * count / most, 1)
        means = (mean(values.quality), mean(values.heat))
        rows.append(Row(name, count, share, *means, Address("/", ((kind, name),))))
    return Table(kind, tuple(rows), max(0, len(labels) - ROWS))

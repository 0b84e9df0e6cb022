"""What an index holds, counted in one pass over its articles."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from heatseek.article import Kind
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heatseek.article import Article

COLUMNS = 30
"""A distribution has at most so many."""
_TAIL = 0.01
"""The part at each end that may share one column: single values must not flatten the rest."""
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000)
"""What a column of dates may stand for."""


@dataclass(frozen=True, slots=True)
class Column:
    """Values from `first` to below `end`."""

    first: int
    end: int
    count: int


class Distribution(NamedTuple):
    """Numbers, or dates as months since the year 0, in columns of equal width.

    The first column also holds what lies before it, the last one what lies behind it.
    """

    known: int
    unknown: int
    lowest: int = 0
    median: int = 0
    highest: int = 0
    columns: tuple[Column, ...] = ()


class Overview(NamedTuple):
    """Counts. Labels, numbers and dates are those of articles, related ones left out.

    A label is one however it is written, as in facets, and shown as most articles write it.
    """

    articles: int
    related: int
    published: Counter[bool | None]
    topics: Counter[str]
    providers: Counter[str]
    categories: Counter[str]
    types: Counter[str]
    first_date: datetime | None
    last_date: datetime | None
    dates: Distribution
    quality: Distribution
    heat: Distribution


def overview(articles: Iterable[Article]) -> Overview:
    """Count everything."""
    related = 0
    published: Counter[bool | None] = Counter()
    topics, providers, categories, types = _Labels(), _Labels(), _Labels(), _Labels()
    dates: Counter[datetime | None] = Counter()
    quality: Counter[int | None] = Counter()
    heat: Counter[int | None] = Counter()
    for article in articles:
        if article.kind is Kind.RELATED:
            related += 1
            continue
        published[article.published] += 1
        topics.add(*article.topics)
        providers.add(article.provider.name or article.provider.domain or "")
        categories.add(article.category or "")
        types.add(article.type or "")
        dates[article.published_at] += 1
        quality[article.quality] += 1
        heat[article.heat] += 1
    known = [date for date in dates if date is not None]
    return Overview(
        articles=published.total(),
        related=related,
        published=published,
        topics=topics.counted(),
        providers=providers.counted(),
        categories=categories.counted(),
        types=types.counted(),
        first_date=min(known, default=None),
        last_date=max(known, default=None),
        dates=_distribution(_months(dates), _MONTHS),
        quality=_distribution(quality),
        heat=_distribution(heat),
    )


class _Labels:
    """Articles by label, and how each of these is written."""

    def __init__(self) -> None:
        self._articles: Counter[str] = Counter()
        self._written: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, *values: str) -> None:
        """Count the labels of an article, each once."""
        compared = {value: label(value) for value in values}
        self._articles.update(set(compared.values()))
        for value, key in compared.items():
            self._written[key][value] += 1

    def counted(self) -> Counter[str]:
        """How many articles have each; of equally frequent spellings the first by letters."""
        return Counter(
            {
                min(found, key=lambda value: (-found[value], value)): self._articles[key]
                for key, found in self._written.items()
            }
        )


def month(number: int) -> datetime:
    """The beginning of a month that is counted since the year 0, within the calendar."""
    year = min(max(number // 12, 1), 9999)
    return datetime(year, number % 12 + 1, 1, tzinfo=UTC)


def _months(dates: Counter[datetime | None]) -> Counter[int | None]:
    months: Counter[int | None] = Counter()
    for date, count in dates.items():
        months[None if date is None else 12 * date.year + date.month - 1] += count
    return months


def _distribution(
    counted: Counter[int | None], widths: Sequence[int] | None = None
) -> Distribution:
    values = sorted(value for value in counted if value is not None)
    if not values:
        return Distribution(0, counted[None])
    running, reached = 0, []
    for value in values:
        running += counted[value]
        reached.append(running)

    def at(part: float) -> int:
        place = bisect_right(reached, min(int(part * running), running - 1))
        return values[place]

    return Distribution(
        known=running,
        unknown=counted[None],
        lowest=values[0],
        median=at(0.5),
        highest=values[-1],
        columns=_columns(values, counted, (at(_TAIL), at(1 - _TAIL)), widths),
    )


def _columns(
    values: list[int],
    counted: Counter[int | None],
    bounds: tuple[int, int],
    widths: Sequence[int] | None,
) -> tuple[Column, ...]:
    low, high = bounds
    if widths is None:
        # From zero if that is near: quality and heat begin there.
        low = 0 if 0 <= low <= high - low else low
    width = _width(high - low + 1, widths)
    low -= low % width
    counts = [0] * ((high - low) // width + 1)
    for value in values:
        counts[min(max((value - low) // width, 0), len(counts) - 1)] += counted[value]
    return tuple(
        Column(low + place * width, low + (place + 1) * width, count)
        for place, count in enumerate(counts)
    )


def _width(span: int, widths: Sequence[int] | None) -> int:
    """The least width, of those given or of 1, 2, 5, 10, ..., for columns enough."""
    # One less: the first column begins at a multiple of the width.
    most = COLUMNS - 1
    if widths is not None:
        return next((width for width in widths if span <= width * most), widths[-1])
    width = 1
    while span > width * most:
        width = {"1": 2, "2": 5, "5": 10}[str(width)[0]] * 10 ** (len(str(width)) - 1)
    return width

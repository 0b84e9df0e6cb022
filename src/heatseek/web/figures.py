"""Articles over time and labels with their means, as plots and tables show them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.escapes import UNICODE
from heatseek.web.addresses import Address
from heatseek.web.histograms import month, with_heights, year
from heatseek.web.overview import LabelRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.web.histograms import Column
    from heatseek.web.overview import Month, Overview

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
    has_means: bool


def over_time(months: Sequence[Month]) -> tuple[str, list[Column]]:
    """Articles by month, or by year if there are too many months; and which of them it is."""
    if len(months) <= MOST_COLUMNS:
        return "month", with_heights(month(HOME, *each) for each in months)
    years: Counter[int] = Counter()
    for each in months:
        years[each.year] += each.articles
    return "year", with_heights(year(HOME, *each) for each in sorted(years.items())[-MOST_COLUMNS:])


def tables(counted: Overview) -> list[Table]:
    """The most frequent topics and providers with their means, then categories and types."""
    labels = (
        ("topic", counted.topics),
        ("provider", counted.providers),
        ("category", _rows(counted.contents.categories)),
        ("type", _rows(counted.contents.types)),
    )
    return [_table(kind, rows) for kind, rows in labels if rows]


def _rows(counter: Counter[str]) -> list[LabelRow]:
    return [LabelRow(name, count, None, None) for name, count in counter.most_common() if name]


def _table(kind: str, labels: Sequence[LabelRow]) -> Table:
    has_means = any(each.quality is not None or each.heat is not None for each in labels)
    rows = [
        Row(
            each.value,
            each.articles,
            round(100 * each.articles / labels[0].articles, 1),
            _mean(each.quality),
            _mean(each.heat),
            Address("/", ((kind, each.value),)),
        )
        for each in labels[:ROWS]
    ]
    return Table(kind, tuple(rows), max(0, len(labels) - ROWS), has_means)


def _mean(value: float | None) -> str:
    return UNICODE.dash if value is None else f"{value:.0f}"

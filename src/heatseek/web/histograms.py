"""Years and months as columns of a histogram, each a search: chosen, or free to be."""

from __future__ import annotations

from datetime import MAXYEAR
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heatseek.web.addresses import Address

LEAST_SEEN = 2.0
"""Per cent of the height: less could not be seen."""


MOST_YEARS = 60
"""Years that stand side by side with gaps."""


class Column(NamedTuple):
    """A span of time and its articles."""

    text: str
    articles: int
    after: str
    """Its first day, as an address has it."""
    before: str
    """The first day behind it; empty: there is none."""
    is_chosen: bool
    address: Address
    """The search of that span; of every one if it is chosen."""
    height: float = 0.0
    """In per cent of the highest."""

    @property
    def top(self) -> float:
        """Per cent above it."""
        return round(100 - self.height, 1)


def years(address: Address, articles: Mapping[int, int]) -> list[Column]:
    """The columns of years; those between that have no articles too, if they are not too many."""
    numbers = sorted(articles)
    if numbers and numbers[-1] - numbers[0] < MOST_YEARS:
        numbers = list(range(numbers[0], numbers[-1] + 1))
    return [year(address, number, articles.get(number, 0)) for number in numbers]


def year(address: Address, number: int, articles: int) -> Column:
    """The column of a year."""
    end = f"{number + 1:04}" if number < MAXYEAR else ""
    return _column(address, f"{number:04}", end, articles)


def month(address: Address, number: int, month: int, articles: int) -> Column:
    """The column of a month from 1 to 12 of a year."""
    if month < 12:
        end = f"{number:04}-{month + 1:02}"
    else:
        end = f"{number + 1:04}-01" if number < MAXYEAR else ""
    return _column(address, f"{number:04}-{month:02}", end, articles)


def _column(address: Address, first: str, end: str, articles: int) -> Column:
    is_chosen = (address.get("after"), address.get("before")) == (first, end)
    free = address.without("after", "before")
    target = free if is_chosen else free.with_("after", first)
    if end and not is_chosen:
        target = target.with_("before", end)
    return Column(first, articles, first, end, is_chosen, target)


def with_heights(columns: Iterable[Column]) -> list[Column]:
    """The columns of one histogram; whatever is not 0 can be seen."""
    given = list(columns)
    highest = max((each.articles for each in given), default=0) or 1
    return [each._replace(height=_height(each.articles / highest)) for each in given]


def _height(share: float) -> float:
    return round(max(LEAST_SEEN, 100 * share), 1) if share else 0.0

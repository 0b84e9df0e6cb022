"""Where the years of a zone begin and end, in seconds since 1970.

The server is never asked for a zone: it has a database of its own, and knows no whole days.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from heatseek.zones import local, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

MEAN_YEAR = 31_556_952
"""Seconds."""
_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FROM = int(datetime(MINYEAR, 1, 1, tzinfo=UTC).timestamp())
_TO = int(datetime(MAXYEAR, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())


class YearRange(NamedTuple):
    """Instants that are of one year; a year may have several."""

    year: int
    begin: int
    end: int
    """The first second that is not in it."""


def years_around(instants: Iterable[float]) -> tuple[int, ...]:
    """The years in which, in any zone, dates may lie that are up to a mean year after these."""
    years: set[int] = set()
    for instant in instants:
        first, last = (
            (_EPOCH + timedelta(seconds=min(max(second, _FROM), _TO))).year
            for second in (instant - _DAY, instant + MEAN_YEAR + _DAY)
        )
        years.update(range(first, last + 1))
    return tuple(sorted(years))


def year_ranges(years: Iterable[int], zone: tzinfo) -> list[YearRange]:
    """The ranges of years, in order; whole days are of the year of their date in every zone."""
    wanted = set(years)
    cuts = sorted(set(_cuts(wanted, zone)))
    pieces = ((local(_at(begin), zone).year, begin, end) for begin, end in pairwise(cuts))
    ranges = []
    for year, group in groupby(pieces, key=lambda piece: piece[0]):
        if year in wanted:
            (_, begin, end), *others = group
            ranges.append(YearRange(year, begin, others[-1][2] if others else end))
    return ranges


def _cuts(years: Iterable[int], zone: tzinfo) -> Iterator[int]:
    """All seconds at which one of the years may begin, or another one than these."""
    for year in years:
        # What clocks would show beyond the first and the last year is of these.
        low = None if year == MINYEAR else _wall(year)
        high = None if year == MAXYEAR else _wall(year + 1) - 1
        for first, last in spans(low, high, None if zone is UTC else zone):
            yield _FROM if first is None else int(min(max(first, _FROM), _TO))
            yield (_TO if last is None else int(min(max(last, _FROM), _TO))) + 1


def _wall(year: int) -> int:
    """The second at which a year begins in UTC."""
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def _at(second: int) -> datetime:
    return _EPOCH + timedelta(seconds=second)

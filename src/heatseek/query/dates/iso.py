"""ISO dates as intervals: `2023`, `2023-03`, `2023-03-14`, `2023-03-14T14:42+02:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from heatseek.zones import in_zone

FORMS = "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm"

Interval = tuple[datetime, datetime]
"""The first time of the clock, and the first one after it, as if of UTC."""

# Compiled where it is needed, which few queries do.
_DATE = r"""
    (?P<year> [0-9]{4} )
    (?: - (?P<month> [0-9]{2} )
    (?: - (?P<day> [0-9]{2} )
    (?: [Tt\ ] (?P<hour> [0-9]{2} ) : (?P<minute> [0-9]{2} ) (?: : (?P<second> [0-9]{2} ) )?
        (?P<zone> [Zz] | (?P<east> [-+] ) (?P<hours> [0-9]{2} ) :? (?P<minutes> [0-5][0-9] ) )?
    )? )? )?
"""
_LOWEST = {"year": 1, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
_LAST = datetime.max.replace(tzinfo=UTC)


class DateError(ValueError):
    """A text names no date, or could name several.

    Attributes:
        advice: what to write instead; None if any date will do.
    """

    def __init__(self, problem: str, advice: str | None = None) -> None:
        super().__init__(problem)
        self.advice = advice


def interval(text: str, zone: tzinfo = UTC) -> Interval | None:
    """The interval that an ISO date names, or None if the text is of another form.

    It ends at the latest at the last instant that a datetime can hold. A date with a zone of its
    own is that instant by the clocks of `zone`.

    Raises:
        DateError: there is no such day or time.
    """
    match = re.fullmatch(_DATE, text, re.VERBOSE)
    if match is None:
        return None
    try:
        parts = {name: part for name, part in match.groupdict().items() if part}
        return _interval(parts, zone)
    except ValueError:
        raise DateError("no such date") from None


def first_of(year: int, month: int) -> datetime:
    """The start of a month; month 0 is the December before, 13 the January after, and so on.

    Raises:
        ValueError: it lies outside the years 1 to 9999.
    """
    years, month = divmod(month - 1, 12)
    return datetime(year + years, month + 1, 1, tzinfo=UTC)


def by_clock(moment: datetime, zone: tzinfo) -> datetime:
    """The time that clocks of a zone show at an instant, as if of UTC."""
    return in_zone(moment, zone).replace(tzinfo=UTC)


def _interval(parts: dict[str, str], zone: tzinfo) -> Interval:
    year, month, *rest = (int(parts.get(name, lowest)) for name, lowest in _LOWEST.items())
    day, hour, minute, second = rest
    start = datetime(year, month, day, hour, minute, second, tzinfo=_zone(parts))
    try:
        if "day" in parts:
            end = start + _length(parts)
        else:
            end = first_of(year, month + 1 if "month" in parts else 13)
    except (OverflowError, ValueError):
        end = _LAST
    if "zone" in parts:
        return by_clock(start, zone), by_clock(end, zone)
    return start, end


def _zone(parts: dict[str, str]) -> timezone:
    if "east" not in parts:
        return UTC
    offset = timedelta(hours=int(parts["hours"]), minutes=int(parts["minutes"]))
    return timezone(offset if parts["east"] == "+" else -offset)


def _length(parts: dict[str, str]) -> timedelta:
    if "second" in parts:
        return timedelta(seconds=1)
    return timedelta(minutes=1) if "minute" in parts else timedelta(days=1)

"""Dates as people write them, as intervals of time.

A date names a whole year, month, day, minute or second. "After D" means at the start of D or
later, "before D" before the start of D, "on D" inside the interval.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from heatseek.errors import UsageError

FORMS = "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm"

_DATE = re.compile(
    r"""
    (?P<year> [0-9]{4} )
    (?: - (?P<month> [0-9]{2} )
    (?: - (?P<day> [0-9]{2} )
    (?: [Tt\ ] (?P<hour> [0-9]{2} ) : (?P<minute> [0-9]{2} ) (?: : (?P<second> [0-9]{2} ) )?
        (?P<zone> [Zz] | (?P<east> [-+] ) (?P<hours> [0-9]{2} ) :? (?P<minutes> [0-5][0-9] ) )?
    )? )? )?
    """,
    re.VERBOSE,
)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def parse_date(text: str, option: str = "") -> tuple[datetime, datetime]:
    """The interval that a date names: its first instant, and the first one after it, in UTC.

    Intervals end at the latest at the last instant that a datetime can hold.

    Args:
        text: an ISO date of one of `FORMS`; a time may have seconds and a zone, else it is UTC.
        option: where the date was given (`--after`), for the message.

    Raises:
        UsageError: if the text is no date.
    """
    try:
        return interval(text)
    except ValueError as problem:
        raise _error(str(problem), text, option) from None


def interval(text: str) -> tuple[datetime, datetime]:
    """Like `parse_date`.

    Raises:
        ValueError: with the problem alone, for callers that say themselves where it is.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a date")
    try:
        return _interval({name: part for name, part in match.groupdict().items() if part})
    except ValueError:
        raise ValueError("no such date") from None


def _interval(parts: dict[str, str]) -> tuple[datetime, datetime]:
    year, month, day, hour, minute, second = (
        int(parts.get(name, lowest))
        for name, lowest in zip(
            ("year", "month", "day", "hour", "minute", "second"), (1, 1, 1, 0, 0, 0), strict=True
        )
    )
    start = datetime(year, month, day, hour, minute, second, tzinfo=_zone(parts))
    if "day" in parts:
        end = _later(start, _length(parts))
    elif "month" in parts:
        end = _first_of(year, month + 1)
    else:
        end = _first_of(year + 1, 1)
    return _utc(start), _utc(end)


def _zone(parts: dict[str, str]) -> timezone:
    if "east" not in parts:
        return UTC
    offset = timedelta(hours=int(parts["hours"]), minutes=int(parts["minutes"]))
    return timezone(offset if parts["east"] == "+" else -offset)


def _length(parts: dict[str, str]) -> timedelta:
    if "second" in parts:
        return timedelta(seconds=1)
    return timedelta(minutes=1) if "minute" in parts else timedelta(days=1)


def _first_of(year: int, month: int) -> datetime:
    """The start of a month; month 13 is the next January, and year 10000 the end of time."""
    if month == 13:
        year, month = year + 1, 1
    return _LAST if year > 9999 else datetime(year, month, 1, tzinfo=UTC)


def _later(start: datetime, length: timedelta) -> datetime:
    try:
        return start + length
    except OverflowError:
        return _LAST


def _utc(moment: datetime) -> datetime:
    """The same instant in UTC, or the nearest that a datetime can hold."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == 1 else _LAST


def _error(problem: str, text: str, option: str) -> UsageError:
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    if not shown.strip() or not shown.isprintable():
        shown = repr(shown)
    return UsageError(f"{option} {shown}: {problem}; write {FORMS}".lstrip())

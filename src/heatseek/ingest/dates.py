"""Dates as archives write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

_INSTANT = re.compile(
    r"""
    (\d{4})-(\d\d?)-(\d\d?)
    (?:
        (?:[Tt]|[ \t]+)
        (\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d*)?)?
        [ \t]*
        (?:([Zz])|([+-])(\d\d?)(?::?(\d\d))?)?
    )?
    """,
    re.ASCII | re.VERBOSE,
)


def instant(value: Any) -> datetime | None:
    """An aware datetime in UTC, whole seconds; None if `value` is no such date.

    A date without a zone is meant in UTC; a date without a time is its midnight.
    """
    try:
        moment = _moment(value)
        return moment and _in_utc(moment)
    except (ValueError, OverflowError):  # February 30th; zones beyond the years 1 to 9999
        return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    match = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second, _, *zone = match.groups()
    return datetime(
        *(int(year), int(month), int(day)),
        *(int(hour or 0), int(minute or 0), int(second or 0)),
        tzinfo=_zone(*zone),
    )


def _zone(sign: str | None, hours: str | None, minutes: str | None) -> timezone:
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)


def _in_utc(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)

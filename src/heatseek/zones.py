"""Zones of time: in which days begin, and dates are shown.

A midnight in UTC is a whole day, the same in every zone: it is what a date without a time is.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo

_DAY = 86_400
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - of the clock of a zone, without the zone
_SECOND = timedelta(seconds=1)

Span = tuple[float | None, float | None]
"""The first and the last second since 1970; None: it has no end there."""


class _Local(tzinfo):
    """The zone of this machine, as the system knows it; nothing has to be loaded for it."""

    def __eq__(self, other: object) -> bool:
        return type(other) is _Local

    def __hash__(self) -> int:
        return hash(_Local)

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        if moment is None:
            return None
        try:
            return moment.replace(tzinfo=None).astimezone().utcoffset()
        except (OverflowError, ValueError, OSError):  # of the years 1 and 9999
            return timedelta(seconds=-time.timezone)

    def dst(self, moment: datetime | None) -> timedelta | None:  # noqa: ARG002 - as its type says
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        try:
            return moment.replace(tzinfo=None).astimezone().tzname()
        except (OverflowError, ValueError, OSError):  # as above
            return time.tzname[0]

    def fromutc(self, moment: datetime) -> datetime:
        shown = moment.replace(tzinfo=UTC).astimezone()
        clock = shown.replace(tzinfo=self)
        # The second of two hours of the same name, when clocks are put back.
        return clock if self.utcoffset(clock) == shown.utcoffset() else clock.replace(fold=1)


_LOCAL = _Local()


def zone_of(name: str | None) -> tzinfo:
    """The zone of an IANA name, which there is; None: this machine's."""
    if name is None:
        return _LOCAL if time.daylight or time.timezone else UTC
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few archives have a zone of their own

    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """True if there is a zone of this name."""
    try:
        return bool(zone_of(name))
    except (LookupError, ValueError, OSError):
        return False


def local(moment: datetime, zone: tzinfo) -> datetime:
    """An instant as the clocks of a zone show it; a day stays that day."""
    if zone is UTC or not int(moment.timestamp()) % _DAY:
        return moment
    return in_zone(moment, zone)


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The same instant in a zone, or the nearest that a datetime can hold."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        if moment.year == 1:
            return datetime.min.replace(tzinfo=zone)
        return datetime.max.replace(tzinfo=zone)


def wall_second(moment: datetime) -> int:
    """The seconds since 1970 that a clock beside an aware datetime shows; parts count as whole."""
    return -((_EPOCH - moment.replace(tzinfo=None)) // _SECOND)


def spans(low: float | None, high: float | None, zone: tzinfo | None) -> list[Span]:
    """The instants between two times of the clock in a zone, both included.

    Instants are seconds since 1970. Days are among them by their date, all others by what the
    clock shows.

    Args:
        low: seconds since 1970 by the clock; None: from the beginning.
        high: the same; None: to the end.
        zone: None is UTC.
    """
    if zone is None:
        return [(low, high)]
    first = None if low is None else _instant(low, zone, fold=0)
    last = None if high is None else _instant(high, zone, fold=1)
    pieces: list[Span] = [(first, last)]
    for clock, instant in ((low, first), (high, last)):
        if clock is None or instant is None:
            continue
        # Zones differ by less than a day: between both is one midnight at most.
        midnight = -(-min(clock, instant) // _DAY) * _DAY
        if midnight > max(clock, instant):
            continue
        pieces = [part for piece in pieces for part in _without(piece, midnight)]
        if _lies_in(midnight, (low, high)):
            pieces.append((midnight, midnight))
    return pieces


def _instant(second: float, zone: tzinfo, fold: int) -> float:
    try:
        moment = _EPOCH + timedelta(seconds=second)
        return int(moment.replace(tzinfo=zone, fold=fold).timestamp())
    except (OverflowError, ValueError):  # beyond the years 1 to 9999
        return second


def _lies_in(second: float, span: Span) -> bool:
    low, high = span
    return (low is None or low <= second) and (high is None or second <= high)


def _without(span: Span, second: float) -> list[Span]:
    """The parts of a span before and behind a second."""
    if not _lies_in(second, span):
        return [span]
    parts = [(span[0], second - 1), (second + 1, span[1])]
    return [(low, high) for low, high in parts if low is None or high is None or low <= high]

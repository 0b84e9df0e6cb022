"""Dates as archives write them: ISO, RFC 2822, JavaScript's, in words, with slashes.

A date without a time, and a midnight of no zone, is a day: the same day in every zone. It stands
as midnight in UTC. Of `03/04/2023` the archive's other dates tell which is the month.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from heatseek.definitions import pattern

MAX_LENGTH = 120
"""Characters of a date; JavaScript writes 65."""
DAY_FIRST, MONTH_FIRST, EITHER = 1, 2, 4
"""Evidence of a file: a date of it can be read only so, only so, or in both ways."""

_INSTANT = pattern(
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
"""The form of nearly all dates."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_CLOCK = r"""
    (?P<hour>\d\d?) (?: : (?P<minute>\d\d) (?: : (?P<second>\d\d) (?:[.,]\d*)? )? )?
    (?: \s* (?P<half>[ap])\.?m\b\.? )?
"""
_ZONE = r"""
    (?: [(\[]?
        (?: (?:utc|gmt|ut)? (?P<sign>[+-]) (?P<hours>\d\d?) (?: :? (?P<minutes>\d\d) )?
          | (?P<zone>[a-z]+ (?: / [a-z_+-]+ )* )
        ) [)\]]? (?: \s* \( [^()]* \) )?
    )
"""
_TIME = rf"(?: (?:t|,?\s+(?:at\s+)?) {_CLOCK} (?: \s* {_ZONE} )? )?"
_DAY = r"(?P<day>\d\d?)(?:st|nd|rd|th)?"
_OF_WEEK = rf"(?: (?:{_WEEKDAY})\.? ,? \s+ )?"
_FORMS = tuple(
    pattern(form, re.ASCII | re.VERBOSE | re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}}) (?P<mark>[-/.]) (?P<month>\d\d?) (?P=mark) (?P<day>\d\d?) {_TIME}",
        rf"(?P<a>\d\d?) (?P<mark>[-/.]) (?P<b>\d\d?) (?P=mark) (?P<year>\d{{4}}) {_TIME}",
        r"(?P<year>[12]\d{3}) (?: [-/.] (?P<month>\d\d?) )?",
        r"(?P<year>[12]\d{3}) (?P<month>\d\d) (?P<day>\d\d)"
        rf"(?: t? (?P<hour>\d\d) (?P<minute>\d\d) (?P<second>\d\d)? {_ZONE}? )?",
        rf"{_OF_WEEK} (?P<name>{_MONTH})\.? \s+ {_DAY} ,? \s+ (?P<year>\d{{4}}) {_TIME}",
        rf"{_OF_WEEK} {_DAY} [\s-] (?:of\s+)? (?P<name>{_MONTH})\.? [\s,-]+ (?P<year>\d{{4}})"
        rf" {_TIME}",
        rf"{_OF_WEEK} (?P<name>{_MONTH})\.? \s+ {_DAY} \s+ {_CLOCK} \s+ (?:(?P<zone>[a-z]+)\s+)?"
        r"(?P<year>\d{4})",  # date(1)
        rf"(?P<name>{_MONTH})\.? ,? \s+ (?P<year>\d{{4}})",
    )
)
"""All others; each begins with what none of the rest begins with, or ends soon."""

_ZONES = {
    name: hours
    for hours, names in {
        0: "utc gmt ut z wet",
        1: "cet bst west",
        2: "cest eet sast",
        3: "eest msk",
        8: "sgt hkt awst",
        9: "jst kst",
        10: "aest",
        11: "aedt",
        12: "nzst",
        13: "nzdt",
        -3: "brt adt",
        -4: "edt ast",
        -5: "est cdt",
        -6: "cst mdt",
        -7: "mst pdt",
        -8: "pst akdt",
        -9: "akst",
        -10: "hst",
    }.items()
    for name in names.split()
}
"""Names of zones, by hours before UTC. Not those of several lands that differ: IST."""


class Dates(NamedTuple):
    """How the dates of an archive are read.

    Attributes:
        zone: of times that name none.
        month_first: whether `03/04/2023` is the 4th of March; None: nobody knows.
    """

    zone: tzinfo = UTC
    month_first: bool | None = None


def instant(value: Any, dates: Dates = Dates()) -> datetime | None:  # noqa: B008 - immutable
    """An aware datetime in UTC, whole seconds; None if `value` is no such date."""
    if isinstance(value, str):
        text = value.strip()
        match = _INSTANT.fullmatch(text)
    elif isinstance(value, datetime):
        return _guarded(_in_utc, value, dates.zone)
    elif isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    else:
        return None
    if match is None:
        return _guarded(_otherwise, text, dates) if len(text) <= MAX_LENGTH else None
    return _guarded(_iso, match, dates.zone)


def evidence(value: Any) -> int:
    """The evidence of a date on the order of day and month in its archive; 0: none."""
    if not isinstance(value, str) or value[:4].isdecimal():  # a year goes before all
        return 0
    parts = _numbers(value)
    if parts is None or parts[0] == parts[1] or not all(parts):
        return 0
    first, second = (part <= 12 for part in parts)
    if first and second:
        return EITHER
    return MONTH_FIRST if first else DAY_FIRST if second else 0


def month_first(evidences: list[int]) -> bool | None:
    """The order of an archive, from what its files tell; None: they tell nothing, or both alike."""
    months = sum(bool(each & MONTH_FIRST) for each in evidences)
    days = sum(bool(each & DAY_FIRST) for each in evidences)
    return None if months == days else months > days


def machine_zone() -> str:
    """The name of this machine's zone; UTC if it has none."""
    from tzlocal import get_localzone_name  # noqa: PLC0415 - for an index that is made anew

    try:
        return get_localzone_name() or "UTC"
    except (LookupError, ValueError, OSError):
        return "UTC"


def _numbers(text: str) -> tuple[int, int] | None:
    """The two numbers before the year, if it is not told which of them is the day."""
    match = _FORMS[1].fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
    # Nobody writes dots but behind the day.
    return None if match is None or match["mark"] == "." else (int(match["a"]), int(match["b"]))


def _guarded(read: Any, *arguments: Any) -> datetime | None:
    try:
        found: datetime | None = read(*arguments)
    except (ValueError, OverflowError, LookupError):  # February 30th; beyond the years 1 to 9999
        return None
    return found


def _iso(match: re.Match[str], local: tzinfo) -> datetime:
    year, month, day, hour, minute, second, universal, sign, hours, minutes = match.groups()
    moment = datetime(
        *(int(year), int(month), int(day)),
        *(int(hour or 0), int(minute or 0), int(second or 0)),
        tzinfo=_offset(sign, hours, minutes) if sign else UTC if universal else None,
    )
    return moment if universal else _in_utc(moment, local)


def _otherwise(text: str, dates: Dates) -> datetime | None:
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _of_parts(match.groupdict(), dates)
    return None


def _of_parts(parts: dict[str, str | None], dates: Dates) -> datetime | None:
    if "a" in parts:
        ordered = _ordered(int(parts["a"] or 0), int(parts["b"] or 0), parts["mark"], dates)
        if ordered is None:
            return None
        day, month = ordered
    else:
        name = parts.get("name")
        month = 1 + _MONTHS.index(name[:3].lower()) if name else int(parts.get("month") or 1)
        day = int(parts.get("day") or 1)
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    clock = time(_hour(hour, parts.get("half")), minute, second, tzinfo=_zone(parts))
    day_of_year = date(int(parts["year"] or 0), month, day)
    return _in_utc(datetime.combine(day_of_year, clock), dates.zone)


def _ordered(first: int, second: int, mark: str | None, dates: Dates) -> tuple[int, int] | None:
    """Day and month."""
    if mark == "." or first > 12 or first == second:
        return first, second
    if second > 12:
        return second, first
    if dates.month_first is None:
        return None
    return (second, first) if dates.month_first else (first, second)


def _hour(hour: int, half: str | None) -> int:
    if half is None or not 1 <= hour <= 12:  # 18:28 PM is written, too
        return hour
    return hour % 12 + (12 if half in "pP" else 0)


def _zone(parts: dict[str, str | None]) -> tzinfo | None:
    if parts.get("sign"):
        return _offset(parts["sign"], parts["hours"], parts["minutes"])
    name = parts.get("zone")
    if not name:
        return None
    hours = _ZONES.get(name.lower())
    if hours is None:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - few times name one

        return ZoneInfo(name)  # LookupError, ValueError: none of that name
    return timezone(timedelta(hours=hours))


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> timezone:
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)


def _in_utc(moment: datetime, local: tzinfo) -> datetime:
    moment = moment.replace(microsecond=0)
    if moment.tzinfo is None:
        is_day = not (moment.hour or moment.minute or moment.second)
        moment = moment.replace(tzinfo=UTC if is_day else local)
    return moment.astimezone(UTC)

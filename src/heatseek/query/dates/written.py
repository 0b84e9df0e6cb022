"""Dates with names of months and times of day: `14 March 2023`, `May 2023`, `yesterday at 5 pm`.

A text is a date if each of its words is known, none comes twice, and day, month and year can be
told apart. Libraries for dates make something of any text: of `5` May, of `12/11/2023` December,
of `IST` the time of Israel.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from itertools import product
from typing import TYPE_CHECKING

from heatseek.query.dates.iso import DateError, Interval, by_clock, first_of
from heatseek.query.dates.relative import DAYS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NAMES = (*_MONTHS, "sept", *(name[:3] for name in _MONTHS))
_PARTS = re.compile(
    rf"""
      (?P<time> (?: [01]?[0-9] | 2[0-3] ) : [0-5][0-9] (?: : [0-5][0-9] )? (?: \ ?[ap]m )?
              | (?: 0?[1-9] | 1[0-2] ) \ ?[ap]m | noon | midnight )
    | (?P<year> [1-9][0-9]{{3}} )
    | (?P<ordinal> [0-9]{{1,2}} (?: st | nd | rd | th ) )
    | (?P<number> [0-9]{{1,2}} )
    | (?P<month> {"|".join(_NAMES)} )
    | (?P<weekday> {"|".join((*WEEKDAYS, *(name[:3] for name in WEEKDAYS)))} )
    | (?P<day> today | yesterday | tomorrow )
    | (?P<zone> utc | gmt | z | [-+] [01][0-9] :? [0-5][0-9] )
    | (?P<filler> at | of | the | on | in )
    """,
    re.VERBOSE,
)
_DATES = frozenset(
    frozenset((*base, *time))
    for base, time in product(
        [
            *(("month", "year", day) for day in ("number", "ordinal")),
            *(("month", "year", day, "weekday") for day in ("number", "ordinal")),
            ("day",),
        ],
        [(), ("time",), ("time", "zone")],
    )
) | {
    frozenset(kinds)
    for kinds in (("month",), ("month", "year"), ("month", "ordinal"), ("number", "month"))
}
"""The kinds of words that make one date."""
_TIMES = {"noon": time(12), "midnight": time(0)}
_BETWEEN = re.compile(r"[\s,]+")
_JOINED = re.compile(
    r"(?<=[0-9a-z])[-_.](?=[a-z]) | (?<=[a-z])[-_](?=[0-9]) | (?<=[a-z0-9])\.(?=\s|\Z)", re.VERBOSE
)
_NUMERIC = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})")
_LEAP_YEARS = 8
"""Years that there can be from one 29 February to the next."""


def interval(text: str, now: datetime, zone: tzinfo = UTC) -> Interval:
    """The interval that a date in words names.

    Args:
        text: in lower case.
        now: what the clock shows, as if of UTC, to count from: a month without a year is the
            latest that has begun.
        zone: of the clock.

    Raises:
        DateError: it is no date, or could be several.
        OverflowError, ValueError: it reaches beyond the year 9999.
    """
    text = text.strip()
    if numeric := _NUMERIC.fullmatch(text):
        raise _numbers_alone(*map(int, numeric.group(1, 3, 4)))
    words = _BETWEEN.sub(" ", _JOINED.sub(" ", text)).strip()
    return _read(words, now, zone)


def _read(words: str, now: datetime, zone: tzinfo) -> Interval:
    parts = _parts(words)
    if "day" not in parts and "number" not in parts and "ordinal" not in parts:
        first = _latest(parts, 1, now)
        return first, first_of(first.year, first.month + 1)
    day = _day(parts, now)
    if "time" not in parts:
        return day, day + timedelta(days=1)
    start = datetime.combine(day, _time(parts["time"]), UTC)
    seconds = parts["time"].count(":") > 1
    if "zone" in parts:
        start = by_clock(start.replace(tzinfo=_zone(parts["zone"])), zone)
    return start, start + (timedelta(seconds=1) if seconds else timedelta(minutes=1))


def _parts(words: str) -> dict[str, str]:
    """The words by their kind.

    Raises:
        DateError: there is a word too many, or too few for one date.
    """
    pairs = [pair for pair in _scan(words) if pair[0] != "filler"]
    order = [kind for kind, _ in pairs]
    parts = dict(pairs)
    if order == ["month", "number"]:
        month, number = parts["month"].title(), int(parts["number"])
        advice = f'"{month} 20{number:02}" or "{number} {month}"'
        raise DateError("could be a day or a year", advice)
    if len(order) > len(parts) or frozenset(parts) not in _DATES:
        raise DateError("not a date")
    return parts


def _scan(words: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(words):
        part = _PARTS.match(words, at)
        at = part.end() if part else at
        if part is None or part.lastgroup is None or words[at : at + 1] not in {"", " "}:
            raise DateError("not a date")
        yield part.lastgroup, part[0]
        at += 1


def _day(parts: dict[str, str], now: datetime) -> datetime:
    """The start of the day, as if it were one of UTC."""
    if "day" in parts:
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(days=DAYS[parts["day"]])
    number = parts.get("number") or parts["ordinal"].rstrip("stndrh")
    day = _latest(parts, int(number), now)
    if not WEEKDAYS[day.weekday()].startswith(parts.get("weekday", "")[:3]):
        raise DateError("no such date")
    return day


def _latest(parts: dict[str, str], day: int, now: datetime) -> datetime:
    """That day of the month; without a year, in the latest year in which it has begun."""
    month = 1 + next(at for at, name in enumerate(_MONTHS) if name.startswith(parts["month"][:3]))
    if "year" in parts:
        return datetime(int(parts["year"]), month, day, tzinfo=UTC)
    for year in range(now.year, now.year - _LEAP_YEARS - 1, -1):
        with suppress(ValueError):  # 29 February in most years
            if (start := datetime(year, month, day, tzinfo=UTC)) <= now:
                return start
    raise DateError("no such date")


def _time(text: str) -> time:
    """A time of day; a.m. and p.m. say nothing of hours that a clock of twelve does not have."""
    if text in _TIMES:
        return _TIMES[text]
    hour, minute, second = (*map(int, re.findall("[0-9]+", text)), 0, 0)[:3]
    if text.endswith("m") and 1 <= hour <= 12:
        hour = hour % 12 + (12 if text.endswith("pm") else 0)
    return time(hour, minute, second)


def _zone(text: str) -> timezone:
    digits = re.sub("[^0-9]", "", text) or "0000"
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text.startswith("-") else offset)


def _numbers_alone(first: int, second: int, third: int) -> DateError:
    """Of 03/04/2023 nobody knows which is the month."""
    if first > 999:
        orders = [(first, second, third)]
    else:
        year = third if third > 99 else 2000 + third
        orders = [(year, second, first), (year, first, second)]
    days = [f"{y:04}-{m:02}-{d:02}" for y, m, d in orders if 0 < m < 13 and 0 < d < 32]
    advice = " or ".join(dict.fromkeys(days))
    return DateError("could be two dates" if len(advice) > 10 else "not a date", advice or None)

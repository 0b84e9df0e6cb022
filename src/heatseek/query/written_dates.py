"""Dates with names of months and times of day: `14 March 2023`, `May 2023`, `yesterday at 5 pm`.

The library dateparser reads them. It also makes something of `5` (May), `12/11/2023` (December)
and `3 days before yesterday` (yesterday), so a text gets to it only if each of its words is known,
none comes twice, and day, month and year can be told apart; and what it gives back has to have
the year, month, day and weekday that were typed. Zones are read here: it takes `IST` for Israel's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from dateparser.date import DateDataParser  # type: ignore[import-untyped] # it has no types

from heatseek.query.mistakes import DateError
from heatseek.query.relative_dates import WEEKDAYS, Interval, first_of

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
_BETWEEN = re.compile(r"[\s,]+")
_JOINED = re.compile(
    r"(?<=[0-9a-z])[-_.](?=[a-z]) | (?<=[a-z])[-_](?=[0-9]) | (?<=[a-z0-9])\.(?=\s|\Z)", re.VERBOSE
)
_NUMERIC = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})")
_REMEMBERED = 256
"""Dates that are read once."""


def interval(text: str, now: datetime) -> Interval:
    """The interval that a date in words names.

    Args:
        text: in lower case.
        now: the instant from which what is left out counts, in UTC: a month without its year is
            the latest that has begun.

    Raises:
        DateError: it is no date, or could be several.
        OverflowError, ValueError: it reaches beyond the year 9999.
    """
    text = text.strip()
    if numeric := _NUMERIC.fullmatch(text):
        raise _numbers_alone(*map(int, numeric.group(1, 3, 4)))
    words = _BETWEEN.sub(" ", _JOINED.sub(" ", text)).strip()
    return _read(words, now)


@lru_cache(_REMEMBERED)
def _read(words: str, now: datetime) -> Interval:
    parts = _parts(words)
    zone = parts.pop("zone", "utc")
    found = _parser(now).get_date_data(" ".join(parts.values()))
    moment, period = found.date_obj, found.period
    if moment is None or not _agrees(moment, parts):
        raise DateError("no such date")
    if "time" in parts:
        seconds = parts["time"].count(":") > 1
        start = moment.replace(microsecond=0, tzinfo=_zone(zone)).astimezone(UTC)
        return start, start + (timedelta(seconds=1) if seconds else timedelta(minutes=1))
    if period == "month":
        return first_of(moment.year, moment.month), first_of(moment.year, moment.month + 1)
    day = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return day, day + timedelta(days=1)


def _parts(words: str) -> dict[str, str]:
    """What the text is made of, by kind.

    Raises:
        DateError: it has a word too many, or too few to be one date.
    """
    found = [part for part in _scan(words) if part[0] != "filler"]
    order = [kind for kind, _ in found]
    parts = dict(found)
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


def _agrees(moment: datetime, parts: dict[str, str]) -> bool:
    """Whether the date that was found is the one that was typed."""
    typed_day = re.match("[0-9]+", parts.get("ordinal") or parts.get("number") or "")
    return (
        (typed_day is None or moment.day == int(typed_day[0]))
        and ("year" not in parts or moment.year == int(parts["year"]))
        and ("month" not in parts or _MONTHS[moment.month - 1].startswith(parts["month"][:3]))
        and ("weekday" not in parts or WEEKDAYS[moment.weekday()].startswith(parts["weekday"][:3]))
    )


def _zone(typed: str) -> timezone:
    digits = re.sub("[^0-9]", "", typed) or "0000"
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if typed.startswith("-") else offset)


@lru_cache(1)
def _parser(now: datetime) -> DateDataParser:
    """The library's, with all that could depend on where and when it runs laid down."""
    return DateDataParser(
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": False,
            "PREFER_DATES_FROM": "past",
            "PREFER_DAY_OF_MONTH": "first",
            "RETURN_TIME_AS_PERIOD": True,
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )


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

"""Dates that count from the present: `yesterday`, `last week`, `last monday`, `2w`, `3 months ago`.

    last week           the whole week before this one, from Monday to Sunday
    last monday         the latest Monday before today
    past week           from this time a week ago until now; so are `last 7 days`, `past 2 months`
    3 months ago        that day; of hours and minutes that minute
    3m, 3 months        an age: the same, where a single end is asked for

Each form has one meaning here, and names a whole week or month where it is one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta

from heatseek.query.dates.iso import DateError, Interval, first_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DAY = timedelta(days=1)
DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2}
"""How many days from today."""
_STEPS = {"this": 0, "current": 0, "last": -1, "previous": -1, "next": 1}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1, "an": 1}
_UNITS = {
    spelling: unit
    for unit, spellings in {
        "minute": "min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "d day days",
        "week": "w wk wks week weeks",
        "month": "m mo mos month months",
        "quarter": "quarter quarters",
        "year": "y yr yrs year years",
    }.items()
    for spelling in spellings.split()
}
_SHORT = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_LONG = {"day": _DAY, "week": 7 * _DAY}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

_COUNT = rf"(?: (?P<digits>[0-9]{{1,5}})\ ? | (?P<word>{'|'.join(_NUMBERS)})\  )"
_UNIT = rf"(?P<unit>{'|'.join(_UNITS)})"
_AGE = re.compile(rf"{_COUNT}{_UNIT}(?P<ago>\ ago)?", re.VERBOSE)
_SPAN = re.compile(rf"(?:the\ )?(?:past|last|previous)\ {_COUNT}{_UNIT}", re.VERBOSE)
_UNTIL_NOW = re.compile(rf"(?:the\ )?past\ {_UNIT}", re.VERBOSE)
_PERIOD = re.compile(
    rf"(?P<which>{'|'.join(_STEPS)})\ (?P<unit>week|month|quarter|year)", re.VERBOSE
)
_WEEKDAY = re.compile(rf"(?P<last>last\ )?(?:on\ )?(?P<day>{'|'.join(WEEKDAYS)})", re.VERBOSE)


def interval(words: str, now: datetime, *, ages: bool) -> Interval | None:
    """The interval that the words name, or None if they are of none of these forms.

    Args:
        words: in lower case, single spaces between them.
        now: what the clock shows, as if of UTC.
        ages: whether a bare age is a date.

    Raises:
        DateError: it is a bare age, and may not be.
        OverflowError, ValueError: it lies outside the years 1 to 9999.
    """
    if words in DAYS:
        return _day(now + DAYS[words] * _DAY)
    if words == "now":
        return now, now + timedelta(seconds=1)
    if match := _PERIOD.fullmatch(words):
        return _period(now, match["unit"], _STEPS[match["which"]])
    if match := _WEEKDAY.fullmatch(words):
        return _weekday(now, WEEKDAYS.index(match["day"]), before_today=bool(match["last"]))
    return _counted(words, now, ages=ages)


def _counted(words: str, now: datetime, *, ages: bool) -> Interval | None:
    if match := _UNTIL_NOW.fullmatch(words):
        return _back(now, 1, _UNITS[match["unit"]]), now
    if match := _SPAN.fullmatch(words):
        return _back(now, _number(match), _UNITS[match["unit"]]), now
    if match := _AGE.fullmatch(words):
        return _ago(now, match, ages=ages)
    return None


def _ago(now: datetime, match: re.Match[str], *, ages: bool) -> Interval:
    if not (ages or match["ago"]):
        age = match[0]
        quoted = f'"{age}"' if " " in age else age
        advice = f'after:{quoted}, before:{quoted} or "{age} ago" for that day'
        raise DateError("could be newer or older", advice)
    unit = _UNITS[match["unit"]]
    moment = _back(now, _number(match), unit)
    if unit in _SHORT:
        minute = moment.replace(second=0)
        return minute, minute + timedelta(minutes=1)
    return _day(moment)


def _number(match: re.Match[str]) -> int:
    return int(match["digits"]) if match["digits"] else _NUMBERS[match["word"]]


def _back(now: datetime, count: int, unit: str) -> datetime:
    """So many units ago; a month has no day beyond its last."""
    if length := _SHORT.get(unit) or _LONG.get(unit):
        return now - count * length
    first = first_of(now.year, now.month - count * _MONTHS[unit])
    return now.replace(
        year=first.year,
        month=first.month,
        day=min(now.day, monthrange(first.year, first.month)[1]),
    )


def _day(moment: datetime) -> Interval:
    start = moment.replace(hour=0, minute=0, second=0)
    return start, start + _DAY


def _period(now: datetime, unit: str, step: int) -> Interval:
    if unit == "week":
        today = _day(now)[0]
        start = today + (7 * step - today.weekday()) * _DAY
        return start, start + 7 * _DAY
    size = _MONTHS[unit]
    month = (now.month - 1) // size * size + 1 + step * size
    return first_of(now.year, month), first_of(now.year, month + size)


def _weekday(now: datetime, weekday: int, *, before_today: bool) -> Interval:
    """The latest that has begun."""
    days = (now.weekday() - weekday) % 7
    return _day(now - ((days or 7) if before_today else days) * _DAY)

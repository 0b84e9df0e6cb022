"""Dates as people write them, as intervals of time.

A date names a whole year, month, week, day, minute or second, all of them in UTC. "After D" means
at the start of D or later, "before D" before the start of D, "on D" inside the interval.

ISO dates are read here; what is put in words in `relative` and `written`, which are
loaded when there is one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from heatseek.errors import UsageError
from heatseek.text.edit_distance import DateError

FORMS = "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm"
"""ISO dates."""
EXAMPLES = "2023-03-14, 2023-03, yesterday, 'last monday' or 2w"
"""What `parse_date` reads."""
LONGEST = 60
"""Characters of a date in words; no date has more."""

Interval = tuple[datetime, datetime]
"""The first instant, and the first one after it, in UTC."""

# Compiled where they are needed, which few queries do.
_DATE = r"""
    (?P<year> [0-9]{4} )
    (?: - (?P<month> [0-9]{2} )
    (?: - (?P<day> [0-9]{2} )
    (?: [Tt\ ] (?P<hour> [0-9]{2} ) : (?P<minute> [0-9]{2} ) (?: : (?P<second> [0-9]{2} ) )?
        (?P<zone> [Zz] | (?P<east> [-+] ) (?P<hours> [0-9]{2} ) :? (?P<minutes> [0-5][0-9] ) )?
    )? )? )?
"""
_JOINED = r"(?<=[^\W_])[-_](?=[^\W_])"
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def parse_date(text: str, option: str = "", *, now: datetime | None = None) -> Interval:
    """The interval that a date names.

    Intervals end at the latest at the last instant that a datetime can hold.

    Args:
        text: an ISO date of one of `FORMS` (a time may have seconds and a zone, else it is UTC),
            an age (`2w`), or a date in words (`last monday`, `14 March 2023`).
        option: where the date was given (`--after`), for the message.
        now: the instant that `yesterday` and ages count from; the present one by default.

    Raises:
        UsageError: if the text is no date.
    """
    try:
        return interval(text, now or datetime.now(UTC), ages=True)
    except DateError as problem:
        raise _error(problem, text, option, EXAMPLES) from None


def parse_instant(text: str, option: str) -> datetime:
    """The first instant of an ISO date, the only form that does not depend on the present.

    Raises:
        UsageError: if the text is none.
    """
    try:
        found = _iso(text.strip())
    except DateError as problem:
        raise _error(problem, text, option, FORMS) from None
    if found is None:
        raise _error(DateError("not an ISO date"), text, option, FORMS)
    return found[0]


def interval(text: str, now: datetime, *, ages: bool) -> Interval:
    """Like `parse_date`, for callers that say themselves where the problem is.

    Args:
        text: what was typed.
        now: the instant to count from.
        ages: whether a bare age such as `2w` stands for the day on which it began.

    Raises:
        DateError: with the problem alone.
    """
    found = _iso(text.strip())
    return found or _in_words(text, _utc(now).replace(microsecond=0), ages=ages)


def _in_words(text: str, now: datetime, *, ages: bool) -> Interval:
    if len(text) > LONGEST:
        raise DateError("not a date")
    # Few searches have such a date: the start-up of the others does without.
    from heatseek.query.dates import relative  # noqa: PLC0415

    words = " ".join(re.sub(_JOINED, " ", text.lower()).split())
    try:
        found = relative.interval(words, now, ages=ages)
        if found is None:
            from heatseek.query.dates import written  # noqa: PLC0415 - as above

            found = written.interval(text.lower(), now)
    except DateError:
        raise
    except (OverflowError, ValueError):  # outside the years 1 to 9999
        raise DateError("no such date") from None
    return found


def _iso(text: str) -> Interval | None:
    match = re.fullmatch(_DATE, text, re.VERBOSE)
    if match is None:
        return None
    try:
        return _interval({name: part for name, part in match.groupdict().items() if part})
    except ValueError:
        raise DateError("no such date") from None


def _interval(parts: dict[str, str]) -> Interval:
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


def _error(problem: DateError, text: str, option: str, forms: str) -> UsageError:
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    if not shown.strip() or not shown.isprintable():
        shown = repr(shown)
    return UsageError(f"{option} {shown}: {problem}; write {problem.advice or forms}".lstrip())

"""Dates as people write them, as intervals of time.

A date names a whole year, month, week, day, minute or second, all of them in UTC. "After D" means
at the start of D or later, "before D" before the start of D, "on D" inside the interval.

ISO dates are read in `iso`; dates in words in `relative` and `written`, which are loaded when
there is one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from heatseek.errors import UsageError
from heatseek.query.dates import iso
from heatseek.query.dates.iso import FORMS, DateError, Interval

EXAMPLES = "2023-03-14, 2023-03, yesterday, 'last monday' or 2w"
"""Forms that `parse_date` reads."""
MAX_LENGTH = 60
"""Characters of a date in words; no date has more."""

# Compiled where it is needed, which few queries do.
_JOINED = r"(?<=[^\W_])[-_](?=[^\W_])"


def parse_date(text: str, option: str = "", *, now: datetime | None = None) -> Interval:
    """The interval that a date names.

    Intervals end at the latest at the last instant that a datetime can hold.

    Args:
        text: an ISO date of one of `iso.FORMS` (a time may have seconds and a zone, else it is
            UTC), an age (`2w`), or a date in words (`last monday`, `14 March 2023`).
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
        date = iso.interval(text.strip())
    except DateError as problem:
        raise _error(problem, text, option, FORMS) from None
    if date is None:
        raise _error(DateError("not an ISO date"), text, option, FORMS)
    return date[0]


def interval(text: str, now: datetime, *, ages: bool) -> Interval:
    """Like `parse_date`, for callers that say themselves where the problem is.

    Args:
        text: a date in any form.
        now: the instant to count from.
        ages: whether a bare age such as `2w` stands for the day on which it began.

    Raises:
        DateError: with the problem alone.
    """
    date = iso.interval(text.strip())
    return date or _in_words(text, iso.in_utc(now).replace(microsecond=0), ages=ages)


def _in_words(text: str, now: datetime, *, ages: bool) -> Interval:
    if len(text) > MAX_LENGTH:
        raise DateError("not a date")
    # Few searches have such a date: the start-up of the others does without.
    from heatseek.query.dates import relative  # noqa: PLC0415

    words = " ".join(re.sub(_JOINED, " ", text.lower()).split())
    try:
        date = relative.interval(words, now, ages=ages)
        if date is None:
            from heatseek.query.dates import written  # noqa: PLC0415 - as above

            date = written.interval(text.lower(), now)
    except DateError:
        raise
    except (OverflowError, ValueError):  # outside the years 1 to 9999
        raise DateError("no such date") from None
    return date


def _error(problem: DateError, text: str, option: str, forms: str) -> UsageError:
    excerpt = text if len(text) <= 40 else f"{text[:39]}…"
    if not excerpt.strip() or not excerpt.isprintable():
        excerpt = repr(excerpt)
    return UsageError(f"{option} {excerpt}: {problem}; write {problem.advice or forms}".lstrip())

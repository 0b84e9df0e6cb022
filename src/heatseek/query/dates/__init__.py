"""Dates as people write them, as intervals of time.

A date names a whole year, month, week, day, minute or second, in the zone of the instant that is
now. "After D" means at the start of D or later, "before D" before the start of D, "on D" inside the
interval.

ISO dates are read in `iso`; dates in words in `relative` and `written`, which are loaded when
there is one.
"""

from __future__ import annotations

import re
from datetime import UTC

from heatseek.query.dates import iso
from heatseek.query.dates.iso import DateError, Interval

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime, tzinfo

EXAMPLES = "2023-03-14, 2023-03, yesterday, 'last monday' or 2w"
"""Forms that `interval` reads."""
MAX_LENGTH = 60
"""Characters of a date in words; no date has more."""

# Compiled where it is needed, which few queries do.
_JOINED = r"(?<=[^\W_])[-_](?=[^\W_])"


def interval(text: str, now: datetime, *, ages: bool) -> Interval:
    """The interval that a date names; it ends at the last instant of a datetime at the latest.

    Args:
        text: an ISO date of one of `iso.FORMS` (a time may have seconds and a zone), an age (`2w`),
            or a date in words (`last monday`, `14 March 2023`).
        now: the instant that `yesterday` and ages count from, in the zone in which days begin.
        ages: whether a bare age such as `2w` stands for the day on which it began.

    Raises:
        DateError: it is none, or could be several.
    """
    zone = now.tzinfo or UTC
    # What the clocks show is worked with as if it were UTC, in which days have 24 hours.
    clock = now.replace(tzinfo=UTC, microsecond=0)
    first, end = iso.interval(text.strip(), zone) or _in_words(text, clock, zone, ages=ages)
    return first.replace(tzinfo=zone), end.replace(tzinfo=zone)


def _in_words(text: str, now: datetime, zone: tzinfo, *, ages: bool) -> Interval:
    if len(text) > MAX_LENGTH:
        raise DateError("not a date")
    # Few searches have such a date: the start-up of the others does without.
    from heatseek.query.dates import relative  # noqa: PLC0415

    words = " ".join(re.sub(_JOINED, " ", text.lower()).split())
    try:
        date = relative.interval(words, now, ages=ages)
        if date is None:
            from heatseek.query.dates import written  # noqa: PLC0415 - as above

            date = written.interval(text.lower(), now, zone)
    except DateError:
        raise
    except (OverflowError, ValueError):  # outside the years 1 to 9999
        raise DateError("no such date") from None
    return date

"""Dates as intervals: ISO dates, dates that count from the present, dates in words."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.errors import ArgumentError
from heatseek.query.dates import interval
from heatseek.query.dates.iso import DateError
from heatseek.search.request import request_of
from query_examples import NOW

EXAMPLES = "write 2023-03-14, 2023-03, yesterday, 'last monday' or 2w"
MONTHS = [name.lower() for name in calendar.month_name][1:]
DAYS = [name.lower() for name in calendar.day_name]
moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware
    lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
)


def dated(text: str, now: datetime | None = None) -> tuple[datetime, datetime]:
    return interval(text, now or datetime.now(UTC), ages=True)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023", "2023-01-01T00:00:00", "2024-01-01T00:00:00"),
        ("2023-03", "2023-03-01T00:00:00", "2023-04-01T00:00:00"),
        ("2023-12", "2023-12-01T00:00:00", "2024-01-01T00:00:00"),
        ("2023-03-14", "2023-03-14T00:00:00", "2023-03-15T00:00:00"),
        ("2024-02-29", "2024-02-29T00:00:00", "2024-03-01T00:00:00"),
        ("2023-03-14T14:42", "2023-03-14T14:42:00", "2023-03-14T14:43:00"),
        ("2023-03-14 14:42", "2023-03-14T14:42:00", "2023-03-14T14:43:00"),
        ("2023-03-14T14:42:07", "2023-03-14T14:42:07", "2023-03-14T14:42:08"),
        ("2023-03-14T14:42Z", "2023-03-14T14:42:00", "2023-03-14T14:43:00"),
        ("2023-03-14T14:42:00+02:00", "2023-03-14T12:42:00", "2023-03-14T12:42:01"),
        ("2023-03-14T00:30-0530", "2023-03-14T06:00:00", "2023-03-14T06:01:00"),
        (" 2023 ", "2023-01-01T00:00:00", "2024-01-01T00:00:00"),
        ("0001", "0001-01-01T00:00:00", "0002-01-01T00:00:00"),
        ("0001-01-01T00:00+23:59", "0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("9999", "9999-01-01T00:00:00", "9999-12-31T23:59:59.999999"),
        ("9999-12", "9999-12-01T00:00:00", "9999-12-31T23:59:59.999999"),
        ("9999-12-31", "9999-12-31T00:00:00", "9999-12-31T23:59:59.999999"),
        ("9999-12-31T23:59-23:59", "9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"),
    ],
)
def test_iso(text: str, start: str, end: str) -> None:
    assert (utc(start), utc(end)) == dated(text)
    assert utc(start) == request_of(now=text).now


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        # It is Wednesday, 2023-03-15, 12:30.
        ("today", "2023-03-15", "2023-03-16"),
        ("Yesterday", "2023-03-14", "2023-03-15"),
        ("the day before yesterday", "2023-03-13", "2023-03-14"),
        ("tomorrow", "2023-03-16", "2023-03-17"),
        ("now", "2023-03-15T12:30:00", "2023-03-15T12:30:01"),
        ("last week", "2023-03-06", "2023-03-13"),
        ("LAST_WEEK", "2023-03-06", "2023-03-13"),
        ("this week", "2023-03-13", "2023-03-20"),
        ("next week", "2023-03-20", "2023-03-27"),
        ("last  month", "2023-02-01", "2023-03-01"),
        ("previous quarter", "2022-10-01", "2023-01-01"),
        ("current quarter", "2023-01-01", "2023-04-01"),
        ("last year", "2022-01-01", "2023-01-01"),
        ("past week", "2023-03-08T12:30:00", "2023-03-15T12:30:00"),
        ("the last 7 days", "2023-03-08T12:30:00", "2023-03-15T12:30:00"),
        ("past three months", "2022-12-15T12:30:00", "2023-03-15T12:30:00"),
        ("monday", "2023-03-13", "2023-03-14"),
        ("on wednesday", "2023-03-15", "2023-03-16"),
        ("last wednesday", "2023-03-08", "2023-03-09"),
        ("thursday", "2023-03-09", "2023-03-10"),
        ("3 days ago", "2023-03-12", "2023-03-13"),
        ("a-week-ago", "2023-03-08", "2023-03-09"),
        ("2w", "2023-03-01", "2023-03-02"),
        ("2 w", "2023-03-01", "2023-03-02"),
        ("14 d", "2023-03-01", "2023-03-02"),
        ("1m", "2023-02-15", "2023-02-16"),
        ("2 quarters ago", "2022-09-15", "2022-09-16"),
        ("1 year", "2022-03-15", "2022-03-16"),
        ("0d", "2023-03-15", "2023-03-16"),
        ("90 min", "2023-03-15T11:00:00", "2023-03-15T11:01:00"),
        ("an hour ago", "2023-03-15T11:30:00", "2023-03-15T11:31:00"),
        ("14 march 2023", "2023-03-14", "2023-03-15"),
        ("March 14th, 2023", "2023-03-14", "2023-03-15"),
        ("14-Mar-2023", "2023-03-14", "2023-03-15"),
        ("14. march 2023", "2023-03-14", "2023-03-15"),
        ("2023 march 14", "2023-03-14", "2023-03-15"),
        ("the 1st of may 2022", "2022-05-01", "2022-05-02"),
        ("Tuesday 14 March 2023", "2023-03-14", "2023-03-15"),
        ("march 2022", "2022-03-01", "2022-04-01"),
        ("Sept. 2022", "2022-09-01", "2022-10-01"),
        ("may", "2022-05-01", "2022-06-01"),
        ("march", "2023-03-01", "2023-04-01"),
        ("15 march", "2023-03-15", "2023-03-16"),
        ("16 march", "2022-03-16", "2022-03-17"),
        ("march 14th", "2023-03-14", "2023-03-15"),
        ("29 february", "2020-02-29", "2020-03-01"),
        ("14 march 2023 15:30", "2023-03-14T15:30:00", "2023-03-14T15:31:00"),
        ("14 march 2023 at 3:30 pm", "2023-03-14T15:30:00", "2023-03-14T15:31:00"),
        ("14 march 2023 12am", "2023-03-14T00:00:00", "2023-03-14T00:01:00"),
        ("14 march 2023 noon", "2023-03-14T12:00:00", "2023-03-14T12:01:00"),
        ("14 march 2023 midnight", "2023-03-14T00:00:00", "2023-03-14T00:01:00"),
        ("14 march 2023 15:30 pm", "2023-03-14T15:30:00", "2023-03-14T15:31:00"),
        ("14 march 2023 23:30 -05:00", "2023-03-15T04:30:00", "2023-03-15T04:31:00"),
        ("Tue, 14 Mar 2023 10:00:07 GMT", "2023-03-14T10:00:07", "2023-03-14T10:00:08"),
        ("Tue, 14 Mar 2023 10:00:07 +0530", "2023-03-14T04:30:07", "2023-03-14T04:30:08"),
        ("yesterday at 5 pm", "2023-03-14T17:00:00", "2023-03-14T17:01:00"),
        ("today 14:00", "2023-03-15T14:00:00", "2023-03-15T14:01:00"),
    ],
)
def test_in_words(text: str, start: str, end: str) -> None:
    assert (utc(start), utc(end)) == dated(text, now=NOW)
    assert utc(start) == request_of(after=text, now=NOW).after


def test_days_are_those_of_the_zone_of_now() -> None:
    east = datetime.fromisoformat("2023-03-15T01:00+02:00")
    day = timedelta(days=1)
    midnight = east.replace(hour=0)
    assert dated("yesterday", now=east) == (midnight - day, midnight)
    assert dated("2023-03-15", now=east) == (midnight, midnight + day)
    assert dated("2023-03-14T23:30Z", now=east)[0] == midnight.replace(hour=1, minute=30)
    assert dated("14 March 2023 at 23:30 UTC", now=east)[0] == midnight.replace(hour=1, minute=30)


@pytest.mark.parametrize(
    "text",
    [
        *("2023-13-01", "2023-00", "2023-02-29", "0000", "2023-03-14T24:00", "2023-03-14T14:60"),
        *("2023-03-14T14:42:60", "2023-03-14T14:42+24:00", "31 february 2023", "feb 30th"),
        *("monday 14 march 2023", "9999y", "99999 quarters ago", "dec 9999", "99999m ago"),
    ],
)
def test_no_such_date(text: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        request_of(after=text, now=NOW)
    assert f"after {text}: no such date; {EXAMPLES}" == str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *("someday", "23", "5", "2023-03-14T14", "2023-03-14T14:42:00.5", "99/99/99", "0/0/0"),
        *("20230314", "-2023", "12023", "٢٠٢٣", "2023-03T14:42", "2023-03-14T14:42 UTC"),
        *("3 days before yesterday", "14 march 23", "march 14 15", "in 2 days", "next monday"),
        *("march april", "2023 2022 may", "5pm", "monday 5pm", "may 10:00", "noon", "march utc"),
        *("14 march 2023 25:00", "14 march 2023 10:00 ist", "last may", "spring 2023", "14", "of"),
        *("1.5 days ago", "-2w", "2w ago ago", "2x", "w", "ago", "last", "week", "mayday", "mar14"),
        *("14 march 2023 14:00pm2", "14 mars 2023", "gestern", "今日", "yesterday monday"),
    ],
)
def test_not_a_date(text: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        request_of(after=text, now=NOW)
    assert f"after {text}: not a date; {EXAMPLES}" == str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("03/04/2023", "could be two dates; write 2023-04-03 or 2023-03-04"),
        ("3.4.23", "could be two dates; write 2023-04-03 or 2023-03-04"),
        ("14.03.2023", "not a date; write 2023-03-14"),
        ("3-14-2023", "not a date; write 2023-03-14"),
        ("4/4/2023", "not a date; write 2023-04-04"),
        ("2023/3/1", "not a date; write 2023-03-01"),
        ("2023-3-1", "not a date; write 2023-03-01"),
        ("march 14", 'could be a day or a year; write "March 2014" or "14 March"'),
        ("may 5", 'could be a day or a year; write "May 2005" or "5 May"'),
    ],
)
def test_what_could_be_several_dates(text: str, told: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        request_of(after=text, now=NOW)
    assert f"after {text}: {told}" == str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", "''"), ("a\nb", "'a\\nb'"), ("x" * 99, f"{'x' * 39}…"), ("\x1b[1m", "'\\x1b[1m'")],
)
def test_message_is_one_printable_line(text: str, shown: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        request_of(before=text)
    assert f"before {shown}: not a date; {EXAMPLES}" == str(caught.value)


@given(st.datetimes(), st.integers(-1439, 1439))
def test_every_moment_lies_in_its_intervals(moment: datetime, offset: int) -> None:
    written = moment.replace(microsecond=0, tzinfo=UTC).isoformat()
    for length in (4, 7, 10, 16, 19):
        start, end = dated(written[:length])
        assert start <= moment.replace(tzinfo=UTC) <= end
    sign, minutes = "-+"[offset >= 0], abs(offset)
    start, end = dated(f"{written[:19]}{sign}{minutes // 60:02}:{minutes % 60:02}")
    assert start <= end


@given(moments, st.sampled_from(["week", "month", "quarter", "year"]))
def test_periods_follow_on_each_other_and_hold_the_present(now: datetime, unit: str) -> None:
    last, this, following = (
        dated(f"{which} {unit}", now=now) for which in ("last", "this", "next")
    )
    assert this[0] <= now < this[1]
    assert (last[1], this[1]) == (this[0], following[0])
    if unit == "week":
        assert last[0].isocalendar()[2] == 1
        assert last[1] - last[0] == timedelta(days=7)
    else:
        assert last[0].day == 1
        assert last[0] == dated(f"{last[0]:%Y-%m}")[0]


@given(moments, st.integers(0, 6))
def test_a_weekday_is_the_latest(now: datetime, weekday: int) -> None:
    today = now.date()
    (start, end), (last, _) = (
        dated(f"{before}{DAYS[weekday]}", now=now) for before in ("", "last ")
    )
    assert start.weekday() == last.weekday() == weekday
    assert end - start == timedelta(days=1)
    assert 0 <= (today - start.date()).days < 7
    assert 1 <= (today - last.date()).days <= 7


@given(moments, st.integers(0, 1000))
def test_ages(now: datetime, count: int) -> None:
    midnight = now.replace(hour=0, minute=0, second=0)
    assert midnight - timedelta(days=count) == dated(f"{count}d", now=now)[0]
    assert midnight - timedelta(weeks=count) == dated(f"{count} weeks ago", now=now)[0]
    months, _ = dated(f"{count}m", now=now)
    whole = now.year * 12 + now.month - months.year * 12 - months.month
    assert whole == count
    assert months.day == min(now.day, calendar.monthrange(months.year, months.month)[1])
    hour, _ = dated(f"{count} hours ago", now=now)
    assert timedelta(0) <= now - timedelta(hours=count) - hour < timedelta(minutes=1)


@given(moments, st.dates(date(1000, 1, 1), date(9999, 11, 30)), st.data())
def test_days_in_words_are_what_they_say(now: datetime, day: date, data: st.DataObject) -> None:
    month = data.draw(st.sampled_from([MONTHS[day.month - 1], MONTHS[day.month - 1][:3]]))
    form = data.draw(
        st.sampled_from(
            ["{d} {m} {y}", "{m} {d}, {y}", "{d}-{m}-{y}", "{w} {d} {m} {y}", "{y} {m} {d}"]
        )
    )
    text = form.format(d=day.day, m=month, y=day.year, w=DAYS[day.weekday()])
    assert dated(day.isoformat()) == dated(text, now=now)
    assert dated(f"{day:%Y-%m}".zfill(7)) == dated(f"{month} {day.year}", now=now)
    time = data.draw(st.times())
    start, _ = dated(f"{day.day} {month} {day.year} {time:%H:%M:%S}", now=now)
    assert start == datetime.combine(day, time.replace(microsecond=0), UTC)
    twelve, _ = dated(f"{day.day} {month} {day.year} {time:%I:%M %p}", now=now)
    assert twelve == start.replace(second=0)


@given(moments, st.integers(1, 12), st.integers(1, 28))
def test_without_a_year_it_is_the_latest_that_has_begun(
    now: datetime, month: int, day: int
) -> None:
    for text, first in ((MONTHS[month - 1], 1), (f"{day} {MONTHS[month - 1]}", day)):
        start, _ = dated(text, now=now)
        assert (start.month, start.day) == (month, first)
        assert start <= now < start.replace(year=start.year + 1)


WORDS = st.sampled_from(
    "last this past the ago a two 2 14 31 2023 23 0 99999 w d m y min week month monday mon may "
    "march yesterday today now noon pm 5pm 10:00 utc +02:00 at of , . - / th 14th next in".split()
)


@given(
    st.text(max_size=30)
    | st.from_regex(r"[0-9T:Z+ -]{0,26}", fullmatch=True)
    | st.lists(WORDS, max_size=6).map(" ".join)
    | st.lists(WORDS, max_size=4).map("".join),
    moments,
)
def test_any_text_is_a_date_or_refused(text: str, now: datetime) -> None:
    try:
        start, end = dated(text, now=now)
    except DateError:
        with pytest.raises(ArgumentError) as refused:
            request_of(after=text, now=now)
        assert len(str(refused.value).splitlines()) == 1
        return
    assert start <= end
    assert request_of(after=text, now=now).after == start

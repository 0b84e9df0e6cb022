"""ISO dates as intervals."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.errors import UsageError
from heatseek.query.dates import parse_date

FORMS = "write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm"


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
def test_interval(text: str, start: str, end: str) -> None:
    expected = tuple(datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (start, end))
    assert expected == parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2023-13-01", "2023-00", "2023-02-29", "0000", "2023-03-14T24:00", "2023-03-14T14:60"),
        *("2023-03-14T14:42:60", "2023-03-14T14:42+24:00"),
    ],
)
def test_no_such_date(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_date(text, "--after")
    assert f"--after {text}: no such date; {FORMS}" == str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *("yesterday", "23", "2023-3-1", "2023-03-14T14", "14.03.2023", "2023-03-14T14:42:00.5"),
        *("20230314", "-2023", "12023", "٢٠٢٣", "2023-03T14:42", "2023-03-14T14:42 UTC"),
    ],
)
def test_not_a_date(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_date(text)
    assert f"{text}: not a date; {FORMS}" == str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", "''"), ("a\nb", "'a\\nb'"), ("x" * 99, f"{'x' * 39}…"), ("\x1b[1m", "'\\x1b[1m'")],
)
def test_message_is_one_printable_line(text: str, shown: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_date(text, "--before")
    assert f"--before {shown}: not a date; {FORMS}" == str(caught.value)


@given(st.datetimes(), st.integers(-1439, 1439))
def test_every_moment_lies_in_its_intervals(moment: datetime, offset: int) -> None:
    written = moment.replace(microsecond=0, tzinfo=UTC).isoformat()
    for length in (4, 7, 10, 16, 19):
        start, end = parse_date(written[:length])
        assert start <= moment.replace(tzinfo=UTC) <= end
    sign, minutes = "-+"[offset >= 0], abs(offset)
    start, end = parse_date(f"{written[:19]}{sign}{minutes // 60:02}:{minutes % 60:02}")
    assert start <= end


@given(st.text(max_size=30) | st.from_regex(r"[0-9T:Z+ -]{0,26}", fullmatch=True))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        start, end = parse_date(text)
    except UsageError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - any other error shall escape
        return
    assert start <= end

"""Links, dates and characters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.article import canonical
from heatseek.ingest.dates import instant
from heatseek.ingest.text import MAX_URL, blank_controls, link


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "//x.y/z",
        "/assets/a.png",
        "ftp://x.y",
        "http://",
        "http:///path",
        "https://[::1",
        "http://x.y:port/",
        "http://a b/",
        "http://a\\b/",
        "mailto:a@b.c",
        "",
        "https://x.y/" + "z" * MAX_URL,
    ],
)
def test_only_web_links_are_usable(text: str) -> None:
    assert link(text) is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" https://x.y/z#part\n", "https://x.y/z#part"),
        ("https://x.y/a b\u202e\x1b[31m", "https://x.y/a%20b"),
        ("https://x.y/\n a", "https://x.y/%20a"),
        ("HTTP://X.Y", "HTTP://X.Y"),
    ],
)
def test_links_are_shown_as_typed_but_safe(text: str, url: str) -> None:
    assert link(text) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Www.X.Y:443/A?b=C#d", "https://www.x.y/A?b=C"),
        ("http://x.y:80", "http://x.y"),
        ("http://x.y:443/", "http://x.y:443/"),
        ("http://Me:Pw@X.Y:/a", "http://Me:Pw@x.y/a"),
        ("https://[2001:DB8::1]:0443/a", "https://[2001:db8::1]/a"),
        ("https://x.y/a/?q", "https://x.y/a/?q"),
        ("https://x.y?q#f", "https://x.y?q"),
    ],
)
def test_equal_links_become_equal_text(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


@given(st.from_regex(r"(?i)\A\s?https?://[^/]{1,9}(:[0-9]{1,6})?([/?#].*)?\Z"))
def test_canonical_links_stay_usable_and_the_same(text: str) -> None:
    url = link(text)
    if url is not None:
        assert canonical(url) == link(canonical(url)) == canonical(canonical(url))


def at(*values: int) -> datetime:
    return datetime(*values, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-03-14T14:42:00Z", at(2023, 3, 14, 14, 42)),
        ("2023-03-14T14:42:00.999z", at(2023, 3, 14, 14, 42)),
        ("2023-03-14t14:42:07", at(2023, 3, 14, 14, 42, 7)),
        (" 2023-03-14 14:42 ", at(2023, 3, 14, 14, 42)),
        ("2023-03-14 14:42:00 +02:00", at(2023, 3, 14, 12, 42)),
        ("2023-03-14T14:42:00-0530", at(2023, 3, 14, 20, 12)),
        ("2023-03-14T14:42:00+2", at(2023, 3, 14, 12, 42)),
        ("2023-3-4", at(2023, 3, 4)),
        ("0001-01-01", at(1, 1, 1)),
        (date(2023, 3, 14), at(2023, 3, 14)),
        (datetime(2023, 3, 14, 1, 2, 3, 4), at(2023, 3, 14, 1, 2, 3)),  # noqa: DTZ001
        (datetime(2023, 3, 14, tzinfo=timezone(timedelta(hours=2))), at(2023, 3, 13, 22)),
    ],
)
def test_dates_become_utc(value: Any, expected: datetime) -> None:
    assert instant(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("2023-02-30", "2023-03-14T25:00:00Z", "2023-03-14T14:42:60Z", "0000-01-01", "now", ""),
        *("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "2023-03-14T14:42:00+99:00"),
        *("12", "\u0662\u0660\u0662\u0663-03-14", "2023-03-14Z", None, 5, [], 1e300),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_what_is_no_date_is_none(value: Any) -> None:
    assert instant(value) is None


@given(st.datetimes(timezones=st.timezones() | st.none()))
def test_dates_read_the_same_as_object_and_as_text(moment: datetime) -> None:
    read = instant(moment)
    assert read is None or (read.utcoffset() == timedelta() and read.microsecond == 0)
    if moment.utcoffset() is None or moment.utcoffset().total_seconds() % 60 == 0:  # type: ignore[union-attr]
        assert read == instant(moment.isoformat())
        assert read == instant(moment.isoformat(" "))


BLANKED = [(0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029)]
BLANKED += [(0xD800, 0xDFFF), (0xFFFE, 0xFFFF)]


def test_exactly_what_parsers_refuse_is_blanked() -> None:
    refused = {code for first, last in BLANKED for code in range(first, last + 1)}
    ends = {end for ends in BLANKED for end in ends}
    for code in (
        {*range(300), *ends, 0x10FFFF} | {end + 1 for end in ends} | {0x2027, 0xD7FF, 0xFFFD}
    ):
        expected = " " if code in refused else chr(code)
        assert blank_controls(f"a{chr(code)}\n") == f"a{expected}\n"

"""Days of a zone: found, shown and counted as its clocks show them."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_runs import run
from heatseek.zones import in_zone, is_zone, local, spans, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZONES = ("UTC", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Pacific/Kiritimati")
DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
seconds = st.integers(1_678_000_000, 1_700_000_000)
ends = st.none() | seconds | seconds.map(lambda second: second // DAY * DAY)


@given(
    st.sampled_from(ZONES), ends, ends, st.lists(seconds | seconds.map(lambda s: s // DAY * DAY))
)
def test_spans_are_what_the_clock_shows(
    name: str, low: int | None, high: int | None, instants: list[int]
) -> None:
    zone = zone_of(name)
    found = spans(low, high, None if zone is UTC else zone)
    near = [e + step for e in (low, high) if e is not None for step in range(-DAY, DAY, 3_600)]
    for instant in (*instants, *near):
        shown = instant
        moment = EPOCH + timedelta(seconds=instant)
        if instant % DAY:
            shown = int(moment.astimezone(zone).replace(tzinfo=UTC).timestamp())
        expected = (low is None or low <= shown) and (high is None or shown <= high)
        times = sum(
            (first is None or first <= instant) and (last is None or instant <= last)
            for first, last in found
        )
        if low is None or high is None or low <= high:
            assert times == expected
        clock = local(moment, zone).replace(tzinfo=UTC)
        assert int(clock.timestamp()) == shown


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "x" * 1_000, "\0", "/etc"])
def test_no_zones(name: str) -> None:
    assert not is_zone(name)


def test_ends_of_time_stay_in_it() -> None:
    for name in ZONES:
        for moment in (datetime.min, datetime.max):  # noqa: DTZ901
            in_zone(moment.replace(tzinfo=UTC), zone_of(name))
        spans(-62_135_596_800, 253_402_300_799, zone_of(name))


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """This process as it is on a machine in a zone."""
    with patch.dict(os.environ, TZ=zone):
        time.tzset()
        try:
            yield
        finally:
            os.environ["TZ"] = "UTC"
            time.tzset()


@pytest.mark.parametrize("name", ZONES[1:])
def test_the_zone_of_the_machine_is_like_any_other(name: str) -> None:
    with machine_in(name):
        for hour in range(0, 9_000, 7):
            moment = datetime(2023, 3, 14, tzinfo=UTC) + timedelta(hours=hour)
            here, there = (in_zone(moment, zone_of(each)) for each in (None, name))
            assert here.replace(tzinfo=None) == there.replace(tzinfo=None)
            assert here.timestamp() == there.timestamp() == moment.timestamp()
            assert here.utcoffset() == there.utcoffset()


@pytest.mark.parametrize("name", ["Pacific/Kiritimati", "America/New_York"])
def test_the_ends_of_time_have_a_zone_on_a_machine(name: str) -> None:
    with machine_in(name):
        for moment in (datetime.min, datetime.max):  # noqa: DTZ901
            shown = local(moment.replace(minute=30, tzinfo=UTC), zone_of(None))
            assert f"{shown:%Z}" != ""


ARTICLES = {
    "day": "date: 2024-03-15",
    "late": "date: 2024-03-14T20:00:00-05:00",
    "silvester": "date: 2023-12-31T20:00:00-05:00",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zones")
    (folder / "seeds").mkdir()
    for name, lines in ARTICLES.items():
        (folder / "seeds" / f"{name}.md").write_text(f"---\ntitle: note {name}\n{lines}\n---\n")
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


@pytest.mark.parametrize(
    ("zone", "query", "found"),
    [
        ("Australia/Sydney", ["date:today", "--now", "2024-03-14T22:00:00Z"], ["day", "late"]),
        ("America/New_York", ["date:2024-03-14"], ["late"]),
        ("America/New_York", ["date:2024-03-15"], ["day"]),
        ("UTC", ["date:2024-03-15"], ["day", "late"]),
        ("America/New_York", ["note", "--after", "2024-03-15"], ["day"]),
        ("America/New_York", ["note", "--before", "2024-03-15"], ["late", "silvester"]),
        ("America/New_York", ["date:2024"], ["day", "late"]),
        ("America/New_York", ["date:2024-03-15T01:00Z"], ["late"]),
    ],
)
def test_days_of_the_machine(home: Path, zone: str, query: list[str], found: list[str]) -> None:
    with machine_in(zone):
        ran = run("search", *query, "--format", "paths", cwd=home)
    assert sorted(line[6:-3] for line in ran.out.splitlines()) == found


def test_days_of_the_configuration(home: Path) -> None:
    (home / "heatseek.toml").write_text("time_zone = 'America/New_York'\n")
    try:
        shown = run("search", "late", cwd=home)
        assert "2024-03-14" in shown.out
        assert "time zone" in shown.err
        assert run("heatseek", "update", cwd=home).code == 0
        shown = run("search", "late", cwd=home)
        assert ("2024-03-14" in shown.out, shown.err) == (True, "")
        facets = run("search", "note", "--facet", "year", "--limit", "0", cwd=home).out
        assert "2023" in facets
        article = run("heatseek", "show", "seeds/late.md", cwd=home)
        assert "2024-03-14 21:00 EDT" in article.out
    finally:
        (home / "heatseek.toml").unlink()

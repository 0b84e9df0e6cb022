"""Years of a zone as ranges of instants: each instant is in just the year that clocks show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek.engines.opensearch.years import MEAN_YEAR, year_ranges, years_around
from heatseek.zones import local

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
# Beside well-known ones: those that skipped a day, or put clocks back at a new year.
ZONES = [UTC, *map(ZoneInfo, ("Europe/Berlin", "America/Lima", "Pacific/Apia", "Asia/Tokyo"))]
edges = st.builds(
    lambda year, hours, seconds: min(
        max(int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) + hours * 3_600 + seconds, FIRST),
        LAST,
    ),
    st.integers(1, 9999) | st.integers(1880, 2030),
    st.integers(-15, 15),
    st.sampled_from((-1, 0, 1, 59, 1_800)),
)


@settings(max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    instants=st.lists(edges | st.integers(FIRST, LAST), max_size=6),
)
def test_an_instant_is_in_the_year_that_clocks_show(zone: ZoneInfo, instants: list[int]) -> None:
    years = years_around(instant // MEAN_YEAR * MEAN_YEAR for instant in instants)
    ranges = year_ranges(years, zone)
    for instant in instants:
        moment = EPOCH + timedelta(seconds=instant)
        found = [year for year, begin, end in ranges if begin <= instant < end]
        assert found == [local(moment, zone).year]

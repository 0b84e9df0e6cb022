"""The boost formula, for all inputs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.errors import UsageError
from heatseek.ranking import DAY, MAX_WEIGHT, Boosts, Preset, multiplier, recency, saturation

values = st.none() | st.integers() | st.floats(allow_nan=True, allow_infinity=True)
instants = st.integers(-(2**40), 2**40)
times = st.none() | instants
weights = st.floats(0, MAX_WEIGHT)
boosts = st.builds(
    Boosts,
    quality=weights,
    heat=weights,
    recency=st.floats(0, 1),
    half_life=st.floats(1e-6, MAX_WEIGHT),
    quality_pivot=st.floats(1e-6, MAX_WEIGHT),
    heat_pivot=st.floats(1e-6, MAX_WEIGHT),
)


@given(quality=values, heat=values, date=times, boosts=boosts)
def test_the_multiplier_is_finite_and_within_its_bounds(
    quality: float | None, heat: float | None, date: int | None, boosts: Boosts
) -> None:
    low, high = boosts.bounds
    factor = multiplier(quality, heat, date, 0.0, boosts)
    assert math.isfinite(factor)
    assert low * (1 - 1e-12) <= factor <= high * (1 + 1e-12)


@given(one=st.integers(), other=st.integers(), heat=values, date=times, boosts=boosts)
def test_better_is_never_worse(
    one: int, other: int, heat: float | None, date: int | None, boosts: Boosts
) -> None:
    low, high = sorted((one, other))
    assert multiplier(low, heat, date, 0.0, boosts) <= multiplier(high, heat, date, 0.0, boosts)
    assert multiplier(heat, low, date, 0.0, boosts) <= multiplier(heat, high, date, 0.0, boosts)


@given(one=instants, other=instants, boosts=boosts)
def test_newer_is_never_worse(one: int, other: int, boosts: Boosts) -> None:
    old, new = sorted((one, other))
    assert recency(None, 0.0, boosts) <= recency(old, 0.0, boosts) <= recency(new, 0.0, boosts)


@given(quality=values, heat=values, date=times)
def test_without_weights_nothing_changes(
    quality: float | None, heat: float | None, date: int | None
) -> None:
    none = Boosts(quality=0.0, heat=0.0, recency=0.0)
    assert multiplier(quality, heat, date, 0.0, none) == 1.0


def test_the_formula_by_hand() -> None:
    given_ = Boosts(quality=0.5, heat=1.0, recency=0.4, half_life=10.0)
    expected = (1 + 0.5 * 50 / 100 + 1.0 * 150 / 200) * (1 - 0.4 + 0.4 / 4)
    assert multiplier(50, 150, 0.0, 20 * DAY, given_) == pytest.approx(expected)
    assert saturation(50, 50) == 0.5
    assert recency(5 * DAY, 0.0, given_) == 1.0  # the future counts as now
    assert recency(None, 0.0, given_) == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quality", -0.1),
        ("heat", math.inf),
        ("heat", math.nan),
        ("recency", 1.1),
        ("half_life", 0.0),
        ("quality_pivot", -1.0),
    ],
)
def test_weights_that_make_no_sense_are_refused(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=name):
        Boosts(**{name: value})


def test_presets() -> None:
    assert Preset.BALANCED.boosts == Boosts()
    assert Preset.RELEVANCE.boosts.bounds == (1.0, 1.0)
    assert Preset.HOT.boosts.heat > Preset.BALANCED.boosts.heat
    assert Preset.FRESH.boosts.recency > 0.0

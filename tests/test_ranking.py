"""The formulas of the score, for all inputs, and their forms for numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.errors import UsageError
from heatseek.ranking import (
    DAY,
    MAX_WEIGHT,
    Boosts,
    Preset,
    arrays,
    bm25,
    multiplier,
    recency,
    saturation,
    static,
)

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


column_values = st.integers(-(2**63), 2**63 - 1)
dilutions = st.builds(
    bm25.dilution,
    weight=st.floats(0.01, 100),
    b=st.sampled_from([0.0, 0.4, 0.75, 1.0]),
    average_length=st.just(0.0) | st.floats(1, 1e6),
)
frequencies = st.lists(
    st.tuples(st.integers(1, 2**32 - 1), st.integers(1, 2**32 - 1)), min_size=1, max_size=20
)
"""How often a word stands in the field of a document, and the length of that."""


@given(columns=st.lists(st.tuples(column_values, column_values)), boosts=boosts)
def test_boosts_of_arrays_are_those_of_numbers(
    columns: list[tuple[int, int]], boosts: Boosts
) -> None:
    quality, heat = (np.array([each[at] for each in columns], np.int64) for at in (0, 1))
    expected = [static(*each, boosts) for each in columns]
    assert arrays.static(quality, heat, boosts)(slice(None)).tolist() == expected
    pivot = boosts.quality_pivot
    expected = [saturation(each, pivot) for each, _ in columns]
    assert arrays.saturation(quality, pivot).tolist() == expected


@given(
    columns=st.lists(st.tuples(column_values, column_values, column_values)),
    boosts=boosts,
    now=st.integers(-(10**11), 10**11),
)
def test_multipliers_of_arrays_are_those_of_numbers_but_for_rounding(
    columns: list[tuple[int, int, int]], boosts: Boosts, now: int
) -> None:
    dates, quality, heat = (np.array([each[at] for each in columns], np.int64) for at in range(3))
    found = arrays.multipliers(dates, quality, heat, float(now), boosts)
    expected = [multiplier(q, h, date, float(now), boosts) for date, q, h in columns]
    assert found.tolist() == pytest.approx(expected, rel=1e-12, abs=1e-306)


@given(found=frequencies, dilution=dilutions, weight=st.floats(0, 1e6))
def test_text_scores_of_arrays_are_those_of_numbers(
    found: list[tuple[int, int]], dilution: bm25.Dilution, weight: float
) -> None:
    counts, lengths = ([each[at] for each in found] for at in (0, 1))
    parts = bm25.field_parts(counts, bm25.norms(dilution, lengths))
    norms = arrays.norms(dilution, np.array(lengths, np.uint32))
    xs = arrays.field_parts(np.array(counts, np.uint32), norms)
    assert xs.tolist() == parts
    expected = [bm25.score(weight, x) for x in parts]
    assert arrays.scores(weight, xs).tolist() == bm25.scores(weight, parts) == expected


def test_the_text_score_by_hand() -> None:
    """A field of weight 2 and b 0.75, twice as long as the average, that has the word 3 times."""
    dilution = bm25.dilution(2.0, 0.75, 10.0)
    (x,) = bm25.field_parts([3], bm25.norms(dilution, [20]))
    assert x == pytest.approx(2.0 * 3 / (1 - 0.75 + 0.75 * 20 / 10))
    assert bm25.score(1.5, x) == pytest.approx(1.5 * x / (1.2 + x))
    assert bm25.idf(1_000, 10) == pytest.approx(math.log(1 + 990.5 / 10.5))

"""The formulas of `bm25` and `boosts` over arrays of numpy, equal to them to the last bit.

For processes that search often; importing numpy takes longer than a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heatseek.ranking import DAY, LARGEST, Boosts
from heatseek.ranking.bm25 import K1, Dilution

Numbers = NDArray[Any]
"""Of any kind of number."""
Floats = NDArray[np.float64]
_BLOCK = 65_536
"""Documents whose values are worked out together: what is in between takes little memory."""


def blocks(size: int) -> Iterator[slice]:
    """The documents from 0 to `size` in order, some at a time."""
    for start in range(0, size, _BLOCK):
        yield slice(start, min(start + _BLOCK, size))


def norms(dilution: Dilution, lengths: Numbers) -> Floats:
    """The divisor of tf in a field, for each length; see `bm25.field_parts`."""
    return dilution.base + dilution.slope * lengths.astype(np.float64)


def field_parts(counts: Numbers | float, norms: Floats) -> Floats:
    """See `bm25.field_parts`."""
    return counts / norms


def scores(weight: float, xs: Floats) -> Floats:
    """See `bm25.score`."""
    return weight * xs / (K1 + xs)


def title_factors(words: int, lengths: Numbers, weight: float) -> Floats:
    """See `bm25.title_factor`."""
    return 1.0 + weight * np.minimum(words / lengths.astype(np.float64), 1.0)


def saturation(values: Numbers, pivot: float) -> Floats:
    """See `boosts.saturation`; unknown values are negative."""
    bounded = np.clip(values.astype(np.float64), 0, LARGEST)
    return bounded / (bounded + pivot)


def ascending(values: Numbers, unknown: float) -> Floats:
    """See `ranking.ascending`."""
    return np.where(values == unknown, -np.inf, -values.astype(np.float64))


def static(quality: Numbers, heat: Numbers, boosts: Boosts) -> Callable[[Any], Floats]:
    """See `boosts.static`; of some documents."""
    least = _by_value(
        quality, lambda values: 1.0 + boosts.quality * saturation(values, boosts.quality_pivot)
    )
    more = _by_value(heat, lambda values: boosts.heat * saturation(values, boosts.heat_pivot))
    return lambda documents: least(documents) + more(documents)


def _by_value(values: Numbers, function: Callable[[Numbers], Floats]) -> Callable[[Any], Floats]:
    """A function of each value; of many narrow ones worked out once for all that there are."""
    bits = 8 * values.itemsize
    if len(values) >> bits == 0:
        return lambda documents: function(values[documents])
    every = np.arange(1 << bits).astype(f"u{values.itemsize}")
    table, places = function(every.view(values.dtype)), values.view(every.dtype)
    return lambda documents: table[places[documents]]


def multipliers(
    published_at: Numbers, quality: Numbers, heat: Numbers, now: float, boosts: Boosts
) -> Floats:
    """See `multiplier`; of each document."""
    of_some = multiplier(published_at, quality, heat, now, boosts)
    factors = np.empty(len(quality))
    for block in blocks(len(quality)):
        factors[block] = of_some(block)
    return factors


def multiplier(
    published_at: Numbers, quality: Numbers, heat: Numbers, now: float, boosts: Boosts
) -> Callable[[Any], Floats]:
    """See `ranking.multiplier`; of some documents.

    With recency equal but for rounding, as powers of 2 are numpy's.
    """
    by_value = static(quality, heat, boosts)
    if not boosts.recency:
        return by_value

    def aged(documents: Any) -> Floats:
        ages = np.maximum(0.0, now - published_at[documents].astype(np.float64)) / DAY
        recency = np.exp2(-ages / boosts.half_life)
        factors: Floats = by_value(documents) * (1.0 - boosts.recency + boosts.recency * recency)
        return factors

    return aged

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


def static(quality: Numbers, heat: Numbers, boosts: Boosts) -> Callable[[slice], Floats]:
    """See `boosts.static`; of a block of documents."""
    least = _by_value(
        quality, lambda values: 1.0 + boosts.quality * saturation(values, boosts.quality_pivot)
    )
    more = _by_value(heat, lambda values: boosts.heat * saturation(values, boosts.heat_pivot))
    return lambda block: least(block) + more(block)


def _by_value(values: Numbers, function: Callable[[Numbers], Floats]) -> Callable[[slice], Floats]:
    """A function of each value; of many narrow ones worked out once for all that there are."""
    bits = 8 * values.itemsize
    if len(values) >> bits == 0:
        return lambda block: function(values[block])
    every = np.arange(1 << bits).astype(f"u{values.itemsize}")
    table, places = function(every.view(values.dtype)), values.view(every.dtype)
    return lambda block: table[places[block]]


def multipliers(
    published_at: Numbers, quality: Numbers, heat: Numbers, now: float, boosts: Boosts
) -> Floats:
    """See `ranking.multiplier`; with recency equal but for rounding, as powers of 2 are numpy's."""
    by_value = static(quality, heat, boosts)
    factors = np.empty(len(quality))
    for block in blocks(len(quality)):
        factors[block] = by_value(block)
        if boosts.recency:
            ages = np.maximum(0.0, now - published_at[block].astype(np.float64)) / DAY
            recency = np.exp2(-ages / boosts.half_life)
            factors[block] *= 1.0 - boosts.recency + boosts.recency * recency
    return factors

"""The best of all matches, exactly: by value, then newer date, then id."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.layout import UNKNOWN
from heatseek.ranking import multiplier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heatseek.ranking import Boosts

_ROUNDING = 1e-9
"""Slack for bounds, so that no rounding error can cut a document off."""


class Columns:
    """What boosts and orders look at, over all segments; None for what is unknown."""

    def __init__(
        self, published_at: Sequence[int], quality: Sequence[int], heat: Sequence[int]
    ) -> None:
        self.published_at = published_at
        self.quality = quality
        self.heat = heat

    def boost(self, document: int, now: float, boosts: Boosts) -> float:
        """The multiplier of a document."""
        date = self.published_at[document]
        return multiplier(
            self.quality[document],
            self.heat[document],
            None if date == UNKNOWN else date,
            now,
            boosts,
        )


def contenders(texts: dict[int, float], count: int, bounds: tuple[float, float]) -> list[int]:
    """The documents that could be among the best `count` once boosted.

    A document whose text score times the greatest multiplier stays below the `count`-th best
    text score times the least cannot.
    """
    low, high = bounds
    if count >= len(texts):
        return list(texts)
    if not count:
        return []
    least = nlargest(count, texts.values())[-1] * low * (1.0 - _ROUNDING)
    return [document for document, text in texts.items() if text * high >= least]


def best(
    values: Mapping[int, float],
    dates: Sequence[int],
    id_of: Callable[[int], str],
    window: slice,
) -> list[int]:
    """The documents of `window` in the order: value, newer date, id."""
    keys = {document: (value, dates[document]) for document, value in values.items()}
    if window.stop < len(keys):
        last = nlargest(window.stop, keys.values())[-1] if window.stop else (float("inf"), 0)
        keys = {document: key for document, key in keys.items() if key >= last}
    by_id = sorted(keys, key=id_of)
    return sorted(by_id, key=keys.__getitem__, reverse=True)[window]

"""From a text score to a score: the weights of quality, heat and age.

    score   = text * boost
    boost   = (1 + w_q * sat(quality, k_q) + w_h * sat(heat, k_h)) * recency
    sat     = max(x, 0) / (max(x, 0) + k)          unknown: 0
    recency = 1 - w_r + w_r * 2 ** (-age / half-life)

Saturation is that of Lucene's FeatureField and OpenSearch's `rank_feature`. It multiplies
instead of adding, so that it does not depend on the scale of the text score.

The order of operations is part of the formula: `ranking.arrays` has it for numpy, equal to the
last bit.
"""

from __future__ import annotations

import math
from enum import StrEnum

from heatseek.definitions import dataclass
from heatseek.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.article import Article
    from heatseek.explanation import Explanation, WordScore


DAY = 86_400.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Boosts:
    """The weights of the formula.

    Attributes:
        quality, heat: how much of the text score the best possible value adds; 0 upwards.
        recency: how much of the score the oldest article loses; 0 to 1.
        half_life: days after which half of that loss has come.
        title: how much of the text score a title adds that has all words and no other; 0 upwards.
        quality_pivot, heat_pivot: the value that earns half of the weight.
    """

    quality: float = 0.5
    heat: float = 0.5
    recency: float = 0.0
    half_life: float = 30.0
    quality_pivot: float = 50.0
    heat_pivot: float = 50.0
    title: float = 2.0

    def __post_init__(self) -> None:
        """Refuse weights under which scores would not be finite and positive."""
        for name in ("quality", "heat", "title"):
            _require(name, getattr(self, name), 0.0, MAX_WEIGHT)
        _require("recency", self.recency, 0.0, 1.0)
        for name in ("half_life", "quality_pivot", "heat_pivot"):
            _require(name, getattr(self, name), MIN_SCALE, MAX_WEIGHT)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest multiplier that any article can get."""
        return 1.0 - self.recency, 1.0 + self.quality + self.heat


class Preset(StrEnum):
    """Weights by what one is after."""

    RELEVANCE = "relevance"
    """The text alone."""
    BALANCED = "balanced"
    """Quality and heat can at most double a text score; the default."""
    HOT = "hot"
    """The articles that are read most, if they are about the words at all."""
    FRESH = "fresh"
    """News: a month halves most of a score."""

    @property
    def boosts(self) -> Boosts:
        """The weights."""
        return _PRESETS[self]


MAX_WEIGHT = 1e6
MIN_SCALE = 1e-6
LARGEST = 2**53
"""Greater values count as this one, so that every score is finite and exact."""


def _require(name: str, value: float, low: float, high: float) -> None:
    if not isinstance(value, int | float):
        raise UsageError(f"boost {name}: must be a number")
    # Not `isfinite`: it refuses whole numbers that are no floats by an error of its own.
    if not low <= value <= high:
        shown = f"{value:g}" if isinstance(value, float) or abs(value) <= LARGEST else "..."
        span = f"from {_plain(low)} to {_plain(high)}"
        raise UsageError(f"boost {name}={shown}: must be a number {span}")


def _plain(number: float) -> str:
    """The number without an exponent: 1,000,000 or 0.000001."""
    return f"{number:,.6f}".rstrip("0").rstrip(".")


_PRESETS = {
    Preset.RELEVANCE: Boosts(quality=0.0, heat=0.0),
    Preset.BALANCED: Boosts(),
    Preset.HOT: Boosts(quality=0.25, heat=3.0),
    Preset.FRESH: Boosts(recency=0.8),
}


def saturation(value: float | None, pivot: float) -> float:
    """Map 0 upwards to 0..1, half way at `pivot`; 0 for unknown and negative values."""
    if value is None or not value > 0:
        return 0.0
    bounded = float(min(value, LARGEST))
    return bounded / (bounded + pivot)


def recency(published_at: float | None, now: float, boosts: Boosts) -> float:
    """Factor for the age; both times in seconds since 1970.

    The future counts as now, an unknown date as infinitely old.
    """
    if not boosts.recency:
        return 1.0
    if published_at is None:
        return 1.0 - boosts.recency
    age = max(0.0, now - published_at) / DAY
    return 1.0 - boosts.recency + boosts.recency * math.exp2(-age / boosts.half_life)


def static(quality: float | None, heat: float | None, boosts: Boosts) -> float:
    """The part of the multiplier that is the same at any time."""
    return (
        1.0
        + boosts.quality * saturation(quality, boosts.quality_pivot)
        + boosts.heat * saturation(heat, boosts.heat_pivot)
    )


def multiplier(
    quality: float | None,
    heat: float | None,
    published_at: float | None,
    now: float,
    boosts: Boosts,
) -> float:
    """The factor by which a text score is multiplied; always within `boosts.bounds`."""
    return static(quality, heat, boosts) * recency(published_at, now, boosts)


def ascending(value: float, unknown: float) -> float:
    """A value to sort by: greatest where a number is least, and least where it is unknown."""
    return -math.inf if value == unknown else -float(value)


def explain(
    text: float, words: tuple[WordScore, ...], article: Article, now: datetime, boosts: Boosts
) -> Explanation:
    """Take the score of an article apart; `text * boost` is its score."""
    from heatseek.explanation import Explanation, Signal  # noqa: PLC0415 - few searches explain

    date = None if article.published_at is None else article.published_at.timestamp()
    days = None if date is None else max(0.0, now.timestamp() - date) / DAY
    quality = saturation(article.quality, boosts.quality_pivot)
    heat = saturation(article.heat, boosts.heat_pivot)
    age = recency(date, now.timestamp(), boosts)
    return Explanation(
        text=text,
        boost=multiplier(article.quality, article.heat, date, now.timestamp(), boosts),
        signals=(
            Signal(
                *("quality", boosts.quality * quality),
                value=article.quality,
                saturation=quality,
                weight=boosts.quality,
                scale=boosts.quality_pivot,
            ),
            Signal(
                *("heat", boosts.heat * heat),
                value=article.heat,
                saturation=heat,
                weight=boosts.heat,
                scale=boosts.heat_pivot,
            ),
            Signal(
                *("recency", age),
                is_factor=True,
                value=days,
                weight=boosts.recency,
                scale=boosts.half_life,
            ),
        ),
        words=words,
        bounds=boosts.bounds,
    )

"""The parts of a score: text (`bm25`), quality, heat and age (`boosts`); `arrays` for numpy."""

from heatseek.ranking.boosts import (
    DAY,
    LARGEST,
    MAX_WEIGHT,
    Boosts,
    Preset,
    explain,
    multiplier,
    recency,
    saturation,
    static,
)

__all__ = [
    "DAY",
    "LARGEST",
    "MAX_WEIGHT",
    "Boosts",
    "Preset",
    "explain",
    "multiplier",
    "recency",
    "saturation",
    "static",
]

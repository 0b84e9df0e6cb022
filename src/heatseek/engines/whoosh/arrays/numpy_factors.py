"""Multipliers for `numpy_arrays` in a process that searches once: of those that are looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from heatseek.engines.whoosh.arrays import Boosting
from heatseek.engines.whoosh.arrays.numpy_lists import Documents, places_in
from heatseek.ranking import arrays as formulas
from heatseek.ranking.arrays import Floats, Numbers


class Factors:
    """The multiplier of each document, but for rounding; a number for all would take memory.

    Attributes:
        most: no multiplier is greater, but for those that are raised.

    Args:
        boosting: of the search.
    """

    def __init__(self, boosting: Boosting[Numbers]) -> None:
        boosts, (dates, quality, heat), now = boosting
        self._of = formulas.multiplier(dates, quality, heat, now, boosts)
        # More of either gives more, and age only takes from it.
        best = [column[column.argmax(0, keepdims=True)] for column in (quality, heat)]
        self.most = float(formulas.static(best[0], best[1], boosts)(0))
        self._raised: tuple[Documents, Floats] | None = None

    def __getitem__(self, documents: Any) -> Floats:
        factors = self._of(documents)
        if self._raised:
            factors = raised(documents, factors, *self._raised)
        return factors

    def raised(self, documents: Documents, more: Floats) -> Factors:
        """The same, those of some documents times a factor."""
        other = object.__new__(Factors)
        other._of, other.most = self._of, self.most  # noqa: SLF001 - another one of these
        other._raised = documents, more  # noqa: SLF001
        return other


def raised(documents: Documents, values: Floats, some: Documents, more: Floats) -> Floats:
    """Values of documents, those of some of them times a factor."""
    places = places_in(documents, some)
    times: Floats = values * np.where(some[places] == documents, more[places], 1.0)
    return times

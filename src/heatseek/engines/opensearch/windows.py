"""Hits of a stretch of the order, to the last place right.

The server's scores are of single precision, so where the stretch begins and ends it may have the
wrong ones. It is read a little beyond both ends, and further for as long as what was not read could
belong to it by its exact score.
"""

from __future__ import annotations

from heatseek.definitions import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from heatseek.engines.opensearch.queries import Matches
    from heatseek.engines.opensearch.scores import Ranked, Scores
    from heatseek.engines.opensearch.scoring import Scoring
    from heatseek.engines.opensearch.totals import Body

ROUNDING = 1e-6
"""By which a score of the server may be wrong, as a part of it.

All that it adds and multiplies is positive, so that errors do not grow: each of a handful of
operations after another rounds by up to 6e-8.
"""
_SMALLEST = 1e-36
"""Smaller scores have fewer digits there."""
_MARGIN = 1
"""Hits read beyond each end, at first."""
_MORE, _MOST = 200, 10_000
"""Read at the second time; and at most: of more than that many hits with the same score the server
has put those first that are newest."""
FULL = {"_source": ["id", "article"]}
"""With the articles."""


class Tier(NamedTuple):
    """Matches that are in one order."""

    matches: Matches
    """Of each link one."""
    has_all: bool | None = None
    """See `Match.has_all`."""


class Window:
    """A stretch of the hits of a tier.

    Args:
        tier: it.
        scoring: makes searches.
        scores: scores hits.
        offset: hits before it.
        limit: how many there are to be, at most.
    """

    def __init__(
        self, tier: Tier, scoring: Scoring, scores: Scores, *, offset: int, limit: int
    ) -> None:
        self.tier = tier
        self._scoring = scoring
        self._scores = scores
        self._offset = offset
        self._limit = limit
        self._margin = _MARGIN if scoring.is_scored else 0
        self._read: list[Ranked] = []
        self._start = 0
        self._is_end = False

    def body(self, *, again: bool = False) -> Body:
        """The search for it, with the articles if it is the first one."""
        margin = self._margin if self._limit else 0
        self._start = max(0, self._offset - margin)
        size = self._offset + self._limit + margin - self._start
        body = self._scoring.hits(
            self.tier.matches,
            start=self._start if self._limit else 0,
            size=size if self._limit else 0,
            is_titled=self.tier.has_all is not False,
        )
        return body if again and not self._scores.needs_articles else {**body, **FULL}

    def take(self, answer: Any) -> None:
        """The answer to it."""
        hits = answer["hits"]["hits"]
        self._read = list(map(self._scores.ranked, hits))
        size = self._offset + self._limit + self._margin - self._start
        self._is_end = len(hits) < size

    def wider(self) -> Body | None:
        """A search for more, if what was not read could belong to it; None: none can."""
        if not self._limit or not self._scoring.is_scored or self._margin >= _MOST:
            return None
        if self._is_certain_above() and self._is_certain_below():
            return None
        self._margin = min(max(_MORE, 8 * self._margin), _MOST)
        return self.body(again=True)

    @property
    def page(self) -> list[Ranked]:
        """Its hits, in order."""
        ranked = sorted(self._read, key=_key) if self._scoring.is_scored else self._read
        first = self._offset - self._start
        return ranked[first : first + self._limit]

    def _is_certain_below(self) -> bool:
        page = self.page
        if self._is_end or not page:
            return True
        return self._is_behind(self._read[-1], page[-1])

    def _is_certain_above(self) -> bool:
        page = self.page
        if not self._start or not page:
            return True
        first = self._read[0]
        if self._scoring.is_exact and _same(first, page[0]):
            return True
        return _server_score(first, self._scoring) * (1.0 - ROUNDING) > page[0].score

    def _is_behind(self, last: Ranked, least: Ranked) -> bool:
        """True if nothing that stands behind the last one read comes before another."""
        if self._scoring.is_exact and _same(last, least):
            return True
        most = _server_score(last, self._scoring)
        if not most and not least.score and not self._scoring.has_accents:
            return True
        return most * (1.0 + ROUNDING) + _SMALLEST < least.score


def _key(ranked: Ranked) -> tuple[Any, ...]:
    return ranked.key


def _same(one: Ranked, other: Ranked) -> bool:
    """True if both have the same score on the server."""
    return bool(one.hit["sort"][:-2] == other.hit["sort"][:-2])


def _server_score(ranked: Ranked, scoring: Scoring) -> float:
    """The score by which the server has put a hit in order."""
    sort: Sequence[Any] = ranked.hit["sort"]
    return float(sort[0]) if scoring.sorts_by_score else 1.0

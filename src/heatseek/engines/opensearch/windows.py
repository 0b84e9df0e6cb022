"""Hits of a stretch of the order, to the last place right.

The server's scores are of single precision, so where the stretch begins and ends it may have the
wrong ones. It is read a little beyond both ends, and further for as long as what was not read could
belong to it by its exact score. Of articles with the same link all but the first are dropped, so it
is read from the first hit on where there are any.
"""

from __future__ import annotations

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.stored import SOURCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from heatseek.engines.opensearch.matching import Matches
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
_SLACK = 3
"""Hits read at first in place of those that may be dropped."""
_MORE, _MOST = 200, 10_000
"""Read at the second time; and at most: of more than that many hits with the same score the server
has put those first that are newest."""
MOST_ARTICLES = 1_000
"""In one answer."""
FULL: Body = {"_source": SOURCE}
"""With the articles."""


class Tier(NamedTuple):
    """Matches that are in one order."""

    matches: Matches
    has_all: bool | None = None
    """See `Match.has_all`."""
    has_twins: bool = False
    """True if several of them may have the same link."""


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
        self._tier = tier
        self._scoring = scoring
        self._scores = scores
        self._offset = offset
        self._limit = limit
        self._margin = _MARGIN if scoring.is_scored else 0
        if tier.has_twins:
            self._margin += _SLACK
        self._read: list[Ranked] = []
        self.page: list[Ranked] = []
        """Its hits, in order."""
        self._start = self._size = 0
        self._is_end = False

    def body(self, *, again: bool = False) -> Body:
        """The search for it, with the articles if it is the first one and they are not many."""
        self._start = self._size = 0
        if self._limit:
            self._start = 0 if self._tier.has_twins else max(0, self._offset - self._margin)
            self._size = self._offset + self._limit + self._margin - self._start
        is_titled = self._tier.has_all is not False
        body = self._scoring.hits(self._tier.matches, self._start, self._size, is_titled=is_titled)
        has_articles = not again and self._limit <= MOST_ARTICLES
        return body | FULL if has_articles or self._scores.needs_articles else body

    def take(self, answer: Any) -> None:
        """The answer to it."""
        hits = answer["hits"]["hits"]
        self._read = list(map(self._scores.ranked, hits))
        self._is_end = len(hits) < self._size
        ranked = sorted(self._read, key=_key) if self._scoring.is_scored else self._read
        if self._tier.has_twins:
            ranked = list(first_of_links(ranked))
        first = self._offset - self._start
        self.page = ranked[first : first + self._limit]

    def wider(self) -> Body | None:
        """A search for more, if what was not read could belong to it; None: none can."""
        if not self._limit or (self._is_certain_above() and self._is_certain_below()):
            return None
        if self._is_full() and self._margin >= _MOST:
            return None
        self._margin = max(_MORE, 8 * self._margin)
        if self._is_full():
            self._margin = min(self._margin, _MOST)
        return self.body(again=True)

    def _is_full(self) -> bool:
        return len(self.page) == self._limit

    def _is_certain_below(self) -> bool:
        if self._is_end:
            return True
        return self._is_full() and self._is_behind(self._read[-1], self.page[-1])

    def _is_behind(self, last: Ranked, least: Ranked) -> bool:
        """True if nothing that stands behind the last one read comes before another."""
        scoring = self._scoring
        if not scoring.is_scored or (scoring.is_exact and _same(last, least)):
            return True
        most = _server_score(last, scoring)
        if not most and not least.score and not scoring.has_accents:
            return True
        return most * (1.0 + ROUNDING) + _SMALLEST < least.score

    def _is_certain_above(self) -> bool:
        page = self.page
        if not self._start or not page or not self._scoring.is_scored:
            return True
        first = self._read[0]
        if self._scoring.is_exact and _same(first, page[0]):
            return True
        return _server_score(first, self._scoring) * (1.0 - ROUNDING) > page[0].score


def first_of_links(ranked: Iterable[Ranked]) -> Iterable[Ranked]:
    """Hits without those whose link one before them has."""
    met: set[int] = set()
    for each in ranked:
        if each.link not in met:
            yield each
        if each.link is not None:
            met.add(each.link)


def _key(ranked: Ranked) -> tuple[Any, ...]:
    return ranked.key


def _same(one: Ranked, other: Ranked) -> bool:
    """True if both have the same score on the server."""
    return bool(one.hit["sort"][:-2] == other.hit["sort"][:-2])


def _server_score(ranked: Ranked, scoring: Scoring) -> float:
    """The score by which the server has put a hit in order."""
    return float(ranked.hit["sort"][0]) if scoring.sorts_by_score else 1.0

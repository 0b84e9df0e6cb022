"""The hits of one tier: those of a page, how many there are, what they have, and entrants."""

from __future__ import annotations

from datetime import UTC

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.queries import documents_of, terms_of
from heatseek.engines.opensearch.totals import total_body, total_of, total_part
from heatseek.engines.opensearch.windows import FULL, Tier, Window, first_of_links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heatseek.article import Article
    from heatseek.engines.model import Generation, Request
    from heatseek.engines.opensearch.facets import Facets
    from heatseek.engines.opensearch.matching import Matches, Matching
    from heatseek.engines.opensearch.scores import Ranked, Scores
    from heatseek.engines.opensearch.scoring import Scoring
    from heatseek.engines.opensearch.statistics import Statistics
    from heatseek.engines.opensearch.totals import Ask, KnownNumbers, Total
    from heatseek.engines.shared.compiler import Compiler
    from heatseek.explanation import Explanation
    from heatseek.results import FacetCounts

_AT_ONCE = 10_000
"""Documents read in one request."""
_SHALLOW = 200
"""Hits before a page that are read with it, where some may have to be dropped."""


class OpenIndex(NamedTuple):
    """A generation as searches see it."""

    generation: Generation
    statistics: Statistics
    ask: Ask
    """Sends searches in one request."""
    hits: Ask
    """Sends searches one after another, of which hits tell how often words stand in them."""
    compiler: Compiler
    matching: Matching
    known: KnownNumbers
    facets: Callable[[], Facets]
    """Made when it is needed."""


class TierSearch:
    """Asks for the hits of a tier.

    Args:
        index: where.
        request: of the search.
        tier: all that matches.
        scoring: makes searches.
        scores: scores hits.

    Attributes:
        total: of the tier, once it is known.
        hits: those of the page.
        entrants: those of the request that are in it.
        facets: counts of its matches.
    """

    def __init__(
        self,
        index: OpenIndex,
        request: Request,
        tier: Tier,
        scoring: Scoring,
        scores: Scores,
    ) -> None:
        self._index = index
        self._request = request
        self._scoring = scoring
        self._scores = scores
        self._tier = tier
        self.total: Total | None = None
        self.hits: list[Ranked] = []
        self.entrants: list[Ranked] = []
        self.facets: dict[str, FacetCounts] = {}

    def run(self, offset: int, limit: int, *, facets: bool = False) -> None:
        """Ask.

        Args:
            offset: hits of the tier before the page.
            limit: hits of it on the page, at most.
            facets: whether to count.
        """
        counted = self._request.facets if facets else ()
        twins = self._index.statistics.twins
        ids = self._request.entrants.ids
        if twins and (counted or ids or offset > _SHALLOW):
            if self.total is None:
                (answer,) = self._index.ask([total_body(self._tier.matches.query, twins)])
                self.total = total_of(answer)
            self._drop(self.total.repeated)
        elif twins:
            is_open = self.total is None or bool(self.total.repeated)
            self._tier = self._tier._replace(has_twins=is_open)
        if self.total is not None:
            limit = max(0, min(limit, self.total.total - offset))
        if limit or counted or self.total is None:
            self._read(offset, limit, counted=bool(counted))
        if ids and self.total and self.total.total:
            self._read_entrants(ids)

    def _read(self, offset: int, limit: int, *, counted: bool) -> None:
        """The hits of the page, and facets."""
        index, request = self._index, self._request
        window = Window(self._tier, self._scoring, self._scores, offset=offset, limit=limit)
        body = window.body()
        if self.total is None:
            body |= total_part(index.statistics.twins)
        if counted:
            zone = request.now.tzinfo or UTC
            wanted = index.facets().aggregations(request.facets, zone)
            body["aggs"] = {**body.get("aggs", {}), **wanted}
        (answer,) = index.hits([body])
        if self.total is None:
            self.total = total_of(answer)
        if counted:
            query = self._tier.matches.query
            self.facets = index.facets().counts(request.facets, query, answer)
        window.take(answer)
        while more := window.wider():
            window.take(*index.hits([more]))
        self.hits = window.page

    def _drop(self, links: Sequence[int]) -> None:
        """Leave out all but the first of the documents with each link."""
        if not links:
            return
        among = self._tier.matches.among(terms_of("link", links))
        twins = sorted(self._all(among), key=lambda ranked: ranked.key)
        kept = {ranked.id for ranked in first_of_links(twins)}
        others = [ranked.hit["_id"] for ranked in twins if ranked.id not in kept]
        matches = self._tier.matches.without({"ids": {"values": others}})
        self._tier = self._tier._replace(matches=matches)

    def _all(self, matches: Matches) -> list[Ranked]:
        """All of some matches, in no particular order, without their articles."""
        found: list[Ranked] = []
        is_titled = self._tier.has_all is not False
        while len(found) % _AT_ONCE == 0:
            body = self._scoring.hits(matches, len(found), _AT_ONCE, is_titled=is_titled)
            (answer,) = self._index.hits([body | (FULL if self._scores.needs_articles else {})])
            hits = answer["hits"]["hits"]
            found += map(self._scores.ranked, hits)
            if not hits:
                break
        return found

    def _read_entrants(self, ids: tuple[str, ...]) -> None:
        """The entrants of the request, wherever they stand."""
        matches = self._tier.matches.among(documents_of(ids))
        is_titled = self._tier.has_all is not False
        body = self._scoring.hits(matches, 0, len(ids), is_titled=is_titled)
        (answer,) = self._index.hits([body | FULL])
        self.entrants = list(map(self._scores.ranked, answer["hits"]["hits"]))

    def missing(self) -> Iterator[str]:
        """Words that no article has."""
        return self._scores.missing()

    def explanation(self, ranked: Ranked, article: Article) -> Explanation:
        """The score of a hit taken apart."""
        return self._scores.explanation(ranked, article)

"""One search: a round of numbers, and a round of hits.

    numbers    documents that have each word; how many match; links that several of them have
    hits       of each tier that is on the page; facets; entrants

There are more where a page has hits of both tiers, where several of the articles that match have
the same link, and where it is in doubt which hits are the last of the page; and there is none of
numbers where all are known.
"""

from __future__ import annotations

from datetime import UTC
from functools import cached_property

from heatseek.definitions import NamedTuple
from heatseek.engines.model import COUNT_STEPS, Budget, Match, Page, Tiers
from heatseek.engines.opensearch.proximity import Proximity
from heatseek.engines.opensearch.queries import all_of, documents_of, terms_of
from heatseek.engines.opensearch.scores import Scores
from heatseek.engines.opensearch.scoring import Scoring, sort_column
from heatseek.engines.opensearch.totals import total_body, total_of
from heatseek.engines.opensearch.windows import FULL, Tier, Window
from heatseek.engines.opensearch.words import ScoredWord
from heatseek.engines.shared.plan import words
from heatseek.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heatseek.engines.model import Generation, Request
    from heatseek.engines.opensearch.facets import Facets
    from heatseek.engines.opensearch.queries import Matches, Matching
    from heatseek.engines.opensearch.scores import Hit, Ranked
    from heatseek.engines.opensearch.statistics import Statistics
    from heatseek.engines.opensearch.totals import Ask, Body, Numbers, Total
    from heatseek.engines.shared.compiler import Compiler
    from heatseek.engines.shared.plan import Boosted, Node
    from heatseek.results import FacetCounts

_AT_ONCE = 10_000
"""Documents read in one request."""


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
    numbers: Numbers
    facets: Callable[[], Facets]
    """Made when it is needed."""


class Search:
    """The answer to one request.

    Args:
        index: where.
        request: it.
    """

    def __init__(self, index: OpenIndex, request: Request) -> None:
        self._index = index
        self._request = request
        self._budget = request.budget or Budget()
        compiled, matching = index.compiler.compile, index.matching
        self._in_tiers = request.all_words is not None and request.tiers is not Tiers.NONE
        self._node = compiled(request.query)
        self._nodes = [self._node, *map(compiled, request.filters.where)]
        """All plans that the search is about."""
        self._every = matching.matches(self._node, request.filters)
        if request.entrants.ids:
            condition = compiled(request.entrants.condition)
            self._nodes.append(condition)
            entering = all_of([documents_of(request.entrants.ids), matching.node(condition)])
            self._every = matching.either(self._every, entering)
        self._first_node: Node | None = None
        self._first: Matches | None = None
        if request.all_words is not None:
            self._first_node = compiled(request.all_words)
            self._first = matching.matches(self._first_node, request.filters)
        self._totals: dict[str, Total] = {}
        """Of what is known: `every` and `first`."""

    def page(self) -> Page:
        """Ask the server."""
        self._learn()
        tiers = list(self._tiers())
        hits, entered, facets = self._hits(tiers)
        request = self._request
        matches = self._matches([*hits, *entered])
        total = self._total
        missing = tuple(self._missing()) if request.missing else ()
        page = Page(total, matches[: len(hits)], facets, missing, self._with_all)
        return page._replace(entrants=matches[len(hits) :])

    def _learn(self) -> None:
        """The round of numbers, if there are any to be asked for."""
        request, numbers = self._request, self._index.numbers
        wanted: dict[str, Body] = {}
        if self._first:
            wanted["first"] = self._total_body(self._first)
        if self._needs_every():
            wanted["every"] = self._total_body(self._every)
        if request.facets and (preparation := self._index.facets().preparation(request.facets)):
            wanted["facets"] = preparation
        nodes = self._nodes if self._first_node is None else [*self._nodes, self._first_node]
        leaves = [leaf for node in nodes for leaf, _ in words(node)]
        answers = dict(
            zip(wanted, numbers.learn(leaves, nodes, list(wanted.values())), strict=True)
        )
        if "facets" in answers:
            self._index.facets().learn(answers.pop("facets"))
        numbers.spend(self._budget, *(nodes if self._in_tiers else self._nodes))
        self._totals = {name: total_of(answer) for name, answer in answers.items()}

    def _needs_every(self) -> bool:
        """True if the number of all matches has to be known before hits are asked for."""
        request = self._request
        if self._in_tiers:
            return request.tiers is Tiers.BOTH
        return bool(self._index.statistics.twins) or not request.limit

    def _total_body(self, matches: Matches) -> Body:
        return total_body(matches.query, self._index.statistics.twins)

    @cached_property
    def _has_all(self) -> bool | None:
        """True if there is a first tier, False if there is none; None: nobody asks for tiers."""
        return self._totals["first"].total > 0 if self._in_tiers else None

    @cached_property
    def _scored(self) -> list[ScoredWord]:
        """The words of the request."""
        node = self._first_node if self._has_all and self._first_node else self._node
        numbers, statistics = self._index.numbers, self._index.statistics
        boosted: list[Boosted] = words(node)
        return [ScoredWord(each, numbers.frequency(each.leaf), statistics) for each in boosted]

    @cached_property
    def _column(self) -> str | None:
        return sort_column(self._request.sort, self._index.generation.fields)

    @cached_property
    def _scoring(self) -> Scoring:
        marked = self._first.query if self._first and self._is_marked else None
        return Scoring(self._request, self._scored, self._column, self._index.matching, marked)

    @cached_property
    def _scores(self) -> Scores:
        near = Proximity(self._index.generation.language, self._budget).count
        return Scores(self._request, self._scored, self._column, near)

    @cached_property
    def _is_marked(self) -> bool:
        """True if hits tell whether they have all words; not if that takes too long."""
        if self._in_tiers or self._first_node is None:
            return False
        try:
            self._index.numbers.spend(Budget(COUNT_STEPS), self._first_node)
        except QueryError:
            return False
        return True

    def _tiers(self) -> Iterable[Tier]:
        """Those that hits may come from, of each link one document."""
        first, request = self._first, self._request
        if not self._has_all or first is None:
            self._ask_every()
            links = self._totals["every"].repeated if "every" in self._totals else []
            yield self._tier(self._every, links)
            return
        total = self._totals["first"]
        yield self._tier(first, total.repeated)
        if request.tiers is Tiers.BOTH and self._has_second():
            others = [link for link in self._totals["every"].repeated if link not in total.links]
            without = [first.query]
            if total.links:
                without.append(terms_of("link", list(total.links)))
            yield self._tier(self._every.without(*without), others, is_second=True)

    def _ask_every(self) -> None:
        """Where there is no first tier, what has to be known of all matches."""
        needed = self._index.statistics.twins or not self._request.limit
        if needed and "every" not in self._totals:
            (answer,) = self._index.ask([self._total_body(self._every)])
            self._totals["every"] = total_of(answer)

    def _has_second(self) -> bool:
        """True if matches of the second tier may be on the page, or among the entrants."""
        request, first = self._request, self._totals["first"].total
        if self._totals["every"].total == first:
            return False
        is_on_page = bool(request.limit) and request.offset + request.limit > first
        return is_on_page or bool(request.entrants.ids)

    def _tier(self, matches: Matches, links: Sequence[int], *, is_second: bool = False) -> Tier:
        """A tier of matches, without all but the first of each link."""
        tier = Tier(matches, False if is_second else self._has_all)
        if not links:
            return tier
        twins = self._all(tier._replace(matches=matches.among(terms_of("link", links))))
        met: set[int] = set()
        others = []
        for ranked in sorted(twins, key=lambda each: each.key):
            (link,) = ranked.hit["fields"]["link"]
            if link in met:
                others.append(ranked.hit["_id"])
            met.add(link)
        return tier._replace(matches=matches.without({"ids": {"values": others}}))

    def _all(self, tier: Tier) -> list[Ranked]:
        """All of a tier, in no particular order, without their articles."""
        found: list[Ranked] = []
        while len(found) % _AT_ONCE == 0:
            body = self._scoring.hits(
                *(tier.matches, len(found), _AT_ONCE), is_titled=tier.has_all is not False
            )
            (answer,) = self._index.hits([body | (FULL if self._scores.needs_articles else {})])
            hits = answer["hits"]["hits"]
            found += map(self._scores.ranked, hits)
            if not hits:
                break
        return found

    def _hits(
        self, tiers: Sequence[Tier]
    ) -> tuple[
        list[tuple[Ranked, bool | None]], list[tuple[Ranked, bool | None]], dict[str, FacetCounts]
    ]:
        """The round of hits: those of the page, the entrants, facets."""
        windows = list(self._windows(tiers))
        bodies = [window.body() for window in windows]
        if "every" not in self._totals and not self._has_all:
            bodies[0]["track_total_hits"] = True
        facets = self._index.facets() if self._request.facets else None
        if facets:
            zone = self._request.now.tzinfo or UTC
            bodies[0]["aggs"] = facets.aggregations(self._request.facets, zone)
        ids = self._request.entrants.ids
        named = [(t, t.matches.among(documents_of(ids))) for t in (tiers if ids else ())]
        for tier, matches in named:
            is_titled = tier.has_all is not False
            bodies.append(self._scoring.hits(matches, 0, len(ids), is_titled=is_titled) | FULL)
        answers = self._index.hits(bodies)
        counts = {}
        if facets:
            query = tiers[0].matches.query
            counts = facets.counts(self._request.facets, query, answers[0])
        if "every" not in self._totals and not self._has_all:
            self._totals["every"] = total_of({"hits": answers[0]["hits"]})
        self._read(windows, answers)
        entered = [
            (self._scores.ranked(hit), tier.has_all)
            for (tier, _), answer in zip(named, answers[len(windows) :], strict=True)
            for hit in answer["hits"]["hits"]
        ]
        hits = [(ranked, window.tier.has_all) for window in windows for ranked in window.page]
        return hits, entered, counts

    def _windows(self, tiers: Sequence[Tier]) -> Iterable[Window]:
        """What the page has of each tier; of the first one it may be nothing."""
        request = self._request
        first, *others = tiers
        limit = request.limit
        if self._has_all:
            limit = max(0, min(limit, self._totals["first"].total - request.offset))
        yield self._window(first, request.offset, limit)
        for second in others:
            before = self._totals["first"].total
            left = request.offset + request.limit - before
            if left > 0 and request.limit:
                offset = max(0, request.offset - before)
                yield self._window(second, offset, left - offset)

    def _window(self, tier: Tier, offset: int, limit: int) -> Window:
        return Window(tier, self._scoring, self._scores, offset=offset, limit=limit)

    def _read(self, windows: Sequence[Window], answers: Sequence[object]) -> None:
        """Take the answers for windows, and ask again where they do not do."""
        for window, answer in zip(windows, answers, strict=False):
            window.take(answer)
        while more := {w: body for w in windows if (body := w.wider())}:
            for window, answer in zip(more, self._index.hits(list(more.values())), strict=True):
                window.take(answer)

    def _matches(self, marked: Sequence[tuple[Ranked, bool | None]]) -> tuple[Match, ...]:
        """Hits with their articles."""
        without = [ranked.hit["_id"] for ranked, _ in marked if "_source" not in ranked.hit]
        sources: dict[str, Hit] = {}
        if without:
            query = {"ids": {"values": without}}
            body = {"query": query, "size": len(without), "track_total_hits": False, **FULL}
            (answer,) = self._index.ask([body])
            sources = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
        return tuple(
            self._match(
                ranked._replace(hit={**sources.get(ranked.hit["_id"], {}), **ranked.hit}), mark
            )
            for ranked, mark in marked
        )

    def _match(self, ranked: Ranked, has_all: bool | None) -> Match:
        article = ranked.article
        explanation = None
        if self._request.explain:
            explanation = self._scores.explanation(ranked, article)
        mark = ranked.has_all if self._is_marked else has_all
        return Match(article, ranked.score, explanation, mark)

    @property
    def _total(self) -> int:
        """All that there are to page through."""
        if self._has_all and self._request.tiers is Tiers.FIRST:
            return self._totals["first"].total
        return self._totals["every"].total

    @property
    def _with_all(self) -> int | None:
        """See `Page.with_all`."""
        if self._in_tiers or self._is_marked:
            return self._totals["first"].total
        return None

    def _missing(self) -> Iterable[str]:
        return (word.leaf.text for word in self._scored if not word.frequency)

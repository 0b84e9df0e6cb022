"""One search: a round of numbers, unless all are known, and the hits of the tiers on the page.

There are more requests where it is in doubt which hits are the last of a page, and where several of
the articles that match have the same link and are to be counted, or stand before a page far down.
"""

from __future__ import annotations

from heatseek.engines.model import COUNT_STEPS, Budget, Match, Page, Tiers
from heatseek.engines.opensearch.proximity import Proximity
from heatseek.engines.opensearch.queries import all_of, documents_of, terms_of
from heatseek.engines.opensearch.scores import Scores
from heatseek.engines.opensearch.scoring import Scoring, sort_column
from heatseek.engines.opensearch.tiers import TierSearch
from heatseek.engines.opensearch.totals import Numbers, Total, total_body, total_of
from heatseek.engines.opensearch.windows import FULL, MOST_ARTICLES, Tier
from heatseek.engines.opensearch.words import ScoredWord
from heatseek.engines.shared.plan import words
from heatseek.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.article import Article
    from heatseek.engines.model import Request
    from heatseek.engines.opensearch.matching import Matches
    from heatseek.engines.opensearch.scores import Hit, Ranked
    from heatseek.engines.opensearch.tiers import OpenIndex
    from heatseek.engines.opensearch.totals import Body
    from heatseek.engines.shared.plan import Node

_ARTICLES: Body = {"track_total_hits": False, **FULL}


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
        """All plans that decide what matches."""
        self._every = matching.matches(self._node, request.filters)
        if request.entrants.ids:
            condition = compiled(request.entrants.condition)
            self._nodes.append(condition)
            entering = all_of([documents_of(request.entrants.ids), matching.node(condition)])
            self._every = matching.either(self._every, entering)
        self._first_node = None if request.all_words is None else compiled(request.all_words)
        nodes = self._nodes if self._first_node is None else [*self._nodes, self._first_node]
        leaves = (leaf for node in nodes for leaf, _ in words(node))
        twins = index.statistics.twins if request.explain else ()
        self._numbers = Numbers(index.known, matching, leaves, nodes, twins)
        self._totals: dict[str, Total] = {}
        """Of what is known before hits are asked for: `every` and `first`."""

    def page(self) -> Page:
        """Ask the server."""
        first = None
        if self._first_node is not None:
            first = self._index.matching.matches(self._first_node, self._request.filters)
        self._learn(first)
        if not self._in_tiers or first is None or self._first_node is None:
            return self._without_tiers(first)
        request = self._request
        best = self._tier(first, self._first_node, has_all=True, name="first")
        best.run(request.offset, request.limit, facets=bool(request.facets))
        total = best.total.total if best.total else 0
        if not total:
            return self._without_tiers(None, has_all=False)
        if request.tiers is Tiers.FIRST:
            return self._answer([(best, True)], total, total)
        return self._with_second(best, first, self._first_node)

    def _without_tiers(self, marked: Matches | None, *, has_all: bool | None = None) -> Page:
        """The page where all matches are in one order.

        Args:
            marked: those that have all words, if hits are to tell.
            has_all: whether all do, if that is known.
        """
        request = self._request
        is_marked = marked is not None and self._is_cheap(self._first_node or self._node)
        every = self._tier(
            self._every,
            self._node,
            has_all=has_all,
            name="every",
            marked=marked if is_marked else None,
        )
        every.run(request.offset, request.limit, facets=bool(request.facets))
        with_all = 0 if has_all is False else None
        if is_marked:
            with_all = self._totals["first"].total
        total = every.total.total if every.total else 0
        return self._answer([(every, has_all)], total, with_all, is_marked=is_marked)

    def _with_second(self, best: TierSearch, first: Matches, node: Node) -> Page:
        """The page where matches that do not have all words come behind those that have."""
        request, before = self._request, best.total or Total(0, {})
        without = [first.query]
        if before.links:
            without.append(terms_of("link", list(before.links)))
        rest = None
        if "every" in self._totals:
            total, links = self._totals["every"]
            others = {link: n for link, n in links.items() if link not in before.links}
            rest = Total(total - before.total, others)
        self._totals |= {"rest": rest} if rest else {}
        second = self._tier(self._every.without(*without), node, has_all=False, name="rest")
        left = request.offset + request.limit - before.total
        offset = max(0, request.offset - before.total)
        second.run(offset, max(0, left - offset) if request.limit else 0)
        total = before.total + (second.total.total if second.total else 0)
        return self._answer([(best, True), (second, False)], total, before.total)

    def _learn(self, first: Matches | None) -> None:
        """The round of numbers, if there are any to be asked for."""
        request, numbers = self._request, self._numbers
        questions = numbers.questions
        wanted: dict[str, Body] = {}
        if request.facets and (preparation := self._index.facets().preparation(request.facets)):
            wanted["facets"] = preparation
        if first and (questions or wanted or not self._in_tiers):
            wanted["first"] = self._total_body(first)
        if self._needs_every(is_asked=bool(questions or wanted)):
            wanted["every"] = self._total_body(self._every)
        bodies = [*wanted.values(), *questions]
        answers = self._index.ask(bodies) if bodies else []
        numbers.learn(answers[len(wanted) :])
        told = dict(zip(wanted, answers, strict=False))
        if "facets" in told:
            self._index.facets().learn(told.pop("facets"))
        best = [self._first_node] if self._in_tiers and self._first_node is not None else []
        numbers.spend(self._budget, *self._nodes, *best)
        self._totals = {name: total_of(answer) for name, answer in told.items()}

    def _needs_every(self, *, is_asked: bool) -> bool:
        """True if the number of all matches is to be asked for with others."""
        if self._in_tiers:
            return is_asked and self._request.tiers is Tiers.BOTH
        return is_asked and bool(self._index.statistics.twins)

    def _total_body(self, matches: Matches) -> Body:
        return total_body(matches.query, self._index.statistics.twins)

    def _is_cheap(self, node: Node) -> bool:
        """True if it does not take too long to tell what has all words."""
        try:
            self._numbers.spend(Budget(COUNT_STEPS), node)
        except QueryError:
            return False
        return True

    def _tier(
        self,
        matches: Matches,
        node: Node,
        *,
        name: str,
        has_all: bool | None = None,
        marked: Matches | None = None,
    ) -> TierSearch:
        index, request = self._index, self._request
        numbers, statistics = self._numbers, index.statistics
        scored = [
            ScoredWord(
                *(each, numbers.frequency(each.leaf), statistics), numbers.articles(each.leaf)
            )
            for each in words(node)
        ]
        column = sort_column(request.sort, index.generation.fields)
        mark = marked.query if marked else None
        scoring = Scoring(request, scored, column, index.matching, mark)
        near = Proximity(index.generation.language, self._budget).count
        scores = Scores(request, scored, column, near)
        tier = Tier(matches, has_all)
        search = TierSearch(index, request, tier, scoring, scores)
        search.total = self._totals.get(name)
        return search

    def _answer(
        self,
        tiers: Sequence[tuple[TierSearch, bool | None]],
        total: int,
        with_all: int | None,
        *,
        is_marked: bool = False,
    ) -> Page:
        """The page of what tiers have.

        Args:
            tiers: with what their hits have: all words or not; None if nobody knows.
            total: of all.
            with_all: how many have all words.
            is_marked: whether hits tell.
        """
        hits = [(tier, ranked, mark) for tier, mark in tiers for ranked in tier.hits]
        entered = [(tier, ranked, mark) for tier, mark in tiers for ranked in tier.entrants]
        articles = self._articles([ranked for _, ranked, _ in (*hits, *entered)])
        matches = tuple(
            self._match(tier, ranked, article, ranked.has_all if is_marked else mark)
            for (tier, ranked, mark), article in zip((*hits, *entered), articles, strict=True)
        )
        missing = tuple(tiers[0][0].missing()) if self._request.missing else ()
        page = Page(total, matches[: len(hits)], tiers[0][0].facets, missing, with_all)
        return page._replace(entrants=matches[len(hits) :])

    def _match(
        self, tier: TierSearch, ranked: Ranked, article: Article, has_all: bool | None
    ) -> Match:
        explanation = tier.explanation(ranked, article) if self._request.explain else None
        return Match(article, ranked.score, explanation, has_all)

    def _articles(self, ranked: Sequence[Ranked]) -> Iterator[Article]:
        """The articles of hits; those that did not come with them are asked for."""
        without = [each.hit["_id"] for each in ranked if "_source" not in each.hit]
        found: dict[str, Hit] = {}
        for start in range(0, len(without), MOST_ARTICLES):
            some = without[start : start + MOST_ARTICLES]
            body = {"query": {"ids": {"values": some}}, "size": len(some), **_ARTICLES}
            (answer,) = self._index.ask([body])
            found |= {hit["_id"]: hit for hit in answer["hits"]["hits"]}
        for each in ranked:
            yield each._replace(hit=found.get(each.hit["_id"], each.hit)).article

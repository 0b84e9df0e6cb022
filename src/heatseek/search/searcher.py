"""A request to ranked hits: understand, ask the engine, fall back, show why."""

from __future__ import annotations

import time
from types import MappingProxyType

from heatseek.definitions import NamedTuple, cached_property, replace
from heatseek.engines.model import MAX_STEPS, Budget, Count, Tiers
from heatseek.errors import ArgumentError
from heatseek.query.filters import NO_FILTERS
from heatseek.query.parser import places
from heatseek.query.tree import Query, Term, leaves
from heatseek.results import FacetCounts, Hit, Results, Stories
from heatseek.search.interpreter import Interpreter, in_tiers
from heatseek.text.tokens import label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from heatseek.article import Article
    from heatseek.engines.base import Reader
    from heatseek.engines.model import Match, Page, Request
    from heatseek.query.filters import Filters
    from heatseek.query.tree import Query
    from heatseek.search.highlight import Highlights, Positions
    from heatseek.search.interpreter import Interpretation
    from heatseek.search.meaning import Vectors
    from heatseek.search.request import SearchRequest
    from heatseek.search.spelling import Corrector

    Grouped = Sequence[tuple[Match, tuple[str, ...]]]
    """Matches, each with the ids of the others that it stands for."""


class Searcher:
    """Answers requests from one open reader.

    Args:
        reader: the generation to search.
        synonyms: words and phrases, each with what else it is known as; they hold both ways.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
    ) -> None:
        self._reader = reader
        self._language = reader.generation.language
        fields = reader.generation.fields
        self._interpreter = Interpreter(fields, self._language, synonyms, self._like)
        self._positions: Positions = {}

    def search(self, request: SearchRequest) -> Results:
        """Find the articles that answer a request best, or those most like another one.

        Raises:
            QueryError: a limit of the query language is passed.
            ArgumentError: there is no such order or facet; a condition cannot be understood; there
                is no article to be similar to, or it has no word that another one has.
            IndexDamagedError: the index is not as it was written.
        """
        started = time.perf_counter()
        interpretation = self._interpreter.interpret(request)
        newest = self._newest(request, interpretation.now)
        if newest:
            resolved = interpretation.request._replace(now=newest)
            interpretation = interpretation._replace(request=resolved)
        if request.meaning:
            answer = self._by_meaning(interpretation, request)
        else:
            answer = self._answer(interpretation, grouped=request.group)
        window = slice(request.offset, request.offset + request.limit)
        budget = interpretation.request.budget or Budget()
        matches, stories = (
            self._grouped(answer.page, window, budget) if request.group else _alone(answer)
        )
        hits = tuple(self._hits(request, answer, matches))
        return Results(
            query=interpretation.reading.text,
            total=answer.total,
            took_ms=(time.perf_counter() - started) * 1000.0,
            hits=hits,
            notices=(
                *(interpretation.reading.remarks if answer.page.total else ()),
                *answer.notices,
                *(_undated(answer.page) if request.group else ()),
            ),
            understood=self._understood(answer.query) if request.explain else "",
            facets=_marked(answer.page, interpretation.request.filters),
            suggestion=answer.suggestion,
            stories=stories,
            ages_from=newest,
            with_all=answer.with_all,
            near=answer.near,
            total_some=answer.total_some,
        )

    def _understood(self, query: Query) -> str:
        from heatseek.query.printing import to_text  # noqa: PLC0415 - few searches explain

        return to_text(query, self._interpreter.names)

    def _newest(self, request: SearchRequest, now: datetime) -> datetime | None:
        """The date of the newest article, where ages count and nobody named an instant for them.

        In an archive that ended long ago all articles would be equally old from now.
        """
        return self._reader.newest(now) if request.boosts.recency and not request.now else None

    def count(self, requests: Iterable[SearchRequest]) -> tuple[int, ...]:
        """How many articles match each of some requests; raises what `search` raises.

        Without an article that has all words any will do; misspelt words are not corrected.
        """
        alone = (replace(request, limit=0, offset=0, facets=()) for request in requests)
        chosen = [self._interpreter.interpret(request).request for request in alone]
        counts = self._totals([(_of_first_tier(request), request.filters) for request in chosen])
        widened = [
            place
            for place, request in enumerate(chosen)
            if not counts[place] and request.tiers is not Tiers.NONE
        ]
        some = self._totals([(chosen[n].query, chosen[n].filters) for n in widened])
        found = dict(zip(widened, some, strict=True))
        return tuple(found.get(place, count) for place, count in enumerate(counts))

    def _totals(self, queries: Sequence[tuple[Query, Filters]]) -> list[int]:
        """How many match each, in one call, each with the steps of a search."""
        if not queries:
            return []
        budget = Budget(MAX_STEPS * len(queries))
        counts = self._reader.count([Count(*each) for each in queries], budget)
        return [count or 0 for count in counts]

    def highlights(self, request: SearchRequest, article: Article) -> Highlights:
        """The whole texts of an article, what a request asks for marked; nothing is corrected."""
        from heatseek.search.highlight import Highlighter  # noqa: PLC0415 - as in `_hits`

        interpretation = self._interpreter.interpret(request)
        query = interpretation.reading.query
        return Highlighter(query, self._language, self._positions).highlights(article)

    def _hits(self, request: SearchRequest, answer: _Answer, matches: Grouped) -> Iterator[Hit]:
        """The hits of a page, with marks if they are wanted."""
        highlighter = None
        if request.snippet_length and matches:
            # Some formats show no marks: their start-up does without.
            from heatseek.search.highlight import Highlighter  # noqa: PLC0415

            highlighter = Highlighter(answer.query, self._language, self._positions)
        # Like another article by some of its words, nobody has counted by how many.
        whole = None if request.similar_to or answer.request.all_words else "all"
        for rank, (match, others) in enumerate(matches, start=request.offset + 1):
            words = whole if match.has_all is None else "all" if match.has_all else "some"
            if match.article.id in answer.strangers:
                words = "none"
            hit = Hit(rank, match.article, match.score, match.explanation, others, words=words)
            yield highlighter.marked(hit, request.snippet_length) if highlighter else hit

    def _like(self, article_id: str) -> tuple[Query, str]:
        """See `Similarity`."""
        # Few searches start from an article: the start-up of the others does without.
        from heatseek.search.more_like_this import like  # noqa: PLC0415

        article = self._reader.get(article_id)
        if article is None:
            raise ArgumentError("similar_to", article_id, "not in the index")
        documents = self._reader.generation.documents
        query = like(article, documents, self._count, self._language)
        if query is None:
            raise ArgumentError("similar_to", article_id, "has no word that another article has")
        return query, article.title

    def _count(self, queries: Sequence[Query]) -> list[int]:
        """How many match each; none where that takes too long to tell."""
        return [count or 0 for count in self._reader.count(map(Count, queries))]

    @cached_property
    def _corrector(self) -> Corrector:
        # Only for words that no article has.
        from heatseek.search.spelling import Corrector  # noqa: PLC0415

        return Corrector(self._count, self._reader.suggest)

    def _grouped(self, page: Page, window: slice, budget: Budget) -> tuple[Grouped, Stories]:
        """The stories of a window, and how many there are."""
        # Only where hits are grouped.
        from heatseek.search.grouping import Words, grouped  # noqa: PLC0415

        mentioned_by = self._reader.mentioned_by(match.article.id for match in page.matches)
        words = Words(
            self._reader.generation.documents,
            lambda written: self._count([Term(word) for word in written]),
            self._language,
        )
        stories = grouped(page.matches, mentioned_by, words, budget=budget)
        return stories[window], Stories(len(stories), len(page.matches))

    def _answer(self, interpretation: Interpretation, *, grouped: bool) -> _Answer:
        """As it was typed; without misspelt words if no article has all of them."""
        request = interpretation.request
        query = interpretation.reading.query
        if grouped:
            request = _widened(request)
        page = self._reader.search(request)
        notices = list(self._unknown_labels(interpretation, found=page.total > 0))
        suggestion = ""
        if page.missing and not _in_first_tier(request, page):
            # Most searches find something: their start-up does without.
            from heatseek.search.spelling import corrected, retyped  # noqa: PLC0415

            corrections = self._corrector.corrections(
                query, page.missing, interpretation.reading.plain
            )
            if corrections:
                every = interpretation.reading.all_words
                query, remarks = self._interpreter.with_synonyms(corrected(query, corrections))
                if every is not None:
                    every, _ = self._interpreter.with_synonyms(corrected(every, corrections))
                some, every, tiers = in_tiers(query, every, request.tiers)
                request = request._replace(query=some, all_words=every, tiers=tiers)
                notices += remarks
                suggestion = retyped(interpretation.reading.plain, corrections)
                notices += [f'no article has "{a}": searched for "{b}"' for a, b in corrections]
                page = self._reader.search(request)
        if page.total and not _in_first_tier(request, page):
            notices.append("no article has all of these words; these have some")
        if page.missing and page.total:
            notices += self._corrector.unknown(query, page.missing)
        return _Answer(page, request, query, tuple(notices), suggestion)

    def _by_meaning(self, interpretation: Interpretation, request: SearchRequest) -> _Answer:
        """As `_answer`, and then by the vectors of the index too."""
        # Few searches go by meaning: the start-up of the others does without.
        from heatseek.search.meaning import rank, wish_of  # noqa: PLC0415

        wish = wish_of(interpretation, request)
        if wish is None:
            return self._answer(interpretation, grouped=request.group)
        vectors = self._vectors
        resolved = interpretation.request
        counted = resolved._replace(limit=0, offset=0, facets=(), explain=False)
        answer = self._answer(interpretation._replace(request=counted), grouped=False)
        shown = _widened(resolved) if request.group else resolved
        whole = answer.request._replace(
            limit=shown.limit, offset=shown.offset, facets=shown.facets, explain=shown.explain
        )
        page, strangers = rank(self._reader, vectors, whole, wish)
        near = page.total - answer.page.total
        notices = answer.notices
        if near and not answer.page.total:
            notices = (*notices, "no article has any of these words; these are near in meaning")
        return answer._replace(page=page, notices=notices, near=near, strangers=strangers)

    @cached_property
    def _vectors(self) -> Vectors:
        from heatseek.search.meaning import Vectors  # noqa: PLC0415 - as above

        return Vectors(self._reader)

    def _unknown_labels(self, interpretation: Interpretation, *, found: bool) -> Iterable[str]:
        reading, request = interpretation.reading, interpretation.request
        # Only a name and a colon, or a filter, can ask for a label.
        if ":" not in reading.plain and request.filters == NO_FILTERS:
            return ()
        from heatseek.search.unknown_labels import unknown_labels  # noqa: PLC0415

        interpreter = self._interpreter
        return unknown_labels(
            request,
            [(leaf, interpreter.with_synonyms(leaf)[0]) for leaf in leaves(reading.original)],
            lambda: places(reading.plain, interpretation.now, interpreter.names),
            self._reader,
            found=found,
        )


class _Answer(NamedTuple):
    """A page, the request that gave it, and what there is to say about it."""

    page: Page
    request: Request
    query: Query
    """As it was searched, of `Words` all or some."""
    notices: tuple[str, ...] = ()
    suggestion: str = ""
    near: int | None = None
    """See `Results.near`."""
    strangers: frozenset[str] = frozenset()
    """Articles on the page that have none of the words."""

    @property
    def total(self) -> int:
        """The matches of the first tier that has any."""
        return _in_first_tier(self.request, self.page) or self.page.total

    @property
    def total_some(self) -> int | None:
        """The matches that come after those, where others may follow."""
        is_first = self.request.tiers is Tiers.BOTH and self.page.with_all
        return self.page.total - self.total if is_first else None

    @property
    def with_all(self) -> int | None:
        """The matches that have all words, where `total` counts others, too."""
        in_tiers = self.request.tiers is not Tiers.NONE and self.page.with_all
        return self.page.with_all if self.page.total and not in_tiers else None


def _in_first_tier(request: Request, page: Page) -> int:
    """How many articles match as well as can be asked for."""
    return page.total if request.tiers is Tiers.NONE else page.with_all or 0


def _of_first_tier(request: Request) -> Query:
    """The query for what matches as well as can be asked for."""
    in_tiers = request.tiers is not Tiers.NONE
    return request.all_words if in_tiers and request.all_words else request.query


def _undated(page: Page) -> Iterable[str]:
    """A line, if grouping could do nothing."""
    if len(page.matches) > 1 and all(each.article.published_at is None for each in page.matches):
        yield "no match has a date: each is a story of its own"


def _alone(answer: _Answer) -> tuple[Grouped, None]:
    return [(match, ()) for match in answer.page.matches], None


def _widened(request: Request) -> Request:
    from heatseek.search.grouping import WINDOW  # noqa: PLC0415 - only where hits are grouped

    return request._replace(offset=0, limit=max(WINDOW, request.offset + request.limit))


def _marked(page: Page, filters: Filters) -> dict[str, FacetCounts]:
    """The counts of each facet, with the values that a filter asks for."""
    return {
        name: counts._replace(
            chosen=frozenset(_chosen(name, (each.value for each in counts.values), filters))
        )
        for name, counts in page.facets.items()
    }


def _chosen(facet: str, values: Iterable[str], filters: Filters) -> Iterable[str]:
    """Those of the values of all matches that a filter asks for."""
    if facet == "topic":
        topics = frozenset(map(label, filters.topics))
        return (value for value in values if label(value) in topics)
    # An article has one of these at most: those that a filter lets through have what it asks for.
    single = {"provider": filters.providers, "category": filters.categories, "type": filters.types}
    return values if single.get(facet) else ()

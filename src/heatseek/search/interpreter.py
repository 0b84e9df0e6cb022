"""A request as it is understood: its query as a tree, its names as those of the index."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from heatseek.analysis import Analyzer
from heatseek.engines.base import Request
from heatseek.errors import ArgumentError, UsageError
from heatseek.query.common_words import SHORT, spoken, telling_words
from heatseek.query.language import parse
from heatseek.query.mistakes import closest
from heatseek.query.rewrite import relax, require
from heatseek.query.tree import Everything, Query
from heatseek.results import Facet, Sort
from heatseek.schema import BUILT_IN, FACETS, Names
from heatseek.search.request import ALL_FACETS, MAX_WINDOW, Matching, not_one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from heatseek.engines.base import Reader
    from heatseek.query.synonyms import SynonymMap
    from heatseek.search.request import SearchRequest


class Interpretation(NamedTuple):
    """A request, understood, and what telling the mistakes in it needs."""

    request: Request
    """As an engine is to answer it."""
    text: str
    """As typed, or the title of the article that others are to be like."""
    facets: tuple[Facet, ...] = ()
    """By their names in the index."""
    plain: str = ""
    """The text that the query was read from; places count in it."""
    typed: Query = Everything()
    """The query as it was read, before anything was put in or left out."""
    remarks: tuple[str, ...] = ()
    """Remarks for when something is found."""


class _Reading(NamedTuple):
    """A query text as it is understood."""

    query: Query
    text: str
    plain: str = ""
    typed: Query = Everything()
    remarks: tuple[str, ...] = ()


class Interpreter:
    """Reads requests to one generation of an index.

    Args:
        reader: the generation.
        frequency: gives in how many articles a word is.
        synonyms: words and phrases, each with what else it is known as; they hold both ways.
    """

    def __init__(
        self,
        reader: Reader,
        frequency: Callable[[Query], int],
        synonyms: Mapping[str, Iterable[str]],
    ) -> None:
        self._reader = reader
        self._frequency = frequency
        self._synonyms = synonyms
        self._fields = reader.generation.fields
        self._language = reader.generation.language
        self._analyzer = Analyzer(self._language)
        self.names = Names(self._fields) if self._fields else BUILT_IN
        """The names that a query may have before a colon."""

    def interpret(self, request: SearchRequest) -> Interpretation:
        """Understand a request; see `Searcher.search` for what is raised."""
        _check_window(request)
        now = request.now or datetime.now(UTC)
        filters = request.filters
        if request.where:
            # Few searches have conditions.
            from heatseek.query.where import parse_conditions  # noqa: PLC0415

            conditions = parse_conditions(request.where, self.names, now)
            filters = filters._replace(where=conditions)
        sort = self._order(request)
        if request.similar_to:
            filters = filters._replace(excluded=(request.similar_to,))
            reading = self._like(request)
        else:
            reading = self._read(request.query, now, request.matching, sort)
        facets = self._facets(request)
        resolved = Request(
            *(reading.query, now, filters, request.boosts, sort, request.limit, request.offset),
            *(request.explain, tuple(facet.name for facet in facets)),
        )
        _, text, plain, typed, remarks = reading
        return Interpretation(resolved, text, facets, plain, typed, remarks)

    def with_synonyms(self, query: Query) -> tuple[Query, tuple[str, ...]]:
        """A query with its synonyms put in, and remarks on that."""
        return self._synonym_map.apply(query) if self._synonyms else (query, ())

    def _order(self, request: SearchRequest) -> Sort | str:
        if request.sort is not None:
            return self._sort(request.sort)
        chooses = request.similar_to or request.has_filters or not is_everything(request.query)
        return Sort.RELEVANCE if chooses else Sort.DATE

    def _sort(self, name: str) -> Sort | str:
        """One of `Sort`, or the name of a declared field, in any case.

        Raises:
            ArgumentError: there is no such order.
        """
        own = (field.name for field in self._fields if field.kind.is_ordered)
        known: dict[str, Sort | str] = {each.lower(): each for each in (*Sort, *own)}
        found = known.get(name.strip().lower())
        if found is None:
            raise not_one_of("sort", name, known.values())
        return found

    def _facets(self, request: SearchRequest) -> tuple[Facet, ...]:
        """The facets of a request by their names in the index."""
        if not request.facets:
            return ()
        own = (field.name for field in self._fields if field.facet)
        known = {name.lower(): name for name in (*FACETS, *own)}
        found: dict[str, int | None] = {}
        for name, limit in request.facets:
            if name == ALL_FACETS:
                found |= {each: found.get(each, limit) for each in known.values()}
            elif name.lower() in known:
                found[known[name.lower()]] = limit
            else:
                raise _no_facet(name, list(known.values()))
        return tuple(Facet(*pair) for pair in found.items())

    def _read(self, text: str, now: datetime, matching: Matching, sort: Sort | str) -> _Reading:
        """A text as a query."""
        plain = spoken(normalize("NFC", "" if is_everything(text) else text), self._analyzer)
        typed = parse(plain, now, self.names)
        query, remarks = self.with_synonyms(typed)
        matched, more = _matched(query, self._analyzer, matching, sort)
        return _Reading(matched, text, plain, typed, (*remarks, *more))

    def _like(self, request: SearchRequest) -> _Reading:
        """The query for articles like one."""
        # Few searches start from an article: the start-up of the others does without.
        from heatseek.search.more_like_this import like  # noqa: PLC0415

        if request.query:
            raise ArgumentError(
                "similar_to", None, "takes no query beside it; filters narrow what is similar"
            )
        article = self._reader.get(request.similar_to)
        if article is None:
            raise UsageError(f"{request.similar_to} is not in the index")
        documents = self._reader.generation.documents
        query = like(article, documents, self._frequency, self._language)
        if query is None:
            raise UsageError(f"{request.similar_to} has no word that another article has")
        return _Reading(query, article.title)

    @cached_property
    def _synonym_map(self) -> SynonymMap:
        # Only where some are configured.
        from heatseek.query.synonyms import SynonymMap  # noqa: PLC0415

        return SynonymMap(self._synonyms, self._analyzer)


def _no_facet(name: str, known: list[str]) -> ArgumentError:
    nearest = closest(name, known)
    hint = f"did you mean {nearest}?" if nearest else f"there are {', '.join(known)}"
    return ArgumentError("facets", name, f"no such facet; {hint}")


def is_everything(query: str) -> bool:
    """Whether a query text asks for every article."""
    return query.strip() in {"", "*"}


def _check_window(request: SearchRequest) -> None:
    if min(request.limit, request.offset) < 0 or request.limit + request.offset > MAX_WINDOW:
        raise UsageError(f"limit and offset must lie between 0 and {MAX_WINDOW:,} together")


def _matched(
    query: Query, analyzer: Analyzer, matching: Matching, sort: Sort | str
) -> tuple[Query, tuple[str, ...]]:
    """The query as it is to be matched, and what to say about it if something is found."""
    strict = telling_words(query, analyzer, any_of_many=False)
    if matching is not Matching.WORDS:
        return relax(strict) if matching is Matching.ANY else require(strict), ()
    # By date, articles with one word of a question would come before those that answer it.
    some = telling_words(query, analyzer, any_of_many=True) if sort is Sort.RELEVANCE else strict
    notice = f"more than {SHORT} words: articles with some of them match too (--all: only with all)"
    return some, (notice,) if some != strict else ()

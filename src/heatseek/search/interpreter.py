"""A request as it is understood: its query as a tree, its names as those of the index."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from heatseek.definitions import NamedTuple, Protocol, cached_property, replace
from heatseek.engines.model import Budget, Request, Tiers
from heatseek.errors import ArgumentError
from heatseek.query.parser import check_length, parse
from heatseek.query.rewriting import (
    SHORT,
    content_words,
    has_many,
    has_words,
    lowered,
    relax,
    require,
)
from heatseek.query.tree import Everything, Query
from heatseek.results import DIRECTIONS, Facet, Sort
from heatseek.schema import BUILT_IN, FACETS, Names
from heatseek.search.arguments import not_one_of
from heatseek.search.request import ALL_FACETS, Matching
from heatseek.text.languages import Analyzer
from heatseek.zones import in_zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heatseek.query.synonyms import SynonymMap
    from heatseek.schema import DeclaredField
    from heatseek.search.request import SearchRequest
    from heatseek.text.languages import Language


class Reading(NamedTuple):
    """A query text, understood, and what telling the mistakes in it needs."""

    query: Query
    """As it is to be matched; of `Words` all or some."""
    text: str
    """As typed, or the title of the article that others are to be like."""
    plain: str = ""
    """The text that the query was read from; places count in it."""
    original: Query = Everything()
    """The query as it was read, before anything was put in or left out."""
    remarks: tuple[str, ...] = ()
    """Remarks for when something is found."""
    all_words: Query | None = None
    """The query with every word required, if fewer will do and all have one order."""


class Interpretation(NamedTuple):
    """A request, understood."""

    request: Request
    """As an engine is to answer it."""
    reading: Reading
    """Of its text, or of the article that others are to be like."""
    now: datetime
    """The instant that dates such as `yesterday` count from."""


class Similarity(Protocol):
    """Makes queries of articles."""

    def __call__(self, article_id: str) -> tuple[Query, str]:
        """The query that finds articles like one, and the title of that.

        Raises:
            UsageError: there is no such article, or it has no word to go by.
        """


class Interpreter:
    """Reads the requests to an index of some fields.

    Args:
        fields: the declared ones.
        language: of the articles.
        synonyms: words and phrases, each with what else it is known as; they hold both ways.
        similarity: makes queries of articles; None: requests for similar articles are refused.
    """

    def __init__(
        self,
        fields: tuple[DeclaredField, ...],
        language: Language,
        synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
        similarity: Similarity | None = None,
    ) -> None:
        self._fields = fields
        self._synonyms = synonyms
        self._similarity = similarity
        self._analyzer = Analyzer(language)
        self.names = Names(fields) if fields else BUILT_IN
        """The names that a query may have before a colon."""

    def interpret(self, request: SearchRequest) -> Interpretation:
        """Understand a request; see `Searcher.search` for what is raised."""
        check_length(request.query)
        now = in_zone(request.now, request.zone) if request.now else datetime.now(request.zone)
        filters = request.filters
        filters.check()
        if request.where:
            # Few searches have conditions.
            from heatseek.query.filters import parse_conditions  # noqa: PLC0415

            conditions = parse_conditions(request.where, self.names, now)
            filters = filters._replace(where=conditions)
        if request.paths:
            from heatseek.query.filters import parse_paths  # noqa: PLC0415 - likewise

            filters = filters._replace(where=(*filters.where, *parse_paths(request.paths)))
        sort, ascending = self._order(request)
        if request.similar_to:
            filters = filters._replace(excluded=(request.similar_to,))
            reading = self._like(request)
        else:
            reading = self._read(request, now, sort)
        wanted = Tiers.BOTH if request.some and sort == Sort.RELEVANCE else Tiers.FIRST
        query, all_words, tiers = in_tiers(reading.query, reading.all_words, wanted)
        resolved = Request(
            *(query, now, filters, request.boosts, sort, ascending),
            *(request.limit, request.offset, request.explain, self._facets(request), Budget()),
            missing=True,
            all_words=all_words,
            tiers=tiers,
        )
        return Interpretation(resolved, reading, now)

    def with_synonyms(self, query: Query) -> tuple[Query, tuple[str, ...]]:
        """A query with its synonyms put in, and remarks on that."""
        return self._synonym_map.apply(query) if self._synonyms else (query, ())

    def _order(self, request: SearchRequest) -> tuple[Sort | str, bool]:
        """The order, and whether its least value comes first."""
        if request.sort is not None:
            return self._sort(request.sort)
        chooses = not is_everything(request.query) or request.similar_to or request.has_filters
        return (Sort.RELEVANCE if chooses else Sort.DATE), False

    def _sort(self, given: str) -> tuple[Sort | str, bool]:
        """One of `Sort`, or the name of a declared field, in any case; `:asc` or `:desc` after it.

        Raises:
            ArgumentError: there is no such order.
        """
        name, colon, direction = (part.strip() for part in given.partition(":"))
        own = (field.name for field in self._fields if field.kind.is_ordered)
        known: dict[str, Sort | str] = {each.lower(): each for each in (*Sort, *own)}
        found = known.get(name.lower())
        if found is None:
            raise not_one_of("sort", name, known.values())
        if colon and (direction.lower() not in DIRECTIONS or found == Sort.RELEVANCE):
            backwards = found == Sort.RELEVANCE
            flaw = "relevance has one order" if backwards else "after the colon write asc or desc"
            raise ArgumentError("sort", given, flaw)
        return found, direction.lower() == "asc"

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

    def _read(self, request: SearchRequest, now: datetime, sort: Sort | str) -> Reading:
        """A text as a query."""
        text = request.query
        given = "" if is_everything(text) else text
        plain = lowered(given if given.isascii() else _composed(given), self._analyzer)
        original = parse(plain, now, self.names, unfinished=request.unfinished)
        query, remarks = self.with_synonyms(original)
        strict = content_words(query, self._analyzer, any_of_many=False)
        some, more = self._matched(query, strict, request.matching, sort)
        all_words = None if some == strict else require(strict)
        if some == all_words:
            all_words = None
        return Reading(some, text, plain, original, (*remarks, *more), all_words)

    def _matched(
        self, query: Query, strict: Query, matching: Matching, sort: Sort | str
    ) -> tuple[Query, tuple[str, ...]]:
        """The query as it is to be matched, and what to say about it if something is found."""
        if matching is not Matching.WORDS:
            return relax(strict) if matching is Matching.ANY else require(strict), ()
        # By date, articles with one word of a question would come before those that answer it.
        if sort is not Sort.RELEVANCE or not has_many(query):
            return strict, ()
        some = content_words(query, self._analyzer, any_of_many=True)
        notice = f"more than {SHORT} words: articles with some of them match too (AND asks for all)"
        return some, (notice,) if some != strict else ()

    def _like(self, request: SearchRequest) -> Reading:
        """The query for articles like one."""
        if request.query:
            raise ArgumentError(
                "similar_to", None, "takes no query beside it; filters narrow what is similar"
            )
        if self._similarity is None:
            raise ArgumentError("similar_to", request.similar_to, "there is no index yet")
        return Reading(*self._similarity(request.similar_to))

    @cached_property
    def _synonym_map(self) -> SynonymMap:
        # Only where some are configured.
        from heatseek.query.synonyms import SynonymMap  # noqa: PLC0415

        return SynonymMap(self._synonyms, self._analyzer)


def in_tiers(
    query: Query, all_words: Query | None, tiers: Tiers
) -> tuple[Query, Query | None, Tiers]:
    """`query`, `all_words` and `tiers` of a request: tiers if there are words of which some do."""
    if not has_words(query):
        return query, all_words, Tiers.NONE
    return relax(query), require(query), tiers


def check(request: SearchRequest, fields: tuple[DeclaredField, ...], language: Language) -> None:
    """See that a request makes sense for an index of some fields; raises what `interpret` does."""
    Interpreter(fields, language).interpret(replace(request, similar_to=""))


def _no_facet(name: str, known: list[str]) -> ArgumentError:
    from heatseek.text.edit_distance import hint  # noqa: PLC0415 - of what is wrong only

    return ArgumentError("facets", name, f"no such facet; {hint(name, known)}")


def _composed(text: str) -> str:
    from heatseek.text.nfc import nfc  # noqa: PLC0415 - most queries are ASCII

    return nfc(text)


def is_everything(query: str) -> bool:
    """True if a query text asks for every article."""
    return query.strip() in {"", "*"}

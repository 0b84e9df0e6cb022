"""A query text to ranked hits: parse, ask the engine, fall back, show why."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heatseek.analysis import Analyzer
from heatseek.engines.base import MAX_STEPS, REFERENCES, Budget, Page, Request
from heatseek.errors import QueryError, UsageError
from heatseek.marks import LazyMarks
from heatseek.query.common_words import SHORT, spoken, telling_words
from heatseek.query.filters import Filters
from heatseek.query.language import check_length, parse, places
from heatseek.query.printed import to_text
from heatseek.query.rewrite import has_words, relax, require
from heatseek.query.tree import Everything, Query, leaves
from heatseek.ranking import Boosts
from heatseek.results import Hit, Results, Sort, Stories
from heatseek.schema import BUILT_IN, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from heatseek.corrections import Corrector
    from heatseek.cross_references import CrossReferences
    from heatseek.engines.base import Match, Reader
    from heatseek.query.synonyms import SynonymMap
    from heatseek.schema import DeclaredField

    Grouped = Sequence[tuple[Match, tuple[str, ...]]]
    """Matches, each with the ids of the others that it stands for."""

SNIPPET_LENGTH = 160
"""Characters."""
_COUNTING = MAX_STEPS // 20
"""Steps to count the matches of what might have been meant; there may be hundreds of these."""
MAX_WINDOW = 1_000_000
"""Hits that `offset` and `limit` may reach to."""


class Matching(StrEnum):
    """How many of the words must match."""

    WORDS = "words"
    """Of up to three words all; if no article has all, any. Of more words, any."""
    ANY = "any"
    ALL = "all"


class Searcher:
    """Answers queries from one open reader.

    Args:
        reader: the generation to search.
        clock: gives the instant from which ages and dates such as `yesterday` are counted.
        synonyms: words and phrases, each with what else it is known as; they hold both ways.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._synonyms = synonyms
        self._language = reader.generation.language
        self._analyzer = Analyzer(self._language)
        fields = reader.generation.fields
        self._names = Names(fields) if fields else BUILT_IN

    def search(  # noqa: PLR0913 - each is an option of the one main command
        self,
        text: str = "",
        *,
        similar_to: str = "",
        filters: Filters = Filters(),
        boosts: Boosts = Boosts(),
        sort: Sort | str = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        matching: Matching = Matching.WORDS,
        explain: bool = False,
        facets: tuple[str, ...] = (),
        snippet_length: int = SNIPPET_LENGTH,
        group: bool = False,
    ) -> Results:
        """Find the articles that answer `text` best, or those most like another one.

        Args:
            text: a query in heatseek's query language; may be empty if there are filters.
            similar_to: the id of an article, in place of a text; the article is not among the hits.
            filters: which articles may be found at all.
            boosts: what quality, heat and age are worth.
            sort: the order of the hits; also by a declared number, date or boolean.
            limit: how many hits to give at most.
            offset: how many of the best to leave out.
            matching: whether all words must match.
            explain: whether each hit says how its score came about.
            facets: of `schema.FACETS`, and declared ones: by what to count all matches.
            snippet_length: characters of the passage shown of each hit.
            group: whether hits about one story are one; see `grouping`.

        Raises:
            QueryError: there is nothing to search for, or a limit of the language is passed.
            UsageError: limit or offset is negative or too large; there is no such order; there is
                no article to be similar to, or it has no word that another one has.
            IndexDamagedError: the index is not as it was written.
        """
        started = time.perf_counter()
        _check_window(limit, offset)
        check_length(text)
        filters.check()
        sort = order(sort, self._reader.generation.fields)
        now = self._clock()
        if similar_to:
            filters = filters._replace(excluded=(*filters.excluded, similar_to))
            read = self._like(text, similar_to)
        else:
            read = self._read(text, now, matching, sort)
            if read.typed == Everything() and filters == Filters():
                raise QueryError("nothing to search for: give words, or a filter such as --topic")
        facets = tuple(dict.fromkeys(facets))
        request = Request(
            *(read.query, now, filters, boosts, sort, limit, offset, explain, facets, Budget())
        )
        answer = self._answer(read, _widened(request) if group else request)
        window = slice(offset, offset + limit)
        matches, stories = (
            self._grouped(answer.page, window, request) if group else _alone(answer.page)
        )
        marks = LazyMarks(answer.query, snippet_length, self._language)
        hits = tuple(
            Hit(offset + at, match.article, match.score, marks, match.explanation, others)
            for at, (match, others) in enumerate(matches, start=1)
        )
        return Results(
            query=read.text,
            total=answer.page.total,
            took_ms=(time.perf_counter() - started) * 1000.0,
            hits=hits,
            notices=(*(read.remarks if answer.page.total else ()), *answer.notices),
            understood=to_text(answer.query, self._names) if explain else "",
            facets=answer.page.facets,
            suggestion=answer.suggestion,
            stories=stories,
        )

    def _read(self, text: str, now: datetime, matching: Matching, sort: Sort | str) -> _Read:
        """What a text asks for."""
        plain = spoken(text if text.isascii() else _composed(text), self._analyzer)
        typed = parse(plain, now, self._names)
        query, said = self._with_synonyms(typed)
        meant, remarks = _meant(query, self._analyzer, matching, sort)
        return _Read(text, meant, plain, typed, (*said, *remarks))

    def _like(self, text: str, article_id: str) -> _Read:
        """What asks for articles like one."""
        # Few searches start from an article: the start-up of the others does without.
        from heatseek.similar import like  # noqa: PLC0415

        if text:
            raise UsageError("similar articles are found without a query; filters narrow them")
        article = self._reader.get(article_id)
        if article is None:
            raise UsageError(f"{article_id} is not in the index")

        documents = self._reader.generation.documents
        query = like(article, documents, self._articles, self._language)
        if query is None:
            raise UsageError(f"{article_id} has no word that another article has")
        return _Read(article.title, query)

    def _with_synonyms(self, query: Query) -> tuple[Query, tuple[str, ...]]:
        return self._synonym_map.apply(query) if self._synonyms else (query, ())

    def _articles(self, query: Query) -> int:
        """How many match; none where that takes too long to tell."""
        request = Request(query, self._clock(), limit=0, budget=Budget(_COUNTING))
        try:
            return self._reader.search(request).total
        except QueryError:
            return 0

    @cached_property
    def _corrector(self) -> Corrector:
        # Only for words that no article has.
        from heatseek.corrections import Corrector  # noqa: PLC0415

        return Corrector(self._articles, self._reader.similar)

    @cached_property
    def _synonym_map(self) -> SynonymMap:
        # Only where some are configured.
        from heatseek.query.synonyms import SynonymMap  # noqa: PLC0415

        return SynonymMap(self._synonyms, self._analyzer)

    def _grouped(self, page: Page, window: slice, request: Request) -> tuple[Grouped, Stories]:
        """The stories of a window, and how many there are."""
        from heatseek.grouping import grouped  # noqa: PLC0415 - only where hits are grouped

        budget = request.budget or Budget()
        stories = grouped(page.matches, self._references, self._language, budget=budget)
        return stories[window], Stories(len(stories), len(page.matches))

    @cached_property
    def _references(self) -> CrossReferences:
        # Only where hits are grouped.
        from heatseek.cross_references import CrossReferences  # noqa: PLC0415

        return CrossReferences(self._reader.note(REFERENCES))

    def _answer(self, read: _Read, request: Request) -> _Answer:
        """As it was asked; then without misspelt words; then with any of the words."""
        page = self._reader.search(request)
        notices = list(self._unknown_labels(read, request, found=page.total > 0))
        suggestion = ""
        if page.missing and not page.total:
            # Most searches find something: their start-up does without.
            from heatseek.corrections import corrected, retyped  # noqa: PLC0415

            found = self._corrector.corrections(request.query, page.missing, read.plain)
            if found:
                query, said = self._with_synonyms(corrected(request.query, found))
                request = request._replace(query=query)
                notices += said
                suggestion = retyped(read.plain, found)
                notices += [f'no article has "{typed}": searched for "{m}"' for typed, m in found]
                page = self._reader.search(request)
        if not page.total and has_words(request.query):
            request = request._replace(query=relax(request.query))
            page = self._reader.search(request)
            if page.total:
                notices.append("no article has all of these words; these have some")
        if page.missing and page.total:
            notices += self._corrector.unknown(request.query, page.missing)
        return _Answer(page, request.query, tuple(notices), suggestion)

    def _unknown_labels(self, read: _Read, request: Request, *, found: bool) -> Iterable[str]:
        # Only a name and a colon, or a filter, can ask for a label.
        if ":" not in read.plain and request.filters == Filters():
            return ()
        from heatseek.unknown_labels import unknown_labels  # noqa: PLC0415

        return unknown_labels(
            request,
            [(leaf, self._with_synonyms(leaf)[0]) for leaf in leaves(read.typed)],
            lambda: places(read.plain, request.now, self._names),
            self._reader,
            found=found,
        )


def order(typed: str, fields: Iterable[DeclaredField] = ()) -> Sort | str:
    """What hits are to be ordered by: one of `Sort`, or the name of a declared field.

    Raises:
        UsageError: there is no such order.
    """
    own = (field.name for field in fields if field.kind.is_ordered)
    known: dict[str, Sort | str] = {name.lower(): name for name in (*Sort, *own)}
    found = known.get(typed.strip().lower())
    if found is None:
        raise UsageError(f"{typed or repr(typed)}: not one of {', '.join(known.values())}")
    return found


def _composed(text: str) -> str:
    from heatseek.nfc import nfc  # noqa: PLC0415 - most queries are ASCII

    return nfc(text)


class _Read(NamedTuple):
    """What is asked for, and what there is to know for telling mistakes in it."""

    text: str
    """As typed, or the title of the article that others are to be like."""
    query: Query
    """As it is to be matched."""
    plain: str = ""
    """The text that the query was read from; places count in it."""
    typed: Query = Everything()
    """As it was read, before anything was put in or left out."""
    remarks: tuple[str, ...] = ()
    """What to say if something is found."""


class _Answer(NamedTuple):
    """A page, the query that gave it, and what there is to say about it."""

    page: Page
    query: Query
    notices: tuple[str, ...] = ()
    suggestion: str = ""


def _check_window(limit: int, offset: int) -> None:
    if min(limit, offset) < 0 or limit + offset > MAX_WINDOW:
        raise UsageError(f"limit and offset must lie between 0 and {MAX_WINDOW} together")


def _alone(page: Page) -> tuple[Grouped, None]:
    return [(match, ()) for match in page.matches], None


def _widened(request: Request) -> Request:
    from heatseek.grouping import WINDOW  # noqa: PLC0415 - only where hits are grouped

    return request._replace(offset=0, limit=max(WINDOW, request.offset + request.limit))


def _meant(
    query: Query, analyzer: Analyzer, matching: Matching, sort: Sort | str
) -> tuple[Query, tuple[str, ...]]:
    """The query as it is to be matched, and what to say about it if something is found."""
    strict = telling_words(query, analyzer, any_of_many=False)
    if matching is not Matching.WORDS:
        return relax(strict) if matching is Matching.ANY else require(strict), ()
    # By date, articles with one word of a question would come before those that answer it.
    meant = telling_words(query, analyzer, any_of_many=True) if sort is Sort.RELEVANCE else strict
    notice = f"more than {SHORT} words: articles with some of them match too (--all: only with all)"
    return meant, (notice,) if meant != strict else ()

"""One generation, open: requests in, pages out."""

from __future__ import annotations

import math
import os
from _thread import RLock
from datetime import UTC, datetime

from heatseek.definitions import cached_property
from heatseek.engines.model import (
    COUNT_STEPS,
    Budget,
    Count,
    Generation,
    Page,
    Request,
    Tiers,
)
from heatseek.engines.shared.compiler import Compiler
from heatseek.engines.shared.fields import REFERENCES, UNKNOWN, typecode
from heatseek.engines.shared.plan import Boosted
from heatseek.engines.whoosh.duplicates import Duplicates
from heatseek.engines.whoosh.lookup import TermCache, TermLookup
from heatseek.engines.whoosh.matching import EXPLANATION, work
from heatseek.engines.whoosh.ranking import Ranking
from heatseek.engines.whoosh.segments import Segments
from heatseek.engines.whoosh.store import Note, check_sizes, gone, unreadable
from heatseek.errors import SURPRISES, IndexClosedError, IndexDamagedError, QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Self, TypeVar, TypeVarTuple

    from heatseek.article import Article
    from heatseek.engines.model import LabelSummary
    from heatseek.engines.shared.references import CrossReferences, Mentioned
    from heatseek.engines.whoosh.arrays import Arrays, Column, Documents
    from heatseek.engines.whoosh.labels import Labels
    from heatseek.engines.whoosh.manifest import Manifest
    from heatseek.engines.whoosh.mapping import MappedNote
    from heatseek.engines.whoosh.ranking import Ranked, Tier
    from heatseek.query.tree import Query

    T = TypeVar("T")
    Ts = TypeVarTuple("Ts")

_READING = RLock()
"""Held by the one thread that reads.

One for all open indexes: a search takes a millisecond, nearly all of it in the interpreter, which
lets one thread run at a time, too. A process that is forked off waits for it, so that it never
begins in the middle of a search.
"""
os.register_at_fork(
    before=_READING.acquire, after_in_parent=_READING.release, after_in_child=_READING.release
)


_SMALL = 25_000
"""Documents of an archive in which no search takes many steps."""
_LARGE = 1_000_000
"""Steps (`matching.work`) from which on it takes less time to import numpy."""
_MOST_ONCE = 4_000_000
"""Bytes of words that are kept where one search is to come; see `TermCache`."""
_FACET = 2
"""Steps for each document of the index to count the values of a facet."""
_BY_ARRAYS = ("_arrays", "_lookup", "_find", "_duplicates", "_ranking", "_labels")


class WhooshReader:
    """Files, columns, norms and words looked up are kept as long as it is open."""

    def __init__(
        self, folder: str, manifest: Manifest, generation: Generation, *, long_lived: bool
    ) -> None:
        check_sizes(folder, manifest)
        self._is_open = True
        self._folder = folder
        self._manifest = manifest
        self.generation = generation
        self._segments = Segments(folder, manifest.segments, long_lived=long_lived)
        self._is_long_lived = self._is_vectorised = long_lived
        self._references_note = Note(folder, manifest, REFERENCES)
        self._columns: dict[str, Column] = {}
        self._mapped: dict[str, MappedNote] = {}
        self._dates_around: tuple[float, float] = (math.inf, -math.inf)
        """The dates before and after the instant that was asked about last."""
        self._compiler = Compiler(generation.fields, generation.language)

    @property
    def _is_once(self) -> bool:
        """True if one thing after another is asked once, of so much that none of it is kept."""
        return not self._is_long_lived and self._segments.size >= _SMALL

    @cached_property
    def _arrays(self) -> Arrays:
        segments = self._segments
        size, deleted = segments.size, segments.deleted()
        if not self._is_vectorised:
            return _plain_arrays(size, deleted)
        return _arrays(size, deleted, long_lived=self._is_long_lived)

    @cached_property
    def _lookup(self) -> TermLookup:
        return TermLookup(self._segments, self._arrays, self._references)

    @cached_property
    def _find(self) -> TermCache:
        return TermCache(self._lookup, None if self._is_long_lived else _MOST_ONCE)

    @cached_property
    def _duplicates(self) -> Duplicates:
        return Duplicates(self._manifest.duplicates, self._arrays)

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking(
            *(self._segments, self._arrays, self._compiler, self._find, self._column),
            self._duplicates,
            self.generation.fields,
            long_lived=self._is_long_lived,
        )

    def search(self, request: Request) -> Page:
        """Answer a request; see `Reader.search`."""
        return self._read(self._search, request)

    def _read(self, act: Callable[[*Ts], T], *args: *Ts) -> T:
        """Everything that reads files: by one thread at a time, from files that are as they were.

        Raises:
            IndexClosedError: they are not open any more.
            IndexDamagedError: they were written to, or hold what we do not write.
        """
        with _READING:
            if not self._is_open:
                raise IndexClosedError
            self._segments.check_unchanged()
            try:
                value = act(*args)
                self._trim()
            except BaseException as error:
                if "_find" in vars(self):
                    self._find.forget_new()
                if isinstance(error, SURPRISES) and (flaw := self._flaw()):
                    raise IndexDamagedError(flaw) from error
                raise
            finally:
                self._segments.forget_recent()
            return value

    def _trim(self) -> None:
        # Made by what looks words up: until then it is open which arrays will.
        if "_find" in vars(self):
            self._find.trim()

    def _flaw(self) -> str | None:
        """The first thing that is wrong with the files; None if the fault is ours."""
        from heatseek.engines.whoosh.check import inconsistencies  # noqa: PLC0415 - seldom

        return next(inconsistencies(self._segments, self._manifest, self._references_note), None)

    def _search(self, request: Request) -> Page:
        page, documents = self._page(request)
        if self._is_once:
            # Something else may be asked, but hardly a search again.
            self._forget()
        if not request.facets:
            return page
        zone = request.now.tzinfo or UTC
        facets = {
            name: self._labels.counts(name, documents, limit, zone)
            for name, limit in request.facets
        }
        if self._is_once:
            self._forget()
        return page._replace(facets=facets)

    def _page(self, request: Request) -> tuple[Page, Documents]:
        """The answer but for facets, and the documents of the first tier, which they are of."""
        self._choose_arrays(_tiers(request), request.offset + request.limit, len(request.facets))
        terms, first = self._first_tier(request)
        ranking = self._ranking
        page = ranking.page(request, terms, first, request.offset)
        total, marked = first.total, [(each, first.has_all) for each in page]
        if first.has_all and request.tiers is Tiers.BOTH:
            total, others = ranking.second_tier(request, terms, first)
            marked += [(each, False) for each in others]
        size = len(marked)
        marked += ranking.entered(request, terms, first)
        if request.explain:
            self._lookup.budget.spend(EXPLANATION * len(terms) * len(marked))
        matches = ranking.matches(request, terms, marked)
        missing = tuple(self._missing(terms)) if request.missing else ()
        with_all = None if first.has_all is None else first.total if first.has_all else 0
        answer = Page(total, matches[:size], {}, missing, with_all, matches[size:])
        if request.all_words is not None and request.tiers is Tiers.NONE:
            page = [each for each, _ in marked]
            answer = self._marked(answer, Count(request.all_words, request.filters), page)
        return answer, first.documents

    def _first_tier(self, request: Request) -> tuple[list[Boosted], Tier]:
        budget = request.budget or Budget()
        steps = budget.left
        self._lookup.budget = budget
        found = self._ranking.first_tier(request)
        page = request.offset + request.limit
        tier = found[1]
        is_short = tier.has_all is False or tier.total < page
        if is_short and self._choose_arrays([request.query], page):
            # Fewer documents than there could be have all words, so the others are looked at, too.
            budget.left = steps
            self._lookup.budget = budget
            found = self._ranking.first_tier(request)
        return found

    def _choose_arrays(self, queries: Iterable[Query], page: int, facets: int = 0) -> bool:
        """Turn to numpy before much work, which takes longer in sets than numpy takes to import.

        Args:
            queries: of each tier; see `matching.work`.
            page: likewise.
            facets: how many are counted.
        """
        segments = self._segments
        if self._is_vectorised or segments.size < _SMALL:
            return False
        try:
            steps = work(list(map(self._compiler.compile, queries)), page, segments)
        except QueryError:
            return False  # who asks is told when it is looked up
        if steps + _FACET * facets * segments.size > _LARGE:
            self._is_vectorised = True
            self._forget()
        return self._is_vectorised

    def _forget(self) -> None:
        """Let go of all that is made by arrays, and the memory of it."""
        self._columns.clear()
        if self._is_open:
            self._segments.release()
        for name in _BY_ARRAYS:
            self.__dict__.pop(name, None)

    def _marked(self, answer: Page, all_words: Count, page: Sequence[Ranked]) -> Page:
        """An answer that tells which of its matches have all words, unless that takes too long."""
        having = self._holding(all_words, None)
        if having is None:
            return answer
        shown = self._arrays.chosen(each.document for each in page)
        marked = set(self._arrays.numbers(self._arrays.intersection([shown, having])))
        every = [
            match._replace(has_all=ranked.document in marked)
            for match, ranked in zip((*answer.matches, *answer.entrants), page, strict=True)
        ]
        matches, entrants = tuple(every[: len(answer.matches)]), tuple(every[len(answer.matches) :])
        with_all = self._duplicates.total(having)
        return answer._replace(matches=matches, entrants=entrants, with_all=with_all)

    def _missing(self, terms: list[Boosted]) -> Iterator[str]:
        for leaf, _ in terms:
            if not self._arrays.total(self._find(leaf).documents):
                yield leaf.text

    def count(
        self, queries: Iterable[Count], budget: Budget | None = None
    ) -> tuple[int | None, ...]:
        """Count matches; see `Reader.count`."""
        return self._read(self._counts, queries, budget)

    def _counts(self, queries: Iterable[Count], budget: Budget | None) -> tuple[int | None, ...]:
        counts = list(queries)
        # What is counted first, for an article like another one, is searched for afterwards.
        self._choose_arrays([each.query for each in counts], self._segments.size)
        return tuple(self._count(each, budget) for each in counts)

    def _count(self, count: Count, budget: Budget | None) -> int | None:
        documents = self._holding(count, budget)
        if documents is None:
            return None
        self._find.trim()
        return self._duplicates.total(documents)

    def _holding(self, count: Count, budget: Budget | None) -> Documents | None:
        """All that match; None: that takes too long to tell."""
        self._lookup.budget = budget or Budget(COUNT_STEPS)
        try:
            return self._ranking.matching(*count)[1]
        except QueryError:
            if budget:
                raise
            self._find.forget_new()
            return None

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """See `Reader.labels`."""
        return self._read(lambda: self._labels.summaries(facet))

    def suggest(self, word: str) -> tuple[str, ...]:
        """See `Reader.suggest`."""
        from heatseek.engines.whoosh.suggestions import similar_words  # noqa: PLC0415 - seldom

        return self._read(lambda: similar_words(word, self._segments, self._arrays))

    def newest(self, until: datetime) -> datetime | None:
        """See `Reader.newest`."""
        return self._read(self._newest, math.floor(until.timestamp()))

    def _newest(self, until: int) -> datetime | None:
        last, following = self._dates_around
        if not last <= until < following:
            dates = list(self._segments.living("published_at"))
            last = max(filter(until.__ge__, dates), default=UNKNOWN)
            following = min(filter(until.__lt__, dates), default=math.inf)
            self._dates_around = last, following
        return None if last == UNKNOWN else datetime.fromtimestamp(last, UTC)

    def note(self, name: str) -> bytes:
        """See `Reader.note`."""
        return self._read(self._noted, name)

    def view(self, name: str) -> memoryview:
        """See `Reader.view`."""
        return self._read(self._viewed, name)

    def _viewed(self, name: str) -> memoryview:
        # Few searches read more of a note than its beginning.
        from heatseek.engines.whoosh.mapping import MappedNote  # noqa: PLC0415

        mapped = self._mapped.get(name)
        if mapped is None:
            mapped = self._mapped[name] = MappedNote(self._folder, self._manifest, name)
        mapped.check_unchanged()
        return mapped.view

    def _noted(self, name: str) -> bytes:
        from contextlib import closing  # noqa: PLC0415 - one-shot searches read no note

        try:
            with closing(Note(self._folder, self._manifest, name)) as note:
                return note.read()
        except FileNotFoundError as error:
            raise gone(self._folder) from error
        except OSError as error:
            raise unreadable(error, self._folder) from error

    def mentioned_by(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """See `Reader.mentioned_by`."""
        return self._read(self._mentions, article_ids)

    def _mentions(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        known = ((id_, self._cross_references.of(id_)) for id_ in article_ids)
        mentions = {id_: tuple(others) for id_, others in known if others}
        if self._is_once:
            self.__dict__.pop("_cross_references", None)
        return mentions

    def get(self, article_id: str) -> Article | None:
        """Look an article up; see `Reader.get`."""
        return self._read(self._with_id, article_id)

    def _with_id(self, article_id: str) -> Article | None:
        document = self._segments.document(article_id)
        return None if document is None else self._segments.article(document)

    def articles(self) -> Iterator[Article]:
        """Every article; see `Reader.articles`."""
        for _, document in self._read(lambda: list(self._segments.ids())):
            yield self._read(self._segments.article, document)

    def close(self) -> None:
        """Release the files."""
        with _READING:
            self._is_open = False
            # It refers to the files, some of it in a circle: they would stay open until garbage is
            # collected.
            self._forget()
            self._segments.close()
            self._references_note.close()
            for mapped in self._mapped.values():
                mapped.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @cached_property
    def _labels(self) -> Labels:
        # Few searches count: the start-up of the others does without.
        from heatseek.engines.whoosh.labels import Labels  # noqa: PLC0415

        return Labels(
            *(self._segments, self._arrays, self._column, self.generation.fields),
            long_lived=self._is_long_lived,
        )

    def _references(self) -> Mentioned:
        # Asked for once, and by few searches.
        from heatseek.engines.shared.references import Mentioned  # noqa: PLC0415

        return Mentioned(self._cross_references)

    @cached_property
    def _cross_references(self) -> CrossReferences:
        from heatseek.engines.shared.references import CrossReferences  # noqa: PLC0415 - as above

        return CrossReferences(self._references_note.read())

    def _column(self, name: str) -> Column:
        column = self._columns.get(name)
        if column is None:
            parts = [segment.column(name) for _, segment in self._segments]
            column = self._columns[name] = self._arrays.column(parts, typecode(name))
            self._release()
        return column

    def _release(self) -> None:
        """Give back the memory of a column's parts, if they were copied into one."""
        if sum(1 for _ in self._segments) > 1:
            for _, segment in self._segments:
                segment.release()


def _arrays(size: int, deleted: list[int], *, long_lived: bool) -> Arrays:
    """Those of numpy, where there is one: it pays for much work and for many searches."""
    from heatseek.engines.shared.numpy_import import import_numpy  # noqa: PLC0415 - takes long

    try:
        import_numpy(threads=long_lived)
        from heatseek.engines.whoosh.arrays.numpy_arrays import numpy_arrays  # noqa: PLC0415
    except ImportError:
        return _plain_arrays(size, deleted)
    return numpy_arrays(size, deleted, long_lived=long_lived)


def _plain_arrays(size: int, deleted: list[int]) -> Arrays:
    from heatseek.engines.whoosh.arrays.plain import plain_arrays  # noqa: PLC0415

    return plain_arrays(size, deleted)


def _tiers(request: Request) -> list[Query]:
    """The query of each tier; the last one's is that of all matches."""
    if request.all_words is None or request.tiers is Tiers.NONE:
        return [request.query]
    return [request.all_words, request.query]

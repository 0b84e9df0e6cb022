"""One generation, open: requests in, pages out."""

from __future__ import annotations

import math
import os
from _thread import RLock
from collections import Counter
from datetime import UTC, datetime
from functools import cached_property

from heatseek.compression import SURPRISES
from heatseek.definitions import NamedTuple
from heatseek.engines.model import (
    COUNT_STEPS,
    Budget,
    Count,
    Generation,
    Match,
    Page,
    Request,
    Tiers,
)
from heatseek.engines.shared.compiler import Compiler
from heatseek.engines.shared.fields import OWN_COLUMNS, UNKNOWN, own, typecode
from heatseek.engines.shared.plan import Boosted, words
from heatseek.engines.whoosh.arrays import BoostColumns, Boosting
from heatseek.engines.whoosh.columns import PiecedColumn, unknown_in
from heatseek.engines.whoosh.lookup import TermCache, TermLookup
from heatseek.engines.whoosh.manifest import REFERENCES
from heatseek.engines.whoosh.matching import EXPLANATION, Matcher, Scorer, best, filtered, work
from heatseek.engines.whoosh.segments import Segments
from heatseek.engines.whoosh.store import Note, check_sizes, gone, unreadable
from heatseek.errors import IndexClosedError, IndexDamagedError, QueryError
from heatseek.ranking import ascending, explain
from heatseek.results import Sort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import Self, TypeVar, TypeVarTuple

    from heatseek.article import Article
    from heatseek.engines.model import LabelSummary
    from heatseek.engines.shared.plan import Node
    from heatseek.engines.whoosh.arrays import Arrays, Column, Documents
    from heatseek.engines.whoosh.labels import Labels
    from heatseek.engines.whoosh.manifest import Manifest
    from heatseek.engines.whoosh.mapping import MappedNote
    from heatseek.engines.whoosh.references import CrossReferences, References
    from heatseek.query.filters import Filters
    from heatseek.query.tree import Query

    Marked = tuple["Ranked", bool | None]
    """With `Match.has_all`."""
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


_FEW = 200
"""Documents with links of others that are ranked with all, and left out of the page after that."""


_SMALL = 25_000
"""Documents of an archive in which no search takes many steps."""
_LARGE = 2_500_000
"""Steps (`matching.work`); without numpy each takes 2,000 instructions, and numpy 350 million to
import."""


_THREADS = "OPENBLAS_NUM_THREADS"
"""Of numpy's linear algebra, which no search has a use for."""


class Ranked(NamedTuple):
    """A document on the page."""

    document: int
    text: float
    boost: float


class Tier(NamedTuple):
    """Matches that are in one order."""

    matching: Documents
    documents: Documents
    """Of those with one link at most those that may be on a page."""
    repeated: list[int]
    """Those of them of which only the first of each link is on a page."""
    total: int
    """Links count once."""
    has_all: bool | None = None
    """See `Match.has_all`."""


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
        self._segments = Segments(folder, manifest.segments)
        self._is_vectorised = long_lived
        self._references_note = Note(folder, manifest, REFERENCES)
        self._duplicates = {
            document: group
            for group, members in enumerate(manifest.duplicates)
            for document in members
        }
        self._columns: dict[str, Column] = {}
        self._mapped: dict[str, MappedNote] = {}
        self._dates_around: tuple[float, float] = (math.inf, -math.inf)
        """The dates before and after the instant that was asked about last."""
        self._compiler = Compiler(generation.fields, generation.language)

    @cached_property
    def _arrays(self) -> Arrays:
        segments = self._segments
        return _arrays(segments.size, segments.deleted(), long_lived=self._is_vectorised)

    @cached_property
    def _lookup(self) -> TermLookup:
        return TermLookup(self._segments, self._arrays, self._references)

    @cached_property
    def _find(self) -> TermCache:
        return TermCache(self._lookup)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self._arrays, self._find, self._column)

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self._segments, self._arrays, self._find)

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
        self._choose_arrays(_tiers(request), request.offset + request.limit)
        self._lookup.budget = request.budget or Budget()
        terms, first = self._first_tier(request)
        page = self._page(request, terms, first, request.offset)
        total, marks = first.total, [first.has_all] * len(page)
        if first.has_all and request.tiers is Tiers.BOTH:
            total, others = self._second_tier(request, terms, first)
            page += others
            marks += [False] * len(others)
        size = len(page)
        for ranked, mark in self._entered(request, terms, first):
            page.append(ranked)
            marks.append(mark)
        if request.explain:
            self._lookup.budget.spend(EXPLANATION * len(terms) * len(page))
        matches = tuple(
            self._match(request, terms, ranked, mark)
            for ranked, mark in zip(page, marks, strict=True)
        )
        zone = request.now.tzinfo or UTC
        facets = {
            name: self._labels.counts(name, first.documents, limit, zone)
            for name, limit in request.facets
        }
        missing = tuple(self._missing(terms)) if request.missing else ()
        with_all = None if first.has_all is None else first.total if first.has_all else 0
        answer = Page(total, matches[:size], facets, missing, with_all, matches[size:])
        if request.all_words is None or request.tiers is not Tiers.NONE:
            return answer
        return self._marked(answer, Count(request.all_words, request.filters), page)

    def _choose_arrays(self, queries: Iterable[Query], page: int) -> None:
        """Before the first search: much work takes longer in sets than numpy takes to import.

        Args:
            queries: of each tier; see `matching.work`.
            page: likewise.
        """
        segments = self._segments
        if self._is_vectorised or segments.size < _SMALL or "_arrays" in vars(self):
            return
        try:
            steps = work(list(map(self._compiler.compile, queries)), page, segments)
        except QueryError:
            return  # who asks is told when it is looked up
        if steps > _LARGE:
            _load_numpy()
            self._is_vectorised = True

    def _first_tier(self, request: Request) -> tuple[list[Boosted], Tier]:
        """The words of a request, and what comes first of all that matches."""
        if request.all_words is None or request.tiers is Tiers.NONE:
            plan, documents = self._every(request)
            terms = words(plan)
            return terms, self._tier(request, terms, documents)
        plan, documents = self._matching(request.all_words, request.filters)
        has_all = self._arrays.total(documents) > 0
        if not has_all:
            plan, documents = self._every(request)
        terms = words(plan)
        return terms, self._tier(request, terms, documents, has_all=has_all)

    def _second_tier(
        self, request: Request, terms: list[Boosted], first: Tier
    ) -> tuple[int, list[Ranked]]:
        """How many match in both tiers, and what the page has of the second one."""
        _, documents = self._every(request)
        total = self._links(documents)
        left = request.offset + request.limit - first.total
        if left <= 0 or not request.limit or total == first.total:
            return total, []
        offset = max(0, request.offset - first.total)
        tier = self._rest(request, terms, documents, first)
        return total, self._page(request._replace(limit=left - offset), terms, tier, offset)

    def _rest(
        self, request: Request, terms: list[Boosted], documents: Documents, first: Tier
    ) -> Tier:
        """The second tier: of all that match what is outside of the first one."""
        rest = self._arrays.difference(documents, [self._with_links(first.matching)])
        return self._tier(request, terms, rest, has_all=False)

    def _tier(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        *,
        has_all: bool | None = None,
    ) -> Tier:
        matching = documents
        repeated = self._repeated(documents)
        if repeated and (request.facets or request.entrants.ids or len(repeated) > _FEW):
            documents = self._first_of_duplicates(request, terms, documents, repeated, has_all)
            repeated = []
        total = self._arrays.total(documents) - self._surplus(repeated)
        return Tier(matching, documents, repeated, total, has_all)

    def _entered(self, request: Request, terms: list[Boosted], first: Tier) -> list[Marked]:
        """The entrants of a request that match, wherever in the order."""
        if not request.entrants.ids:
            return []
        tiers = [(first.documents, first.has_all)]
        if first.has_all and request.tiers is Tiers.BOTH:
            rest = self._rest(request, terms, self._every(request)[1], first)
            tiers.append((rest.documents, False))
        arrays = self._arrays
        named = arrays.chosen(self._segments.documents(request.entrants.ids))
        entered: list[Marked] = []
        for documents, mark in tiers:
            some = arrays.intersection([documents, named])
            title = _title_weight(request, has_all=mark)
            texts = sorted(arrays.pairs(some, self._scorer.scores(terms, some, title)))
            boosts = self._boosts((document for document, _ in texts), request)
            entered += ((Ranked(d, text, boosts[d]), mark) for d, text in texts)
        return entered

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
        with_all = self._links(having)
        return answer._replace(matches=matches, entrants=entrants, with_all=with_all)

    def _matching(self, query: Query, filters: Filters) -> tuple[Node, Documents]:
        """The plan of a query, and all that match it and pass filters."""
        plan = self._compiler.compile(query)
        return plan, self._filtered(self._matcher.documents(plan), filters)

    def _every(self, request: Request) -> tuple[Node, Documents]:
        """The plan of a request's query, and all that match in any tier."""
        plan, documents = self._matching(request.query, request.filters)
        if not request.entrants.ids:
            return plan, documents
        ids, condition = request.entrants
        _, fitting = self._matching(condition, request.filters)
        named = self._arrays.chosen(self._segments.documents(ids))
        entering = self._arrays.intersection([named, fitting])
        return plan, self._arrays.union([documents, entering])

    def _filtered(self, documents: Documents, filters: Filters) -> Documents:
        arrays = self._arrays
        documents = filtered(documents, filters, arrays, self._find, self._column)
        for condition in filters.where:
            holding = self._matcher.documents(self._compiler.compile(condition))
            documents = arrays.intersection([documents, holding])
        if filters.excluded:
            unwanted = arrays.chosen(self._with_ids(filters.excluded))
            documents = arrays.difference(documents, [unwanted])
        return documents

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
        return self._links(documents)

    def _holding(self, count: Count, budget: Budget | None) -> Documents | None:
        """All that match; None: that takes too long to tell."""
        self._lookup.budget = budget or Budget(COUNT_STEPS)
        try:
            return self._matching(*count)[1]
        except QueryError:
            if budget:
                raise
            self._find.forget_new()
            return None

    def _links(self, documents: Documents) -> int:
        """How many documents there are, of those with the same link one."""
        return self._arrays.total(documents) - self._surplus(self._repeated(documents))

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """See `Reader.labels`."""
        return self._read(lambda: self._labels.summaries(facet))

    def suggest(self, word: str) -> tuple[str, ...]:
        """See `Reader.suggest`."""
        from heatseek.engines.whoosh.labels import similar_words  # noqa: PLC0415 - seldom

        return self._read(similar_words, word, self._segments, self._arrays)

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
        return {id_: tuple(others) for id_, others in known if others}

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
            self._columns.clear()
            self.__dict__.pop("_boost_columns", None)
            self._find.clear()
            self._segments.close()
            self._references_note.close()
            for mapped in self._mapped.values():
                mapped.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _with_ids(self, ids: Collection[str]) -> set[int]:
        """Articles, and all with the same link as one of them."""
        found = self._segments.documents(ids)
        groups = {self._duplicates[document] for document in found if document in self._duplicates}
        return found | {d for group in groups for d in self._manifest.duplicates[group]}

    def _page(
        self, request: Request, terms: list[Boosted], tier: Tier, offset: int
    ) -> list[Ranked]:
        """The documents of a tier from a place on in order, of each link the first alone."""
        window = slice(offset, offset + request.limit)
        if not tier.repeated:
            return self._ranked(request, terms, tier.documents, window, tier.has_all)
        surplus = self._surplus(tier.repeated)
        begin = slice(0, window.stop + surplus) if request.limit else slice(0, 0)
        ranked = self._ranked(request, terms, tier.documents, begin, tier.has_all)
        others = set(self._others(each.document for each in ranked))
        return [each for each in ranked if each.document not in others][window]

    def _first_of_duplicates(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        repeated: list[int],
        has_all: bool | None,
    ) -> Documents:
        """Of documents with the same link only the one that ranks first."""
        arrays = self._arrays
        everyone = slice(0, len(repeated))
        ranked = self._ranked(request, terms, arrays.chosen(repeated), everyone, has_all)
        others = self._others(each.document for each in ranked)
        return arrays.difference(documents, [arrays.chosen(others)])

    def _others(self, ranked: Iterable[int]) -> Iterator[int]:
        """Of documents in order, those whose link one before them has."""
        met: set[int] = set()
        for document in ranked:
            group = self._duplicates.get(document)
            if group in met:
                yield document
            elif group is not None:
                met.add(group)

    def _with_links(self, documents: Documents) -> Documents:
        """Documents, and all with the same link as one of them."""
        if not self._duplicates:
            return documents
        some = self._of_duplicates(documents)
        if not some:
            return documents
        arrays = self._arrays
        groups = set(map(self._duplicates.__getitem__, some))
        others = (d for group in groups for d in self._manifest.duplicates[group])
        return arrays.union([documents, arrays.chosen(others)])

    def _repeated(self, documents: Documents) -> list[int]:
        """Those of the documents whose link another one of them has, too."""
        if not self._duplicates:
            return []
        groups = self._duplicates
        some = self._of_duplicates(documents)
        if len(some) < 2:
            return []
        sizes = Counter(map(groups.__getitem__, some))
        return [document for document in some if sizes[groups[document]] > 1]

    def _surplus(self, repeated: list[int]) -> int:
        """How many of these are not the first of their link."""
        if not repeated:
            return 0
        return len(repeated) - len(set(map(self._duplicates.__getitem__, repeated)))

    def _of_duplicates(self, documents: Documents) -> list[int]:
        """Those of the documents whose link others in the index have."""
        arrays = self._arrays
        return arrays.numbers(arrays.intersection([documents, self._all_duplicates]))

    @cached_property
    def _all_duplicates(self) -> Documents:
        return self._arrays.lasting(self._arrays.chosen(self._duplicates))

    def _ranked(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        window: slice,
        has_all: bool | None,
    ) -> list[Ranked]:
        """The documents of a window of the ranking, in order."""
        if window.start == window.stop:
            return []
        if request.sort == Sort.RELEVANCE:
            title = _title_weight(request, has_all=has_all)
            return self._most_relevant(request, terms, documents, window, title)
        dates = self._column("published_at")
        name, unknown = self._sorting[request.sort]
        column = self._column(name)
        if unknown == UNKNOWN:
            unknown = unknown_in(column)
        least = unknown if request.ascending else None
        leading = self._arrays.leading(documents, column, dates, window.stop, unknown=least)
        # Floats hold all of them exactly.
        values = {d: float(column[d]) for d in leading}
        if request.ascending:
            values = {d: ascending(value, unknown) for d, value in values.items()}
        page = best(values, dates, self._segments.id, window)
        chosen = self._arrays.chosen(page)
        scores = self._scorer.scores(terms, chosen, request.boosts.title)
        texts = dict(self._arrays.pairs(chosen, scores))
        boosts = self._boosts(page, request)
        return [Ranked(document, texts[document], boosts[document]) for document in page]

    def _most_relevant(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        window: slice,
        title: float,
    ) -> list[Ranked]:
        scored = self._scorer.words(terms)
        boosting = self._boosting(request)
        titled = self._scorer.titled(documents, terms, scored, title)
        likely = self._arrays.contenders(documents, scored, window.stop, boosting, titled)
        texts = dict(likely)
        boosts = self._arrays.multipliers(texts, boosting)
        boosted = {document: text * boosts[document] for document, text in texts.items()}
        exact = self._exact(terms, texts)
        dates = boosting.columns.published_at
        page = best(boosted, dates, self._segments.id, window, exact)
        return [Ranked(document, texts[document], boosts[document]) for document in page]

    def _exact(self, terms: list[Boosted], documents: Iterable[int]) -> Counter[int]:
        """How many words of the query each document has with the accents that were typed."""
        arrays = self._arrays
        numbers: Counter[int] = Counter()
        # A word counts once, also in small letters and in capitals.
        different = {leaf._replace(text=""): leaf for leaf, _ in terms if leaf.accented}
        for leaf in different.values():
            having = self._find(leaf).exact
            if having is not None:
                both = arrays.intersection([having, arrays.chosen(documents)])
                numbers.update(arrays.numbers(both))
        return numbers

    def _match(
        self, request: Request, terms: list[Boosted], ranked: Ranked, has_all: bool | None
    ) -> Match:
        document, text, boost = ranked
        article = self._segments.article(document)
        if not request.explain:
            return Match(article, text * boost, None, has_all)
        parts = self._scorer.explain(terms, document, request.boosts.title)
        explanation = explain(text, parts, article, request.now, request.boosts)
        return Match(article, text * boost, explanation, has_all)

    def _boosts(self, documents: Iterable[int], request: Request) -> dict[int, float]:
        """The multiplier of each document."""
        return self._arrays.multipliers(documents, self._boosting(request))

    def _boosting(self, request: Request) -> Boosting[Column]:
        columns = self._boost_columns
        if request.boosts.recency and self._is_vectorised:
            columns = columns._replace(published_at=self._column("published_at"))
        return Boosting(request.boosts, columns, request.now.timestamp())

    @cached_property
    def _boost_columns(self) -> BoostColumns[Column]:
        return BoostColumns(self._dates, self._column("quality"), self._column("heat"))

    @cached_property
    def _dates(self) -> Column:
        """Those of publication, for few documents."""
        every = [(base, segment.pieces("published_at")) for base, segment in self._segments]
        bases, pieces = zip(*every, strict=True) if every else ((), ())
        return PiecedColumn(bases, pieces, typecode("published_at"))

    @cached_property
    def _sorting(self) -> dict[str, tuple[str, float]]:
        """The column of each order but relevance, and its value of what is unknown."""
        built_in = {
            Sort.DATE: "published_at",
            Sort.UPDATED: "updated_at",
            **{sort: str(sort) for sort in (Sort.QUALITY, Sort.HEAT)},
        }
        columns: dict[str, tuple[str, float]] = {s: (name, UNKNOWN) for s, name in built_in.items()}
        declared = [field for field in self.generation.fields if field.kind.is_ordered]
        return columns | {f.name: (own(f), OWN_COLUMNS[f.kind].unknown) for f in declared}

    @cached_property
    def _labels(self) -> Labels:
        # Few searches count: the start-up of the others does without.
        from heatseek.engines.whoosh.labels import Labels  # noqa: PLC0415

        return Labels(self._segments, self._arrays, self._column, self.generation.fields)

    def _references(self) -> References:
        # Asked for once, and by few searches.
        from heatseek.engines.whoosh.references import References  # noqa: PLC0415

        return References(self._cross_references, self._segments)

    @cached_property
    def _cross_references(self) -> CrossReferences:
        from heatseek.engines.whoosh.references import CrossReferences  # noqa: PLC0415 - as above

        return CrossReferences(self._references_note.read())

    def _column(self, name: str) -> Column:
        column = self._columns.get(name)
        if column is None:
            parts = [segment.column(name) for _, segment in self._segments]
            column = self._columns[name] = self._arrays.column(parts, typecode(name))
            self._release(name)
        return column

    def _release(self, name: str) -> None:
        """Give back the memory of a column's parts, if they were copied into one."""
        if sum(1 for _ in self._segments) > 1:
            for _, segment in self._segments:
                segment.release_column(name)


def _load_numpy() -> None:
    """Import numpy for one search: without threads, which take as long to start as the rest."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        import numpy as np  # noqa: PLC0415 - most searches do without
    except ImportError:
        return
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
    del np


def _arrays(size: int, deleted: list[int], *, long_lived: bool) -> Arrays:
    """Choose: numpy pays where it is imported once for many searches."""
    if long_lived:
        try:
            from heatseek.engines.whoosh.arrays.numpy_arrays import numpy_arrays  # noqa: PLC0415
        except ImportError:
            pass
        else:
            return numpy_arrays(size, deleted)
    from heatseek.engines.whoosh.arrays.plain import plain_arrays  # noqa: PLC0415

    return plain_arrays(size, deleted)


def _tiers(request: Request) -> list[Query]:
    """The query of each tier; the last one's is that of all matches."""
    if request.all_words is None or request.tiers is Tiers.NONE:
        return [request.query]
    return [request.all_words, request.query]


def _title_weight(request: Request, *, has_all: bool | None) -> float:
    """That of the request; 0 where it makes no difference: no title has a word that is missing."""
    return 0.0 if has_all is False else request.boosts.title

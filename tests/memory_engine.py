"""The oracle as an engine in memory: it keeps the contract by reading every article."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Self

import oracle
from heatseek.article import Article, Kind
from heatseek.conventions import NO_CONVENTIONS, Conventions
from heatseek.engines.base import require
from heatseek.engines.model import (
    COUNT_STEPS,
    Budget,
    Capability,
    Generation,
    Holder,
    LabelSummary,
    Lease,
    Match,
    Origin,
    Page,
    Request,
    Tiers,
)
from heatseek.engines.shared.corrections import corrections
from heatseek.errors import (
    CapabilityError,
    IndexClosedError,
    IndexLockedError,
    IndexMissingError,
    QueryError,
)
from heatseek.explanation import FieldScore, WordScore, title_score
from heatseek.query import tree
from heatseek.ranking import explain
from heatseek.results import FacetCounts, FacetValue
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import label
from labels_by_hand import counted, once_each

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from heatseek.engines.model import Count, Removal, Slice
    from heatseek.schema import DeclaredField

NO_WORD = WordScore("", 1.0, ())
"""Where only filters and exclusions are asked for."""
NEAR = 10
"""Steps to look at one word of the archive for words near each other."""


class State(NamedTuple):
    """A generation and all that is in it; never changed."""

    generation: Generation
    articles: dict[str, Article]
    notes: Mapping[str, bytes] = {}
    mentions: Mapping[str, Collection[str]] = {}


class Filling:
    """The slices of a generation that is being filled."""

    def __init__(self, of: int, origin: Origin) -> None:
        self.of = of
        self.origin = origin
        self.at_work: set[int] = set()
        self.articles: dict[int, dict[str, Article]] = {}
        self.notes: dict[int, Mapping[str, bytes]] = {}

    @property
    def left(self) -> tuple[int, ...]:
        """The slices that have not reported."""
        return tuple(number for number in range(1, self.of + 1) if number not in self.notes)


class MemoryEngine:
    """An index that lives as long as this object; the folder is its name only."""

    name = "memory"
    capabilities = frozenset({Capability.SLICES, Capability.SUGGESTIONS})

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self.state: State | None = None
        self.filling: Filling | None = None

    def current(self) -> State:
        if self.state is None:
            raise IndexMissingError(f"no index in {self._folder}")
        return self.state

    def open(self, *, long_lived: bool = False) -> MemoryReader:  # noqa: ARG002 - nothing is prepared
        return MemoryReader(self.current())

    def origin(self) -> Origin | None:
        if self.state is None:
            return None
        generation = self.state.generation
        return Origin(*generation[1:2], *generation[5:8])

    @contextmanager
    def writing(
        self,
        *,
        archive: Path | None = None,  # noqa: ARG002 - no folder is written to
        timeout: float = 0.0,
        tell: Callable[[str], None] = lambda said: None,  # noqa: ARG005 - says nothing
    ) -> Iterator[MemoryWriter]:
        if self.filling:
            raise IndexLockedError(f"slices of {self._folder} are being written")
        if not self._lock.acquire(blocking=False):
            if timeout:
                tell(f"{self._folder} is being written: waiting up to {timeout:g} s")
            if not timeout or not self._lock.acquire(timeout=timeout):
                raise IndexLockedError(f"{self._folder} is being written")
        try:
            yield MemoryWriter(self)
        finally:
            self._lock.release()

    @contextmanager
    def slicing(
        self,
        part: Slice,
        origin: Origin,
        *,
        timeout: float = 0.0,  # noqa: ARG002 - nothing is waited for
        tell: Callable[[str], None] = lambda said: None,  # noqa: ARG002, ARG005 - says nothing
    ) -> Iterator[MemorySliceWriter]:
        if self.filling is None:
            self.filling = Filling(part.of, origin)
        filling = self.filling
        if (filling.of, filling.origin) != (part.of, origin) or part.number in filling.at_work:
            raise IndexLockedError(f"other slices of {self._folder} are being written")
        filling.at_work.add(part.number)
        try:
            yield MemorySliceWriter(self, filling, part.number)
        finally:
            filling.at_work.discard(part.number)

    def check(self) -> Iterator[str]:
        raise CapabilityError(self.name, Capability.CHECK)


class MemoryWriter:
    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine
        self.lease = Lease(Holder("tests", os.getpid(), "here", datetime.now(UTC)))

    @property
    def generation(self) -> Generation:
        return self._engine.current().generation

    def note(self, name: str) -> bytes:
        return self._engine.current().notes.get(name, b"")

    def part_maker(self, fields: tuple[DeclaredField, ...], language: Language) -> None:
        """None: it takes articles."""

    @contextmanager
    def replace(
        self,
        articles: Iterable[Article],
        *,
        archive: str,
        fields: tuple[DeclaredField, ...] = (),
        language: Language = ENGLISH,
        conventions: Conventions = NO_CONVENTIONS,
    ) -> Iterator[MemoryDraft]:
        if fields:
            require(self._engine, Capability.DECLARED_FIELDS)
        taken = {article.id: article for article in articles}
        yield self._draft(taken, Origin(archive, language, (), conventions))

    @contextmanager
    def change(self, changes: Iterable[Article | Removal]) -> Iterator[MemoryDraft]:
        before = self._engine.current()
        taken = list(changes)
        added = {each.id: each for each in taken if isinstance(each, Article)}
        gone = {each.id for each in taken}
        kept = {id_: a for id_, a in before.articles.items() if id_ not in gone}
        yield self._draft(kept | added, Origin(*before.generation[1:2], *before.generation[5:8]))

    def _draft(self, articles: dict[str, Article], origin: Origin) -> MemoryDraft:
        return drafted(self._engine, articles, origin)


class MemorySliceWriter:
    def __init__(self, engine: MemoryEngine, filling: Filling, number: int) -> None:
        self._engine = engine
        self._filling = filling
        self._number = number

    @property
    def left(self) -> tuple[int, ...]:
        return self._filling.left

    def part_maker(self, fields: tuple[DeclaredField, ...], language: Language) -> None:
        """None: it takes articles."""

    def take(self, articles: Iterable[Article]) -> None:
        self._filling.articles[self._number] = {article.id: article for article in articles}

    def report(self, notes: Mapping[str, bytes]) -> tuple[int, ...]:
        self._filling.notes[self._number] = notes
        return self._filling.left

    def note(self, number: int, name: str) -> bytes:
        return self._filling.notes[number].get(name, b"")

    @contextmanager
    def complete(self, articles: Iterable[Article]) -> Iterator[MemoryDraft]:
        more = {article.id: article for article in articles}
        taken = {id_: a for some in self._filling.articles.values() for id_, a in some.items()}
        yield drafted(self._engine, taken | more, self._filling.origin)


def drafted(engine: MemoryEngine, articles: dict[str, Article], origin: Origin) -> MemoryDraft:
    """The next generation, of these articles."""
    number = engine.state.generation.number + 1 if engine.state else 1
    made = Generation(number, origin.archive, datetime.now(UTC), len(articles), 0, *origin[1:])
    return MemoryDraft(engine, State(made, articles))


class MemoryDraft:
    def __init__(self, engine: MemoryEngine, state: State) -> None:
        self._engine = engine
        self._state = state

    def commit(
        self,
        *,
        notes: Mapping[str, bytes | None],
        mentions: Mapping[str, Collection[str]] | None,
    ) -> Generation:
        last = self._engine.state
        kept = last.notes if last else {}
        noted = {name: kept.get(name, b"") if n is None else n for name, n in notes.items()}
        if mentions is None:
            mentions = last.mentions if last else {}
        state = self._state._replace(notes=noted, mentions=dict(mentions))
        self._engine.state = state
        self._engine.filling = None
        return state.generation


class MemoryReader:
    def __init__(self, state: State) -> None:
        self._state: State | None = state
        self._views: dict[str, memoryview] = {}
        self.generation = state.generation
        whole = [
            replace(article, related_to=tuple(sorted(state.mentions.get(article.id, ()))))
            if article.kind is Kind.ARTICLE
            else article
            for article in state.articles.values()
        ]
        self._oracle = oracle.Oracle(whole, state.generation.language)

    def search(self, request: Request) -> Page:
        articles = self._open().articles
        spend(request.query, request.budget or Budget(), self._oracle)
        hits, scores = self._oracle.hits(request)
        page = hits[request.offset : request.offset + request.limit]
        asked = list(oracle.scored(request.query))
        matches = tuple(
            self._match(request, asked, articles[d.article.id], d, scores[d.article.id])._replace(
                has_all=self._oracle.has_all(request, d)
            )
            for d in page
        )
        with_all = self._oracle.with_all(request)
        in_tiers = request.tiers is not Tiers.NONE and request.all_words is not None
        found = [document.article for document in (hits[: with_all or None] if in_tiers else hits)]
        facets = {}
        for name, limit in request.facets:
            counts = counted(list(articles.values()), found, name)
            values = tuple(FacetValue(*each) for each in counts[:limit])
            facets[name] = FacetCounts(values, len(counts))
        missing = (w.text for w, _ in asked if not any(map(w.matches, self._oracle.documents)))
        entered = tuple(
            self._match(request, asked, articles[d.article.id], d, scores[d.article.id])._replace(
                has_all=self._oracle.has_all(request, d)
            )
            for d in hits
            if d.article.id in request.entrants.ids
        )
        told = tuple(missing) if request.missing else ()
        return Page(len(hits), matches, facets, told, with_all, entered)

    def _match(
        self,
        request: Request,
        asked: list[tuple[oracle.Word, float]],
        article: Article,
        document: oracle.Document,
        score: float,
    ) -> Match:
        if not request.explain:
            return Match(article, score)
        words = [self._word(word, weight, document) for word, weight in asked]
        parts = tuple(word for word in words if word.score) if asked else (NO_WORD,)
        weight = request.boosts.title
        share = self._oracle.title(asked, document) if asked and weight else 0.0
        if share:
            parts = (*parts, title_score(parts, 1.0 + weight * share))
        text = self._oracle.text(asked, document, weight)
        return Match(article, score, explain(text, parts, article, request.now, request.boosts))

    def _word(self, word: oracle.Word, weight: float, document: oracle.Document) -> WordScore:
        score = weight * self._oracle.word(word, document)
        parts = self._oracle.parts(word, document)
        whole = sum(parts.values())
        fields = (
            FieldScore(
                *(name, score * x / whole, word.frequency(document, name)),
                oracle.TEXT[name].weight if name in oracle.TEXT else 1.0,
            )
            for name, x in parts.items()
        )
        having = {oracle.link(d.article) for d in self._oracle.documents if word.matches(d)}
        return WordScore(word.text, score, tuple(fields), word.exact(document), len(having), weight)

    def count(
        self, queries: Iterable[Count], budget: Budget | None = None
    ) -> tuple[int | None, ...]:
        return tuple(self._count(each, budget) for each in queries)

    def _count(self, count: Count, budget: Budget | None) -> int | None:
        steps = budget or Budget(COUNT_STEPS)
        request = Request(count.query, self.generation.created_at, count.filters, budget=steps)
        try:
            return self.search(request).total
        except QueryError:
            if budget:
                raise
            return None

    def suggest(self, word: str) -> tuple[str, ...]:
        self._open()
        return corrections(word, self._candidates)

    def _candidates(self, typed: str, distance: int) -> dict[str, int]:
        """Words as they are written that begin so or are near, and in how many articles."""
        swapped = {
            typed[:at] + typed[at : at + 2][::-1] + typed[at + 2 :] for at in range(len(typed) - 1)
        }
        counts, written = self._counts()
        return {
            each: counts[each]
            for each in written
            if each.startswith(typed) or each in swapped or oracle.edits(each, typed) <= distance
        }

    def _counts(self) -> tuple[Counter[str], set[str]]:
        """In how many articles each word and each stem stands, and which are words."""
        counts: Counter[str] = Counter()
        written: set[str] = set()
        for document in self._oracle.documents:
            values = [value for values in document.values.values() for value in values]
            words = {w for value in values for _, _, ways in value.words for w in ways}
            counts.update(
                {term for value in values for _, terms, _ in value.words for term in terms}
            )
            counts.update(word for word in words if oracle.stem(word) != word)
            written |= words
        return counts, written

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        archive = list(self._open().articles.values())
        return tuple(
            summary(value, [a for a in archive if label(value) in once_each(a, facet)])
            for value, _ in counted(archive, archive, facet)
        )

    def newest(self, until: datetime) -> datetime | None:
        dates = (article.published_at for article in self._open().articles.values())
        return max((date for date in dates if date and date <= until), default=None)

    def note(self, name: str) -> bytes:
        return self._open().notes.get(name, b"")

    def view(self, name: str) -> memoryview:
        return self._views.setdefault(name, memoryview(self.note(name)))

    def mentioned_by(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        known = self._open().mentions
        return {id_: tuple(sorted(known[id_])) for id_ in article_ids if known.get(id_)}

    def get(self, article_id: str) -> Article | None:
        return self._open().articles.get(article_id)

    def articles(self) -> Iterator[Article]:
        return iter(list(self._open().articles.values()))

    def close(self) -> None:
        self._state = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _open(self) -> State:
        if self._state is None:
            raise IndexClosedError
        # Another reader may speak another language.
        oracle.SPOKEN[0] = Analyzer(self.generation.language)
        return self._state


def summary(value: str, having: list[Article]) -> LabelSummary:
    dates = [article.published_at for article in having if article.published_at]
    known = [article.quality for article in having if article.quality is not None]
    quality = sum(known) / len(known) if known else None
    return LabelSummary(value, len(having), max(dates, default=None), quality)


def spend(query: tree.Query, budget: Budget, archive: oracle.Oracle) -> None:
    """Take off what words near each other cost; the rest is as cheap as it gets."""
    match query:
        case tree.Words(children) | tree.All(children) | tree.Any(children):
            for child in children:
                spend(child, budget, archive)
        case tree.Not(child) | tree.Boosted(child):
            spend(child, budget, archive)
        case tree.Near():
            lengths = (d.length(field) for d in archive.documents for field in d.values)
            budget.spend(NEAR * sum(lengths))

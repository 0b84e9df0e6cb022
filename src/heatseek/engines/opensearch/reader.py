"""One generation, open: requests in, pages out."""

from __future__ import annotations

import os
from threading import Lock

from heatseek.definitions import cached_property
from heatseek.engines.model import COUNT_STEPS, Budget
from heatseek.engines.opensearch import notes
from heatseek.engines.opensearch.lookups import Lookups, search, search_many
from heatseek.engines.opensearch.matching import Matching
from heatseek.engines.opensearch.queries import documents_of
from heatseek.engines.opensearch.searches import Search
from heatseek.engines.opensearch.tiers import OpenIndex
from heatseek.engines.opensearch.totals import KnownNumbers, Numbers, total_body, total_of
from heatseek.engines.shared.compiler import Compiler
from heatseek.errors import IndexClosedError, QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from typing import Any, Self, TypeVar, TypeVarTuple

    from heatseek.article import Article
    from heatseek.engines.model import Count, LabelSummary, Page, Request
    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.opensearch.facets import Facets
    from heatseek.engines.opensearch.generations import Meta
    from heatseek.engines.opensearch.suggestions import Suggestions
    from heatseek.engines.opensearch.totals import Body
    from heatseek.engines.shared.plan import Leaf, Node

    T = TypeVar("T")
    Ts = TypeVarTuple("Ts")


class OpenSearchReader:
    """Numbers of words, labels and notes that were asked for are kept as long as it is open.

    Args:
        client: to the cluster; closed with it.
        index: of the generation.
        meta: what is known of it.
        long_lived: makes no difference.
    """

    def __init__(
        self,
        client: Client,
        index: str,
        meta: Meta,
        *,
        long_lived: bool = False,  # noqa: ARG002 - nothing is prepared
    ) -> None:
        self._client = client
        self._name = index
        self._meta = meta
        self._is_open = True
        self._lock, self._process = Lock(), os.getpid()
        self._views: dict[str, memoryview] = {}
        self.generation = meta.generation
        self._compiler = Compiler(self.generation.fields, self.generation.language)

    def _do(self, act: Callable[[*Ts], T], *args: *Ts) -> T:
        """By one thread at a time, while it is open; but others go on while one waits for hits."""
        if self._process != os.getpid():
            # The lock from before this process was forked off may never be released.
            self._lock, self._process = Lock(), os.getpid()
        with self._lock:
            if not self._is_open:
                raise IndexClosedError
            return act(*args)

    def _waited(self, act: Callable[[*Ts], T], *args: *Ts) -> T:
        """An answer of the server, without the lock meanwhile."""
        self._lock.release()
        try:
            return act(*args)
        finally:
            self._lock.acquire()

    def search(self, request: Request) -> Page:
        """Answer a request; see `Reader.search`."""
        return self._do(lambda: Search(self._index, request).page())

    def count(
        self, queries: Iterable[Count], budget: Budget | None = None
    ) -> tuple[int | None, ...]:
        """Count matches; see `Reader.count`."""
        return self._do(self._counts, list(queries), budget)

    def _counts(self, counts: Sequence[Count], budget: Budget | None) -> tuple[int | None, ...]:
        compiled = self._compiler.compile
        nodes = [[compiled(query), *map(compiled, f.where)] for query, f in counts]
        bodies = [
            total_body(self._matching.matches(each[0], filters).query, self._twins)
            for each, (_, filters) in zip(nodes, counts, strict=True)
        ]
        every = [node for each in nodes for node in each]
        numbers = Numbers(self._index.known, self._matching, (), every)
        answers = self._ask([*bodies, *numbers.questions]) if bodies else []
        numbers.learn(answers[len(bodies) :])
        totals: list[int | None] = []
        for each, answer in zip(nodes, answers, strict=False):
            totals.append(_affordable(numbers, each, total_of(answer).total, budget))
        return tuple(totals)

    @cached_property
    def _index(self) -> OpenIndex:
        return OpenIndex(
            self.generation,
            self._meta.statistics._replace(twins=self._twins),
            self._ask,
            self._hits,
            self._compiler,
            self._matching,
            KnownNumbers({}, {}),
            lambda: self._facets,
        )

    @cached_property
    def _matching(self) -> Matching:
        links = self._links if self._twins else None
        return Matching(self._name, self._compiler, self._mentioned, links)

    @cached_property
    def _twins(self) -> tuple[int, ...]:
        """The links that several articles have."""
        return notes.with_twins(self._client, self._name, self._meta).statistics.twins

    def _ask(self, bodies: Sequence[Body]) -> list[Any]:
        return self._waited(search_many, self._client, self._name, bodies)

    def _hits(self, bodies: Sequence[Body]) -> list[Any]:
        return self._waited(self._searched, bodies)

    def _searched(self, bodies: Sequence[Body]) -> list[Any]:
        return [search(self._client, self._name, body, counts=True) for body in bodies]

    def _mentioned(self, leaf: Leaf) -> set[str]:
        return self._lookups.mentioned(leaf)

    def _links(self, article_ids: Sequence[str]) -> list[int]:
        """The links of articles."""
        query = documents_of(article_ids)
        columns = {"docvalue_fields": ["link"], "_source": False, "track_total_hits": False}
        (answer,) = self._ask([{"query": query, "size": len(article_ids), **columns}])
        hits = answer["hits"]["hits"]
        return sorted({link for hit in hits for link in hit.get("fields", {}).get("link", ())})

    @cached_property
    def _lookups(self) -> Lookups:
        newest = self._meta.statistics.newest
        return Lookups(self._client, self._name, self._noted, newest)

    @cached_property
    def _facets(self) -> Facets:
        # Few searches count.
        from heatseek.engines.opensearch.facets import Facets  # noqa: PLC0415

        return Facets(self._client, self._name, self.generation.fields)

    @cached_property
    def _suggestions(self) -> Suggestions:
        from heatseek.engines.opensearch.suggestions import Suggestions  # noqa: PLC0415 - seldom

        return Suggestions(self._client, self._name, self.generation.language)

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """See `Reader.labels`."""
        return self._do(lambda: self._facets.summaries(facet))

    def suggest(self, word: str) -> tuple[str, ...]:
        """See `Reader.suggest`."""
        return self._do(lambda: self._suggestions.similar(word))

    def newest(self, until: datetime) -> datetime | None:
        """See `Reader.newest`."""
        return self._do(self._lookups.newest, until)

    def note(self, name: str) -> bytes:
        """See `Reader.note`."""
        return self._do(self._noted, name)

    def _noted(self, name: str) -> bytes:
        return notes.read(self._client, self._name, self._meta, name)

    def view(self, name: str) -> memoryview:
        """See `Reader.view`."""
        return self._do(self._viewed, name)

    def _viewed(self, name: str) -> memoryview:
        if name not in self._views:
            self._views[name] = memoryview(self._noted(name))
        return self._views[name]

    def mentioned_by(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """See `Reader.mentioned_by`."""
        return self._do(self._lookups.mentioned_by, article_ids)

    def get(self, article_id: str) -> Article | None:
        """Look an article up; see `Reader.get`."""
        return self._do(self._lookups.get, article_id)

    def articles(self) -> Iterator[Article]:
        """Every article; see `Reader.articles`."""
        articles = self._do(self._lookups.articles)
        while article := self._do(next, articles, None):
            yield article

    def close(self) -> None:
        """Release connections."""
        with self._lock:
            self._is_open = False
            self._views.clear()
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _affordable(
    numbers: Numbers, nodes: Sequence[Node], total: int, budget: Budget | None
) -> int | None:
    """A total; None if it takes too long to tell it."""
    try:
        numbers.spend(budget or Budget(COUNT_STEPS), *nodes)
    except QueryError:
        if budget:
            raise
        return None
    return total

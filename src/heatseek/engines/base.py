"""What the indexer and the searcher need from an engine, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol, Self

from heatseek.article import Article
from heatseek.query.filters import Filters
from heatseek.query.tree import Query
from heatseek.ranking import Boosts
from heatseek.results import Explanation, Sort


class Generation(NamedTuple):
    """One whole, immutable state of the index."""

    number: int
    archive: str
    """Absolute path of the folder it was built from."""
    created_at: datetime
    documents: int
    bytes: int


class Request(NamedTuple):
    """A search, resolved: nothing in it is left to the engine's taste."""

    query: Query
    now: datetime
    """The instant from which ages are counted."""
    filters: Filters = Filters()
    boosts: Boosts = Boosts()
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    explain: bool = False


class Match(NamedTuple):
    """An article that answers a request."""

    article: Article
    score: float
    explanation: Explanation | None = None


class Page(NamedTuple):
    """The matches from `offset` on, best first, and how many there are in all."""

    total: int
    matches: tuple[Match, ...]


class Reader(Protocol):
    """One generation, open for searching by one thread. Later writes don't change it."""

    @property
    def generation(self) -> Generation:
        """The generation that this reader answers from."""

    def search(self, request: Request) -> Page:
        """Answer exactly: filters first, then the full score over all matches.

        Order: the sort value, best first and unknown last; then newer date; then id.

        Raises:
            QueryError: a limit of the engine is passed.
            IndexDamagedError: what is read is not what was written.
        """

    def close(self) -> None:
        """Release files; the reader must not be used again."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class Engine(Protocol):
    """An index somewhere: a folder, later a cluster."""

    def open(self, *, stays: bool = False) -> Reader:
        """The newest whole generation.

        Args:
            stays: many searches are to come, so that preparing for them pays.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError.
        """

    def replace(self, articles: Iterable[Article], *, archive: str) -> Generation:
        """Make a new generation of just these articles, then switch to it in one step.

        `articles` have distinct ids. Whatever fails, readers keep the generation before.

        Raises:
            IndexLockedError, IndexWriteError, and whatever `articles` raises.
        """

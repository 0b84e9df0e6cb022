"""What the indexer and the searcher need from an engine, and no more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from heatseek.article import Article
from heatseek.errors import CapabilityError, QueryError
from heatseek.query.filters import Filters
from heatseek.query.tree import Query
from heatseek.ranking import Boosts
from heatseek.results import Explanation, Facet, FacetCounts, Sort
from heatseek.schema import DeclaredField
from heatseek.text.languages import ENGLISH, Language


class Capability(StrEnum):
    """What an engine may lack, as it stands behind "cannot"; all else every engine does.

    An engine never does less in silence: what it does not declare raises CapabilityError.
    """

    CHECK = "check what is stored"
    """`Engine.check`."""
    DECLARED_FIELDS = "have declared fields"
    """`fields` of `Writer.replace`."""
    SUGGESTIONS = "suggest words"
    """`Reader.suggest`."""


EVERY_CAPABILITY = frozenset(Capability)


class Generation(NamedTuple):
    """One whole, immutable state of the index."""

    number: int
    archive: str
    """Absolute path of the folder it was built from."""
    created_at: datetime
    documents: int
    bytes: int
    language: Language = ENGLISH
    """How its words are analysed, and those of queries."""
    fields: tuple[DeclaredField, ...] = ()
    """Those that its articles have besides the fields of every archive."""


class Origin(NamedTuple):
    """What an index was built from, and how: what its next generation keeps."""

    archive: str
    """Absolute path of the folder."""
    language: Language = ENGLISH
    fields: tuple[DeclaredField, ...] = ()


MAX_STEPS = 20_000_000
"""Of one search; a second or two."""


COUNT_STEPS = MAX_STEPS // 20
"""To count the matches of one query, where there are many that might have been meant."""


class Budget:
    """The steps that a search may still take where its cost hangs on what articles hold.

    A step is what takes about 60 ns: a position compared, say.
    """

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps off, before they are made.

        Raises:
            QueryError: there are not as many left.
        """
        self.left -= steps
        if self.left < 0:
            raise QueryError(
                "this search takes too long in this archive:"
                " ask for fewer or rarer phrases, or for fewer hits"
            )


class Request(NamedTuple):
    """A search, resolved: nothing in it is left to the engine's taste."""

    query: Query
    now: datetime
    """The instant from which ages are counted."""
    filters: Filters = Filters()
    boosts: Boosts = Boosts()
    sort: Sort | str = Sort.RELEVANCE
    """Or by a declared field whose kind is ordered."""
    limit: int = 10
    offset: int = 0
    """Together with `limit` at most a million, which `search.interpreter` sees to."""
    explain: bool = False
    facets: tuple[Facet, ...] = ()
    """Of `schema.FACETS`, and declared ones: by what all matches are counted."""
    budget: Budget | None = None
    """Shared by all requests of one search; None: a full one."""
    missing: bool = False
    """Whether words that no article has are to be named."""


class Count(NamedTuple):
    """A query of which only the number of matches is wanted."""

    query: Query
    filters: Filters = Filters()


class Match(NamedTuple):
    """An article that answers a request."""

    article: Article
    score: float
    explanation: Explanation | None = None


class Page(NamedTuple):
    """The matches from `offset` on, best first, and how many there are in all."""

    total: int
    matches: tuple[Match, ...]
    facets: Mapping[str, FacetCounts] = {}
    """For each facet asked for, the values that matches have, the most frequent first and then by
    letters: as many as its limit allows, and how many there are. None is marked as chosen."""
    missing: tuple[str, ...] = ()
    """Of the words that are scored, as typed, those that no article has where they are wanted;
    empty unless they were asked for."""


class LabelSummary(NamedTuple):
    """A topic, a provider, a category or a type, over the whole index."""

    value: str
    articles: int
    """How many have it."""
    newest: datetime | None
    """When the latest of them was published."""
    quality: float | None
    """The mean over those whose quality is known."""


class Reader(Protocol):
    """One generation, open for searching, also by several threads. Later writes don't change it.

    Every method but `close` raises IndexClosedError once it is closed, and may raise
    EngineUnreachableError, EngineRefusedError, or GenerationGoneError: writers remove old
    generations, and an engine need not keep one for as long as somebody reads it.
    """

    @property
    def generation(self) -> Generation:
        """The generation that this reader answers from."""

    def search(self, request: Request) -> Page:
        """Answer exactly: filters first, then the full score over all matches.

        Order: the sort value, best first and unknown last; then newer date; then id.

        One hit per link: of matches whose links are canonically the same (`links.canonical`) the
        one that comes first in this order stands for all. The others are no matches: `total`
        counts such a link once, facets count the values of the one that stands for it, and no
        page has another. So which article that is may depend on order and boosts, and with it a
        facet; totals do not. Articles that `filters` leave out stand for nothing, and `excluded`
        leaves out every article with the link of one it names. Scores and statistics are those of
        all articles.

        Raises:
            QueryError: a limit of the engine, or the budget, is passed.
            IndexDamagedError: what is read is not what was written.
        """

    def count(
        self, queries: Iterable[Count], budget: Budget | None = None
    ) -> tuple[int | None, ...]:
        """How many matches each of some queries has: the totals that `search` gives, in one call.

        A link counts once, as in `search`.

        Args:
            queries: as many as there are; an engine may answer them together.
            budget: shared by all. None: each has COUNT_STEPS of its own, and where these do not
                do the count is None.

        Raises:
            QueryError: a limit of the engine, or the budget, is passed.
            IndexDamagedError: what is read is not what was written.
        """

    def suggest(self, word: str) -> tuple[str, ...]:
        """Words of articles that are written almost like this one, the likeliest first.

        Raises:
            CapabilityError: the engine cannot.
        """

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """All labels of a facet that counts labels, the most frequent first, then by letters."""

    def note(self, name: str) -> bytes:
        """What its writer noted by this name; empty if nothing was.

        Raises:
            IndexDamagedError: it is not as it was written.
        """

    def mentioned_by(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the articles that mention each of some articles with a file, sorted.

        What nobody mentions is left out; of stories without a file `related_to` tells.

        Raises:
            IndexDamagedError: what is read is not what was written.
        """

    def get(self, article_id: str) -> Article | None:
        """The article with this id, if there is one."""

    def articles(self) -> Iterator[Article]:
        """All articles, in no particular order."""

    def close(self) -> None:
        """Release files; the reader must not be used again."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class Holder(NamedTuple):
    """The process that writes an index."""

    command: str
    """As it is to be shown to people."""
    process: int
    host: str
    since: datetime


class Lease(NamedTuple):
    """The right to write an index, which one writer at a time has.

    It goes when the writer's context ends. How it goes when the process dies is the engine's
    matter: an operating system's lock dies with its holder and needs neither signs of life nor an
    end; where the holder is only known from what it last said, its lease lapses. A writer sees
    that it still has its lease before it switches generations; else nothing is switched.
    """

    holder: Holder
    heartbeat: float | None = None
    """Seconds from one sign of life to the next; None: it gives none."""
    expiry: float | None = None
    """Seconds after the last sign from which on another writer may take the lease; None: none may
    while the holder lives."""


class Removal(NamedTuple):
    """An article that goes."""

    id: str


class Draft(Protocol):
    """A generation with all its articles, which nobody sees before it is committed.

    Where its context ends without that, it is as if it had never been.
    """

    def commit(
        self, *, notes: Mapping[str, bytes], mentions: Mapping[str, Collection[str]]
    ) -> Generation:
        """Switch to it, with all that stands beside its articles; once.

        Args:
            notes: by name; for the next change, in place of all notes before. They are one state
                with the articles: whoever opens the generation finds these.
            mentions: of articles with a file, by their ids: the ids of the articles that mention
                each, in place of all before. `related:` finds by them as by `related_to`, which
                stories without a file have, as what mentions these changes with them alone.

        Raises:
            LeaseLostError: another writer may be at work.
            IndexWriteError: it cannot be written.
        """


class Writer(Protocol):
    """Makes the next generation. Whatever fails, readers keep the one before."""

    @property
    def lease(self) -> Lease:
        """By which it writes."""

    @property
    def generation(self) -> Generation:
        """The newest whole generation.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError.
        """

    def note(self, name: str) -> bytes:
        """What was noted by this name beside the newest generation; empty if nothing was."""

    def replace(
        self,
        articles: Iterable[Article],
        *,
        archive: str,
        fields: tuple[DeclaredField, ...] = (),
        language: Language = ENGLISH,
    ) -> AbstractContextManager[Draft]:
        """Make a generation of just these articles; they are taken when the context begins.

        Args:
            articles: with distinct ids.
            archive: the absolute path of their folder.
            fields: what the articles may have under `extra`; kept, and held by later changes.
            language: how words are analysed; kept, and held by later changes.

        Raises:
            CapabilityError: the engine has no declared fields.
            IndexWriteError, and whatever `articles` raises.
        """

    def change(self, changes: Iterable[Article | Removal]) -> AbstractContextManager[Draft]:
        """Make a generation of the last one's articles with changes, taken as the context begins.

        Args:
            changes: in any order. An article comes in place of the one with its id, if the last
                generation has one; a removal takes one from the last generation, if it has it.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: there is none to change.
            IndexWriteError, and whatever `changes` raises.
        """


def require(engine: Engine, capability: Capability) -> None:
    """See that an engine can do something.

    Raises:
        CapabilityError: it does not declare that.
    """
    if capability not in engine.capabilities:
        raise CapabilityError(engine.name, capability)


class Engine(Protocol):
    """An index somewhere: a folder, later a cluster; `engines.load` gives it.

    Nothing is read or written, nor a server asked, before a method is called.
    """

    @property
    def name(self) -> str:
        """The name of the kind of engine, for people."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do; the same for as long as it lives."""

    def open(self, *, long_lived: bool = False) -> Reader:
        """The newest whole generation.

        Args:
            long_lived: many searches are to come, so that preparing for them pays.

        Raises:
            IndexMissingError, IndexForeignError, IndexOutdatedError, IndexDamagedError.
            EngineUnreachableError, EngineRefusedError: the place where it is does not answer, or
                does not let us in.
            GenerationGoneError: generations come and go too fast to open one.
        """

    def origin(self) -> Origin | None:
        """What the index was built from, also if it is damaged; None if nothing tells."""

    def writing(
        self,
        *,
        archive: Path | None = None,
        timeout: float = 0.0,
        tell: Callable[[str], None] = ...,
    ) -> AbstractContextManager[Writer]:
        """The index's one writer, which has the lease on it for as long as the context lasts.

        Args:
            archive: the folder of the articles that it is to write: never a place for an index.
            timeout: seconds to wait for another writer's lease to end.
            tell: called with a line, before waiting, on who that is; and on what is to be known
                of a change beside that it is made.

        Raises:
            IndexForeignError: what is there is no index, and is left as it is.
            IndexLockedError, IndexWriteError.
        """

    def check(self) -> Iterator[str]:
        """What is wrong with the stored index, in words; reads all of it.

        Raises:
            CapabilityError: the engine cannot.
            IndexMissingError, IndexOutdatedError: there is nothing to check.
        """

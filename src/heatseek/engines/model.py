"""The values that an engine takes and gives; the contract is in `base.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from heatseek.article import Article
from heatseek.conventions import Conventions
from heatseek.definitions import NamedTuple
from heatseek.errors import ConfigError, QueryError
from heatseek.query.filters import Filters
from heatseek.query.tree import Everything, Query
from heatseek.ranking import Boosts
from heatseek.results import Facet, FacetCounts, Sort
from heatseek.schema import DeclaredField
from heatseek.text.languages import ENGLISH, Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from heatseek.explanation import Explanation


NO_SETTINGS: Mapping[str, object] = MappingProxyType({})
"""An engine's own."""


class IndexUrl(str):
    """Where an index is that is in no folder: `scheme://...`; a user may stand in it.

    Attributes:
        settings: of its engine, by name.
    """

    __slots__ = ("settings",)
    settings: Mapping[str, object]

    def __new__(cls, text: str, settings: Mapping[str, object] = NO_SETTINGS) -> Self:
        """Take a text.

        Raises:
            ConfigError: a password stands in it, which would be shown, logged and kept with it.
        """
        if ":" in text.partition("://")[2].rpartition("@")[0]:
            raise ConfigError(
                "a password does not belong in the address of an index: put it into"
                " HEATSEEK_OPENSEARCH_PASSWORD, or user:password into a file and name that by"
                " `credentials` in [engine]"
            )
        url = super().__new__(cls, text)
        url.settings = settings
        return url

    @property
    def shown(self) -> str:
        """As it is shown and logged: without the user."""
        scheme, mark, place = self.partition("://")
        return f"{scheme}{mark}{place.rpartition('@')[2]}"


def scheme_of(location: str) -> str:
    """The scheme of a location; empty if it is the path of a folder."""
    scheme, mark, _ = location.partition("://")
    is_one = mark and scheme.isascii() and scheme.isalnum() and scheme[0].isalpha()
    return scheme.lower() if is_one else ""


class Capability(StrEnum):
    """An ability that an engine may lack, as it stands behind "cannot"; all others each engine has.

    An engine never does less in silence: what it does not declare raises CapabilityError.
    """

    CHECK = "check what is stored"
    """`Engine.check`."""
    DECLARED_FIELDS = "have declared fields"
    """`fields` of `Writer.replace`."""
    SLICES = "be filled by several machines at once"
    """`Engine.slicing`."""
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
    conventions: Conventions = Conventions()
    """How its files were read."""


class Origin(NamedTuple):
    """The archive that an index was built from, and how; its next generation keeps it."""

    archive: str
    """Absolute path of the folder."""
    language: Language = ENGLISH
    fields: tuple[DeclaredField, ...] = ()
    conventions: Conventions = Conventions()

    def unless_chosen(
        self,
        language: Language | None,
        fields: tuple[DeclaredField, ...] | None,
        conventions: Conventions,
    ) -> Origin:
        """The origin of an index that takes its place: None stands for this one's."""
        return Origin(
            self.archive,
            language or self.language,
            self.fields if fields is None else fields,
            conventions.over(self.conventions),
        )


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


class Entrants(NamedTuple):
    """Articles that match although they need not have a word of the query.

    Those that have none score 0, and come last by relevance. Filters hold for them as for others.
    """

    ids: tuple[str, ...] = ()
    condition: Query = Everything()
    """That they have to match in place of the query, without `Words`."""


class Tiers(StrEnum):
    """The place of matches that have all words among those that have some."""

    NONE = "none"
    """None of their own: all matches are in one order."""
    FIRST = "first"
    """They alone are matches, unless there is none: then all are."""
    BOTH = "both"
    """Before all others; each in the same order among themselves."""


class Request(NamedTuple):
    """A search, resolved: nothing in it is left to the engine's taste."""

    query: Query
    """The words by which matches are scored stand in it."""
    now: datetime
    """The instant from which ages are counted, in the zone in which years begin."""
    filters: Filters = Filters()
    boosts: Boosts = Boosts()
    sort: Sort | str = Sort.RELEVANCE
    """Or by a declared field whose kind is ordered."""
    ascending: bool = False
    """True: the least value first; of relevance there is no such order."""
    limit: int = 10
    offset: int = 0
    """Together with `limit` at most a million, which `search.interpreter` sees to."""
    explain: bool = False
    facets: tuple[Facet, ...] = ()
    """Of `schema.FACETS`, and declared ones: by what all matches are counted."""
    budget: Budget | None = None
    """Shared by all requests of one search; None: a full one."""
    missing: bool = False
    """True if words that no article has are to be named."""
    entrants: Entrants = Entrants()
    all_words: Query | None = None
    """Of the same words, and matched only by what `query` matches: these are counted apart."""
    tiers: Tiers = Tiers.NONE
    """The place of what matches `all_words`."""


class Count(NamedTuple):
    """A query of which only the number of matches is wanted."""

    query: Query
    filters: Filters = Filters()


class Match(NamedTuple):
    """An article that answers a request."""

    article: Article
    score: float
    explanation: Explanation | None = None
    has_all: bool | None = None
    """It matches `Request.all_words`; None: nobody asked, or that takes too long to tell."""


class Page(NamedTuple):
    """The matches from `offset` on, best first, and how many there are in all."""

    total: int
    """All that there are to page through."""
    matches: tuple[Match, ...]
    facets: Mapping[str, FacetCounts] = {}
    """For each facet asked for, the values that matches have, the most frequent first and then by
    letters: as many as its limit allows, and how many there are. None is marked as chosen. With
    tiers only the matches of the first one that has any count."""
    missing: tuple[str, ...] = ()
    """Of the words that are scored, as typed, those that no article has where they are wanted;
    empty unless they were asked for."""
    with_all: int | None = None
    """How many of the matches match `Request.all_words`; None as in `Match.has_all`."""
    entrants: tuple[Match, ...] = ()
    """Of the articles that the request names as entrants those that match, whether they have words
    of the query or not, in no particular order; of several with one link, and of one that shares
    its link with a better match, none but the one that stands for it."""


class LabelSummary(NamedTuple):
    """A topic, a provider, a category or a type, over the whole index."""

    value: str
    articles: int
    """How many have it."""
    newest: datetime | None
    """When the latest of them was published."""
    quality: float | None
    """The mean over those whose quality is known."""


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


class Slice(NamedTuple):
    """One of the equal parts in which several machines read an archive."""

    number: int
    """From 1."""
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

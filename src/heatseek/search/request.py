"""A search as every front end puts it: one frozen request, made from what people and programs give.

request_of("climate ai", topics="AI", after="2023", boosts={"heat": 2})
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from operator import attrgetter

from heatseek.config.model import MAX_LIMIT, NOTHING
from heatseek.definitions import NamedTuple, copier, dataclass, replace
from heatseek.errors import ArgumentError
from heatseek.query.filters import NO_FILTERS, Filters
from heatseek.ranking import Boosts
from heatseek.results import Facet
from heatseek.search.arguments import (
    choice_of,
    count_of,
    facets_of,
    flag_of,
    moment_of,
    optional_flag_of,
    preset_of,
    share_of,
    span_of,
    text_of,
    texts_of,
    weights_of,
    with_half_life,
)
from heatseek.zones import zone_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypedDict, Unpack

    from heatseek.config import Config, SavedSearch
    from heatseek.search.arguments import Moment, Texts, Weights

    class RequestArguments(TypedDict, total=False):
        """The arguments of `request_of` beside the query and the defaults."""

        similar_to: str
        topics: Texts
        providers: Texts
        categories: Texts
        types: Texts
        paths: Texts
        after: Moment | None
        before: Moment | None
        published: bool | None
        related: bool | None
        where: Texts
        sort: str | None
        rank: str | None
        boosts: Weights | None
        half_life: float | str | None
        meaning: float | str | None
        matching: Matching | str | None
        some: bool
        unfinished: bool
        limit: int | str | None
        offset: int | str
        explain: bool
        facets: Iterable[str | Facet] | str
        facet_limit: int | None
        group: bool
        snippet_length: int
        now: datetime | str | None


SNIPPET_LENGTH = 160
"""Characters."""
MAX_WINDOW = MAX_LIMIT
"""Hits that `offset` and `limit` may reach to."""
ALL_FACETS = "all"
"""In place of the name of a facet: every facet of the index."""

UNFILTERED: Mapping[str, Any] = {
    **dict.fromkeys(("topics", "providers", "categories", "types", "paths", "where"), ()),
    **dict.fromkeys(("after", "before", "published", "related")),
}
"""The arguments of a request without filters."""


class Matching(StrEnum):
    """How many of the words must match."""

    WORDS = "words"
    """Of up to three words first all, then some. Of more words, any."""
    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A search: what is looked for, and how the answer is to be cut; `request_of` makes one.

    Attributes:
        query: in heatseek's query language; empty: every article that the filters let through.
        similar_to: the id of an article, in place of a query; it is not among the hits.
        topics, providers, categories, types: any of these labels; of providers names or domains.
        paths: below any of these folders of the archive, or any of these files; `*` stands for
            any characters.
        after: published at this instant or later.
        before: published before this instant.
        published: True: not held back; False: held back only.
        related: True: only related articles; False: only articles with a file.
        where: further conditions, such as `levels=Intermediate` or `price>=4.5`.
        sort: one of `Sort`, or a declared number, date or boolean, the greatest first, or with
            `:asc` the least; None: by relevance, or, where nothing is searched for, by date.
        boosts: what quality, heat and age are worth.
        meaning: what nearness in meaning counts beside words, by the vectors of the index; 0 to 1.
        matching: how many of the words must match.
        some: whether articles that have only some of the words follow those that have all; where
            no article has all they are the hits in any case.
        unfinished: whether somebody is still typing, so that a word at the very end of the query
            stands for all that begin so, too.
        limit: how many hits to give at most.
        offset: how many of the best to leave out.
        explain: whether each hit says how its score came about.
        facets: by what to count all matches.
        group: whether hits about one story are one.
        snippet_length: characters of the passage shown of each hit; 0: hits have no marks.
        now: the instant from which ages and dates such as `yesterday` count; None: the present.
        zone: the zone in which days begin.
    """

    query: str = ""
    similar_to: str = ""
    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    published: bool | None = None
    related: bool | None = None
    where: tuple[str, ...] = ()
    sort: str | None = None
    boosts: Boosts = Boosts()
    meaning: float = 0.0
    matching: Matching = Matching.WORDS
    some: bool = True
    unfinished: bool = False
    limit: int = 10
    offset: int = 0
    explain: bool = False
    facets: tuple[Facet, ...] = ()
    group: bool = False
    snippet_length: int = SNIPPET_LENGTH
    now: datetime | None = None
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        """Refuse values of other types; `request_of` takes what people and programs give."""
        for (name, kind), value in zip(_TYPES, _values(self), strict=True):
            if not isinstance(value, kind):
                raise ArgumentError(name, value, f"must be {_described(kind)}")
            if kind is tuple and value:
                _check_items(name, value)
            elif kind is _MOMENT and value is not None and value.tzinfo is None:
                raise ArgumentError(name, value, "must have a time zone")
            elif kind is int and value < 0:
                raise ArgumentError(name, value, "must not be negative")
            elif kind is int and value > MAX_WINDOW:
                # Python refuses to write out a number of thousands of digits.
                raise ArgumentError(name, None, f"must be {MAX_WINDOW:,} at most")
        share_of("meaning", self.meaning)
        if self.limit + self.offset > MAX_WINDOW:
            reason = f"with {self.limit:,} hits from there on it reaches past hit {MAX_WINDOW:,}"
            raise ArgumentError("offset", self.offset, reason)

    @property
    def filters(self) -> Filters:
        """The filters that need no look at the index: all but `paths` and `where`."""
        return Filters(
            *(self.topics, self.providers, self.categories, self.types),
            *(self.after, self.before, self.published, self.related),
        )

    @property
    def has_filters(self) -> bool:
        """True if anything but the query chooses articles."""
        return bool(self.where or self.paths) or self.filters != NO_FILTERS


_NOTHING = type(None)
_MOMENT = (datetime, _NOTHING)
_TYPES: tuple[tuple[str, Any], ...] = (
    *((name, str) for name in ("query", "similar_to")),
    *(
        (name, tuple)
        for name in ("topics", "providers", "categories", "types", "paths", "where", "facets")
    ),
    *((name, _MOMENT) for name in ("after", "before", "now")),
    *((name, (bool, _NOTHING)) for name in ("published", "related")),
    *((name, bool) for name in ("some", "unfinished", "explain", "group")),
    *((name, int) for name in ("limit", "offset", "snippet_length")),
    ("sort", (str, _NOTHING)),
    ("meaning", (int, float)),
    ("boosts", Boosts),
    ("matching", Matching),
    ("zone", tzinfo),
)
"""The attributes of a request, the query first, and their types as `isinstance` takes them."""
_values = attrgetter(*(name for name, _ in _TYPES))
"""Of a request, in this order."""


def _described(kind: Any) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return " or ".join("None" if each is _NOTHING else each.__name__ for each in kinds)


def _check_items(name: str, values: tuple[Any, ...]) -> None:
    if name != "facets":
        texts_of(name, values)
    elif not all(isinstance(each, Facet) for each in values):
        raise ArgumentError(name, values, "must be facets")


class Defaults(NamedTuple):
    """The values of a request where none was given; of a project or built in."""

    boosts: Boosts = Boosts()
    limit: int = 10
    presets: Mapping[str, Boosts] = NOTHING
    """Weights beside the built-in ones of `ranking.Preset`."""
    searches: Mapping[str, SavedSearch] | None = None
    """Those that `@NAME` means; None: such a word is a word."""
    time_zone: str | None = None
    """The name of the zone in which days begin; None: this machine's."""
    meaning: float = 0.0

    @classmethod
    def of(cls, config: Config) -> Defaults:
        """Those of heatseek.toml."""
        return cls(
            *(config.boosts, config.limit, config.presets, config.searches),
            *(config.time_zone, config.meaning),
        )


BUILT_IN = Defaults()


def request_of(
    query: str = "", *, defaults: Defaults = BUILT_IN, **arguments: Unpack[RequestArguments]
) -> SearchRequest:
    """A request from natural arguments; see `SearchRequest` for what each means.

    Args:
        query: words, "phrases", prefix*, AND OR NOT, field:word; with a project's defaults
            `@name` stands for a saved search, and words after it narrow that.
        defaults: of the project.
        arguments: those of `SearchRequest` but for the zone, and:
            `rank`: a preset that the weights start from, in place of the default ones.
            `boosts`: all weights, or those that differ.
            `half_life`: days, or an age such as `6m`; in place of that among the weights.
            `facets`: names, each with `:N` or `:all` for so many values; `all` for every facet.
            `facet_limit`: how many values, where a name doesn't say; None: all.

    Raises:
        ArgumentError: an argument makes no sense.
        TypeError: there is no such argument.
    """
    for name in arguments.keys() - ARGUMENTS:
        raise TypeError(f"unexpected argument {name!r}; there are {', '.join(sorted(ARGUMENTS))}")
    given: dict[str, Any] = {"query": query, **arguments}
    given["boosts"] = _weights(given.get("boosts"), given.get("half_life"))
    if defaults.searches is not None and text_of("query", query).lstrip().startswith("@"):
        # A plain search does without.
        from heatseek.search.saved import filled  # noqa: PLC0415

        given = filled(given, defaults.searches)
    zone = zone_of(defaults.time_zone)
    present = datetime.now(zone)
    moment = moment_of("now", given.get("now"), present)
    first, end = span_of(given.get("after"), given.get("before"), moment or present)
    limit, meaning = given.get("limit"), given.get("meaning")
    return SearchRequest(
        **{name: read(name, given[name]) for name, read in _READERS.items() if name in given},
        after=first,
        before=end,
        boosts=_boosts(given.get("rank"), given["boosts"], defaults),
        meaning=defaults.meaning if meaning is None else share_of("meaning", meaning),
        matching=_matching(given.get("matching")),
        limit=defaults.limit if limit is None else count_of("limit", limit),
        facets=facets_of(given.get("facets", ()), given.get("facet_limit")),
        now=moment,
        zone=zone,
    )


def _weights(given: Weights | None, half_life: float | str | None) -> Boosts | dict[str, float]:
    """All weights, or by name those that somebody set."""
    set_ = {} if given is None else given if isinstance(given, Boosts) else weights_of(given)
    return set_ if half_life is None else with_half_life(set_, half_life)


def _boosts(rank: str | None, given: Boosts | dict[str, float], defaults: Defaults) -> Boosts:
    if isinstance(given, Boosts):
        return given
    start = defaults.boosts if rank is None else preset_of("rank", rank, defaults.presets)
    return replace(start, **given) if given else start


def _sort_of(argument: str, given: str | None) -> str | None:
    return None if given is None else text_of(argument, given)


def _matching(given: Matching | str | None) -> Matching:
    return Matching.WORDS if given is None else choice_of("matching", given, Matching)


_READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("query", "similar_to"), text_of),
    **dict.fromkeys(("topics", "providers", "categories", "types", "paths", "where"), texts_of),
    **dict.fromkeys(("published", "related"), optional_flag_of),
    **dict.fromkeys(("some", "unfinished", "explain", "group"), flag_of),
    **dict.fromkeys(("offset", "snippet_length"), count_of),
    "sort": _sort_of,
}
"""How each argument is read that is read by itself alone."""
_OTHERS = (
    *("after", "before", "now", "rank", "boosts", "half_life", "meaning"),
    *("matching", "limit", "facets", "facet_limit"),
)
ARGUMENTS = frozenset((*_READERS, *_OTHERS)) - {"query"}
"""The names of `RequestArguments`."""


class Requests:
    """The requests to one index. What the last one had beside its query is not read again.

    Args:
        defaults: of the project.
    """

    def __init__(self, defaults: Defaults) -> None:
        self._defaults = defaults
        self._latest: tuple[list[tuple[str, Any]], list[type], SearchRequest] | None = None
        """Arguments, their types (`True` equals 1), the request. One value: threads share it."""

    def request(self, query: str, arguments: Mapping[str, Any]) -> SearchRequest:
        """A request as `request_of` makes it of these."""
        given, kinds = [*arguments.items()], [*map(type, arguments.values())]
        if self._latest:
            known, known_kinds, latest = self._latest
            alike = kinds == known_kinds and given == known
            if alike and self._is_plain(query) and zone_of(self._defaults.time_zone) is latest.zone:
                return _with_query(latest, text_of("query", query))
        request = request_of(query, defaults=self._defaults, **arguments)
        # Others may change, as lists do, or count from the present.
        is_lasting = _LASTING.issuperset(kinds) and arguments.keys().isdisjoint(_MOMENTS)
        if is_lasting and self._is_plain(query):
            self._latest = given, kinds, request
        return request

    def _is_plain(self, query: str) -> bool:
        """True if a query names no saved search, which has filters and weights of its own."""
        return self._defaults.searches is None or "@" not in text_of("query", query)


_LASTING = frozenset((str, int, float, bool, _NOTHING))
"""Types of values that stay as they are."""
_MOMENTS = frozenset(("after", "before", "now"))
"""Arguments that count from the present."""


_with_query = copier(SearchRequest, "query")
"""The same request for another query; what was checked before is not checked again."""

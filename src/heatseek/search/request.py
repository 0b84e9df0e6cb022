"""A search as every front end puts it: one frozen request, made from what people and programs give.

    request_of("climate ai", topics="AI", after="2023", boosts={"heat": 2})

Whatever makes no sense is an `ArgumentError` that names the argument; a front end only translates
that name into its own (`after` into `--after`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from heatseek.config.model import MAX_LIMIT, NOTHING, boost, days, weights
from heatseek.definitions import NamedTuple, dataclass, replace
from heatseek.errors import ArgumentError
from heatseek.query.dates import EXAMPLES, interval
from heatseek.query.dates.iso import DateError
from heatseek.query.filters import Filters
from heatseek.ranking import Boosts, Preset
from heatseek.results import Facet
from heatseek.text.edit_distance import closest, hint
from heatseek.zones import in_zone, zone_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypedDict, TypeVar

    from heatseek.config import Config, SavedSearch

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
        matching: Matching | str | None
        unfinished: bool
        limit: int | str | None
        offset: int | str
        explain: bool
        facets: Iterable[str | Facet] | str
        facet_limit: int | None
        group: bool
        snippet_length: int
        now: datetime | str | None

    Choice = TypeVar("Choice", bound=StrEnum)

SNIPPET_LENGTH = 160
"""Characters."""
MAX_WINDOW = MAX_LIMIT
"""Hits that `offset` and `limit` may reach to."""
ALL_FACETS = "all"
"""In place of the name of a facet: every facet of the index."""
WEIGHTS = ("quality", "heat", "recency")
"""The weights that people set."""

Texts = str | Iterable[str]
"""One text, or several."""
Moment = date | datetime | str
"""A day, an instant (without a zone it is UTC), or a date as people write it (`last monday`)."""
Weights = Boosts | Mapping[str, float | str] | Texts
"""All weights, or those that differ from the defaults: by name, or as text (`heat=2,quality=0`)."""


UNFILTERED: Mapping[str, Any] = {
    **dict.fromkeys(("topics", "providers", "categories", "types", "paths", "where"), ()),
    **dict.fromkeys(("after", "before", "published", "related")),
}
"""The arguments of a request without filters."""


class Matching(StrEnum):
    """How many of the words must match."""

    WORDS = "words"
    """Of up to three words all; if no article has all, any. Of more words, any."""
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
        matching: how many of the words must match.
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
    matching: Matching = Matching.WORDS
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
        for name, kind in _TYPES:
            value = getattr(self, name)
            if not isinstance(value, kind):
                raise ArgumentError(name, value, f"must be {_described(kind)}")
            if kind is tuple and value:
                _check_items(name, value)
            elif kind is _MOMENT and value is not None and value.tzinfo is None:
                raise ArgumentError(name, value, "must have a time zone")
            elif kind is int and value < 0:
                raise ArgumentError(name, value, "must not be negative")
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
        return bool(self.where or self.paths) or self.filters != Filters()


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
    *((name, bool) for name in ("unfinished", "explain", "group")),
    *((name, int) for name in ("limit", "offset", "snippet_length")),
    ("sort", (str, _NOTHING)),
    ("boosts", Boosts),
    ("matching", Matching),
    ("zone", tzinfo),
)
"""The attributes of a request, and their types as `isinstance` takes them."""


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

    @classmethod
    def of(cls, config: Config) -> Defaults:
        """Those of heatseek.toml."""
        return cls(
            *(config.boosts, config.limit, config.presets, config.searches),
            config.time_zone,
        )


BUILT_IN = Defaults()


def request_of(  # noqa: D417, PLR0913 - the options of the one main command; most are a request's
    query: str = "",
    *,
    defaults: Defaults = BUILT_IN,
    similar_to: str = "",
    topics: Texts = (),
    providers: Texts = (),
    categories: Texts = (),
    types: Texts = (),
    paths: Texts = (),
    after: Moment | None = None,
    before: Moment | None = None,
    published: bool | None = None,
    related: bool | None = None,
    where: Texts = (),
    sort: str | None = None,
    rank: str | None = None,
    boosts: Weights | None = None,
    half_life: float | str | None = None,
    matching: Matching | str | None = None,
    unfinished: bool = False,
    limit: int | str | None = None,
    offset: int | str = 0,
    explain: bool = False,
    facets: Iterable[str | Facet] | str = (),
    facet_limit: int | None = None,
    group: bool = False,
    snippet_length: int = SNIPPET_LENGTH,
    now: datetime | str | None = None,
) -> SearchRequest:
    """A request from natural arguments; see `SearchRequest` for what each means.

    Args:
        query: words, "phrases", prefix*, AND OR NOT, field:word; with a project's defaults
            `@name` stands for a saved search, and words after it narrow that.
        defaults: of the project.
        rank: a preset that the weights start from, in place of the default ones.
        boosts: all weights, or those that differ.
        half_life: days, or an age such as `6m`; in place of that among the weights.
        facets: names, each with `:N` or `:all` for so many values; `all` for every facet.
        facet_limit: how many values, where a name doesn't say; None: all.

    Raises:
        ArgumentError: an argument makes no sense.
    """
    given = {name: value for name, value in locals().items() if name != "defaults"}
    given["boosts"] = (
        given["boosts"]
        if isinstance(boosts, Boosts)
        else weights_of(() if boosts is None else boosts)
    )
    if half_life is not None:
        given["boosts"] = _with_half_life(given["boosts"], half_life)
    if defaults.searches is not None and text_of("query", query).lstrip().startswith("@"):
        # A plain search does without.
        from heatseek.search.saved import filled  # noqa: PLC0415

        given = filled(given, defaults.searches)
    zone = zone_of(defaults.time_zone)
    present = datetime.now(zone)
    moment = _moment("now", given["now"], present)
    first, end = _span(given["after"], given["before"], moment or present)
    return SearchRequest(
        query=text_of("query", given["query"]),
        similar_to=text_of("similar_to", similar_to),
        topics=texts_of("topics", given["topics"]),
        providers=texts_of("providers", given["providers"]),
        categories=texts_of("categories", given["categories"]),
        types=texts_of("types", given["types"]),
        paths=texts_of("paths", given["paths"]),
        after=first,
        before=end,
        published=optional_flag_of("published", given["published"]),
        related=optional_flag_of("related", given["related"]),
        where=texts_of("where", given["where"]),
        sort=None if given["sort"] is None else text_of("sort", given["sort"]),
        boosts=_boosts(given["rank"], given["boosts"], defaults),
        matching=_matching(given["matching"]),
        unfinished=flag_of("unfinished", unfinished),
        limit=defaults.limit if given["limit"] is None else count_of("limit", given["limit"]),
        offset=count_of("offset", offset),
        explain=flag_of("explain", explain),
        facets=_facets(facets, facet_limit),
        group=flag_of("group", group),
        snippet_length=count_of("snippet_length", snippet_length),
        now=moment,
        zone=zone,
    )


def text_of(argument: str, value: object) -> str:
    """A text; bytes that are no UTF-8 could match nothing and be written nowhere."""
    if not isinstance(value, str):
        raise ArgumentError(argument, value, "must be text")
    return value.encode("utf-8", "replace").decode("utf-8")


def texts_of(argument: str, value: object) -> tuple[str, ...]:
    """One text, or several; none of them empty."""
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Iterable):
        raise ArgumentError(argument, value, "must be text, or several texts")
    texts = tuple(text_of(argument, each) for each in value)
    if not all(each.strip() for each in texts):
        raise ArgumentError(argument, None, "needs a value")
    return texts


def count_of(argument: str, value: object) -> int:
    """A count of hits."""
    number = _whole(value.strip()) if isinstance(value, str) else value
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= MAX_LIMIT:
        return number
    shown = value if number is None else number
    raise ArgumentError(argument, shown, f"must be a whole number from 0 to {MAX_LIMIT:,}")


def _whole(digits: str) -> int | None:
    """A text of digits as a number; None of any other."""
    # Not `int` alone: it takes 1_000 and the digits of all scripts.
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    return int(digits) if is_number else None


def flag_of(argument: str, value: object) -> bool:
    """True or False, and nothing that only counts as one of them."""
    if isinstance(value, bool):
        return value
    raise ArgumentError(argument, value, "must be True or False")


def optional_flag_of(argument: str, value: object) -> bool | None:
    """As `flag_of`, or None where both will do."""
    return None if value is None else flag_of(argument, value)


def choice_of(argument: str, value: str, choices: type[Choice]) -> Choice:
    """One of a few words, in any case."""
    try:
        return choices(text_of(argument, value).strip().lower())
    except ValueError:
        raise not_one_of(argument, value, choices) from None


def not_one_of(argument: str, value: str, choices: Iterable[str]) -> ArgumentError:
    """The error to raise: which words there are, and which of them was probably meant."""
    known = list(choices)
    nearest = closest(value.strip().lower(), known)
    hint = f"; did you mean {nearest}?" if nearest else ""
    return ArgumentError(argument, value, f"not one of {', '.join(known)}{hint}")


def weights_of(given: Mapping[str, Any] | Texts) -> dict[str, float]:
    """Weights by name, each a number or its text.

    Raises:
        ArgumentError: there is no such weight, or a number is out of range.
    """
    if isinstance(given, Mapping):
        return {name: _weight(text_of("boosts", name), value) for name, value in given.items()}
    if not isinstance(given, Iterable):
        raise ArgumentError("boosts", given, "must be weights by name")
    texts = (given,) if isinstance(given, str) else given
    parts = (part.strip() for text in texts for part in text_of("boosts", text).split(","))
    pairs = [part.partition("=") for part in parts if part]
    if not pairs and given:
        raise ArgumentError("boosts", None, "needs a weight, as in quality=1")
    return {name.strip(): _weight(name.strip(), value.strip(), sign) for name, sign, value in pairs}


def preset_of(argument: str, name: str, presets: Mapping[str, Boosts]) -> Boosts:
    """The weights of a preset, built in or configured."""
    found = weights(text_of(argument, name).strip().lower(), presets)
    if found is None:
        raise not_one_of(argument, name, (*Preset, *presets))
    return found


def _boosts(rank: str | None, given: Boosts | dict[str, float], defaults: Defaults) -> Boosts:
    if isinstance(given, Boosts):
        return given
    start = defaults.boosts if rank is None else preset_of("rank", rank, defaults.presets)
    return replace(start, **given) if given else start


def _with_half_life(given: Boosts | dict[str, float], value: float | str) -> Any:
    try:
        checked = boost("half_life", days(value) if isinstance(value, str) else value)
    except ValueError as error:
        raise ArgumentError("half_life", value, str(error)) from None
    if isinstance(given, Boosts):
        return replace(given, half_life=checked)
    return {**given, "half_life": checked}


def _weight(name: str, value: Any, sign: str = "=") -> float:
    is_short = isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 1e15)
    shown = f"{name}{sign}{value}" if is_short else name
    if name not in Boosts.__dataclass_fields__:
        flaw = f"no weight {name or 'without a name'}; {hint(name, WEIGHTS)}"
        raise ArgumentError("boosts", shown, flaw)
    if not sign:
        raise ArgumentError("boosts", shown, f"needs a number, as in {name}=1")
    try:
        return boost(name, _number(value))
    except ValueError as error:
        raise ArgumentError("boosts", shown, str(error)) from None


def _number(value: Any) -> float:
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        raise ValueError("not a number") from None


def _matching(given: Matching | str | None) -> Matching:
    return Matching.WORDS if given is None else choice_of("matching", given, Matching)


def _span(
    after: Moment | None, before: Moment | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    first, end = _moment("after", after, now), _moment("before", before, now)
    if first is not None and end is not None and end <= first:
        raise ArgumentError("before", before, f"nothing is published before that and after {after}")
    return first, end


def _moment(argument: str, given: Moment | None, now: datetime) -> datetime | None:
    """The first instant of what a date names."""
    if given is None:
        return None
    zone = now.tzinfo or UTC
    if isinstance(given, datetime):
        return in_zone(given, zone) if given.tzinfo else given.replace(tzinfo=zone)
    if isinstance(given, date):
        return datetime(given.year, given.month, given.day, tzinfo=zone)
    text = text_of(argument, given)
    try:
        return interval(text, now, ages=True)[0]
    except DateError as problem:
        flaw = f"{problem}; write {problem.advice or EXAMPLES}"
        raise ArgumentError(argument, text, flaw) from None


def _facets(given: Iterable[str | Facet] | str, limit: int | None) -> tuple[Facet, ...]:
    """The facets, each once; the last one that names it says how many values."""
    several = (given,) if isinstance(given, str | Facet) else given
    try:
        several = dict.fromkeys(several)
    except TypeError:
        raise ArgumentError("facets", given, "must be names of facets") from None
    most = None if limit is None else count_of("facet_limit", limit)
    parts = (_facet(each, most) for each in several)
    return tuple({facet.name.lower(): facet for facet in parts}.values())


def _facet(given: str | Facet, limit: int | None) -> Facet:
    if isinstance(given, Facet):
        own = None if given.limit is None else count_of("facets", given.limit)
        return Facet(text_of("facets", given.name), own)
    name, colon, most = (part.strip() for part in text_of("facets", given).partition(":"))
    if not colon:
        return Facet(name, limit)
    if most.lower() == "all":
        return Facet(name)
    number = _whole(most)
    if number and number <= MAX_LIMIT:
        return Facet(name, number)
    raise ArgumentError("facets", given, "how many must be a whole number from 1, or all")

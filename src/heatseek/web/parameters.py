"""The parameters in an address: the options of the command line under the same names.

They are made from the table of the command's options; `q` stands for its words. A flag is there
(`?oldest`, `?oldest=1`) or not (`?oldest=0`); one with an opposite has that name, too
(`?unpublished`, which `?published=0` means as well). A value that is empty is none: forms send
those that nobody has filled in.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.cli import options
from heatseek.cli.arguments import FLAG, TEXT
from heatseek.cli.facet_values import Sort
from heatseek.cli.search import arguments, page_arguments
from heatseek.errors import ArgumentError, UnknownSearchError, UsageError
from heatseek.search.arguments import count_of
from heatseek.search.request import MAX_WINDOW
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.cli.arguments import Option
    from heatseek.search.request import SearchRequest

    Pairs = Sequence[tuple[str, str]]
    """Names and values in the order of the address."""

OPTIONS = (
    *options.REQUEST_OPTIONS,
    *(option for option in options.PAGE_OPTIONS if option.name != "new"),
    options.SIMILAR,
    options.GROUP,
    options.EXPLAIN,
    options.NOW,
)
"""The options of a search that mean something in an address."""
COUNT = "count"
"""The kind of a parameter that is a whole number; others are those of options."""
QUERY = "q"
PAGE = "page"
HIT = "hit"
IMAGES = "images"
UNFINISHED = "unfinished"
SAFE_CSV = "safe-csv"
MAX_PAGE = 1_000
"""Hits in one answer; further ones are asked for by `page` or `offset`."""
MAX_VALUES = 200
"""Parameters of one address."""
_ON = frozenset(("", "1", "true", "yes", "on"))
_OFF = frozenset(("0", "false", "no", "off"))
_MEANINGS = {
    "similar": "In place of words: articles like the one with this id.",
    "limit": "Hits of a page (10; 0: count).",
    "group": "story: hits about one story together.",
    "explain": "With each hit how its score came about.",
}
"""Help of options that take something else here."""
_DASHES = re.compile(r"(?<![\w-])--(?=[a-z])")
_LIMITS: dict[str, dict[str, Any]] = {
    "limit": {"kind": COUNT, "most": MAX_PAGE},
    "offset": {"kind": COUNT},
    "group": {"choices": ("story",)},
}
"""What options take that are more than text."""


class Parameter(NamedTuple):
    """A name that may stand in an address."""

    name: str
    help: str
    kind: str = TEXT
    option: Option | None = None
    """The option of the command line that it is."""
    least: int = 0
    most: int = MAX_WINDOW
    """Of a count."""
    choices: tuple[str, ...] = ()
    """The only values that it takes; empty: there are others, too."""

    @property
    def is_flag(self) -> bool:
        """True if it is there or not."""
        return self.kind is FLAG

    @property
    def is_repeatable(self) -> bool:
        """True if each value counts; otherwise one may be there."""
        return self.option is not None and self.option.repeatable


def named(*parameters: Parameter) -> dict[str, Parameter]:
    """Parameters by their names."""
    return {each.name: each for each in parameters}


def _declared(option: Option) -> Iterator[Parameter]:
    name = long_name(option)
    text = _DASHES.sub("", _MEANINGS.get(name, option.help))
    given = Parameter(name, text, option.kind, option)
    yield given._replace(**_LIMITS.get(name, {}))
    if option.opposite:
        opposite = option.opposite.lstrip("-")
        yield Parameter(opposite, f"The opposite of {name}.", option.kind, option)


def long_name(option: Option) -> str:
    """The name of an option in an address: `half-life` of `--half-life`."""
    return option.flags[-1].lstrip("-")


PARAMETERS = named(
    Parameter(QUERY, "The query: words, phrases, field:word; empty: every article."),
    *(each for option in OPTIONS for each in _declared(option)),
    Parameter(PAGE, "The page of hits, from 1; in place of offset.", COUNT, least=1),
    Parameter(UNFINISHED, "Somebody types: the last word stands for all that begin so.", FLAG),
)
"""All parameters of a search, by name."""
SIMILAR_PARAMETERS = {n: p for n, p in PARAMETERS.items() if n not in {QUERY, "similar"}}
IMAGE_PARAMETERS = named(Parameter(IMAGES, "0: the page loads no images.", FLAG))
PAGE_PARAMETERS = PARAMETERS | IMAGE_PARAMETERS
"""Those of a page of hits."""
ARTICLE_PARAMETERS = PAGE_PARAMETERS | named(
    Parameter(HIT, "The rank in that search, for its hits before and after it.", COUNT, least=1)
)
CSV_PARAMETERS = PARAMETERS | named(
    Parameter(SAFE_CSV, "With ' before texts that a spreadsheet would run as formulas.", FLAG)
)
FACET_PARAMETERS = named(
    Parameter("prefix", "Only values that begin so, whatever their case and accents."),
    Parameter(
        "sort",
        "The order of the values (count).",
        choices=tuple(Sort),
    ),
    Parameter("limit", f"How many values ({MAX_PAGE:,}).", COUNT, most=MAX_PAGE),
)
SUGGEST_PARAMETERS = named(
    Parameter(QUERY, "The query as far as it is typed; its last word is completed."),
    Parameter("limit", "Suggestions of each kind (8).", COUNT, most=100),
)
NO_PARAMETERS: dict[str, Parameter] = {}
NAMES = {
    "topics": "topic",
    "providers": "provider",
    "categories": "category",
    "types": "type",
    "paths": "path",
    "boosts": "boost",
    "facets": "facet",
    "half_life": "half-life",
    "matching": "any",
    "similar_to": "similar",
    "query": QUERY,
}
"""The parameter of each argument of a request that has another name."""


class UnknownParameterError(UsageError):
    """An address has a name that means nothing here.

    Attributes:
        name: as it stands there.
        nearest: the name that was probably meant, if there is one.
    """

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = list(known)
        self.name = name
        self.nearest = closest(name.lower(), names)
        shown = ArgumentError("", name, "").value
        hint = f"did you mean {self.nearest}?" if self.nearest else f"there are {', '.join(names)}"
        super().__init__(f"no parameter {shown}; {hint}")


def values_of(pairs: Pairs, known: dict[str, Parameter]) -> dict[str, Any]:
    """The values of an address by parameter; each of those that may be repeated as a list.

    Raises:
        UsageError: a name is unknown, stands there twice, or its value makes no sense.
    """
    if len(pairs) > MAX_VALUES:
        raise UsageError(f"more than {MAX_VALUES} parameters")
    values: dict[str, Any] = {}
    for name, text in pairs:
        parameter = known.get(name)
        if parameter is None:
            raise UnknownParameterError(name, known)
        if not (text.strip() or parameter.is_flag):
            continue
        if parameter.is_repeatable:
            values.setdefault(name, []).append(text)
        elif name in values:
            raise UsageError(f"{name}: stands there twice, and takes one value")
        else:
            values[name] = _flag(name, text) if parameter.is_flag else text
    return values


def _flag(name: str, text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in _ON or lowered in _OFF:
        return lowered in _ON
    raise ArgumentError(name, text, "must be 1 or 0")


def search_arguments(pairs: Pairs) -> dict[str, Any]:
    """The arguments of `request_of` that an address has.

    Raises:
        UsageError: see `values_of`; or two of them contradict each other.
    """
    values = values_of(pairs, PARAMETERS)
    line = SimpleNamespace(**{each.name: _value(each, values) for each in OPTIONS})
    line.query = [values.get(QUERY, "")]
    given = arguments(line) | page_arguments(line)
    if line.similar is not None:
        if given["query"]:
            raise UsageError("similar takes no words beside it; filters such as topic narrow it")
        given["similar_to"] = line.similar
    if values.get(UNFINISHED):
        given["unfinished"] = True
    return given | _paged(values)


def _value(option: Option, values: dict[str, Any]) -> Any:
    """The value of an option as the command line gives it."""
    name, opposite = long_name(option), option.opposite.lstrip("-")
    if option.kind is not FLAG:
        return values.get(name)
    if not opposite:
        return values.get(name, False)
    given = [values[name]] if name in values else []
    given += [not values[opposite]] if opposite in values else []
    if len(set(given)) > 1:
        raise UsageError(f"{name} contradicts {opposite}: leave one out")
    return given[0] if given else None


def count(values: dict[str, Any], known: dict[str, Parameter], name: str, default: int) -> int:
    """The value of a count.

    Raises:
        ArgumentError: it is none, or too great.
    """
    number = count_of(name, values.get(name, default))
    if number > known[name].most:
        raise ArgumentError(name, number, f"at most {known[name].most:,}")
    return number


def _paged(values: dict[str, Any]) -> dict[str, Any]:
    if PAGE not in values:
        return {}
    if "offset" in values:
        raise UsageError("page is a place, and so is offset: leave one out")
    number = count_of(PAGE, values[PAGE])
    if not number:
        raise ArgumentError(PAGE, values[PAGE], "pages count from 1")
    return {PAGE: number}


def check_size(request: SearchRequest) -> None:
    """Refuse pages that are too long to be made and read at once.

    Raises:
        ArgumentError: it is one.
    """
    if request.limit > MAX_PAGE:
        reason = f"at most {MAX_PAGE:,} at once; the next ones by page or offset"
        raise ArgumentError("limit", request.limit, reason)


def message(error: UsageError) -> str:
    """The line on an error, with the names that arguments have in an address."""
    if isinstance(error, UnknownSearchError):
        return f'{error.reason}; for the word itself: "{error.value}"'
    if isinstance(error, ArgumentError):
        return error.message_for(NAMES.get(error.argument, error.argument))
    # The command's own messages name options as they are typed there.
    return _DASHES.sub("", str(error)) if type(error) is UsageError else str(error)

"""What the page of a search shows, as plain values: templates only lay it out."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.facets import quoted
from heatseek.results import Fragment
from heatseek.schema import FACETS, YEAR
from heatseek.web.parameters import IMAGES, PARAMETERS, QUERY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heatseek.results import FacetCounts, Hit, Results
    from heatseek.web.addresses import Address

MOST_OF_TITLE = 300
"""Characters of a title that stand in a list."""
ALL_VALUES = 2_000
"""Values of a facet that is looked through whole."""
_UNSHOWN = {QUERY, "page", "offset", "limit", "sort", "facet", "facets", "explain", "unfinished"}
_UNSHOWN |= {IMAGES, "boost", "rank", "group"}
"""Parameters that are no filters."""
_IN_BOX = {QUERY, "sort", "group", "explain"}
_DROPPED = {"page", "offset", "unfinished", "facet"}
_BESIDE = {"topic", "provider", "category", "type", "after", "before", "boost", "rank"}
"""Parameters that have a control on a page, in the box or beside the hits, or end with it.

Others travel as hidden fields.
"""


class Value(NamedTuple):
    """A value of a facet."""

    text: str
    articles: int
    field: str
    """The value of its checkbox."""
    is_chosen: bool
    address: Address
    """The search with it, or without it if it is chosen."""


class FacetView(NamedTuple):
    """A facet with its most frequent values; those that are chosen come first."""

    name: str
    parameter: str
    """The name of its checkboxes."""
    values: tuple[Value, ...]
    more: int
    """How many values there are beside these."""
    whole: Address
    """The search with all values of this facet."""


class Chip(NamedTuple):
    """A filter that is on, and the search without it."""

    name: str
    text: str
    address: Address


def facet_views(address: Address, facets: Mapping[str, FacetCounts]) -> list[FacetView]:
    """The facets that have values, but for years, which are a histogram."""
    views = (_facet(address, *each) for each in facets.items() if each[0] != YEAR)
    return [view for view in views if view.values]


def _facet(address: Address, name: str, counts: FacetCounts) -> FacetView:
    parameter = name if name in FACETS else "where"
    whole = address.with_("facet", "all:10", f"{name}:{ALL_VALUES}")
    more = counts.total - len(counts.values)
    values = [
        Value(
            each.value,
            each.articles,
            field := each.value if name in FACETS else f"{name}={each.value}",
            each.value in counts.chosen or field in address.all(parameter),
            address.toggled(parameter, field),
        )
        for each in counts.values
    ]
    values.sort(key=lambda each: not each.is_chosen)
    return FacetView(name, parameter, tuple(values), more, whole)


def chips(address: Address) -> list[Chip]:
    """The filters that are on."""
    return [
        Chip(name, value, _without_one(address, name, value))
        for name, value in address.pairs
        if name not in _UNSHOWN
    ]


def unfiltered(address: Address) -> Address:
    """The search without its filters."""
    return address.without(*(chip.name for chip in chips(address)))


def _without_one(address: Address, name: str, value: str) -> Address:
    return address.with_(name, *(each for each in address.all(name) if each != value))


def hidden_fields(address: Address, *, beside: bool = True) -> list[tuple[str, str]]:
    """The parameters that the form of the page must send along.

    Args:
        address: of the page.
        beside: whether there are controls beside the hits.
    """
    controls = _IN_BOX | _DROPPED | (_BESIDE if beside else set())
    return [pair for pair in address.pairs if pair[0] not in controls]


def command(address: Address) -> str:
    """The search as it is typed in a shell."""
    return " ".join(["search", *_words(address)])


def _words(address: Address) -> Iterator[str]:
    for name, value in address.pairs:
        parameter = PARAMETERS.get(name)
        if name == QUERY:
            yield quoted(value) if not value.startswith("-") else f"-- {quoted(value)}"
        elif parameter is not None and parameter.option is not None:
            yield f"--{name}" if parameter.is_flag else f"--{name} {quoted(value)}"


def size(results: Results) -> str:
    """How many hits there are, in words."""
    hits, matches = results.size, results.matches
    if results.stories is None:
        return f"{matches:,} {'match' if matches == 1 else 'matches'}"
    stories = f"{hits:,} {'story' if hits == 1 else 'stories'}"
    best = results.stories.matches
    of = f"the best {best:,} of {matches:,}" if best < matches else f"{matches:,}"
    return f"{stories} in {of} {'match' if matches == 1 else 'matches'}"


def border(results: Results) -> int | None:
    """The number of hits of a page before those that have only some of the words.

    None if these follow nowhere on it.
    """
    if not results.total_some:
        return None
    before = sum(1 for _ in takewhile(lambda hit: hit.words == "all", results))
    return before if 0 < before < len(results) else None


def title_of(hit: Hit) -> tuple[Fragment, ...]:
    """The title of a hit with its marks, or its id; no longer than a list takes."""
    whole = hit.title_marks or (Fragment(hit.title.strip() or hit.article.id),)
    return tuple(_cut(whole, MOST_OF_TITLE))


def _cut(fragments: Iterable[Fragment], most: int) -> Iterator[Fragment]:
    for part in fragments:
        if len(part.text) > most:
            yield part._replace(text=part.text[:most] + "…")
            return
        yield part
        most -= len(part.text)

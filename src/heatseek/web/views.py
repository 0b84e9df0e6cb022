"""What the pages show, as plain values: templates only lay it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.text import quoted
from heatseek.schema import FACETS, YEAR
from heatseek.web.parameters import PARAMETERS, QUERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heatseek.results import FacetCounts
    from heatseek.web.addresses import Address

_UNSHOWN = {QUERY, "page", "offset", "limit", "sort", "facet", "facets", "explain", "unfinished"}
"""Parameters that are no filters."""
_IN_FORM = {QUERY, "sort", "topic", "provider", "category", "type", "page"}
"""Parameters that have a control of their own on the page; others travel as hidden fields."""


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


class Chip(NamedTuple):
    """A filter that is on, and the search without it."""

    name: str
    text: str
    address: Address


def facet_views(address: Address, facets: Mapping[str, FacetCounts]) -> list[FacetView]:
    """The facets that have values, each as a group of checkboxes; years are links."""
    views = (_facet(address, name, counts) for name, counts in facets.items())
    return [view for view in views if view.values]


def _facet(address: Address, name: str, counts: FacetCounts) -> FacetView:
    parameter = name if name in FACETS else "where"
    if name == YEAR:
        years = sorted(counts.values, key=lambda each: each.value, reverse=True)
        values = [_year(address, each.value, each.articles) for each in years]
        return FacetView(name, "after", tuple(values), counts.total - len(values))
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
    return FacetView(name, parameter, tuple(values), counts.total - len(values))


def _year(address: Address, year: str, count: int) -> Value:
    first, end = f"{int(year):04}", f"{int(year) + 1:04}"
    is_chosen = (address.get("after"), address.get("before")) == (first, end)
    free = address.without("after", "before")
    target = free if is_chosen else free.with_("after", first).with_("before", end)
    return Value(year, count, first, is_chosen, target)


def chips(address: Address) -> list[Chip]:
    """The filters that are on."""
    return [
        Chip(name, value, _without_one(address, name, value))
        for name, value in address.pairs
        if name not in _UNSHOWN
    ]


def _without_one(address: Address, name: str, value: str) -> Address:
    return address.with_(name, *(each for each in address.all(name) if each != value))


def hidden_fields(address: Address) -> list[tuple[str, str]]:
    """The parameters that the form of the page must send along."""
    return [pair for pair in address.pairs if pair[0] not in _IN_FORM]


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

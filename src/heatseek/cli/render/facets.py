"""Counts of all matches for people: a block for each facet, each value with its option."""

from __future__ import annotations

import re
import shlex
from datetime import MAXYEAR, UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from heatseek.analysis import label
from heatseek.cli.render.cells import width
from heatseek.cli.render.clean import one_line
from heatseek.cli.render.layout import cut
from heatseek.cli.render.look import QUIET, TITLE
from heatseek.schema import FACETS, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from heatseek.cli.render.look import Look
    from heatseek.query.filters import Filters
    from heatseek.results import FacetValue

MOST_OF_LINE = 0.4
"""The part of a line that a value may take; its option has it whole."""
ASKED = "*"

_PLAIN = re.compile(r"(?!=)[\w@%+=:,./-]+")
"""What a shell takes as it is, in words of any script; zsh looks for a program after `=`."""
_QUOTABLE = re.compile(r"[^\"$`\\!]+")
"""What a shell takes as it is between double quotes."""


class Facets(NamedTuple):
    """Which counts were asked for, and beside which filters."""

    limits: Mapping[str, int | None]
    """By facet, in the order wanted: how many values to show; None: all."""
    filters: Filters
    asked: Mapping[str, frozenset[str]]
    """By facet: the labels, as compared, that a filter asks for already."""


def trimmed(
    counts: Mapping[str, Sequence[FacetValue]], limits: Mapping[str, int | None]
) -> dict[str, tuple[FacetValue, ...]]:
    """No more values of each facet than were asked for, in the order of the asking."""
    return {name: tuple(counts[name][:most]) for name, most in limits.items() if name in counts}


def render(counts: Mapping[str, Sequence[FacetValue]], facets: Facets, look: Look) -> str:
    """A blank line and a block for each facet that any match has a value of.

    Lines with long options are longer than the terminal is wide: they are there to be copied.
    """
    blocks = []
    for name, shown in trimmed(counts, facets.limits).items():
        if shown:
            lines = _block(name, shown, len(counts[name]) - len(shown), facets, look)
            blocks.append("".join(f"{line}\n" for line in lines))
    return "".join(f"\n{block}" for block in blocks)


def _block(
    name: str, shown: Sequence[FacetValue], more: int, facets: Facets, look: Look
) -> Iterator[str]:
    asked = facets.asked.get(name, frozenset())
    yield look.paint(name, TITLE) + _legend(shown, asked)
    room = int(look.width * MOST_OF_LINE)
    values = [cut(one_line(each.value), room, look.glyphs.ellipsis) for each in shown]
    counts = [f"{each.articles:,}" for each in shown]
    columns, digits = max(map(width, values)), max(map(len, counts))
    for each, value, count in zip(shown, values, counts, strict=True):
        mark = ASKED if label(each.value) in asked else " "
        space = " " * (columns - width(value))
        option = look.paint(_option(name, each.value, facets.filters), QUIET)
        yield f"{mark} {value}{space}  {count:>{digits}}  {option}"
    if more:
        yield look.paint(f"  {look.glyphs.ellipsis} and {more:,} more", QUIET)


def _legend(shown: Sequence[FacetValue], asked: frozenset[str]) -> str:
    marked = [label(each.value) in asked for each in shown]
    if not any(marked):
        return ""
    # Labels of one kind widen a search: beside the one that is asked for, another refines nothing.
    return f" ({ASKED} asked for)" if all(marked) else f" ({ASKED} asked for; use another instead)"


def _option(facet: str, value: str, filters: Filters) -> str:
    if facet == YEAR:
        return _within(int(value), filters)
    if facet in FACETS:
        return f"--{facet} {quoted(one_line(value))}"
    return f"--where {quoted(one_line(f'{facet}={value}'))}"


def _within(year: int, filters: Filters) -> str:
    """The part of a year, in UTC, that the filters leave: later options replace earlier ones."""
    first, end = datetime(year, 1, 1, tzinfo=UTC), None
    if year < MAXYEAR:
        end = datetime(year + 1, 1, 1, tzinfo=UTC)
    after = max(first, filters.after or first)
    before = min(filter(None, (end, filters.before)), default=None)
    parts = [f"--after {_date(after)}", f"--before {_date(before)}" if before else ""]
    return " ".join(filter(None, parts))


def _date(instant: datetime) -> str:
    """As short as it can be typed."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    if utc == datetime(utc.year, 1, 1):  # noqa: DTZ001 - in UTC, as said
        return f"{utc.year:04}"
    text = utc.isoformat("T", "seconds")
    return text.removesuffix("T00:00:00")


def quoted(value: str) -> str:
    """A value as one word for a shell."""
    if _PLAIN.fullmatch(value):
        return value
    return f'"{value}"' if _QUOTABLE.fullmatch(value) else shlex.quote(value)

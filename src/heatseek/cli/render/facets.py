"""Counts of all matches for people: a block for each facet, each value with its option."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.cells import width
from heatseek.cli.render.clean import one_line
from heatseek.cli.render.layout import cut
from heatseek.cli.render.look import QUIET, TITLE
from heatseek.cli.render.refining import Beside, option
from heatseek.text.languages import ENGLISH, Language
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from heatseek.cli.render.look import Look
    from heatseek.query.filters import Filters
    from heatseek.results import FacetValue

MOST_OF_LINE = 0.4
"""The part of a line that a value may take; its option has it whole."""
ASKED = "*"


class Facets(NamedTuple):
    """Which counts were asked for, and beside which filters."""

    limits: Mapping[str, int | None]
    """By facet, in the order wanted: how many values to show; None: all."""
    filters: Filters
    asked: Mapping[str, frozenset[str]]
    """By facet: the labels, as compared, that a filter asks for already."""
    language: Language = ENGLISH
    """Of the index."""


def trimmed(
    counts: Mapping[str, Sequence[FacetValue]], limits: Mapping[str, int | None]
) -> dict[str, tuple[FacetValue, ...]]:
    """No more values of each facet than were asked for, in the order of the asking."""
    return {name: tuple(counts[name][:most]) for name, most in limits.items() if name in counts}


def render(counts: Mapping[str, Sequence[FacetValue]], facets: Facets, look: Look) -> str:
    """A blank line and a block for each facet.

    Lines with long options are longer than the terminal is wide: they are there to be copied.
    """
    blocks = []
    for name, shown in trimmed(counts, facets.limits).items():
        lines = _block(name, shown, counts[name], facets, look) if shown else _none(name, look)
        blocks.append("".join(f"{line}\n" for line in lines))
    return "".join(f"\n{block}" for block in blocks)


def _none(name: str, look: Look) -> Iterator[str]:
    yield f"{look.paint(name, TITLE)}: none of the matches has one"


def _block(
    name: str,
    shown: Sequence[FacetValue],
    found: Sequence[FacetValue],
    facets: Facets,
    look: Look,
) -> Iterator[str]:
    asked = facets.asked.get(name, frozenset())
    marked = [label(each.value) in asked for each in shown]
    yield look.paint(name, TITLE) + (f" ({ASKED} asked for)" if any(marked) else "")
    room = int(look.width * MOST_OF_LINE)
    values = [cut(one_line(each.value), room, look.glyphs.ellipsis) for each in shown]
    counts = [f"{each.articles:,}" for each in shown]
    columns, digits = max(map(width, values)), max(map(len, counts))
    beside = Beside(name, facets.filters, [each.value for each in found], facets.language)
    for each, value, count, is_asked in zip(shown, values, counts, marked, strict=True):
        typed = (
            beside.option(each.value)
            if asked and not is_asked
            else option(name, each.value, facets.filters)
        )
        space = " " * (columns - width(value))
        line = f"{ASKED if is_asked else ' '} {value}{space}  {count:>{digits}}"
        yield f"{line}  {look.paint(typed, QUIET)}" if typed else line
    if more := len(found) - len(shown):
        yield look.paint(f"  {look.glyphs.ellipsis} and {more:,} more", QUIET)

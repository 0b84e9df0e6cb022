"""Counts of all matches for people: a block a facet, each value with its option."""

from __future__ import annotations

import re
import shlex
from datetime import MAXYEAR
from typing import TYPE_CHECKING

from heatseek.cli.render.escapes import QUIET, TITLE, one_line
from heatseek.cli.render.wrapping import cut, width
from heatseek.schema import FACETS, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heatseek.cli.render.escapes import Style
    from heatseek.results import FacetCounts

MOST_OF_LINE = 0.4
"""The part of a line that a value may take; its option has it whole."""
FILTERED = "*"
"""Stands before values that a filter has already."""
_PLAIN = re.compile(r"(?!=)[\w@%+=:,./-]+")
"""Text that a shell takes as it is, in words of any script; zsh looks for a program after `=`."""
_QUOTABLE = re.compile(r"[^\"$`\\!]+")
"""Text that a shell takes as it is between double quotes."""


def render_facets(facets: Mapping[str, FacetCounts], style: Style) -> str:
    """A blank line and a block for each facet.

    Lines with long options are longer than the terminal is wide: they are there to be copied.
    """
    blocks = []
    for name, counts in facets.items():
        lines = _block(name, counts, style) if counts.values else _none(name, style)
        blocks.append("".join(f"{line}\n" for line in lines))
    return "".join(f"\n{block}" for block in blocks)


def _none(name: str, style: Style) -> Iterator[str]:
    yield f"{style.paint(name, TITLE)}: none of the matches has one"


def _block(name: str, counted: FacetCounts, style: Style) -> Iterator[str]:
    values = counted.values
    marks = [FILTERED if each.value in counted.chosen else " " for each in values]
    remark = f" ({FILTERED} asked for)" if FILTERED in marks else ""
    yield style.paint(name, TITLE) + remark
    room = int(style.width * MOST_OF_LINE)
    texts = [cut(one_line(each.value), room, style.glyphs.ellipsis) for each in values]
    counts = [f"{each.articles:,}" for each in values]
    columns, digits = max(map(width, texts)), max(map(len, counts))
    for each, mark, text, count in zip(values, marks, texts, counts, strict=True):
        space = " " * (columns - width(text))
        filtering = style.paint(option(name, each.value), QUIET)
        yield f"{mark} {text}{space}  {count:>{digits}}  {filtering}"
    if more := counted.total - len(values):
        yield style.paint(f"  {style.glyphs.ellipsis} and {more:,} more", QUIET)


def option(facet: str, value: str) -> str:
    """The option that filters by a value, as it is typed."""
    if facet == YEAR:
        # No year follows the last one.
        year = int(value)
        return f"--after {year:04}" + (f" --before {year + 1:04}" if year < MAXYEAR else "")
    if facet in FACETS:
        return f"--{facet} {quoted(one_line(value))}"
    return f"--where {quoted(one_line(f'{facet}={value}'))}"


def quoted(value: str) -> str:
    """A value as one word for a shell."""
    if _PLAIN.fullmatch(value):
        return value
    return f'"{value}"' if _QUOTABLE.fullmatch(value) else shlex.quote(value)

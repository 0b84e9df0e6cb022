"""All topics, or all providers, of an index: for people, as JSON (docs/facets.md), as tables."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.cells import width
from heatseek.cli.render.clean import one_line
from heatseek.cli.render.layout import cut
from heatseek.cli.render.look import QUIET, TITLE
from heatseek.cli.render.records import dump, timestamp
from heatseek.cli.render.tables import as_csv, as_tsv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.cli.render.look import Look
    from heatseek.engines.base import LabelSummary

VERSION = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""
COLUMNS = ("value", "count", "newest", "quality")
"""Of the tables, and the keys of a value in JSON."""
LEAST = 10
"""Columns of the terminal that a value gets, however narrow that is."""


class Format(StrEnum):
    """What `--format` takes here."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"

    @property
    def is_table(self) -> bool:
        """Rows and columns, for spreadsheets; `--safe-csv` applies."""
        return self in {Format.CSV, Format.TSV}


class Listed(NamedTuple):
    """The values of a facet that are to be shown, and how many there are."""

    facet: str
    total: int
    values: Sequence[LabelSummary]


def render(listed: Listed, form: Format, look: Look, *, safe: bool = False) -> str:
    """The values in the wanted format; as text nothing for nothing."""
    rows = [(v.value, v.articles, timestamp(v.newest), v.quality) for v in listed.values]
    match form:
        case Format.JSON:
            found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
            heading = {"version": VERSION, "facet": listed.facet, "total": listed.total}
            return dump({**heading, "values": found}, indent=2)
        case Format.CSV:
            return as_csv(COLUMNS, rows, safe=safe)
        case Format.TSV:
            return as_tsv(COLUMNS, rows, safe=safe)
        case Format.TEXT:
            return _text(listed, look)


def _text(listed: Listed, look: Look) -> str:
    if not listed.total:
        return ""
    if not listed.values:
        return f"{listed.total:,} {listed.facet}{'' if listed.total == 1 else 's'}\n"
    facts = [("articles", "newest", "quality"), *(_facts(each, look) for each in listed.values)]
    counts, dates, qualities = zip(*facts, strict=True)
    columns = [_right(counts), _left(dates), _right(qualities)]
    room = max(LEAST, look.width - sum(2 + len(column[0]) for column in columns))
    names = [cut(one_line(each.value), room, look.glyphs.ellipsis) for each in listed.values]
    rows = zip(_left([listed.facet, *names]), *columns, strict=True)
    lines = ["  ".join(row).rstrip() for row in rows]
    lines[0] = look.paint(lines[0], TITLE)
    if more := listed.total - len(listed.values):
        lines.append(look.paint(f"{look.glyphs.ellipsis} and {more:,} more", QUIET))
    return "".join(f"{line}\n" for line in lines)


def _facts(each: LabelSummary, look: Look) -> tuple[str, str, str]:
    dash = look.glyphs.dash
    newest = f"{each.newest:%Y-%m-%d}" if each.newest else dash
    return f"{each.articles:,}", newest, dash if each.quality is None else f"{each.quality:.1f}"


def _left(cells: Sequence[str]) -> list[str]:
    widest = max(map(width, cells))
    return [cell + " " * (widest - width(cell)) for cell in cells]


def _right(cells: Sequence[str]) -> list[str]:
    widest = max(map(width, cells))
    return [" " * (widest - width(cell)) + cell for cell in cells]

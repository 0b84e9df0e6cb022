"""All topics, or all providers, of an index: for people, as JSON (docs/json.md), as tables."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.escapes import QUIET, TITLE, one_line
from heatseek.cli.render.tables import as_csv, as_tsv
from heatseek.cli.render.wrapping import cut, width
from heatseek.wire import VERSION, dump, timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek import LabelSummary
    from heatseek.cli.render.escapes import Style
    from heatseek.wire import LabelsDocument

COLUMNS = ("value", "count", "newest", "quality")
"""Of the tables; JSON has the same by these names."""
LEAST = 10
"""Columns of the terminal that a value gets, however narrow that is."""


class Format(StrEnum):
    """The formats of `--format` here."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"

    @property
    def is_table(self) -> bool:
        """Rows and columns, for spreadsheets; `--safe-csv` applies."""
        return self in {Format.CSV, Format.TSV}


class FacetValues(NamedTuple):
    """The values of a facet that are to be shown, and how many there are."""

    facet: str
    total: int
    values: Sequence[LabelSummary]


def render(page: FacetValues, form: Format, style: Style, *, safe: bool = False) -> str:
    """The values in the wanted format; as text nothing for nothing."""
    rows = [(v.value, v.articles, timestamp(v.newest), v.quality) for v in page.values]
    match form:
        case Format.JSON:
            return dump(_document(page), indent=2)
        case Format.CSV:
            return as_csv(COLUMNS, rows, safe=safe)
        case Format.TSV:
            return as_tsv(COLUMNS, rows, safe=safe)
        case Format.TEXT:
            return _text(page, style)


def _document(page: FacetValues) -> LabelsDocument:
    return {
        "version": VERSION,
        "facet": page.facet,
        "total": page.total,
        "values": [
            {
                "value": each.value,
                "count": each.articles,
                "newest": timestamp(each.newest),
                "quality": each.quality,
            }
            for each in page.values
        ],
    }


def _text(page: FacetValues, style: Style) -> str:
    if not page.total:
        return ""
    if not page.values:
        return f"{page.total:,} {page.facet}{'' if page.total == 1 else 's'}\n"
    facts = [("articles", "newest", "quality"), *(_facts(each, style) for each in page.values)]
    counts, dates, qualities = zip(*facts, strict=True)
    columns = [_right(counts), _left(dates), _right(qualities)]
    room = max(LEAST, style.width - sum(2 + len(column[0]) for column in columns))
    names = [cut(one_line(each.value), room, style.glyphs.ellipsis) for each in page.values]
    rows = zip(_left([page.facet, *names]), *columns, strict=True)
    lines = ["  ".join(row).rstrip() for row in rows]
    lines[0] = style.paint(lines[0], TITLE)
    if more := page.total - len(page.values):
        lines.append(style.paint(f"{style.glyphs.ellipsis} and {more:,} more", QUIET))
    return "".join(f"{line}\n" for line in lines)


def _facts(each: LabelSummary, style: Style) -> tuple[str, str, str]:
    dash = style.glyphs.dash
    newest = f"{each.newest:%Y-%m-%d}" if each.newest else dash
    return f"{each.articles:,}", newest, dash if each.quality is None else f"{each.quality:.1f}"


def _left(cells: Sequence[str]) -> list[str]:
    widest = max(map(width, cells))
    return [cell + " " * (widest - width(cell)) for cell in cells]


def _right(cells: Sequence[str]) -> list[str]:
    widest = max(map(width, cells))
    return [" " * (widest - width(cell)) + cell for cell in cells]

"""Results and labels for spreadsheets and for awk: CSV and TSV, a header row first."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from itertools import chain
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.escapes import QUIET, TITLE, many_lines, one_line
from heatseek.cli.render.wrapping import cut, width
from heatseek.wire import VERSION, dump, timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heatseek import LabelSummary
    from heatseek.cli.render.escapes import Style
    from heatseek.results import Hit, Results
    from heatseek.wire.archive import LabelsDocument


SIGNIFICANT = 6
"""Digits of a number in a cell: more than two scores need to differ, fewer than a float has."""
LISTED = "; "
"""Between the values of a list in one cell."""

COLUMNS: dict[str, Callable[[Hit], object]] = {
    "rank": lambda hit: hit.rank,
    "id": lambda hit: hit.article.id,
    "title": lambda hit: hit.article.title,
    "excerpt": lambda hit: hit.article.excerpt,
    "url": lambda hit: hit.article.url,
    "provider": lambda hit: hit.article.provider.name,
    "domain": lambda hit: hit.article.provider.domain,
    "topics": lambda hit: LISTED.join(hit.article.topics),
    "category": lambda hit: hit.article.category,
    "type": lambda hit: hit.article.type,
    "published_at": lambda hit: timestamp(hit.article.published_at),
    "published": lambda hit: hit.article.published,
    "quality": lambda hit: hit.article.quality,
    "heat": lambda hit: hit.article.heat,
    "kind": lambda hit: hit.article.kind.value,
    "related_to": lambda hit: LISTED.join(hit.article.related_to),
    "score": lambda hit: hit.score,
    "words": lambda hit: hit.words,
}
"""The columns by name, in their documented order."""

_TSV_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n"})


_FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""The signs that begin a formula, also in the full width of East Asian scripts."""


def render_csv(results: Results, *, safe: bool = False) -> str:
    """The hits as `as_csv` writes them."""
    return as_csv(COLUMNS, map(_values, results), safe=safe)


def render_tsv(results: Results, *, safe: bool = False) -> str:
    """The hits as `as_tsv` writes them."""
    return as_tsv(COLUMNS, map(_values, results), safe=safe)


def as_csv(header: Iterable[str], rows: Iterable[Sequence[object]], *, safe: bool = False) -> str:
    """Comma-separated (RFC 4180, with the line ends of Unix).

    Args:
        header: the names of the columns.
        rows: their values.
        safe: an apostrophe stands before texts that a spreadsheet would run as formulas.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    cell = _safe_cell if safe else _cell
    writer.writerows(map(cell, row) for row in rows)
    return out.getvalue()


def as_tsv(header: Iterable[str], rows: Iterable[Sequence[object]], *, safe: bool = False) -> str:
    r"""Tab-separated; a tab, newline or backslash in a value is `\t`, `\n`, `\\`.

    Args:
        header: the names of the columns.
        rows: their values.
        safe: as for `as_csv`.
    """
    cell = _safe_cell if safe else _cell
    cells = chain([header], (map(cell, row) for row in rows))
    return "".join("\t".join(text.translate(_TSV_ESCAPES) for text in row) + "\n" for row in cells)


def _values(hit: Hit) -> list[object]:
    return [value(hit) for value in COLUMNS.values()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(value) if isinstance(value, float) else many_lines(str(value))


def number(value: float) -> str:
    """A number in decimals, to six significant digits."""
    if not isfinite(value) or not value:
        return f"{value:g}"
    places = max(0, SIGNIFICANT - 1 - floor(log10(abs(value))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _safe_cell(value: object) -> str:
    """Numbers stay numbers, also negative ones."""
    cell = _cell(value)
    return f"'{cell}" if isinstance(value, str) and cell.startswith(_FORMULAS) else cell


VALUE_COLUMNS = ("value", "count", "newest", "quality")
"""Of the tables; JSON has the same by these names."""
LEAST = 10
"""Columns of the terminal that a value gets, however narrow that is."""


class LabelFormat(StrEnum):
    """The formats of `--format` here."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"

    @property
    def is_table(self) -> bool:
        """Rows and columns, for spreadsheets; `--safe-csv` applies."""
        return self in {LabelFormat.CSV, LabelFormat.TSV}


class FacetValues(NamedTuple):
    """The values of a facet that are to be shown, and how many there are."""

    facet: str
    total: int
    values: Sequence[LabelSummary]


def render_values(page: FacetValues, form: LabelFormat, style: Style, *, safe: bool = False) -> str:
    """The values in the wanted format; as text nothing for nothing."""
    rows = [(v.value, v.articles, timestamp(v.newest), v.quality) for v in page.values]
    match form:
        case LabelFormat.JSON:
            return dump(labels_document(page), indent=2)
        case LabelFormat.CSV:
            return as_csv(VALUE_COLUMNS, rows, safe=safe)
        case LabelFormat.TSV:
            return as_tsv(VALUE_COLUMNS, rows, safe=safe)
        case LabelFormat.TEXT:
            return _text(page, style)


def labels_document(page: FacetValues) -> LabelsDocument:
    """The values as in the documented JSON."""
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
    newest = style.day(each.newest)
    return f"{each.articles:,}", newest, dash if each.quality is None else f"{each.quality:.1f}"


def _left(cells: Sequence[str]) -> list[str]:
    widest = max(map(width, cells))
    return [cell + " " * (widest - width(cell)) for cell in cells]


def _right(cells: Sequence[str]) -> list[str]:
    widest = max(map(width, cells))
    return [" " * (widest - width(cell)) + cell for cell in cells]

"""Results for spreadsheets and for awk: CSV and TSV, a header row first."""

from __future__ import annotations

import csv
import io
from itertools import chain
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from heatseek.cli.render.escapes import many_lines
from heatseek.wire import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heatseek.results import Hit, Results

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

"""Results to text, by format: pure functions; listings of names are here, the rest beside it."""

from __future__ import annotations

from enum import StrEnum

from heatseek.article import Kind
from heatseek.cli.render.escapes import one_line
from heatseek.definitions import NamedTuple
from heatseek.errors import UsageError, below
from heatseek.search.request import SNIPPET_LENGTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from heatseek.cli.render.escapes import Style
    from heatseek.results import Results

    Place = str | PathLike[str]


class Format(StrEnum):
    """The formats of `--format`."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    PATHS = "paths"
    URLS = "urls"

    @property
    def is_listing(self) -> bool:
        """Names only, for other commands; `-0` applies."""
        return self in {Format.PATHS, Format.URLS}

    @property
    def is_table(self) -> bool:
        """Rows and columns, for spreadsheets; `--safe-csv` applies."""
        return self in {Format.CSV, Format.TSV}

    @property
    def explains(self) -> bool:
        """It has a place for explanations."""
        return self in {Format.TEXT, Format.JSON, Format.JSONL}

    @property
    def counts(self) -> bool:
        """It has a place for facets."""
        return self in {Format.TEXT, Format.JSON}


class Output(NamedTuple):
    """The form of the output."""

    format: Format = Format.TEXT
    nul: bool = False
    """End each name of a listing by NUL instead of a newline."""
    safe: bool = False
    """Texts of a table that a spreadsheet would run begin with an apostrophe."""
    new: bool = False
    """The results are only those that are new since the last run of a saved search."""


def snippet_length(output: Output, style: Style) -> int:
    """Characters of a passage that a format shows: as text two lines, less what breaks lose."""
    if output.format is Format.TEXT:
        return 2 * (style.width - 3) - 12
    return SNIPPET_LENGTH if output.format in {Format.JSON, Format.JSONL} else 0


# Each search loads only the format that it writes: the imports below are a start-up budget.
# ruff: noqa: PLC0415


def render(results: Results, output: Output, *, style: Style, archive: Place, here: Place) -> str:
    """Results in the wanted format.

    Args:
        results: of the search.
        output: the format.
        style: for text, the width and what the terminal can do.
        archive: for paths, the folder that the article ids start from.
        here: for paths, the folder from which they are to be opened.
    """
    end = "\0" if output.nul else "\n"
    match output.format:
        case Format.TEXT:
            from heatseek.cli.render import text

            return text.render(results, style, new=output.new) + _facets(results, style)
        case Format.JSONL:
            from heatseek.wire import dump

            return "".join(dump(hit.to_dict(), indent=None) for hit in results)
        case Format.JSON:
            from heatseek.wire import dump

            return dump(results.to_dict(), indent=2)
        case Format.CSV | Format.TSV:
            from heatseek.cli.render import tables

            comma = output.format is Format.CSV
            write = tables.render_csv if comma else tables.render_tsv
            return write(results, safe=output.safe)
        case Format.PATHS:
            from pathlib import Path

            return paths(results, Path(archive), Path(here), end=end, clean=style.live)
        case Format.URLS:
            return urls(results, end)


def paths(results: Results, archive: Path, here: Path, *, end: str, clean: bool) -> str:
    """The file of each hit that has one, as it can be opened from the folder `here`.

    Programs get each name byte for byte; `clean` is for a terminal, as `ls` does it. A name that
    holds the end of a name would be taken for several.

    Raises:
        UsageError: a name, or the archive's own path, does.
    """
    base = below(archive, here)
    files = (hit.article.id for hit in results if hit.article.kind is Kind.ARTICLE)
    names = [str(base / file) for file in files]
    if any(end in name for name in names):
        raise UsageError("a path has a line break: list paths by -0")
    return "".join(f"{one_line(name) if clean else name}{end}" for name in names)


def urls(results: Results, end: str) -> str:
    """The link of each hit that has one."""
    links = (hit.article.url for hit in results if hit.article.url)
    return "".join(f"{one_line(link)}{end}" for link in links)


def left_out(results: Results, *, files: bool) -> int:
    """The number of hits that such a listing cannot show."""
    if files:
        return sum(hit.article.kind is not Kind.ARTICLE for hit in results)
    return sum(not hit.article.url for hit in results)


def _facets(results: Results, style: Style) -> str:
    if not results.total or not results.facets:
        return ""
    from heatseek.cli.render.facets import render_facets

    return render_facets(results.facets, style)

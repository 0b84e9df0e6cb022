"""Results to text, by format: pure functions, each format in a file of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.cli.render.facets import Facets
    from heatseek.cli.render.look import Look
    from heatseek.results import Results


class Format(StrEnum):
    """What `--format` takes."""

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
    """How results are to be written."""

    format: Format = Format.TEXT
    nul: bool = False
    """End each name of a listing by NUL instead of a newline."""
    safe: bool = False
    """Texts of a table that a spreadsheet would run begin with an apostrophe."""
    new: bool = False
    """The results are only those that a saved search had not found before."""


def snippet_length(look: Look) -> int:
    """How many characters of a passage text output can show: two lines, less what breaks lose."""
    return 2 * (look.width - 3) - 12


# Each search loads only the format that it writes: the imports below are a start-up budget.
# ruff: noqa: PLC0415


def render(  # noqa: PLR0913 - what each format needs
    results: Results,
    output: Output,
    *,
    look: Look,
    archive: Path,
    here: Path,
    facets: Facets | None = None,
) -> str:
    """Results in the wanted format.

    Args:
        results: what was found.
        output: the format.
        look: for text, the width and what the terminal can do.
        archive: for paths, the folder that the article ids start from.
        here: for paths, the folder from which they are to be opened.
        facets: which counts to show beside the hits.
    """
    end = "\0" if output.nul else "\n"
    match output.format:
        case Format.TEXT:
            from heatseek.cli.render import text

            page = text.render(results, look, new=output.new)
            return page if facets is None else page + _facets(results, facets, look)
        case Format.JSONL:
            from heatseek.cli.render import records

            return records.render_lines(results)
        case Format.JSON:
            from heatseek.cli.render import records

            return records.render(results if facets is None else _trimmed(results, facets))
        case Format.CSV | Format.TSV:
            from heatseek.cli.render import tables

            comma = output.format is Format.CSV
            write = tables.render_csv if comma else tables.render_tsv
            return write(results, safe=output.safe)
        case Format.PATHS:
            from heatseek.cli.render import listings

            return listings.paths(results, archive, here, end=end, clean=look.live)
        case Format.URLS:
            from heatseek.cli.render import listings

            return listings.urls(results, end)


def _facets(results: Results, facets: Facets, look: Look) -> str:
    from heatseek.cli.render.facets import render as render_facets

    return render_facets(results.facets, facets, look) if results.total else ""


def _trimmed(results: Results, facets: Facets) -> Results:
    from dataclasses import replace

    from heatseek.cli.render.facets import trimmed

    return replace(results, facets=trimmed(results.facets, facets.limits))

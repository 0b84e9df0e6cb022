"""`heatseek topics` and `heatseek providers`: all values of a facet, sorted."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import typer

from heatseek.cli import option_values, options
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.terminal import say, style_of, write
from heatseek.search.request import choice_of, count_of, text_of
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek import Config, LabelSummary

_EXAMPLES = """\b
Examples:
  heatseek {names}
  {prefixed:<33}({matches}, ...)
  heatseek {names} --sort date --limit 20
  heatseek {names} --format tsv | cut -f 1

The date is that of the newest article, the quality the mean of those that have one. How many
matches of a search there are of each: search QUERY --facet {facet}:all

Exit codes: 0 found, 1 nothing found, 2 wrong usage, 3 index or archive unusable.
"""


class Sort(StrEnum):
    """Orders of the values."""

    COUNT = "count"
    NAME = "name"
    DATE = "date"
    QUALITY = "quality"


class Options(NamedTuple):
    """The options of the command."""

    prefix: list[str] | None
    sort: str | None
    limit: str | None
    format: str | None
    json: bool
    safe: bool


def _command(facet: str, prefix: str, matches: str) -> typer.Typer:
    """The command for a facet.

    Args:
        facet: topic or provider; the command is its plural.
        prefix: an example of one.
        matches: values that begin so.
    """
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    names = f"{facet}s"
    prefixed = f"heatseek {names} {prefix}"

    @app.command(
        names,
        cls=Command,
        context_settings=CONTEXT,
        help=f"List all {names} with counts, newest date and mean quality.",
        epilog=_EXAMPLES.format(names=names, prefixed=prefixed, matches=matches, facet=facet),
    )
    def show(  # noqa: PLR0913 - one parameter an option
        prefix: options.Prefix = None,
        *,
        sort: options.LabelSort = None,
        limit: options.LabelLimit = None,
        format_: options.LabelFormat = None,
        json: options.Json = False,
        safe_csv: options.SafeCsv = False,
        archive: options.Archive = None,
        index: options.Index = None,
        config_file: options.Config = None,
        debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
    ) -> int:
        given = Options(prefix, sort, limit, format_, json, safe_csv)
        return _show(facet, given, option_values.settings(archive, index, config_file))

    return app


topics = _command("topic", "machine", "machine learning, machine vision")
providers = _command("provider", "micro", "Microsoft, Microsoft Learn")


def _show(facet: str, given: Options, settings: Config) -> int:
    """Print the values of a facet that begin so.

    Raises:
        UsageError: an option makes no sense.
        StoreError, ArchiveError: index or archive cannot be used.
    """
    # Not at the top: completion looks at this verb without listing anything.
    from heatseek.cli.project import open_or_build  # noqa: PLC0415
    from heatseek.cli.render.tables import FacetValues, LabelFormat, render_values  # noqa: PLC0415

    sort = Sort.COUNT if given.sort is None else choice_of("sort", given.sort, Sort)
    limit = None if given.limit is None else count_of("limit", given.limit)
    default = LabelFormat.CSV if given.safe else LabelFormat.TEXT
    form = option_values.format_of(LabelFormat, given.format, json=given.json) or default
    option_values.check_safe(form, safe=given.safe)
    prefix = text_of("prefix", " ".join(given.prefix or ()))
    with open_or_build(settings) as index:
        every = index.labels(facet)
    matches = ordered(beginning(every, prefix), sort)
    page = FacetValues(facet, len(matches), matches[:limit])
    text = render_values(page, form, style_of(sys.stdout, os.environ), safe=given.safe)
    write(text, exact=form is not LabelFormat.TEXT)
    if not matches:
        say(f"no {facet} begins with {prefix}" if every else f"no article has a {facet}")
    return ExitCode.FOUND if matches else ExitCode.NOTHING


def beginning(summaries: Iterable[LabelSummary], prefix: str) -> list[LabelSummary]:
    """Those that begin so, without regard to case and accents."""
    start = label(prefix)
    return [each for each in summaries if label(each.value).startswith(start)]


def ordered(summaries: Iterable[LabelSummary], sort: Sort) -> list[LabelSummary]:
    """The most frequent, the newest or the best first, unknown last; names by letters."""
    by_name = sorted(summaries, key=lambda each: (label(each.value), each.value))
    match sort:
        case Sort.COUNT:
            return sorted(by_name, key=lambda each: -each.articles)
        case Sort.NAME:
            return by_name
        case Sort.DATE:
            return sorted(
                by_name,
                key=lambda each: -each.newest.timestamp() if each.newest else float("inf"),
            )
        case Sort.QUALITY:
            return sorted(
                by_name, key=lambda each: float("inf") if each.quality is None else -each.quality
            )

"""`heatseek topics` and `heatseek providers`: all values of a facet, sorted."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import Command, Option
from heatseek.cli.terminal import say, style_of, write
from heatseek.search.arguments import choice_of, count_of, text_of
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heatseek import LabelSummary

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


def _show(  # noqa: PLR0913 - one parameter an option
    facet: str,
    *,
    prefix: list[str],
    sort: str | None,
    limit: str | None,
    format_: str | None,
    json: bool,
    safe_csv: bool,
    color: str | None,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
) -> int:
    """Print the values of a facet that begin so.

    Raises:
        UsageError: an option makes no sense.
        StoreError, ArchiveError: index or archive cannot be used.
    """
    # Not at the top: completion looks at this verb without listing anything.
    from heatseek.cli.project import open_or_build  # noqa: PLC0415
    from heatseek.cli.render.tables import FacetValues, LabelFormat, render_values  # noqa: PLC0415

    order = Sort.COUNT if sort is None else choice_of("sort", sort, Sort)
    most = None if limit is None else count_of("limit", limit)
    default = LabelFormat.CSV if safe_csv else LabelFormat.TEXT
    form = option_values.format_of(LabelFormat, format_, json=json) or default
    option_values.check_safe(form, safe=safe_csv)
    start = text_of("prefix", " ".join(prefix))
    settings = option_values.settings(archive, index, config_file)
    with open_or_build(settings) as opened:
        every = opened.labels(facet)
    matches = ordered(beginning(every, start), order)
    page = FacetValues(facet, len(matches), matches[:most])
    style = style_of(sys.stdout, os.environ, color, time_zone=settings.time_zone)
    text = render_values(page, form, style, safe=safe_csv)
    write(text, exact=form is not LabelFormat.TEXT)
    if not matches:
        say(f"no {facet} begins with {start}" if every else f"no article has a {facet}")
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


_OPTIONS = (
    Option(
        "sort",
        "--sort",
        metavar="ORDER",
        help="count (the default), name, date or quality.",
        panel=options.OUTPUT,
    ),
    Option(
        "limit", "-n", "--limit", metavar="N", help="Show N (all; 0: count).", panel=options.OUTPUT
    ),
    Option(
        "format_",
        "--format",
        metavar="FORMAT",
        help="text (the default), json, csv or tsv.",
        panel=options.OUTPUT,
    ),
    options.JSON,
    options.SAFE_CSV,
    options.COLOR,
    *options.PLACE_OPTIONS,
    options.DEBUG,
)


def _command(facet: str, prefix: str, matches: str) -> Command:
    """The command for a facet.

    Args:
        facet: topic or provider; the command is its plural.
        prefix: an example of one.
        matches: values that begin so.
    """
    names = f"{facet}s"
    prefixed = f"heatseek {names} {prefix}"
    examples = _EXAMPLES.format(names=names, prefixed=prefixed, matches=matches, facet=facet)
    return Command(partial(_show, facet), *_OPTIONS, words=options.PREFIX, examples=examples)


topics = _command("topic", "machine", "machine learning, machine vision")
providers = _command("provider", "micro", "Microsoft, Microsoft Learn")

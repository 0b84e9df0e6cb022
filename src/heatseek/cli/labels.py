"""What `heatseek topics` and `heatseek providers` share: the values of a facet, sorted."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from heatseek.analysis import label
from heatseek.cli import values
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.opening import open_reader
from heatseek.cli.render.labels import Format, Listed, render
from heatseek.cli.terminal import look, say, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.config import Config
    from heatseek.engines.base import LabelSummary


class Sort(StrEnum):
    """What the values are ordered by."""

    COUNT = "count"
    NAME = "name"
    DATE = "date"
    QUALITY = "quality"


class Asked(NamedTuple):
    """Which values are to be shown, and how, as typed."""

    prefix: list[str] | None
    sort: str | None
    limit: str | None
    format: str | None
    json: bool
    safe: bool


def show(facet: str, asked: Asked, settings: Config) -> int:
    """Print the values of a facet that begin so.

    Raises:
        UsageError: an option makes no sense.
        StoreError, ArchiveError: index or archive cannot be used.
    """
    sort = Sort.COUNT if asked.sort is None else values.choice("--sort", asked.sort, Sort)
    limit = None if asked.limit is None else values.whole_number("--limit", asked.limit)
    default = Format.CSV if asked.safe else Format.TEXT
    form = values.format_named(Format, asked.format, json=asked.json) or default
    values.check_safe(form, safe=asked.safe)
    prefix = values.text(" ".join(asked.prefix or ()))
    with open_reader(settings) as reader:
        known = reader.labels(facet)
    found = ordered(beginning(known, prefix), sort)
    listed = Listed(facet, len(found), found[:limit])
    text = render(listed, form, look(sys.stdout, os.environ), safe=asked.safe)
    write(text, exact=form is not Format.TEXT)
    if not found:
        say(f"no {facet} begins with {prefix}" if known else f"no article has a {facet}")
    return ExitCode.FOUND if found else ExitCode.NOTHING


def beginning(known: Iterable[LabelSummary], prefix: str) -> list[LabelSummary]:
    """Those that begin so, without regard to case and accents."""
    start = label(prefix)
    return [each for each in known if label(each.value).startswith(start)]


def ordered(found: Iterable[LabelSummary], sort: Sort) -> list[LabelSummary]:
    """The most frequent, the newest or the best first, unknown last; names by letters."""
    by_name = sorted(found, key=lambda each: (label(each.value), each.value))
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

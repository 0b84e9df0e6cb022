"""`heatseek stats`: the contents of the index, and how the archive differs from it now."""

from __future__ import annotations

import os
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from heatseek.article import Kind
from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import Command
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heatseek import Config, Index
    from heatseek.article import Article
    from heatseek.cli.render.stats import Archive, Stats


class Numbers(NamedTuple):
    """A number of articles: how many have it, and its spread; the median is one of the values."""

    known: int
    unknown: int
    lowest: int | None = None
    median: int | None = None
    highest: int | None = None


class Dates(NamedTuple):
    """The dates of articles: how many have one, the first and the last."""

    known: int
    unknown: int
    first: datetime | None
    last: datetime | None


class Contents(NamedTuple):
    """Counts. Labels, numbers and dates are those of articles, related ones left out.

    A label is one however it is written, as in facets, and goes by the spelling of most articles.
    """

    articles: int
    related: int
    published: Counter[bool | None]
    topics: Counter[str]
    providers: Counter[str]
    categories: Counter[str]
    types: Counter[str]
    dates: Dates
    quality: Numbers
    heat: Numbers


def contents(articles: Iterable[Article]) -> Contents:
    """Count everything."""
    related = 0
    published: Counter[bool | None] = Counter()
    topics, providers, categories, types = _Labels(), _Labels(), _Labels(), _Labels()
    dates: list[datetime | None] = []
    quality: list[int | None] = []
    heat: list[int | None] = []
    for article in articles:
        if article.kind is Kind.RELATED:
            related += 1
            continue
        published[article.published] += 1
        topics.add(*article.topics)
        providers.add(*(article.provider.names or ("",)))
        categories.add(article.category or "")
        types.add(article.type or "")
        dates.append(article.published_at)
        quality.append(article.quality)
        heat.append(article.heat)
    return Contents(
        articles=published.total(),
        related=related,
        published=published,
        topics=topics.counted(),
        providers=providers.counted(),
        categories=categories.counted(),
        types=types.counted(),
        dates=_dates(dates),
        quality=_numbers(quality),
        heat=_numbers(heat),
    )


class _Labels:
    """Articles by label, and the spellings of each."""

    def __init__(self) -> None:
        self._articles: Counter[str] = Counter()
        self._spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, *values: str) -> None:
        """Count the labels of an article, each once."""
        keys = {value: label(value) for value in values}
        self._articles.update(set(keys.values()))
        for value, key in keys.items():
            self._spellings[key][value] += 1

    def counted(self) -> Counter[str]:
        """The articles of each label; of equally frequent spellings the first by letters."""
        return Counter(
            {
                min(spellings, key=lambda value: (-spellings[value], value)): self._articles[key]
                for key, spellings in self._spellings.items()
            }
        )


def _numbers(values: list[int | None]) -> Numbers:
    known = sorted(value for value in values if value is not None)
    unknown = len(values) - len(known)
    if not known:
        return Numbers(0, unknown)
    return Numbers(len(known), unknown, known[0], known[len(known) // 2], known[-1])


def _dates(values: list[datetime | None]) -> Dates:
    known = [value for value in values if value is not None]
    unknown = len(values) - len(known)
    return Dates(len(known), unknown, min(known, default=None), max(known, default=None))


_EXAMPLES = """\b
Examples:
  heatseek stats
  heatseek stats --json | jq -r '.topics[] | [.count, .value] | @tsv'

Labels, dates and numbers are of the archive's own articles, not of those that they mention.

Exit codes: 0 shown, 2 wrong usage, 3 index or archive unusable.
"""


def stats(
    *,
    json: bool,
    color: str | None,
    archive: Path | None,
    index: Path | None,
    config_file: Path | None,
) -> int:
    """Write the statistics."""
    # Not at the top: completion looks at this verb without counting anything.
    from heatseek.cli.rebuild import size  # noqa: PLC0415
    from heatseek.cli.render.stats import render_json, render_text  # noqa: PLC0415
    from heatseek.cli.terminal import style_of, write  # noqa: PLC0415

    measured = _stats(option_values.settings(archive, index, config_file))
    if json:
        write(render_json(measured), exact=True)
    else:
        style = style_of(sys.stdout, os.environ, color)
        write(render_text(measured, style, size=size), exact=False)
    return ExitCode.FOUND


command = Command(
    stats,
    options.ONLY_JSON,
    options.COLOR,
    *options.PLACE_OPTIONS,
    options.DEBUG,
    examples=_EXAMPLES,
)


def _stats(settings: Config) -> Stats:
    from heatseek.cli.project import open_or_build  # noqa: PLC0415
    from heatseek.cli.render.stats import Stats  # noqa: PLC0415
    from heatseek.cli.terminal import display_path  # noqa: PLC0415

    with open_or_build(settings) as index:
        return Stats(
            contents=contents(index.articles()),
            generation=index.generation,
            place=display_path(settings.index),
            archive=_archive(index),
            now=datetime.now(UTC),
        )


def _archive(index: Index) -> Archive:
    """The archive as it is now; one that is gone takes nothing from the rest."""
    from pathlib import Path  # noqa: PLC0415

    from heatseek.cli.render.stats import Archive  # noqa: PLC0415
    from heatseek.cli.terminal import display_path  # noqa: PLC0415
    from heatseek.errors import ArchiveError  # noqa: PLC0415

    root = Path(index.generation.archive)
    try:
        changes = index.differences()
    except ArchiveError:
        return Archive(display_path(root), None, "cannot be read any more")
    trouble = None if changes else "the index does not say what it was made of: heatseek update"
    return Archive(display_path(root), changes, trouble)

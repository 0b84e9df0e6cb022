"""`heatseek stats`: the contents of the index, and how the archive differs from it now."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import Command

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek import Config, Index
    from heatseek.cli.contents import Contents
    from heatseek.cli.render.stats import Archive, Stats

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
    index: str | None,
    config_file: Path | None,
) -> int:
    """Write the statistics."""
    # Not at the top: completion looks at this verb without counting anything.
    from heatseek.cli.commentary import size  # noqa: PLC0415
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

    with open_or_build(settings) as index:
        return stats_of(index, settings)


def stats_of(index: Index, settings: Config, counted: Contents | None = None) -> Stats:
    """The statistics of an open index; its contents are counted if they have not been."""
    from heatseek.cli.contents import contents  # noqa: PLC0415
    from heatseek.cli.render.stats import Stats  # noqa: PLC0415
    from heatseek.cli.terminal import display_path  # noqa: PLC0415

    return Stats(
        contents=counted or contents(index.articles()),
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

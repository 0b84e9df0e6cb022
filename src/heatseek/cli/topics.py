"""`heatseek topics`: all topics of the index with counts, newest date and mean quality."""

from __future__ import annotations

import typer

from heatseek.cli import options, values
from heatseek.cli.command import CONTEXT, Command

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXAMPLES = """\b
Examples:
  heatseek topics
  heatseek topics machine          (machine learning, machine vision, ...)
  heatseek topics --sort date --limit 20
  heatseek topics --format tsv | cut -f 1

The date is that of the newest article, the quality the mean of those that have one. How many
matches of a search there are of each: search QUERY --facets=topic:all

Exit codes: 0 found, 1 nothing found, 2 wrong usage, 3 index or archive unusable.
"""


@app.command("topics", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def topics(  # noqa: PLR0913 - one parameter an option
    prefix: options.Prefix = None,
    *,
    sort: options.LabelSort = None,
    limit: options.LabelLimit = None,
    format_: options.LabelFormat = None,
    json: options.Json = False,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """List all topics with counts, newest date and mean quality."""
    # Not at the top: completion looks at this verb without listing anything.
    from heatseek.cli import labels  # noqa: PLC0415

    asked = labels.Asked(prefix, sort, limit, format_, json)
    return labels.show("topic", asked, values.settings(archive, index, config_file))

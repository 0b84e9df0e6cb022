"""The command that lists the values of a facet: `heatseek topics`, `heatseek providers`."""

from __future__ import annotations

import typer

from heatseek.cli import options, values
from heatseek.cli.command import CONTEXT, Command

_EXAMPLES = """\b
Examples:
  heatseek {names}
  {prefixed:<33}({found}, ...)
  heatseek {names} --sort date --limit 20
  heatseek {names} --format tsv | cut -f 1

The date is that of the newest article, the quality the mean of those that have one. How many
matches of a search there are of each: search QUERY --facets={facet}:all

Exit codes: 0 found, 1 nothing found, 2 wrong usage, 3 index or archive unusable.
"""


def listing(facet: str, prefix: str, found: str) -> typer.Typer:
    """The command for a facet.

    Args:
        facet: topic or provider; the command is its plural.
        prefix: an example of one.
        found: values that begin so.
    """
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    names = f"{facet}s"
    prefixed = f"heatseek {names} {prefix}"

    @app.command(
        names,
        cls=Command,
        context_settings=CONTEXT,
        help=f"List all {names} with counts, newest date and mean quality.",
        epilog=_EXAMPLES.format(names=names, prefixed=prefixed, found=found, facet=facet),
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
        # Not at the top: completion looks at this verb without listing anything.
        from heatseek.cli import labels  # noqa: PLC0415

        asked = labels.Asked(prefix, sort, limit, format_, json, safe_csv)
        return labels.show(facet, asked, values.settings(archive, index, config_file))

    return app

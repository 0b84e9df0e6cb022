"""`heatseek update`: read what changed in the archive, and bring the index to its state."""

from __future__ import annotations

import typer

from heatseek import engines
from heatseek.cli import options, values
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.exit_codes import ExitCode

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXAMPLES = """\b
Examples:
  heatseek update
  git pull && heatseek update

Afterwards every search gives what it would after a rebuild. A file that became unreadable keeps
the article that it was last; it is named on stderr each time (exit code 4). With no index yet, or
one of another version or language or other declared fields, everything is read.
"""


@app.command("update", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def update(
    *,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    lock_timeout: options.LockTimeout = None,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Bring the index to the state of the archive: added, changed, renamed, deleted files."""
    # Not at the top: `heatseek --help` lists this verb without reading a file.
    from heatseek.cli.building import bring_up_to_date  # noqa: PLC0415

    settings = values.settings(archive, index, config_file)
    engine = engines.load(settings.index)
    summary = bring_up_to_date(
        settings.archive,
        engine,
        settings.chosen_language,
        settings.chosen_fields,
        follow_links=settings.follow_links,
        timeout=values.lock_timeout(lock_timeout),
    )
    return ExitCode.SKIPPED if summary.skipped else ExitCode.FOUND

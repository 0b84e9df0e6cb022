"""`heatseek rebuild`: read the whole archive, then replace the index in one step."""

from __future__ import annotations

import typer

from heatseek import engines
from heatseek.cli import options, values
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.exit_codes import ExitCode

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXAMPLES = """\b
Examples:
  heatseek rebuild
  heatseek rebuild --archive ~/articles --index ~/.cache/articles-index

Files that are no readable articles are named on stderr and skipped (exit code 4). Searches go
on in the old index until the new one is complete, and after a failure.
"""


@app.command("rebuild", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def rebuild(
    *,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    lock_timeout: options.LockTimeout = None,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Read all articles of the archive and build the index anew."""
    # Not at the top: `heatseek --help` lists this verb without reading a file.
    from heatseek.cli.building import build  # noqa: PLC0415

    settings = values.settings(archive, index, config_file)
    engine = engines.load(settings.index)
    timeout = values.lock_timeout(lock_timeout)
    summary = build(
        settings.archive,
        engine,
        settings.language,
        settings.declared,
        follow_links=settings.follow_links,
        timeout=timeout,
    )
    return ExitCode.SKIPPED if summary.skipped else ExitCode.FOUND

"""`heatseek config`: every setting, and where it comes from."""

from __future__ import annotations

import os
import sys

import typer

from heatseek.cli import option_values, options
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.exit_codes import ExitCode

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXAMPLES = """\b
Examples:
  heatseek config
  heatseek config --config other.toml
  heatseek config --json | jq -r '.settings.archive.value'

Each value is shown with its source: an option, an environment variable, a line of
heatseek.toml, or the default. What heatseek.toml may hold: heatseek help config.

Exit codes: 0 shown, 2 a setting makes no sense.
"""


@app.command("config", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def configuration(
    *,
    json: options.OnlyJson = False,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Show every setting and where it comes from."""
    # Not at the top: completion looks at this verb without reading a file.
    from heatseek.cli.render import settings  # noqa: PLC0415
    from heatseek.cli.terminal import style_of, write  # noqa: PLC0415

    resolved = option_values.settings(archive, index, config_file)
    if json:
        write(settings.render_json(resolved), exact=True)
    else:
        write(settings.render_text(resolved, style_of(sys.stdout, os.environ)), exact=False)
    return ExitCode.FOUND

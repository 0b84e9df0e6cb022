"""`heatseek` itself: its verbs and what it does without one."""

from __future__ import annotations

import typer

from heatseek.cli import options
from heatseek.cli.command import CONTEXT, Verbs

_MORE = """\b
Examples:
  heatseek search climate ai --after 2023     (or: search climate ai ...)
  heatseek show 1
  heatseek help query

`heatseek COMMAND --help` shows the options of a command.
"""

app = typer.Typer(
    cls=Verbs,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=CONTEXT,
    epilog=_MORE,
)


@app.callback()
def heatseek(
    *,
    version: options.Version = False,
) -> None:
    """Full-text search over a folder of articles."""

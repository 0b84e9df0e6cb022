"""`heatseek` itself: its verbs and what it does without one."""

from __future__ import annotations

from typing import Annotated

import typer

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


def _version(wanted: bool) -> None:
    if wanted:
        # Reading the installed metadata takes 10 ms.
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"heatseek {version('heatseek')}")
        raise typer.Exit


@app.callback()
def heatseek(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Show the version.",
        ),
    ] = False,
) -> None:
    """Full-text search over a folder of articles."""

"""`heatseek help`: a command, the query language, the settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from heatseek.cli import options
from heatseek.cli.command import CONTEXT, Command, load
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.verbs import VERBS
from heatseek.errors import UsageError
from heatseek.text.edit_distance import hint

app = typer.Typer(add_completion=False, rich_markup_mode=None)

PAGES = {"query": "the query language", "config": "heatseek.toml"}
"""Topics beside the commands: each a page of the documentation, packaged under `pages/`."""

_EXAMPLES = """\b
Topics:
  query       the query language: words, phrases, AND OR NOT, fields, ranges
  config      heatseek.toml: settings, saved searches, synonyms, presets
  COMMAND     what heatseek COMMAND --help shows

\b
Examples:
  heatseek help query
  heatseek help rebuild
"""

Topic = Annotated[str | None, typer.Argument(metavar="[TOPIC]", show_default=False)]


@app.command("help", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def help_(
    topic: Topic = None,
    *,
    no_pager: options.NoPager = False,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Explain a command, the query language or the settings."""
    from heatseek.cli import terminal  # noqa: PLC0415 - completion looks at this verb only

    terminal.show(_text(topic), os.environ, paged=not no_pager)
    return ExitCode.FOUND


def _text(topic: str | None) -> str:
    """The text about a topic.

    Raises:
        UsageError: there is nothing about it.
    """
    if topic is None:
        return _of_command("command:app", "heatseek")
    if topic in PAGES:
        return _page(topic)
    if topic in VERBS:
        return _of_command(VERBS[topic].module, f"heatseek {topic}")
    names = list(dict.fromkeys([*PAGES, *VERBS]))
    raise UsageError(f"no help on {topic}; {hint(topic, names)}")


def _of_command(module: str, name: str) -> str:
    command = load(module)
    context = typer.Context(command, info_name=name, **command.context_settings)
    return f"{context.get_help()}\n"


def _page(topic: str) -> str:
    # Only pages need them.
    from heatseek.cli.render import console  # noqa: PLC0415
    from heatseek.cli.terminal import style_of  # noqa: PLC0415

    page = Path(__file__).parents[1] / "pages" / f"{topic}.md"
    return console.render(page.read_text("utf-8"), style_of(sys.stdout, os.environ))

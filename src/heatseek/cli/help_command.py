"""`heatseek help`: a command, the query language, the settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli import options
from heatseek.cli.arguments import Command
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.verbs import VERBS
from heatseek.errors import UsageError
from heatseek.text.edit_distance import hint

if TYPE_CHECKING:
    from heatseek.cli.render.escapes import Style

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
  heatseek help --man > ~/.local/share/man/man1/heatseek.1
"""


def help_(*, topic: str, man: bool, no_pager: bool, color: str | None) -> int:
    """Show the text about a topic."""
    from heatseek.cli import terminal  # noqa: PLC0415 - completion looks at this verb only

    if man and topic:
        raise UsageError(f"--man is about all commands, not {topic} alone")
    if man:
        from heatseek.cli.render.man import manual  # noqa: PLC0415 - for this alone

        terminal.write(manual(), exact=True)
    else:
        style = terminal.style_of(sys.stdout, os.environ, color)
        terminal.show(_text(topic, style), os.environ, paged=not no_pager)
    return ExitCode.FOUND


def _text(topic: str, style: Style) -> str:
    """The text about a topic.

    Raises:
        UsageError: there is nothing about it.
    """
    if topic in PAGES:
        return _page(topic, style)
    if topic in VERBS or not topic:
        # Not at the top: completion looks at this verb only.
        from heatseek.cli.command import help_text  # noqa: PLC0415

        return help_text(topic)
    names = list(dict.fromkeys([*PAGES, *VERBS]))
    raise UsageError(f"no help on {topic}; {hint(topic, names)}")


def _page(topic: str, style: Style) -> str:
    from heatseek.cli.render import console  # noqa: PLC0415 - only pages need it

    page = Path(__file__).parents[1] / "pages" / f"{topic}.md"
    return console.render(page.read_text("utf-8"), style)


command = Command(
    help_,
    options.Option(
        "man",
        "--man",
        kind=options.FLAG,
        help="Print the manual page of all commands, for man.",
        panel=options.OUTPUT,
    ),
    options.NO_PAGER,
    options.COLOR,
    options.DEBUG,
    words=options.Words("topic", "[TOPIC]"),
    examples=_EXAMPLES,
)

"""`heatseek help`: a command, the query language, the settings; the manual page of all commands."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, options
from heatseek.cli.arguments import FLAG, Command, Option, Words
from heatseek.cli.verbs import VERBS, declared
from heatseek.errors import UsageError
from heatseek.text.edit_distance import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.cli.arguments import Option
    from heatseek.cli.render.escapes import Style


PAGES = {
    "query": "the query language",
    "config": "heatseek.toml",
    "opensearch": "an index on a cluster",
}
"""Topics beside the commands: each a page of the documentation, packaged under `pages/`."""

_EXAMPLES = """\b
Topics:
  query       the query language: words, phrases, AND OR NOT, fields, ranges
  config      heatseek.toml: settings, saved searches, synonyms, presets
  opensearch  an index on a cluster: addresses, settings, permissions, faults
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
    Option(
        "man",
        "--man",
        kind=FLAG,
        help="Print the manual page of all commands, for man.",
        panel=options.OUTPUT,
    ),
    options.NO_PAGER,
    options.COLOR,
    options.DEBUG,
    words=Words("topic", "[TOPIC]"),
    examples=_EXAMPLES,
)


def manual() -> str:
    """The page in the language of man, groff and mandoc."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    from heatseek.cli.command import ABOUT  # noqa: PLC0415 - as above

    yield f'.TH HEATSEEK 1 "" "heatseek {version("heatseek")}" "User commands"'
    yield from (".SH NAME", rf"heatseek, search \- {_plain(ABOUT.lower().rstrip('.'))}")
    yield from (".SH SYNOPSIS", ".B heatseek", r"\fICOMMAND\fR [\fIOPTIONS\fR] ...", ".br")
    yield from (".B search", r"[\fIQUERY\fR]... [\fIOPTIONS\fR] ...")
    for group in dict.fromkeys(verb.group for verb in VERBS.values()):
        yield f".SH {_plain(group).upper()}"
        for name, verb in VERBS.items():
            if verb.group == group:
                yield from _command(name, verb.summary)
    yield from (".SH SEE ALSO", r"\fBheatseek help query\fR, \fBheatseek help config\fR")


def _command(name: str, summary: str) -> Iterator[str]:
    command = declared(name)
    words = f" {command.words.metavar}" if command.words else ""
    yield from (f".SS heatseek {name}{_plain(words)}", _plain(summary))
    for option in command.options:
        if not option.hidden:
            yield from (".TP", _flags(option), _plain(option.help))
    yield from (".PP", ".nf")
    yield from map(_plain, command.examples.replace("\b\n", "").splitlines())
    yield ".fi"


def _flags(option: Option) -> str:
    value = "" if option.kind is FLAG else rf" \fI{_plain(option.metavar or 'VALUE')}\fR"
    flags = (*option.flags, *([option.opposite] if option.opposite else []))
    return ", ".join(rf"\fB{_plain(flag)}\fR{value}" for flag in flags)


def _plain(text: str) -> str:
    """Text that means nothing else in a manual page."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped

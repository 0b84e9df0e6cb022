"""The commands of `heatseek`: the module of this package that each is in, and its line of help.

The lines stand here, so that `heatseek --help` loads none of the modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from heatseek.cli.arguments import Command


class Verb(NamedTuple):
    """A command."""

    module: str
    """A module of this package that defines it as `command`, or MODULE:NAME."""
    summary: str
    group: str


_FINDING = "Finding and reading"
_INDEX = "The index"
_HELP = "Settings and help"

VERBS = {
    "search": Verb("search", "Find articles, the best first.", _FINDING),
    "show": Verb(
        "show:show_command", "Show an article: all that is known of it, and its text.", _FINDING
    ),
    "open": Verb("show:open_command", "Open an article's link in the browser.", _FINDING),
    "topics": Verb(
        "facet_values:topics",
        "List all topics with counts, newest date and mean quality.",
        _FINDING,
    ),
    "providers": Verb(
        "facet_values:providers",
        "List all providers with counts, newest date and mean quality.",
        _FINDING,
    ),
    "serve": Verb(
        "serve", "Serve the index as a web page and by HTTP, for browsers and programs.", _FINDING
    ),
    "mcp": Verb("mcp", "Serve the index to an agent: tools over MCP.", _FINDING),
    "init": Verb(
        "configuration:init_command",
        "Look at a folder of articles, write a heatseek.toml for it and build its index.",
        _INDEX,
    ),
    "rebuild": Verb(
        "rebuild:rebuild_command",
        "Read all articles of the archive and build the index anew.",
        _INDEX,
    ),
    "update": Verb(
        "rebuild:update_command",
        "Bring the index to the state of the archive: added, changed, renamed, deleted files.",
        _INDEX,
    ),
    "watch": Verb(
        "watch", "Keep the index current: update it whenever the archive changes.", _INDEX
    ),
    "stats": Verb(
        "stats", "Show what the index holds, and what differs from the archive now.", _INDEX
    ),
    "doctor": Verb(
        "doctor", "Check the archive's files and the index, and repair the index.", _INDEX
    ),
    "eval": Verb(
        "evaluate", "Measure the ranking by queries whose right answers are known.", _INDEX
    ),
    "judge": Verb(
        "judge", "Judge the hits of a query one by one, into the files that eval reads.", _INDEX
    ),
    "config": Verb(
        "configuration:config_command", "Show every setting and where it comes from.", _HELP
    ),
    "completion": Verb("completion", "Print a script that completes commands in a shell.", _HELP),
    "help": Verb("help_command", "Explain a command, the query language or the settings.", _HELP),
}
"""In the order of the help; groups stay together."""


def declared(verb: str) -> Command:
    """The command as its module declares it."""
    module, _, name = VERBS[verb].module.partition(":")
    command: Command = getattr(import_module(f"heatseek.cli.{module}"), name or "command")
    return command

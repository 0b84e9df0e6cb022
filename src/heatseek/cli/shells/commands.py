"""The commands with their options as completion needs them, from the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.arguments import FLAG
from heatseek.cli.shells.candidates import FILE, FOLDER
from heatseek.cli.verbs import VERBS, declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.cli.arguments import Option

KINDS = {
    "--topic": "topic",
    "--provider": "provider",
    "--category": "category",
    "--type": "type",
    "--where": "where",
    "--sort": "sort",
    "--rank": "rank",
    "--compare": "rank",
    "--facet": "facet",
    "--group": "group",
    "--similar": FILE,
    "--format": "format",
    "--color": "color",
    "--archive": FOLDER,
    "--index": FOLDER,
    "--config": FILE,
    "--queries": FILE,
    "--qrels": FILE,
}
"""The kinds of options' values; of the others nothing can be proposed."""

WORDS = {
    "search": "saved",
    "show": FILE,
    "open": FILE,
    "topics": "topic",
    "providers": "provider",
    "completion": "shell",
    "init": FOLDER,
    "help": "help",
}
"""The kinds of the words after a command."""


class OptionInfo(NamedTuple):
    """An option; `--help`, which all have, is none of them."""

    names: tuple[str, ...]
    """The long one first, where there is one."""
    help: str
    valued: bool
    """It takes a value."""
    kind: str
    """Of the value; empty if nothing can be proposed."""
    repeatable: bool


class CommandInfo(NamedTuple):
    """A verb of `heatseek`."""

    name: str
    help: str
    options: tuple[OptionInfo, ...]
    words: str
    """The kind of the words after it; empty if nothing can be proposed."""


def commands() -> list[CommandInfo]:
    """All verbs, in the order of the help."""
    return [_info(name) for name in VERBS]


def _info(name: str) -> CommandInfo:
    shown = (option for option in declared(name).options if not option.hidden)
    options = tuple(side for option in shown for side in _sides(option))
    return CommandInfo(name, VERBS[name].summary, options, WORDS.get(name, ""))


def _sides(option: Option) -> Iterator[OptionInfo]:
    """An option, and its opposite as another one."""
    kind = next((KINDS[flag] for flag in option.flags if flag in KINDS), "")
    shared = (option.help, option.kind is not FLAG, kind, option.repeatable)
    yield OptionInfo(_long_first(option.flags), *shared)
    if option.opposite:
        yield OptionInfo((option.opposite,), *shared)


def _long_first(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: not name.startswith("--")))

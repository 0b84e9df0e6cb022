"""The commands with their options as completion needs them, from the commands themselves."""

from __future__ import annotations

from typing import Any, NamedTuple

from heatseek.cli.command import load
from heatseek.cli.shells.candidates import FILE, FOLDER
from heatseek.cli.verbs import VERBS

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
    verb = VERBS[name]
    command = load(verb.module)
    params = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    options = tuple(option for param in params for option in _options(param))
    return CommandInfo(name, verb.summary, options, WORDS.get(name, ""))


def _options(param: Any) -> list[OptionInfo]:
    """An option, and its opposite as another one."""
    text = (param.help or "").partition("\n")[0]
    kind = next((KINDS[name] for name in param.opts if name in KINDS), "")
    shared = (text, not param.is_flag, kind, bool(param.multiple))
    sides = (param.opts, param.secondary_opts)
    return [OptionInfo(_long_first(names), *shared) for names in sides if names]


def _long_first(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: not name.startswith("--")))

"""The script for fish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from heatseek.cli.shells.candidates import FILE, FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.cli.shells.commands import CommandInfo, OptionInfo

_HEAD = r"""# heatseek: completion for fish; heatseek completion fish | source

function __heatseek_values
    # Of --sort=da only what stands behind the sign.
    set -l token (commandline -ct)
    set -l typed (string replace -r -- '^--[a-z-]+=' '' $token | string unescape)
    set -l found (command heatseek __complete $argv[1] "$typed" (commandline -opc) 2>/dev/null)
    if string match -qr -- '^--[a-z-]+=' $token
        # There a value that begins in another case would take the place of the option, too.
        set -l start '^'(string escape --style=regex -- "$typed")'\K.*'
        set found "$typed"(string match -ri -- $start $found)
    end
    # Without a description of its own, even an empty one, a value would get the option's.
    string replace -r -- '^[^\t]*$' '$0\t' $found
end

complete -c heatseek -e
complete -c search -e
complete -c heatseek -f
complete -c search -f
complete -c heatseek -l help -s h -d 'Show the help.'
complete -c search -l help -s h -d 'Show the help.'
complete -c heatseek -n __fish_use_subcommand -l version -d 'Show the version.'
"""


def script(commands: Sequence[CommandInfo]) -> str:
    """The script that completes these commands."""
    lines = [line for command in commands for line in _command(command)]
    return _HEAD + "\n".join(lines) + "\n"


def _command(command: CommandInfo) -> Iterator[str]:
    yield ""
    yield (
        f"complete -c heatseek -n __fish_use_subcommand -a {command.name}"
        f" -d {_quoted(command.help)}"
    )
    inside = f"-c heatseek -n '__fish_seen_subcommand_from {command.name}'"
    for start in (inside, "-c search") if command.name == "search" else (inside,):
        if command.words:
            yield f"complete {start} {_value(command.words)}"
        for option in command.options:
            yield f"complete {start} {_option(option)}"


def _option(option: OptionInfo) -> str:
    names = " ".join(_name(name) for name in option.names)
    value = f" -r {_value(option.kind)}" if option.valued else ""
    return f"{names}{value} -d {_quoted(option.help)}"


def _name(name: str) -> str:
    return f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"


def _value(kind: str) -> str:
    match kind:
        case "":
            return "-f"
        case _ if kind == FILE:
            return "-F"
        case _ if kind == FOLDER:
            return "-f -a '(__fish_complete_directories)'"
        case _:
            return f"-f -a '(__heatseek_values {kind})'"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

"""The script for bash 3.2 (that of macOS) and newer."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from heatseek.cli.shells.candidates import FILE, FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.cli.shells.commands import CommandInfo

_SCRIPT = r"""# heatseek: completion for bash; eval "$(heatseek completion bash)"

# The options of a command.
_heatseek_options() {
    case $1 in
@OPTIONS@
    esac
}

# The kind of an option's value; `-` if it takes one that cannot be proposed.
_heatseek_kind() {
    case $1:$2 in
@KINDS@
    esac
}

# The kind of the words after a command.
_heatseek_words() {
    case $1 in
@WORDS@
    esac
}

_heatseek_values() {
    local value
    while IFS= read -r value; do
        [[ $1 == where && $value == *= ]] && compopt -o nospace 2>/dev/null
        COMPREPLY+=("$value")
    done < <(command heatseek __complete bash "$1" "$replaced" "$line" "$COMP_TYPE" 2>/dev/null)
}

# Names of files bash completes itself, where nothing else is proposed; 3.2 cannot be told when.
_heatseek_propose() {
    case $1 in
        - | '') ;;
        @FILE@) compopt -o default 2>/dev/null ;;
        @FOLDER@) compopt -o dirnames 2>/dev/null ;;
        *) _heatseek_values "$1" ;;
    esac
}

_heatseek() {
    local cur=${COMP_WORDS[COMP_CWORD]} at=$COMP_CWORD prev verb kind
    local replaced=$2 line=${COMP_LINE:0:COMP_POINT}
    COMPREPLY=()
    # Bash takes =, : and @ for words of their own.
    while (( at > 1 )) && [[ ${COMP_WORDS[at]} == [=:]* || ${COMP_WORDS[at-1]} == [=:]* ]]; do
        (( at-- ))
    done
    prev=${COMP_WORDS[at-1]}
    if [[ ${COMP_WORDS[at]} == --* && at -lt COMP_CWORD ]]; then
        prev=${COMP_WORDS[at]}=
    elif [[ $prev == '@' ]]; then
        prev=
    fi
    if [[ ${COMP_WORDS[0]##*/} == search ]]; then
        verb=search
    elif [[ COMP_CWORD -eq 1 ]]; then
        case $cur in
            -*) COMPREPLY=($(compgen -W '--help --version' -- "$cur")) ;;
            *) _heatseek_values verb ;;
        esac
        return
    else
        verb=${COMP_WORDS[1]}
    fi
    kind=$(_heatseek_kind "$verb" "$prev")
    if [[ -n $kind ]]; then
        _heatseek_propose "$kind"
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$(_heatseek_options "$verb")" -- "$cur"))
    else
        _heatseek_propose "$(_heatseek_words "$verb")"
    fi
}

if (( BASH_VERSINFO[0] < 4 )); then
    complete -o default -F _heatseek heatseek search
else
    complete -F _heatseek heatseek search
fi
"""


def script(commands: Sequence[CommandInfo]) -> str:
    """The script that completes these commands."""
    parts = {
        "OPTIONS": [f"{c.name}) echo {quote(_names(c))} ;;" for c in commands],
        "KINDS": [line for c in commands for line in _kinds(c)],
        "WORDS": [f"{c.name}) echo {quote(c.words)} ;;" for c in commands if c.words],
    }
    text = _SCRIPT.replace("@FILE@", FILE).replace("@FOLDER@", FOLDER)
    for name, lines in parts.items():
        text = text.replace(f"@{name}@", "\n".join(f"        {line}" for line in lines))
    return text


def _names(command: CommandInfo) -> str:
    return " ".join([*(name for option in command.options for name in option.names), "--help"])


def _kinds(command: CommandInfo) -> list[str]:
    return [
        "|".join(f"{command.name}:{place}" for name in option.names for place in _places(name))
        + f") echo {option.kind or '-'} ;;"
        for option in command.options
        if option.valued
    ]


def _places(name: str) -> list[str]:
    """The places that a value stands behind: the option, or the option and a sign."""
    return [name, f"{name}="] if name.startswith("--") else [name]

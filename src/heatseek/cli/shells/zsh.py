"""The script for zsh."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from heatseek.cli.shells.candidates import FILE, FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.cli.shells.commands import CommandInfo, OptionInfo

_SCRIPT = r"""#compdef heatseek search
# heatseek: completion for zsh; after compinit: eval "$(heatseek completion zsh)"

_heatseek_values() {
    local line value typed=${(Q)PREFIX}
    local -a values shown end found
    found=(${(f)"$(command heatseek __complete $1 "$typed" "${(Q@)words}" 2>/dev/null)"})
    for line in "${found[@]}"; do
        value=${line%%$'\t'*}
        values+=("$value")
        [[ $line == *$'\t'* ]] && shown+=("$value  -- ${line#*$'\t'}") || shown+=("$value")
    done
    # Behind NAME= comes its value.
    [[ $1 == where && $typed != *=* ]] && end=(-S '')
    (( $#values )) && compadd -l "${end[@]}" -M 'm:{a-zA-Z}={A-Za-z}' -d shown -a values
}

@FUNCTIONS@

_heatseek() {
    if [[ $service == search ]]; then
        _heatseek_search
        return
    fi
    if (( CURRENT == 2 )); then
        if [[ $PREFIX == -* ]]; then
            _arguments '(- *)'{-h,--help}'[Show the help.]' '--version[Show the version.]'
        else
            _heatseek_values verb
        fi
        return
    fi
    local verb=$words[2]
    shift words
    (( CURRENT-- ))
    (( $+functions[_heatseek_$verb] )) && _heatseek_$verb
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _heatseek "$@"
else
    compdef _heatseek heatseek search
fi
"""


def script(commands: Sequence[CommandInfo]) -> str:
    """The script that completes these commands."""
    return _SCRIPT.replace("@FUNCTIONS@", "\n\n".join(map(_function, commands)))


def _function(command: CommandInfo) -> str:
    specs = [spec for option in command.options for spec in _specs(option)]
    specs.append("(- *)'{-h,--help}'[Show the help.]")
    if command.words:
        specs.append(f"*:{_MEANING.get(command.words, command.words)}:{_action(command.words)}")
    lines = " \\\n".join(f"        {_shell_word(spec)}" for spec in specs)
    return f"_heatseek_{command.name}() {{\n    _arguments -s -S : \\\n{lines}\n}}"


_MEANING = {"saved": "saved search", FILE: "article", "help": "topic"}
"""Names of kinds of words, where they are not the kind."""


def _shell_word(spec: str) -> str:
    # The help's own has braces, which the shell is to expand.
    return f"'{spec}'" if "{-h" in spec else quote(spec)


def _specs(option: OptionInfo) -> list[str]:
    star = "*" if option.repeatable else ""
    text = option.help.translate(_ESCAPES)
    value = f":{option.kind or 'value'}:{_action(option.kind)}"
    if option.valued:
        return [
            f"{star}{name}{'=' if name.startswith('--') else '+'}[{text}]{value}"
            for name in option.names
        ]
    return [f"{star}{name}[{text}]" for name in option.names]


_ESCAPES = str.maketrans({"[": r"\[", "]": r"\]", ":": r"\:"})


def _action(kind: str) -> str:
    match kind:
        case "":
            return " "
        case _ if kind == FILE:
            return "_files"
        case _ if kind == FOLDER:
            return "_files -/"
        case _:
            # The space keeps zsh from putting arguments of its own before the kind.
            return f" _heatseek_values {kind}"

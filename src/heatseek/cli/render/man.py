"""The manual page of all commands, made of the tables that `--help` is made of."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from heatseek.cli.command import ABOUT
from heatseek.cli.options import FLAG
from heatseek.cli.verbs import VERBS, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.cli.options import Option


def manual() -> str:
    """The page in the language of man, groff and mandoc."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
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

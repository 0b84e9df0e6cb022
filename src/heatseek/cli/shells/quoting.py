r"""Quoting of values on a command line, so that each is one word and no shell runs it.

Values come from archives, indexes and settings of strangers. All that the scripts propose passes
here first, and what cannot be typed in one line is not proposed at all (`is_typeable`).

zsh and fish quote what they insert, for any quote that was opened before; they get values as they
are. Bash inserts them as they are, so it gets them quoted here, for the place where they are put:

    character      unquoted    in '...'      in "..."       in $'...'
    '              \'          '\''          '              \047
    "              \"          "             \"             "
    !              \!          '\!'          "\!"           \041
    `              $'\140'     '$'\140''     "$'\140'"      \140
    \              $'\134'     '$'\134''     "$'\134'"      \134
    $              $'\044'     $             "$'\044'"      \044
    other signs    \(          (             (              (

A `!` recalls an earlier line even in double quotes, and in single ones behind a `\"`; only a
backslash outside of quotes always prevents it. Within backquotes a shell takes away one
backslash before $, ` and \, so these are named by number.
"""

from __future__ import annotations

import sys
from enum import Enum
from os.path import commonprefix
from typing import TYPE_CHECKING

from heatseek.cli.render.escapes import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable


class Quoting(Enum):
    """The quotes that are open at a place of a line, by the sign that opened them."""

    NONE = ""
    SINGLE = "'"
    DOUBLE = '"'
    ANSI_C = "$'"


_PLAIN = "_./:=,@%+-"
"""Signs that mean nothing to bash within a word."""
_PIECES: dict[Quoting, dict[str, str]] = {
    Quoting.NONE: {sign: f"$'\\{ord(sign):03o}'" for sign in "`\\$"},
    Quoting.SINGLE: {
        "'": r"'\''",
        "!": r"'\!'",
        **{sign: f"'$'\\{ord(sign):03o}''" for sign in "`\\"},
    },
    Quoting.DOUBLE: {
        '"': r"\"",
        "!": r'"\!"',
        **{sign: f"\"$'\\{ord(sign):03o}'\"" for sign in "`\\$"},
    },
    Quoting.ANSI_C: {sign: f"\\{ord(sign):03o}" for sign in "'!`\\$"},
}


def is_typeable(value: str) -> bool:
    """True if a value is one harmless line, no option, and in the shell's own encoding.

    In other encodings than UTF-8 a letter's last byte can swallow the backslash behind it.
    """
    encoded = value.isascii() or sys.getfilesystemencoding() == "utf-8"
    return encoded and not value.startswith("-") and one_line(value) == value


def for_bash(values: Iterable[str], quoting: Quoting) -> list[str]:
    """Values as bash is to insert them where these quotes are open.

    Of several it inserts what all begin with. Where that would end inside of a quoted sign, a
    beginning of whole signs stands among them.
    """
    words = [_pieces(value, quoting) for value in values]
    quoted = ["".join(pieces) for pieces in words]
    whole = "".join(commonprefix(words)) if words else ""
    return quoted if commonprefix(quoted) == whole else [whole, *quoted]


def _pieces(value: str, quoting: Quoting) -> list[str]:
    """Each character as it is to be typed."""
    known = _PIECES[quoting]
    pieces = [known.get(sign) or _sign(sign, quoting) for sign in value]
    # Bash closes the quotes behind a single match, unless their sign stands there.
    closes = quoting is not Quoting.NONE and bool(pieces) and pieces[-1].endswith(quoting.value)
    return [*pieces, quoting.value] if closes else pieces


def _sign(sign: str, quoting: Quoting) -> str:
    if quoting is not Quoting.NONE or not sign.isascii() or sign.isalnum() or sign in _PLAIN:
        return sign
    return f"\\{sign}"

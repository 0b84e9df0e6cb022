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

import re
import sys
from enum import Enum
from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.escapes import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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


class BashLine(NamedTuple):
    """The words of a line, without their quotes."""

    words: tuple[str, ...]
    """Those before the one that is being typed."""
    last: str
    """The word that is being typed."""
    kept: str
    """The part of it that stays: bash replaces only what stands behind it."""
    quoting: Quoting
    """The quotes that are open where the part begins that is replaced."""


_SIGNS = {
    Quoting.NONE: re.compile(
        r"(?P<nothing>\\\Z)|\\(?P<sign>.)|(?P<quote>\$?['\"])"
        r"|(?P<code>`|\$[({]|[<>]\()|(?P<space>[ \t\n]+)|(?P<plain>.)",
        re.DOTALL,
    ),
    Quoting.SINGLE: re.compile(r"(?P<quote>')|(?P<plain>.)", re.DOTALL),
    Quoting.DOUBLE: re.compile(
        r'(?P<nothing>\\\Z)|\\(?P<sign>[$`"\\])|(?P<quote>")|(?P<code>`|\$[({])|(?P<plain>.)',
        re.DOTALL,
    ),
    Quoting.ANSI_C: re.compile(
        r"(?P<nothing>\\\Z)|\\(?P<octal>[0-7]{1,3})|\\(?P<sign>.)|(?P<quote>')|(?P<plain>.)",
        re.DOTALL,
    ),
}
"""The signs that can come next, by the quotes that are open."""
_OPENED = {"'": Quoting.SINGLE, '"': Quoting.DOUBLE, "$'": Quoting.ANSI_C, '$"': Quoting.DOUBLE}


def parse(line: str, replaced: str) -> BashLine | None:
    """Take a line apart; None where the quotes that are open cannot be told.

    Args:
        line: from the command's name to the cursor.
        replaced: the end of it that bash puts a completion in place of.
    """
    start, place = len(line) - len(replaced), None
    words: list[str] = []
    word = ""
    for at, kind, sign, quoting in _signs(line):
        if at == start:
            place = word, quoting
        # Code has quotes of its own; and one word only is replaced.
        if kind == "code" or (kind == "space" and at >= start):
            return None
        if kind == "space":
            words.append(word)
            word = ""
        else:
            word += sign
    if place is None or not line.endswith(replaced):
        return None
    return BashLine(tuple(filter(None, words)), word, *place)


def _signs(line: str) -> Iterator[tuple[int, str, str, Quoting]]:
    """Each sign: where it begins, its kind, what it adds to a word, the quotes that are open."""
    quoting, at = Quoting.NONE, 0
    while match := _SIGNS[quoting].match(line, at):
        kind = match.lastgroup or ""
        sign = match[kind]
        if kind == "octal":
            yield at, kind, chr(int(sign, 8)), quoting
        else:
            yield at, kind, sign if kind in {"sign", "plain"} else "", quoting
        if kind == "quote":
            quoting = Quoting.NONE if quoting is not Quoting.NONE else _OPENED[sign]
        at = match.end()
    yield len(line), "end", "", quoting

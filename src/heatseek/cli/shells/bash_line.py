"""A command line of bash as far as it has been typed, taken apart as bash itself will do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.shells.quoting import Quoting

if TYPE_CHECKING:
    from collections.abc import Iterator


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

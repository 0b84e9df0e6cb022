"""Text in lines of a given width: columns of characters, and where lines break.

The standard library's Unicode data is already loaded, for the query's analysis. `rich.cells`
would cost 3 ms of a search's start-up (and `rich.text`, which wraps, 15 ms), and in half of the
releases that we allow it counts joined emoji sign by sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category, east_asian_width

from heatseek.cli.render.escapes import UNICODE, many_lines, one_line
from heatseek.results import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")
_FIRST_JAMO, _LAST_JAMO = "\u1160", "\u11ff"
"""Korean vowels and finals, drawn into the syllable before them."""
_MOST_PARTS = 16
"""Longer piles of accents would cover the lines around; they are cut off."""


def clusters(text: str) -> list[tuple[str, int]]:
    """Grapheme clusters: characters that are drawn as one sign, each with its width.

    Accents stay with their letter, and joined emoji, skin tones and flags together.
    """
    signs: list[tuple[str, int]] = []
    for character in text:
        if signs and _continues(signs[-1][0], character):
            before, columns = signs[-1]
            wide = _is_flag_letter(character) or (
                character == _EMOJI_STYLE and category(before[0]) == "So"
            )
            if len(before) < _MOST_PARTS:
                signs[-1] = (before + character, 2 if wide else columns)
        else:
            signs.append((character, _width(character)))
    return signs


def width(text: str) -> int:
    """The columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(columns for _, columns in clusters(text))


def _continues(before: str, character: str) -> bool:
    if before.endswith(_JOINER) and category(character) == "So":
        return True
    if _is_flag_letter(character):
        return len(before) == 1 and _is_flag_letter(before)
    return _SKIN_TONES[0] <= character <= _SKIN_TONES[1] or _width(character) == 0


def _is_flag_letter(character: str) -> bool:
    return _FLAG_LETTERS[0] <= character[0] <= _FLAG_LETTERS[1]


def _width(character: str) -> int:
    if " " <= character <= "~":
        return 1
    kind = category(character)
    if kind in {"Mn", "Me", "Cf", "Cc"} or _FIRST_JAMO <= character <= _LAST_JAMO:
        return 0
    # Unassigned signs are reported as wide, and shown as one narrow box.
    return 2 if kind != "Cn" and east_asian_width(character) in {"W", "F"} else 1


Line = tuple[Fragment, ...]

_LONGEST = 5_000
"""Characters of one fragment that are looked at; no line limit needs more."""


class _Sign(NamedTuple):
    """A grapheme cluster."""

    text: str
    width: int
    matched: bool


class _Word(NamedTuple):
    """Signs between which no line is broken unless they are wider than a line."""

    signs: list[_Sign]
    width: int
    spaced: bool
    """A space stands before it."""


def wrap(fragments: Iterable[Fragment], columns: int, *, lines: int, ellipsis: str) -> list[Line]:
    """Break fragments into at most `lines` lines of at most `columns` columns.

    Breaks are between words, and anywhere in Chinese and Japanese. What does not fit is cut
    off, and the ellipsis says so.
    """
    rows: list[list[_Sign]] = []
    ended = _with_ends(ellipsis, fragments) if ellipsis else fragments
    for row in _rows(_words(_signs(ended)), columns):
        if len(rows) == lines:
            rows[-1] = _cut(rows[-1], columns, ellipsis)
            break
        rows.append(row)
    return [_merged(row) for row in rows]


def cut(text: str, columns: int, ellipsis: str) -> str:
    """The part of a text that fits on one line."""
    rows = wrap((Fragment(text),), columns, lines=1, ellipsis=ellipsis)
    return "".join(fragment.text for row in rows for fragment in row)


def flow(parts: Iterable[str], columns: int, separator: str) -> list[list[str]]:
    """Put parts on as few lines as they fit on; a part is never divided."""
    rows: list[list[str]] = []
    used = 0
    gap = width(separator)
    for part in parts:
        needed = width(part)
        if rows and used + gap + needed <= columns:
            rows[-1].append(part)
            used += gap + needed
        else:
            rows.append([part])
            used = needed
    return rows


def _with_ends(ellipsis: str, fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """The sign at the ends of a passage is a fragment of its own, and not every terminal has it."""
    for fragment in fragments:
        yield Fragment(ellipsis) if fragment == Fragment(UNICODE.ellipsis) else fragment


def _signs(fragments: Iterable[Fragment]) -> Iterator[_Sign]:
    for fragment in fragments:
        for text, columns in clusters(one_line(fragment.text[:_LONGEST])):
            yield _Sign(text, columns, fragment.matched)


def _may_part(one: _Sign, other: _Sign) -> bool:
    """True if a line may end between two signs: at a wide one, not in a match or at its star."""
    is_match = one.matched and other.matched
    is_wide = 2 in {one.width, other.width}
    return is_wide and not is_match and "*" not in {one.text, other.text}


def _words(signs: Iterable[_Sign]) -> Iterator[_Word]:
    word: list[_Sign] = []
    spaced = False
    for sign in signs:
        is_space = sign.text.isspace()
        if word and (is_space or _may_part(word[-1], sign)):
            yield _Word(word, sum(part.width for part in word), spaced)
            word, spaced = [], False
        if is_space:
            spaced = True
        else:
            word.append(sign)
    if word:
        yield _Word(word, sum(part.width for part in word), spaced)


def _rows(words: Iterable[_Word], columns: int) -> Iterator[list[_Sign]]:
    row: list[_Sign] = []
    used = 0
    for word in words:
        space = int(word.spaced and bool(row))
        if row and used + space + word.width > columns:
            yield row
            row, used, space = [], 0, 0
        if space:
            # Between two matched words the mark goes on.
            row.append(_Sign(" ", 1, row[-1].matched and word.signs[0].matched))
            used += 1
        for sign in word.signs:
            if row and used + sign.width > columns:
                yield row
                row, used = [], 0
            row.append(sign)
            used += sign.width
    if row:
        yield row


def _cut(row: list[_Sign], columns: int, ellipsis: str) -> list[_Sign]:
    """Make room for the ellipsis at the end of a row."""
    room = columns - width(ellipsis)
    signs = list(row)
    while signs and (sum(sign.width for sign in signs) > room or signs[-1].text.isspace()):
        signs.pop()
    return [*signs, _Sign(ellipsis, width(ellipsis), matched=False)]


def _merged(row: list[_Sign]) -> Line:
    """Neighbours of the same kind become one fragment again."""
    merged: list[Fragment] = []
    for sign in row:
        if merged and merged[-1].matched == sign.matched:
            merged[-1] = Fragment(merged[-1].text + sign.text, sign.matched)
        else:
            merged.append(Fragment(sign.text, sign.matched))
    return tuple(merged)


_PIECE = re.compile(r"\s*\S{1,1000}")
"""Fragments are cut off at some length; a paragraph is many of them."""


def paragraphs(text: str, columns: int) -> Iterator[str]:
    """The lines of a text whose own line breaks are kept; no two blank ones in a row."""
    blank = True
    for line in many_lines(text).split("\n"):
        if line.strip():
            blank = False
            yield from filled(line, columns)
        elif not blank:
            blank = True
            yield ""


def filled(text: str, columns: int) -> list[str]:
    """One paragraph, broken into lines."""
    pieces = (Fragment(piece) for piece in _PIECE.findall(text))
    rows = wrap(pieces, columns, lines=len(text) + 1, ellipsis="")
    return ["".join(fragment.text for fragment in row) for row in rows]

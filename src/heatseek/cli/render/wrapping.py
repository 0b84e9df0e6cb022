"""Text broken into lines of a given width, its matched words still known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.cells import clusters, width
from heatseek.cli.render.clean import one_line
from heatseek.cli.render.escapes import UNICODE
from heatseek.results import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Line = tuple[Fragment, ...]

_LONGEST = 5_000
"""Characters of one fragment that are looked at; no line limit needs more."""


class _Sign(NamedTuple):
    """What a reader sees as one character."""

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
    shown = _ends_shown_as(ellipsis, fragments) if ellipsis else fragments
    for row in _rows(_words(_signs(shown)), columns):
        if len(rows) == lines:
            rows[-1] = _cut(rows[-1], columns, ellipsis)
            break
        rows.append(row)
    return [_merged(row) for row in rows]


def cut(text: str, columns: int, ellipsis: str) -> str:
    """The part of a text that fits on one line."""
    found = wrap((Fragment(text),), columns, lines=1, ellipsis=ellipsis)
    return "".join(fragment.text for line in found for fragment in line)


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


def _ends_shown_as(ellipsis: str, fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """The sign at the ends of a passage is a fragment of its own, and not every terminal has it."""
    for fragment in fragments:
        yield Fragment(ellipsis) if fragment == Fragment(UNICODE.ellipsis) else fragment


def _signs(fragments: Iterable[Fragment]) -> Iterator[_Sign]:
    for fragment in fragments:
        for text, columns in clusters(one_line(fragment.text[:_LONGEST])):
            yield _Sign(text, columns, fragment.matched)


def _words(signs: Iterable[_Sign]) -> Iterator[_Word]:
    word: list[_Sign] = []
    spaced = False
    for sign in signs:
        is_space = sign.text.isspace()
        if word and (is_space or sign.width == 2 or word[-1].width == 2):
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
    kept = list(row)
    while kept and (sum(sign.width for sign in kept) > room or kept[-1].text.isspace()):
        kept.pop()
    return [*kept, _Sign(ellipsis, width(ellipsis), matched=False)]


def _merged(row: list[_Sign]) -> Line:
    """Neighbours of the same kind become one fragment again."""
    merged: list[Fragment] = []
    for sign in row:
        if merged and merged[-1].matched == sign.matched:
            merged[-1] = Fragment(merged[-1].text + sign.text, sign.matched)
        else:
            merged.append(Fragment(sign.text, sign.matched))
    return tuple(merged)

"""The words of many pieces of texts, for an index: `tokens.written_words`, ten times as fast.

A piece is what stands between white space. Words never reach over that, so pieces are read many at
once, and only those with signs that may be marks, or letters of scripts without spaces, by the
expression that knows these.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from heatseek.text.scripts import FIRST_UNSPACED
from heatseek.text.sign_classes import has_usual_signs, is_classed, sign_classes
from heatseek.text.tokens import CONNECTORS, written_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Reader = Callable[[str], list[str]]
    """Gives the words and breaks of a text."""

BREAK = "\n"
"""Stands behind the words of each piece."""
_FEW = 1_000
"""Pieces that are read one by one in the time that expressions for all signs take to compile."""

# `tokens`' expression, in an order in which the first sign decides. Nothing is given back where
# giving back cannot help: of every word, that would be all of its letters.
_WORD = r"""
    [a-zA-Z](?:(?<!\w.)\#(?!\w)|{rest})
  | \d(?:(?<![\d.,].)\d{{0,2}}(?:,\d{{3}})+(?![\d,])|{rest})
  | \.(?<!\w.)[nN][eE][tT]\b
"""
_REST = r"{letter}*+(?:\+\+|(?:{connector}{letter}++)*+)"
_LETTER = r"[^\W_]"
_CONNECTOR = rf"(?:[{re.escape(CONNECTORS)}]|\"(?<=[\u05d0-\u05ea]\")(?=[\u05d0-\u05ea]))"
_ASCII_REST = _REST.format(letter="[a-zA-Z0-9]", connector="[-'&._]")
_ANY_REST = _REST.format(letter=_LETTER, connector=_CONNECTOR)
# Without the flag for ASCII: of such texts it means the same.
_ASCII = _WORD.format(rest=_ASCII_REST) + r"|\n"
_ANY_WORD = _WORD.format(rest=_ANY_REST) + rf"|{_LETTER}{_ANY_REST}"
_ANY = rf"{_ANY_WORD}|\n"
_MARKED = rf"(?:{_ANY_WORD})(?:[MARKS]++(?:{_CONNECTOR}?{_LETTER}++)*+)*+|\n"
"""Words go on behind marks."""
_STRETCHES = r"""
    [UNSPACED](?:[FOLLOWING]|(?<=[STACKING]).)*+
  | (?:[^UNSPACED]|[FOLLOWING]|(?<=[STACKING]).)++
"""
"""Of a word: each letter of a script without spaces, and what stands between them."""
_SINGLE = r"[\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3]++"
"""Most letters of such scripts, each of them alone."""


class PieceReader:
    """Finds the words of pieces."""

    def __init__(self) -> None:
        self._classed = 0
        """Pieces that may have marks, or letters of scripts without spaces."""

    def words_of(self, pieces: Sequence[str]) -> tuple[list[int], list[str]]:
        """Places of the pieces in an order, and all their words in it, a `BREAK` behind each one's.

        Words are as they are written; `tokens.forms` gives what each is searched by.

        Args:
            pieces: without white space in them.
        """
        order: list[int] = []
        words: list[str] = []
        for read, alike in _by_reader(pieces).items():
            text = "".join([f"{pieces[place]}{BREAK}" for place in alike])
            words += self._cheapest(read, len(alike))(text)
            order += alike
        return order, words

    def _cheapest(self, read: Reader, pieces: int) -> Reader:
        if read is _of_classed_signs and self._classed < _FEW:
            self._classed += pieces
            return _of_any_signs
        return read


def words_of_text(text: str) -> list[str]:
    """All words of `text` as they are written."""
    words: list[str] = []
    for line in text.split(BREAK):
        words += _reader(line)(line)
    return words


def _by_reader(pieces: Sequence[str]) -> dict[Reader, list[int]]:
    """The places of the pieces that each function reads."""
    alike: dict[Reader, list[int]] = {}
    alike[_of_ascii] = [place for place, piece in enumerate(pieces) if piece.isascii()]
    if len(alike[_of_ascii]) < len(pieces):
        for place, piece in enumerate(pieces):
            if not piece.isascii():
                alike.setdefault(_reader(piece), []).append(place)
    return alike


def _reader(text: str) -> Reader:
    """The function that gives the words and breaks of a text with such signs."""
    if text.isascii():
        return _of_ascii
    if has_usual_signs(text):
        return _of_usual_signs
    return _of_classed_signs if is_classed(text) else _of_any_signs


def _of_ascii(text: str) -> list[str]:
    return _compiled(_ASCII).findall(text)


def _of_usual_signs(text: str) -> list[str]:
    return _compiled(_ANY).findall(text)


def _of_classed_signs(text: str) -> list[str]:
    """Those of a text that may have marks, or letters of scripts without spaces."""
    marked, single, stretches = _of_classed()
    words: list[str] = []
    for word in marked.findall(text):
        if word.isascii():
            words.append(word)
        elif single.fullmatch(word):
            words += word
        elif word.isalnum():  # without connectors
            words += stretches.findall(word)
        elif max(word) < FIRST_UNSPACED:
            words.append(word)
        else:
            between = (stretch.strip(CONNECTORS) for stretch in stretches.findall(word))
            words += filter(None, between)
    return words


def _of_any_signs(text: str) -> list[str]:
    words: list[str] = []
    for line in text.splitlines(keepends=True):
        words += written_words(line)
        if line.endswith(BREAK):
            words.append(BREAK)
    return words


@cache
def _of_classed() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Expressions of words, of one whose every sign is a word, and of the stretches of one."""
    signs = sign_classes()
    stretches = _STRETCHES.replace("UNSPACED", signs.unspaced).replace("STACKING", signs.stacking)
    return (
        _compiled(_MARKED.replace("MARKS", signs.marks)),
        _compiled(_SINGLE),
        _compiled(stretches.replace("FOLLOWING", signs.following)),
    )


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.VERBOSE | re.DOTALL)

"""The words of whole texts, for an index: `tokens.written_words`, ten times as fast.

What stands between white space is words by itself, so text beyond ASCII is read line by line, and
only lines with signs that may be marks, or letters of scripts without spaces, by the expression
that knows these.
"""

from __future__ import annotations

import re
from functools import cache

from heatseek.text.scripts import FIRST_UNSPACED
from heatseek.text.sign_classes import has_usual_signs, is_classed, sign_classes
from heatseek.text.tokens import CONNECTORS, written_words

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
_ASCII = _WORD.format(rest=_ASCII_REST)
_ANY = _WORD.format(rest=_ANY_REST) + rf"|{_LETTER}{_ANY_REST}"
_MARKED = rf"(?:{_ANY})(?:[MARKS]++(?:{_CONNECTOR}?{_LETTER}++)*+)*+"
"""Words go on behind marks."""
_STRETCHES = r"""
    [UNSPACED](?:[FOLLOWING]|(?<=[STACKING]).)*+
  | (?:[^UNSPACED]|[FOLLOWING]|(?<=[STACKING]).)++
"""
"""Of a word: each letter of a script without spaces, and what stands between them."""


def words_of_text(text: str) -> list[str]:
    """All words of `text` as they are written; `tokens.forms` gives what each is searched by."""
    if text.isascii():
        return _compiled(_ASCII).findall(text)
    of_ascii, of_any = _compiled(_ASCII), _compiled(_ANY)
    words: list[str] = []
    for line in text.split("\n"):
        if line.isascii():
            words += of_ascii.findall(line)
        elif has_usual_signs(line):
            words += of_any.findall(line)
        elif is_classed(line):
            _add_odd(line, words)
        else:
            words += written_words(line)
    return words


def _add_odd(line: str, words: list[str]) -> None:
    """The words of a line that may have marks, or letters of scripts without spaces."""
    marked, stretches = _of_odd()
    for word in marked.findall(line):
        if word.isascii():
            words.append(word)
        elif word.isalnum():  # without connectors
            words += stretches.findall(word)
        elif max(word) < FIRST_UNSPACED:
            words.append(word)
        else:
            between = (stretch.strip(CONNECTORS) for stretch in stretches.findall(word))
            words += filter(None, between)


@cache
def _of_odd() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds words, and what cuts one into stretches."""
    signs = sign_classes()
    stretches = _STRETCHES.replace("UNSPACED", signs.unspaced).replace("STACKING", signs.stacking)
    return (
        _compiled(_MARKED.replace("MARKS", signs.marks)),
        _compiled(stretches.replace("FOLLOWING", signs.following)),
    )


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.VERBOSE | re.DOTALL)

"""The words of whole texts, for an index: `tokens.written_words`, several times as fast.

What stands between white space is words by itself, so text beyond ASCII is read line by line, and
only lines with marks, or with letters of scripts without spaces, sign by sign.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from heatseek.text.scripts import is_mark, is_unspaced
from heatseek.text.tokens import CONNECTORS, written

# Each is `tokens`' expression, in an order in which the first sign decides. Nothing is given back
# where giving back cannot help: of every word, that would be all of its letters.
_ASCII = r"""
    [a-zA-Z](?:(?<!\w.)\#(?!\w)|{rest})
  | \d(?:(?<![\d.,].)\d{{0,2}}(?:,\d{{3}})+(?![\d,])|{rest})
  | \.(?<!\w.)[nN][eE][tT]\b
"""
_ASCII_REST = r"[a-zA-Z0-9]*+(?:\+\+|(?:[-'&._][a-zA-Z0-9]++)*+)"
_ANY = r"""
    (?<![\d.,])\d{{1,3}}(?:,\d{{3}})+(?![\d,])
  | (?<!\w)\.[nN][eE][tT]\b
  | (?<!\w)[a-zA-Z]\#(?!\w)
  | [^\W_]++(?:\+\+|(?:(?:[{connectors}]|(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea]))[^\W_]++)*+)
"""
_SIGNS = 10_000
"""Of which is remembered what they are."""


def words_of_text(text: str) -> list[str]:
    """All words of `text` as they are written; `tokens.forms` gives what each is searched by."""
    if text.isascii():
        return _of_ascii().findall(text)
    words: list[str] = []
    for line in text.split("\n"):
        if line.isascii():
            words += _of_ascii().findall(line)
        elif _has_odd_signs(line):
            words += (word for _, word in written(line))
        else:
            words += _of_any().findall(line)
    return words


def _has_odd_signs(text: str) -> bool:
    return any(map(_is_odd, set("".join(_beyond_ascii().findall(text)))))


@lru_cache(_SIGNS)
def _is_odd(sign: str) -> bool:
    """True for what no expression tells from other signs."""
    return is_mark(sign) or is_unspaced(sign)


@cache
def _of_ascii() -> re.Pattern[str]:
    # Without the flag for ASCII: of such texts it means the same.
    return re.compile(_ASCII.format(rest=_ASCII_REST), re.VERBOSE | re.DOTALL)


@cache
def _of_any() -> re.Pattern[str]:
    return re.compile(_ANY.format(connectors=re.escape(CONNECTORS)), re.VERBOSE)


@cache
def _beyond_ascii() -> re.Pattern[str]:
    return re.compile(r"[^\x00-\x7f]+")

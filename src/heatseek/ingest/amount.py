"""How much text of one file is indexed: words take memory, different ones most of it."""

from __future__ import annotations

import re

MAX_WORDS = 250_000
"""A character of Chinese, Japanese or Korean is a word."""
MAX_DIFFERENT = 30_000
"""Each takes some 2,300 bytes while the index is written."""
FREE = 100_000
"""Characters in which there cannot be too many words."""

_WORD = re.compile(r"[^\W_]+")
_CJK = "\u3040"


def affordable(text: str) -> str:
    """As much of the beginning of `text` as can be indexed."""
    if len(text) <= FREE:
        return text
    words, different = 0, set[str]()
    for match in _WORD.finditer(text):
        word = match[0]
        size = 1 if word.isascii() or max(word) < _CJK else len(word)
        words += size
        different.add(word)
        if len(different) > MAX_DIFFERENT:
            return text[: match.start()].rstrip()
        if words > MAX_WORDS:
            # Of a run of characters as many as are left.
            return text[: match.start() + MAX_WORDS - (words - size)].rstrip()
    return text

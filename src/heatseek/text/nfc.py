"""Unicode's composed form (NFC), in which all text is indexed and compared."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, groupby

_MANY_MARKS = re.compile(r"[^\w\x00-\x7f]{32,}")
"""Combining marks are no letters; so many signs in a row are hardly text."""


def nfc(text: str) -> str:
    """`text` in composed form, in linear time whatever it is.

    The library sorts the marks of a letter by insertion: 65,000 of them take minutes. It finds
    those of long runs in order already.
    """
    if text.isascii():
        return text
    if _MANY_MARKS.search(text):
        text = _MANY_MARKS.sub(_in_order, text)
    return unicodedata.normalize("NFC", text)


def _in_order(run: re.Match[str]) -> str:
    """The same marks, each decomposed, as canonical order has them."""
    marks = chain.from_iterable(unicodedata.normalize("NFD", mark) for mark in run[0])
    # Whatever belongs to no class begins a new run.
    runs = groupby(marks, lambda mark: unicodedata.combining(mark) > 0)
    return "".join(
        mark
        for combines, part in runs
        for mark in (sorted(part, key=unicodedata.combining) if combines else part)
    )

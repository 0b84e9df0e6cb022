"""Unicode's composed form (NFC), in which all text is indexed and compared."""

from __future__ import annotations

import re
import unicodedata
from io import StringIO

from heatseek.definitions import pattern

_MANY_MARKS = pattern(r"[^\w\x00-\x7f]{32,}")
"""Combining marks are no letters; so many signs in a row are hardly text."""


def nfc(text: str) -> str:
    """`text` in composed form, in linear time whatever it is.

    The library sorts the marks of a letter by insertion: 65,000 of them take minutes. It finds
    those of long runs in order already.
    """
    # Told ten times as fast as looked for; false at the first mark that is out of order.
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    if _MANY_MARKS.search(text):
        text = _MANY_MARKS.sub(_in_order, text)
    return unicodedata.normalize("NFC", text)


def _in_order(run: re.Match[str]) -> str:
    """The same marks, each decomposed, as canonical order has them.

    Sorted by counting, and kept as text: a list of single marks takes twenty times the memory.
    """
    marks = run[0].translate(
        {ord(sign): unicodedata.normalize("NFD", sign) for sign in set(run[0])}
    )
    classes = {mark: unicodedata.combining(mark) for mark in set(marks)}
    ordered = StringIO()
    waiting: dict[int, StringIO] = {}
    for mark in marks:
        combining = classes[mark]
        if combining:
            if combining not in waiting:
                waiting[combining] = StringIO()
            waiting[combining].write(mark)
        else:
            # Whatever belongs to no class begins a new run.
            _write_sorted(waiting, ordered)
            ordered.write(mark)
    _write_sorted(waiting, ordered)
    return ordered.getvalue()


def _write_sorted(by_class: dict[int, StringIO], text: StringIO) -> None:
    text.writelines(by_class[combining].getvalue() for combining in sorted(by_class))
    by_class.clear()

"""Running text in lines of a given width, whole, however long it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heatseek.cli.render.clean import many_lines
from heatseek.cli.render.wrapping import wrap
from heatseek.results import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterator

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

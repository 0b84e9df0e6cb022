"""Signs by kind, for the expressions by which whole texts are read, and to tell who needs which.

Indexes alone need them: to find them takes 5 ms, and to compile expressions of them as long. Only
those of the first plane: beyond it an expression tries one range after the other.
"""

from __future__ import annotations

import unicodedata
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from heatseek.definitions import pattern
from heatseek.text.scripts import FOLLOWING, MARKS, OTHER_MARKS, STACKING, UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable

    Ranges = Iterable[tuple[int, int]]
    """Of each the first sign, and the next after the last."""

_VARIED = "\xad\u3400\ua000\uac00\ud7a4\ud800\uf900\U00010000"
"""Where there can be marks and digits: none is among Han and Hangul."""
_USUAL = (
    r"\x00-\xac\xae-\u02c1\u0370-\u0482\u048a-\u0559\u2010-\u2027\u2030-\u205e\u20a0-\u20cf"
    r"\u2100-\u2bff\U0001f000-\U0001faff"
)
_ALL_USUAL = pattern(rf"[{_USUAL}]*+")
_ALL_CLASSED = pattern(r"[^\U00010000-\U0001efff\U0001fb00-\U0010ffff]*+")
"""The usual signs, and all others of the first plane: to compile that range takes 2 ms."""
_SECOND_PLANE = 0x10000


class SignClasses(NamedTuple):
    """What stands between the brackets of an expression that finds signs of a kind.

    Of all planes there are only those that `is_classed` knows.
    """

    marks: str
    """As `scripts.is_mark` tells them."""
    unspaced: str
    """As `scripts.is_unspaced`."""
    following: str
    """Those that are one letter with the sign before them, marks among them."""
    stacking: str
    """Those that make the next sign one letter with what stands before it."""


def sign_classes() -> SignClasses:
    """The kinds of signs that `scripts.word_end` and `scripts.stretches` tell apart."""
    marks, decimals = set(_codes(OTHER_MARKS)), set[int]()
    for code in _codes(_VARIED):
        character = chr(code)
        if unicodedata.category(character) in MARKS:
            marks.add(code)
        elif character.isdecimal():
            decimals.add(code)
    unspaced = [
        range_
        for start, end in _ranges(UNSPACED)
        for range_ in _without(start, end, sorted(d for d in decimals if start <= d < end))
    ]
    of_marks = _class((code, code + 1) for code in marks)
    return SignClasses(of_marks, _class(unspaced), of_marks + _class(_ranges(FOLLOWING)), STACKING)


def has_usual_signs(text: str) -> bool:
    """True if no sign is a mark, or of a script without spaces; false of some other texts, too."""
    return _ALL_USUAL.fullmatch(text) is not None


def is_classed(text: str) -> bool:
    """True if all marks and letters of a text are among `sign_classes`."""
    return _ALL_CLASSED.fullmatch(text) is not None


def _ranges(bounds: str) -> Ranges:
    """Those that `scripts` writes as texts."""
    codes = list(map(ord, bounds))
    return zip(codes[::2], codes[1::2], strict=True)


def _codes(bounds: str) -> Iterable[int]:
    return chain.from_iterable(range(*each) for each in _ranges(bounds))


def _without(start: int, end: int, left_out: list[int]) -> Ranges:
    """A range without some of its signs."""
    for before, after in pairwise([start - 1, *left_out, end]):
        if before + 1 < after:
            yield before + 1, after


def _class(ranges: Ranges) -> str:
    first_plane = (bounds for bounds in ranges if bounds[0] < _SECOND_PLANE)
    return "".join(f"\\u{start:04x}-\\u{end - 1:04x}" for start, end in first_plane)

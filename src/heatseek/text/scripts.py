"""Signs of every script: marks, letters of scripts without spaces, what tells no words apart.

Ranges of characters are texts: of each the first, and the next after the last. As expressions they
would take milliseconds to compile. Only text beyond ASCII needs any of this.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_REMEMBERED = 10_000
"""Characters of which is remembered what they are."""
_FIRST_MARK = "\u00ad"
MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})
"""Unicode's categories of what belongs to the letter before it: marks, joiners."""
OTHER_MARKS = (
    "\u02c2\u02c6\u02d2\u02d8\u02de\u02e0\u02e5\u02ec\u02ed\u02ee\u02ef\u0300"  # tones and the like
    "\u055a\u055d\u055e\u055f"  # Armenian: stress, question and exclamation, above a vowel
)
"""Of other categories, but in words like marks."""

UNSPACED = (
    "\u0e00\u0f00"  # Thai, Lao
    "\u1000\u10a0"  # Burmese
    "\u1780\u1800\u1950\u1a00\u1a20\u1ab0"  # Khmer, Tai
    "\u3005\u30fb\u30fc\ua000"  # Han, kana and bopomofo, but for the middle dot
    "\ua9e0\uaa00\uaa60\uaae0"  # Burmese, Tai
    "\uac00\ud7b0"  # Hangul
    "\uf900\ufb00\uff66\uffe0"  # Han; of half width
    "\U000116d0\U00011750"  # Burmese, Ahom
    "\U00017000\U00018e00\U0001aff0\U0001b300"  # Tangut, Khitan; kana, Nushu
    "\U00020000\U00040000"  # Han
)
"""Scripts that are written without spaces: the first character of each range, and the next after.

So is Korean here: no space parts its words from their particles.
"""
FIRST_UNSPACED = UNSPACED[0]
FOLLOWING = (
    "\u0e33\u0e34\u0eb3\u0eb4"  # the vowel am of Thai and Lao
    "\u1160\u1200\ud7b0\ud800"  # vowels and finals of Hangul that are written alone
    "\uff9e\uffa0"  # voice marks of half width
)
"""Letters that belong to the one before; ranges, as above."""
STACKING = "\u1039\u17d2"
"""Marks after which the next consonant stands below: of Burmese and Khmer."""

_VOWEL_SIGNS = (
    "\u055a\u055d\u055e\u055f"  # Armenian
    "\u0591\u05be\u05bf\u05c0\u05c1\u05c3\u05c4\u05c6\u05c7\u05c8"  # Hebrew
    "\u0610\u061b\u0640\u0641\u064b\u0653\u0656\u0660\u0670\u0671"  # Arabic, the stroke of its line
    "\u06d6\u06dd\u06df\u06e5\u06e7\u06e9\u06ea\u06ee\u08ca\u08e2\u08e3\u0900"
    "\u0730\u074b"  # Syriac
)
_ACCENTS = (
    "\u0300\u0370\u0483\u048a\u1ab0\u1b00\u1dc0\u1e00\u20d0\u2100\u2de0\u2e00\ua66f\ua673"
    "\ua674\ua67e\ua69e\ua6a0\ufe20\ufe30"
)
_JOINERS = (
    "\u00ad\u00ae\u061c\u061d\u180b\u1810\u200b\u2010\u2060\u2070\ufe00\ufe10\ufeff\uff00"
    "\U000e0000\U000e0200"
)


@lru_cache(_REMEMBERED)
def is_mark(character: str) -> bool:
    """True for what belongs to the letter before it."""
    if character < _FIRST_MARK:
        return False
    return unicodedata.category(character) in MARKS or _in(OTHER_MARKS, character)


@lru_cache(_REMEMBERED)
def is_unspaced(character: str) -> bool:
    """True for a letter of a script that is written without spaces."""
    return _in(UNSPACED, character) and not character.isdecimal()


@lru_cache(_REMEMBERED)
def _follows(character: str) -> bool:
    """True for what is one letter with the character before it."""
    return is_mark(character) or _in(FOLLOWING, character)


def word_end(text: str, end: int, more: re.Pattern[str]) -> int:
    """The end of a word whose letters end there: behind its marks, and what follows on them.

    Args:
        text: that has the word.
        end: behind its first letters.
        more: matches what may follow in a word on marks.
    """
    while end < len(text) and is_mark(text[end]):
        while end < len(text) and is_mark(text[end]):
            end += 1
        following = more.match(text, end)
        end = following.end() if following else end
    return end


def stretches(word: str) -> Iterator[tuple[int, str]]:
    """The letters of scripts without spaces, and what stands between them; each with its place."""
    if not any(map(is_unspaced, word)):
        yield 0, word
        return
    first, unspaced = 0, False
    for at, character in enumerate(word):
        if at and (_follows(character) or word[at - 1] in STACKING):
            continue
        before, unspaced = unspaced, is_unspaced(character)
        if at and (before or unspaced):
            yield first, word[first:at]
            first = at
    yield first, word[first:]


def _in(ranges: str, character: str) -> bool:
    return bisect_right(ranges, character) % 2 == 1


def bare(decomposed: str) -> str:
    """A decomposed text without the signs that do not tell words apart."""
    # The short i is a letter of its own, and endings depend on it.
    kept = decomposed.replace("\u0438\u0306", "\u0439").replace("\u0418\u0306", "\u0419")
    if "\u0627" in kept:  # alef, which is written with its signs or without
        for sign in "\u0653\u0654\u0655":
            kept = kept.replace(f"\u0627{sign}", "\u0627")
    return kept.translate(_dropped())


@cache
def _dropped() -> dict[int, None]:
    bounds = list(map(ord, _VOWEL_SIGNS + _ACCENTS + _JOINERS))
    ranges = zip(bounds[::2], bounds[1::2], strict=True)
    return {code: None for first, end in ranges for code in range(first, end)}

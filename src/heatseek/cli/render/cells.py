"""How many columns of a terminal a text takes.

The standard library's Unicode data is already loaded, for the query's analysis. `rich.cells`
would cost 3 ms of a search's start-up (and `rich.text`, which wraps, 15 ms), and in half of the
releases that we allow it counts joined emoji sign by sign.
"""

from __future__ import annotations

from unicodedata import category, east_asian_width

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")
_FIRST_JAMO, _LAST_JAMO = "\u1160", "\u11ff"
"""Korean vowels and finals, drawn into the syllable before them."""
_MOST_PARTS = 16
"""Longer piles of accents are somebody's joke, and would cover the lines around; cut off."""


def clusters(text: str) -> list[tuple[str, int]]:
    """What a reader sees as one sign, each with its width.

    Accents stay with their letter, and joined emoji, skin tones and flags together.
    """
    found: list[tuple[str, int]] = []
    for character in text:
        if found and _continues(found[-1][0], character):
            before, columns = found[-1]
            wide = _is_flag_letter(character) or (
                character == _EMOJI_STYLE and category(before[0]) == "So"
            )
            if len(before) < _MOST_PARTS:
                found[-1] = (before + character, 2 if wide else columns)
        else:
            found.append((character, _width(character)))
    return found


def width(text: str) -> int:
    """The columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(columns for _, columns in clusters(text))


def _continues(before: str, character: str) -> bool:
    if before.endswith(_JOINER) and category(character) == "So":
        return True
    if _is_flag_letter(character):
        return len(before) == 1 and _is_flag_letter(before)
    return _SKIN_TONES[0] <= character <= _SKIN_TONES[1] or _width(character) == 0


def _is_flag_letter(character: str) -> bool:
    return _FLAG_LETTERS[0] <= character[0] <= _FLAG_LETTERS[1]


def _width(character: str) -> int:
    if " " <= character <= "~":
        return 1
    kind = category(character)
    if kind in {"Mn", "Me", "Cf", "Cc"} or _FIRST_JAMO <= character <= _LAST_JAMO:
        return 0
    # Unassigned signs are reported as wide, and shown as one narrow box.
    return 2 if kind != "Cn" and east_asian_width(character) in {"W", "F"} else 1

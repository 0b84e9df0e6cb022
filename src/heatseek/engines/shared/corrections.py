"""Corrections of misspelt words, and ends of unfinished ones: which to propose, and in what order.

An engine tells which words it has that begin so or are as near, and in how many articles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.text.edit_distance import is_within
from heatseek.text.tokens import fold, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SHORT = 3
"""Letters. Words up to this are too near to too many others."""
_LONG = 8
"""Letters from which on two mistakes are put up with."""
_SHORTENED = 5
"""Letters that a word has at least in place of a longer one, unless a letter of that was doubled:
there are so many words of few letters that some are near to anything."""
_LIKELY = 10.0
_BEGUN = 20.0
"""How much likelier than a wrong letter the likely mistakes are, and that a word is unfinished."""
_WRONG_START = 0.1
"""The same of a mistake in the first letter."""


def corrections(word: str, candidates: Callable[[str, int], Mapping[str, int]]) -> tuple[str, ...]:
    """Words that an article has and that begin with this one, or have one mistake less.

    If there are none, and only for long words, those with two mistakes less. The likeliest come
    first: by the number of articles that have a word, and by the kind of mistake.

    Args:
        word: as it was typed.
        candidates: takes a folded word and how many mistakes are put up with; gives the words
            that begin so or are as near, and the number of articles that have each.
    """
    folded = fold(word)
    if len(folded) <= _SHORT or not without_marks(folded).isalpha():
        return ()
    for distance in (1, 2) if len(folded) >= _LONG else (1,):
        found = candidates(folded, distance)
        counts = {each: n for each, n in found.items() if _is_proposable(each, folded)}
        if counts:
            return tuple(
                sorted(counts, key=lambda each: (-counts[each] * _likelihood(folded, each), each))
            )
    return ()


def _likelihood(misspelt: str, proposal: str) -> float:
    """Of a mistake, in comparison with a wrong letter that is not the first.

    There are as many ways to leave one out, to swap two or to double one as there are letters, but
    25 times as many to write a wrong or another one.
    """
    if proposal.startswith(misspelt):
        return _BEGUN
    if sorted(misspelt) == sorted(proposal):
        return _LIKELY
    likely = len(proposal) == len(misspelt) + 1 or _is_doubled(misspelt, proposal)
    return (_LIKELY if likely else 1.0) * (1.0 if misspelt[0] == proposal[0] else _WRONG_START)


def _is_doubled(misspelt: str, proposal: str) -> bool:
    """True if one letter more makes the one of the other, the same as the letter before."""
    return any(
        misspelt[at] == misspelt[at - 1] and misspelt[:at] + misspelt[at + 1 :] == proposal
        for at in range(1, len(misspelt))
    )


def _is_proposable(proposal: str, misspelt: str) -> bool:
    if len(proposal) < len(misspelt):
        return len(proposal) >= _SHORTENED or _is_doubled(misspelt, proposal)
    return proposal != misspelt


def begins_or_is_near(word: str, folded: str, distance: int) -> bool:
    """True if a word begins with another one or is as near; two letters swapped are one mistake."""
    return word.startswith(folded) or is_within(word, folded, distance) or _is_swapped(word, folded)


def _is_swapped(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    parts = [at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if len(parts) != 2 or parts[1] != parts[0] + 1:
        return False
    first, second = parts
    return one[first] == other[second] and one[second] == other[first]

"""Which words a prefix, wildcard or fuzzy word stands for, told for one word at a time.

A word is given as it is indexed: folded, without connectors, stemmed or not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from heatseek.query.tree import Fuzzy, Prefix, Wildcard
from heatseek.text.tokens import connected, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

REMEMBERED = 10_000
"""Words of which the answer is kept; most come again in the next hit."""


def word_test(leaf: Prefix | Wildcard | Fuzzy) -> Callable[[str], bool] | None:
    """The test that a word has to pass; None if the leaf holds no letter or digit."""
    if isinstance(leaf, Prefix):
        tokens = tokenize(leaf.text)
        if not tokens:
            return None
        forms = tokens[-1].forms
        beginning = (forms.variants or forms.parts)[0]
        return lambda word: word.startswith(beginning)
    text = connected(leaf.text)
    if not any(map(str.isalnum, text)):
        return None
    if isinstance(leaf, Wildcard):
        matches = form(text).fullmatch
        return lambda word: matches(word) is not None
    distance = leaf.distance
    return lru_cache(REMEMBERED)(lambda word: is_within(word, text, distance))


def is_within(one: str, other: str, distance: int) -> bool:
    """Whether so many insertions, deletions or replacements make one of the other.

    Where the words part, each of the three is tried: for distances up to 2 that is less work
    than a matrix.
    """
    if abs(len(one) - len(other)) > distance:
        return False
    at = next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), -1
    )
    if at < 0:
        return True  # one begins with the other, and its rest was counted above
    if not distance:
        return False
    one, other = one[at:], other[at:]
    return (
        is_within(one[1:], other[1:], distance - 1)
        or is_within(one[1:], other, distance - 1)
        or is_within(one, other[1:], distance - 1)
    )


def form(shape: str) -> re.Pattern[str]:
    """The expression that matches whole words of this form.

    Each stretch between stars is found where it first can be, without trying further: plain `.*`
    would try all ways to divide a word among many stars.
    """
    first, *others = (re.escape(part).replace(r"\?", ".") for part in shape.split("*"))
    between = "".join(f"(?>.*?{part})" for part in others[:-1] if part)
    end = f".*{others[-1]}" if others else ""
    return re.compile(f"{first}{between}{end}", re.DOTALL)

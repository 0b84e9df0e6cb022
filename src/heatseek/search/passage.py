"""The passage of a text that shows most of a query: where to look for it, and its pieces."""

from __future__ import annotations

import re
from collections import Counter

from heatseek.definitions import NamedTuple
from heatseek.results import Fragment
from heatseek.text.tokens import CONNECTORS, connected, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LOOK_AT = 20_000
"""Characters of a text in which whatever is wanted is looked for, likely or not."""
STRETCH = 2_000
"""Characters that are looked at together."""
SECOND_LOOKS = 2
"""Further stretches in which a better passage is looked for, once there is one."""
LEAD = 40
"""Characters shown before the first marked word of a passage; of a short one a quarter."""
ELLIPSIS = "…"


class Mark(NamedTuple):
    """A marked stretch of a text, and the number of what it was marked for."""

    start: int
    end: int
    needle: int


class Window(NamedTuple):
    """A passage of a text: where it stands, and what is marked in and around it."""

    start: int
    end: int
    marks: list[Mark]
    things: int = 0
    """How much of what is wanted is in it."""


def promises(text: str, roots: Sequence[Sequence[str]], stretch: int) -> list[tuple[int, int]]:
    """How much of what is wanted each stretch may have, and where it starts; the best first.

    Told by roots of words, which is ten times as fast as telling words apart.

    Args:
        text: all of it.
        roots: of each thing that is wanted; an empty one may be anywhere.
        stretch: the length of each.
    """
    ranked: list[tuple[int, int, int]] = []
    for start in range(0, len(text), stretch):
        folded = _without_connectors(fold(text[start : start + stretch]))
        here = [each for each in roots if all(root in folded for root in each)]
        times = sum(folded.count(root) for each in here for root in each if root)
        ranked.append((-len(here), -times, start))
    return [(-promise, start) for promise, _, start in sorted(ranked)]


def _without_connectors(text: str) -> str:
    # Ten times as fast as `translate`.
    for sign in CONNECTORS:
        text = text.replace(sign, "")
    return text


def window(text: str, marks: list[Mark], length: int) -> Window:
    """The stretch with the most different marks, then the most marks, then the first."""
    best, chosen, end = (0, 0), Mark(0, 0, 0), 0
    inside: Counter[int] = Counter()
    for at, first in enumerate(marks):
        while end < len(marks) and marks[end].end <= first.start + length:
            inside[marks[end].needle] += 1
            end += 1
        # A word that is longer than a passage is worth its beginning.
        worth = (len(inside), end - at) if end > at else (1, 1)
        if worth > best:
            best, chosen = worth, first
        if end > at:
            inside[first.needle] -= 1
            if not inside[first.needle]:
                del inside[first.needle]
        end = max(end, at + 1)
    lead = min(LEAD, length // 4)
    start = max(0, min(chosen.start - lead, len(text) - length))
    start = word_start(text, start, max(start, chosen.start))
    end = min(len(text), start + length)
    return Window(start, word_end(text, min(chosen.end, end), end), marks, best[0])


def word_start(text: str, position: int, last: int) -> int:
    """The first beginning of a word from `position` to `last`, if one is near, or `position`."""
    if not position or text[position - 1].isspace():
        return position
    near = range(position, min(last, len(text)))
    return next((at + 1 for at in near if text[at].isspace()), position)


def word_end(text: str, first: int, position: int) -> int:
    """The last end of a word from `first` to `position`, if one is near, or `position`."""
    if position == len(text) or text[position].isspace():
        return position
    near = range(position - 1, max(first, position - LEAD) - 1, -1)
    return next((at for at in near if text[at].isspace()), position)


def literal_of(pattern: str) -> str:
    """The longest stretch of a pattern that is no wildcard, of its last word."""
    parts = re.split(r"[*?]", pattern.split()[-1])
    return max(map(connected, parts), key=len)


def root_of(term: str) -> str:
    """The letters that nearly all words of a stem have."""
    if len(term) < 4:
        return term[:1] if term.endswith("ie") else term[:2]  # dying, of die
    return term[:-2]


def fragments(text: str, passage: Window) -> tuple[Fragment, ...]:
    """A passage in pieces, marked ones apart; an ellipsis where the text goes on."""
    at, end = passage.start, passage.end
    pieces = [Fragment(ELLIPSIS)] if at else []
    for mark in passage.marks:
        if mark.start < at or mark.start >= end:
            continue
        marked = text[mark.start : min(mark.end, end)]
        if mark.start == at and pieces and pieces[-1].matched:
            pieces[-1] = Fragment(pieces[-1].text + marked, True)
        else:
            pieces += [Fragment(text[at : mark.start]), Fragment(marked, True)]
        at = mark.start + len(marked)
    pieces.append(Fragment(text[at:end]))
    if end < len(text):
        pieces.append(Fragment(ELLIPSIS))
    return tuple(fragment for fragment in pieces if fragment.text)

"""Mistakes in what was typed: told in one line with their place, and what was meant."""

from __future__ import annotations

from collections.abc import Iterable

_SHORT = 4
"""Letters of a name of which a wrong letter easily makes another word: data is no date."""


def nearest(typed: str, names: Iterable[str]) -> str | None:
    """The name that was very probably meant, or None.

    Two letters swapped or one letter left out, added or wrong, in names of 7 or more letters two
    of these; the first letter is right or swapped. A letter more or another one makes other
    words of short names (suite, data), so there it has to be a doubled one or an s at the end.
    """
    found = [(edits, len(name), name) for name in names if (edits := _mistakes(typed, name))]
    return min(found)[2] if found else None


def closest(typed: str, names: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The name that is most like what was typed, or None.

    It finds more than `nearest`: for places where nothing but a name can stand.

    Args:
        typed: what is no name.
        names: those that there are.
        likeness: how like it must be at least, from 0 to 1.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    return next(iter(get_close_matches(typed, names, n=1, cutoff=likeness)), None)


def _mistakes(typed: str, name: str) -> int:
    """How many there are, 0 if none or too many."""
    allowed = 2 if len(name) > 6 else 1
    if abs(len(typed) - len(name)) > allowed or len(typed) < 3:
        return 0
    if typed[0] != name[0] and sorted(typed[:2]) != sorted(name[:2]):
        return 0
    if len(name) <= _SHORT and not _like_short(typed, name):
        return 0
    found = edits(typed, name)
    return found if found <= allowed else 0


def _like_short(typed: str, name: str) -> bool:
    if len(typed) == len(name):
        return sorted(typed) == sorted(name)
    if len(typed) < len(name):
        return True
    return typed in {f"{name}s", *(name[:at] + name[at - 1 :] for at in range(1, len(name) + 1))}


def edits(one: str, other: str) -> int:
    """How many letters are more, less, other or swapped (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one):
        older, before, row = before, row, [at + 1]
        for place, expected in enumerate(other):
            edits = min(before[place] + (letter != expected), before[place + 1] + 1, row[-1] + 1)
            if at and place and letter == other[place - 1] and one[at - 1] == expected:
                edits = min(edits, older[place - 1] + 1)
            row.append(edits)
    return row[-1]

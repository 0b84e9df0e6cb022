"""How far one word is from another, and the name that a misspelt one very probably is."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_SHORT = 4
"""Letters of a name of which a wrong letter easily makes another word: data is no date."""


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that was very probably meant, or None.

    Two letters swapped or one letter left out, added or wrong, in names of 7 or more letters two
    of these; the first letter is right or swapped. A letter more or another one makes other
    words of short names (suite, data), so there it has to be a doubled one or an s at the end.
    """
    near = [(edits, len(name), name) for name in names if (edits := _slips(word, name))]
    return min(near)[2] if near else None


def closest(word: str, names: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The name that is most like a word, or None.

    It finds more than `nearest`: for places where nothing but a name can stand.

    Args:
        word: no name itself.
        names: those that there are.
        likeness: how like it must be at least, from 0 to 1.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    return next(iter(get_close_matches(word, names, n=1, cutoff=likeness)), None)


def hint(word: str, names: Collection[str], *, likeness: float = 0.6) -> str:
    """Advice on a name that there is not: the `closest` one, or else all that there are."""
    near = closest(word, names, likeness=likeness)
    return f"did you mean {near}?" if near else f"there are {', '.join(names)}"


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


def is_within(one: str, other: str, distance: int) -> bool:
    """True if so many insertions, deletions or replacements make one of the other.

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


def _slips(word: str, name: str) -> int:
    """The edits that `nearest` allows; 0 if there are none, or too many."""
    allowed = 2 if len(name) > 6 else 1
    if abs(len(word) - len(name)) > allowed or len(word) < 3:
        return 0
    if word[0] != name[0] and sorted(word[:2]) != sorted(name[:2]):
        return 0
    if len(name) <= _SHORT and not _like_short(word, name):
        return 0
    number = edits(word, name)
    return number if number <= allowed else 0


def _like_short(word: str, name: str) -> bool:
    if len(word) == len(name):
        return sorted(word) == sorted(name)
    if len(word) < len(name):
        return True
    return word in {f"{name}s", *(name[:at] + name[at - 1 :] for at in range(1, len(name) + 1))}

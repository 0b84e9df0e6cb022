"""Patterns (prefix, wildcard, fuzzy word) as terms of a sorted vocabulary."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Protocol

from heatseek.engines.shared.fields import AFTER_ANY_UTF8
from heatseek.engines.shared.plan import Approximation, Beginning, Pattern, Shape
from heatseek.errors import QueryError
from heatseek.query.terms import wildcard_pattern
from heatseek.text.tokens import MAX_TERM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_AFTER_ANY = "\U0010ffff"
_WILD = re.compile(r"[*?]")


MAX_EXPANSIONS = 50_000
"""Terms that one pattern may stand for."""


class Terms(Protocol):
    """Sorted words."""

    def words(self) -> list[str]:
        """All of them."""

    def lower_bound(self, term: bytes) -> int:
        """The place of the first that is not before `term`."""


def places_of(vocabulary: Terms, pattern: Pattern) -> Sequence[int]:
    """The places of all terms that match."""
    match pattern:
        case Beginning(prefix):
            return _range(vocabulary, prefix)
        case Shape(shape):
            return _of_shape(vocabulary, shape)
        case Approximation(word, distance):
            return list(within(vocabulary, word, distance))


def check_number(words: set[str]) -> None:
    """Refuse a pattern that stands for too many words.

    Raises:
        QueryError: there are more than `MAX_EXPANSIONS`.
    """
    if len(words) > MAX_EXPANSIONS:
        raise QueryError(
            f"a word with * or ? stands for {len(words):,} words of this archive, more than"
            f" {MAX_EXPANSIONS:,}: write more of its letters"
        )


def _range(vocabulary: Terms, prefix: str) -> range:
    """The places of all terms that begin with `prefix`."""
    start = prefix.encode()
    end = vocabulary.lower_bound(start + AFTER_ANY_UTF8)
    return range(vocabulary.lower_bound(start), end)


def _of_shape(vocabulary: Terms, shape: str) -> list[int]:
    words = vocabulary.words()
    inside = shape.removeprefix("*").removesuffix("*")
    if shape == f"*{inside}*" and not _WILD.search(inside):
        return [place for place, word in enumerate(words) if inside in word]
    literal = _WILD.split(shape, maxsplit=1)[0]
    matches = wildcard_pattern(shape).fullmatch
    return [place for place in _range(vocabulary, literal) if matches(words[place])]


def within(vocabulary: Terms, word: str, distance: int) -> Iterator[int]:
    """The terms within an edit distance, by one row of the matrix for each letter of a prefix.

    Neighbours share rows; where no continuation of a prefix can match, all are jumped over.
    """
    if len(word) > MAX_TERM + distance:
        return
    rows = [list(range(len(word) + 1))]
    words = vocabulary.words()
    before = ""
    place = 0
    while place < len(words):
        term = words[place]
        del rows[_shared(before, term) + 1 :]
        before = term
        while len(rows) <= len(term) and min(rows[-1]) <= distance:
            rows.append(_next_row(rows[-1], word, term[len(rows) - 1]))
        if min(rows[-1]) > distance:
            place = bisect_left(words, term[: len(rows) - 1] + _AFTER_ANY, lo=place + 1)
            continue
        if rows[-1][-1] <= distance:
            yield place
        place += 1


def _shared(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def _next_row(row: list[int], word: str, letter: str) -> list[int]:
    """The edit distances of a prefix one letter longer to every prefix of `word`."""
    result = [row[0] + 1]
    for at, expected in enumerate(word):
        result.append(min(result[at] + 1, row[at + 1] + 1, row[at] + (expected != letter)))
    return result

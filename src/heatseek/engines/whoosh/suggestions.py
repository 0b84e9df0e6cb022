"""Words of the archive that are written almost like another one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from heatseek.engines.shared.fields import TERMS, WORDS, WRITTEN
from heatseek.engines.shared.patterns import within
from heatseek.text.tokens import fold

if TYPE_CHECKING:
    from heatseek.engines.whoosh.arrays import Arrays
    from heatseek.engines.whoosh.segments import Segments

_SHORT = 3
"""Letters. Words up to this are too near to too many others."""
_LONG = 5
"""Letters from which on two mistakes are put up with."""


def similar_words(word: str, segments: Segments, arrays: Arrays) -> tuple[str, ...]:
    """Words that an article has, at the least edit distance of 1 or 2; the likeliest first.

    Likelier are two letters in the wrong order, then what begins alike, then what more articles
    have.
    """
    wanted = fold(word)
    if len(wanted) <= _SHORT or not wanted.isalpha():
        return ()
    for distance in (1, 2) if len(wanted) >= _LONG else (1,):
        counts = _candidates(wanted, distance, segments, arrays)
        if counts:
            return tuple(
                sorted(counts, key=lambda word: (_unlikeliness(wanted, word), -counts[word], word))
            )
    return ()


def _unlikeliness(wanted: str, found: str) -> tuple[bool, bool]:
    swapped = len(wanted) == len(found) and sorted(wanted) == sorted(found)
    return not swapped, wanted[0] != found[0]


def _candidates(wanted: str, distance: int, segments: Segments, arrays: Arrays) -> dict[str, int]:
    """Words, and in how many articles each stands, as it is or as a stem."""
    counts: Counter[str] = Counter()
    written: set[str] = set()
    for base, segment in segments:
        for field in (TERMS, WORDS):
            vocabulary = segment.vocabulary(field)
            if vocabulary is None:
                continue
            for place in within(vocabulary, wanted, distance):
                word, part = vocabulary.words()[place], (base, vocabulary.postings(place))
                articles = arrays.total(arrays.documents([part], None))
                counts[word] += articles
                if articles and (field == WORDS or arrays.total(arrays.documents([part], WRITTEN))):
                    written.add(word)
    return {word: counts[word] for word in written if word != wanted}

"""Words of an index that begin like a word, or are written almost like it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from heatseek.engines.shared.corrections import corrections
from heatseek.engines.shared.fields import TERMS, WORDS, WRITTEN
from heatseek.engines.shared.patterns import places_of, within
from heatseek.engines.shared.plan import Beginning
from heatseek.engines.whoosh.postings import TermPostings

if TYPE_CHECKING:
    from heatseek.engines.whoosh.arrays import Arrays
    from heatseek.engines.whoosh.segments import Segments
    from heatseek.engines.whoosh.vocabulary import Vocabulary


def similar_words(word: str, segments: Segments, arrays: Arrays) -> tuple[str, ...]:
    """See `corrections`."""
    return corrections(word, lambda folded, near: _candidates(folded, near, segments, arrays))


def _candidates(folded: str, distance: int, segments: Segments, arrays: Arrays) -> dict[str, int]:
    """Words, and in how many articles each stands, as it is or as a stem."""
    counts: Counter[str] = Counter()
    written: set[str] = set()
    for base, segment in segments:
        for field in (TERMS, WORDS):
            vocabulary = segment.vocabulary(field)
            if vocabulary is None:
                continue
            for place in _places(vocabulary, folded, distance):
                word = vocabulary.words()[place]
                parts = TermPostings([(base, vocabulary.postings(place))])
                articles = arrays.total(arrays.documents(parts, None))
                counts[word] += articles
                if articles and (field == WORDS or arrays.total(arrays.documents(parts, WRITTEN))):
                    written.add(word)
    return {word: counts[word] for word in written}


def _places(vocabulary: Vocabulary, folded: str, distance: int) -> set[int]:
    """The places of words that begin so, or are as near; two letters swapped are one mistake."""
    words = vocabulary.words()
    found = {*within(vocabulary, folded, distance), *places_of(vocabulary, Beginning(folded))}
    for at in range(1, len(folded)):
        swapped = folded[: at - 1] + folded[at] + folded[at - 1] + folded[at + 1 :]
        place = vocabulary.lower_bound(swapped.encode())
        if place < len(words) and words[place] == swapped:
            found.add(place)
    return found

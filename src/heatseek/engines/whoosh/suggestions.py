"""Words of the archive that are written almost like another one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.layout import TERMS, WORDS
from heatseek.engines.whoosh.patterns import within
from heatseek.schema import TEXT_FIELDS
from heatseek.text.tokens import fold, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.whoosh.arrays import Arrays, Part
    from heatseek.engines.whoosh.segments import Segments

_SHORT = 3
"""Letters. Words up to this are too near to too many others."""
_LONG = 5
"""Letters from which on two mistakes are put up with."""
_ARTICLES = 5
"""Articles of a segment in which a word is looked for."""
_LOOKED_AT = 50
"""Candidates that are looked up in an article; the most frequent ones."""


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
        order = sorted(
            counts, key=lambda found: (_unlikeliness(wanted, found), -counts[found], found)
        )
        real = tuple(found for found in order[:_LOOKED_AT] if _is_written(found, segments, arrays))
        if real:
            return real
    return ()


def _unlikeliness(wanted: str, found: str) -> tuple[bool, bool]:
    swapped = len(wanted) == len(found) and sorted(wanted) == sorted(found)
    return not swapped, wanted[0] != found[0]


def _candidates(wanted: str, distance: int, segments: Segments, arrays: Arrays) -> dict[str, int]:
    """Terms and words as written, and how many articles have each."""
    counts: dict[str, int] = {}
    for base, segment in segments:
        for field in (TERMS, WORDS):
            vocabulary = segment.vocabulary(field)
            if vocabulary is None:
                continue
            for place in within(vocabulary, wanted, distance):
                found = vocabulary.words()[place]
                part = base, vocabulary.postings(place)
                counts[found] = counts.get(found, 0) + arrays.total(arrays.documents([part], None))
    return {found: count for found, count in counts.items() if count and found != wanted}


def _is_written(term: str, segments: Segments, arrays: Arrays) -> bool:
    """Whether it stands in an article like this: a term may be a stem that nobody writes."""
    if any(segment.postings(WORDS, term) for _, segment in segments):
        return True
    return any(term in words for words in _words_of_articles(term, segments, arrays))


def _words_of_articles(term: str, segments: Segments, arrays: Arrays) -> Iterator[set[str]]:
    """The words of a few articles that have the term."""
    for base, segment in segments:
        postings = segment.postings(TERMS, term)
        parts: list[Part] = [(base, postings)] if postings else []
        for document in islice(arrays.documents(parts, None), _ARTICLES):
            article = segment.article(int(document) - base)
            texts = (text for spec in TEXT_FIELDS for text in spec.values(article))
            yield {part for text in texts for token in tokenize(text) for part in token.forms.parts}

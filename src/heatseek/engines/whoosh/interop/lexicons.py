"""The terms of one field of a segment and the documents of each, as Whoosh asks for them.

Heatseek's own search reads records of whole terms (`postings`). Whoosh asks field by field and
document by document, and expects a term wherever something can be searched; so values of columns,
ids and spellings of compound words are terms here, made when they are asked for first.
Deleted documents have no terms.
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from heatseek.definitions import cached_property
from heatseek.engines.shared.fields import SPELLING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.postings import Postings
    from heatseek.engines.whoosh.segment import Segment

WRITTEN = "\0"
"""Ends the term of a word as it was written, where stemming changed it; for patterns only."""
NEXT, OR = "-", "|"
"""In the term of a compound word: between its parts, and between its spellings. In no other."""
FIELD_GAP = 2**32
"""Positions from one text field to the next where several are searched as one."""
_BYTE = 256


class PostingList(NamedTuple):
    """The documents of a term, ascending."""

    documents: Sequence[int]
    positions: Sequence[Sequence[int]] | None = None
    """Of each document; None where it only counts that it has the term."""

    def frequency(self, place: int) -> int:
        """How often the document at a place has the term."""
        return len(self.positions[place]) if self.positions else 1


Stands = dict[int, list[int]]
"""Document to positions."""


class Lexicon(ABC):
    """Terms and posting lists of a field in one segment."""

    @abstractmethod
    def terms_from(self, start: bytes) -> Iterator[bytes]:
        """The terms that are not before `start`, in order."""

    @abstractmethod
    def find(self, term: bytes) -> PostingList | None:
        """The documents of a term; None if there are none."""


class TextLexicon(Lexicon):
    """Stems, words as written, and compound words, in one text field or several as one.

    Args:
        segment: of which.
        terms: the inverted field of stems.
        words: the inverted field of words as written.
        fields: the numbers of the text fields.
    """

    def __init__(self, segment: Segment, terms: str, words: str, fields: Sequence[int]) -> None:
        self._segment = segment
        self._terms = terms
        self._words = words
        self._fields = fields

    def terms_from(self, start: bytes) -> Iterator[bytes]:
        """See `Lexicon.terms_from`; compound words are parts here, and are no terms."""
        mark = WRITTEN.encode()
        stems = self._vocabulary_from(self._terms, start)
        words = self._vocabulary_from(self._words, start.removesuffix(mark))
        return heapq.merge(stems, (word + mark for word in words))

    def find(self, term: bytes) -> PostingList | None:
        """See `Lexicon.find`."""
        text = term.decode(errors="surrogateescape")
        if text.endswith(WRITTEN):
            return self._written(text.removesuffix(WRITTEN))
        stands = self._stands(text)
        if not stands and (NEXT in text or OR in text):
            stands = self._spellings(text)
        if not stands:
            return None
        documents = sorted(stands)
        return PostingList(documents, [stands[document] for document in documents])

    def _vocabulary_from(self, inverted: str, start: bytes) -> Iterator[bytes]:
        vocabulary = self._segment.vocabulary(inverted)
        if not vocabulary:
            return
        for place in range(vocabulary.lower_bound(start), len(vocabulary)):
            if self._holds(vocabulary.postings(place)):
                yield vocabulary.term(place)

    def _holds(self, postings: Postings) -> bool:
        if self._segment.deleted:
            return any(self._documents(postings))
        return any(1 in postings.having(field) for field in self._fields)

    def _documents(self, postings: Postings) -> Iterator[bool]:
        """For each document of a word whether it counts: has it in these fields, and is there."""
        marks = zip(*map(postings.having, self._fields), strict=True)
        deleted = self._segment.deleted
        return (
            any(mark) and document not in deleted
            for document, mark in zip(postings.ids, marks, strict=True)
        )

    def _written(self, word: str) -> PostingList | None:
        postings = self._segment.postings(self._words, word)
        if not postings:
            return None
        documents = list(compress(postings.ids, self._documents(postings)))
        return PostingList(documents) if documents else None

    def _stands(self, term: str) -> Stands:
        stands: Stands = {}
        postings = self._segment.postings(self._terms, term)
        if not postings:
            return stands
        for number in self._fields:
            in_field = postings.in_field(number)
            if not in_field:
                continue
            positions = in_field.positions
            shift = number * FIELD_GAP if len(self._fields) > 1 else 0
            for document, own in postings.places(number).items():
                if document not in self._segment.deleted:
                    stands.setdefault(document, []).extend(at + shift for at in positions[own])
        return stands

    def _spellings(self, text: str) -> Stands:
        stands: dict[int, set[int]] = {}
        for spelling in text.split(OR):
            for document, positions in self._sequence(spelling.split(NEXT)).items():
                stands.setdefault(document, set()).update(positions)
        return {document: sorted(positions) for document, positions in stands.items()}

    def _sequence(self, terms: list[str]) -> dict[int, set[int]]:
        """Where the terms stand side by side."""
        starts: dict[int, set[int]] | None = None
        for offset, term in enumerate(terms):
            stands = self._stands(term)
            here = {d: {at - offset for at in positions} for d, positions in stands.items()}
            if starts is not None:
                here = {d: here[d] & before for d, before in starts.items() if d in here}
            starts = {d: positions for d, positions in here.items() if positions}
        return starts or {}


class LabelLexicon(Lexicon):
    """Labels by what they are compared by, however they were written."""

    def __init__(self, segment: Segment, inverted: str) -> None:
        self._segment = segment
        self._inverted = inverted

    def terms_from(self, start: bytes) -> Iterator[bytes]:
        """See `Lexicon.terms_from`."""
        vocabulary = self._segment.vocabulary(self._inverted)
        if not vocabulary:
            return
        before = None
        for place in range(vocabulary.lower_bound(start), len(vocabulary)):
            term = vocabulary.term(place).partition(SPELLING.encode())[0]
            if term != before and self.find(term):
                yield term
            before = term

    def find(self, term: bytes) -> PostingList | None:
        """See `Lexicon.find`; with a spelling, whichever: where it counts as a facet's value."""
        vocabulary = self._segment.vocabulary(self._inverted)
        if not vocabulary:
            return None
        label, spelling, _ = term.decode(errors="surrogateescape").partition(SPELLING)
        places: Sequence[int] = vocabulary.spellings(label)
        if spelling:
            places = [at for at in places if not vocabulary.term(at).endswith(SPELLING.encode())]
        documents = {document for place in places for document in vocabulary.postings(place).ids}
        documents -= self._segment.deleted
        return PostingList(sorted(documents)) if documents else None


class NumberLexicon(Lexicon):
    """The values of a column as Whoosh's terms of numbers, at each of its precisions.

    A term is a byte that says how many bits are shifted away, and what is left of the number.

    Args:
        values: a sortable number below 2**64 and its document, for each that has one; in order.
        step: by how many bits each precision is less than the one before.
    """

    bits = 64

    def __init__(self, values: Callable[[], Iterable[tuple[int, int]]], step: int) -> None:
        self._values = values
        self._step = step

    @cached_property
    def _sorted(self) -> tuple[list[int], list[int]]:
        pairs = sorted(self._values())
        return [number for number, _ in pairs], [document for _, document in pairs]

    def terms_from(self, start: bytes) -> Iterator[bytes]:
        """See `Lexicon.terms_from`."""
        numbers, _ = self._sorted
        size = self.bits // 8
        first, least = start[0] if start else 0, int.from_bytes(start[1:].ljust(size, b"\0")[:size])
        for shift in range(0, self.bits, self._step):
            at = bisect_left(numbers, least << shift) if shift == first else 0
            while shift >= first and at < len(numbers):
                number = numbers[at] >> shift
                yield bytes([shift]) + number.to_bytes(size)
                at = bisect_left(numbers, (number + 1) << shift, lo=at)

    def find(self, term: bytes) -> PostingList | None:
        """See `Lexicon.find`."""
        if len(term) != 1 + self.bits // 8 or term[0] not in range(0, self.bits, self._step):
            return None
        numbers, documents = self._sorted
        shift, number = term[0], int.from_bytes(term[1:])
        first, last = number << shift, (number + 1) << shift
        matching = documents[bisect_left(numbers, first) : bisect_left(numbers, last)]
        return PostingList(sorted(matching)) if matching else None


class ValueLexicon(Lexicon):
    """A term for each document that has one: ids, flags, kinds.

    Args:
        values: a term and its document, for each that has one.
    """

    def __init__(self, values: Callable[[], Iterable[tuple[bytes, int]]]) -> None:
        self._values = values

    @cached_property
    def _documents(self) -> dict[bytes, list[int]]:
        documents: dict[bytes, list[int]] = {}
        for term, document in self._values():
            documents.setdefault(term, []).append(document)
        return dict(sorted(documents.items()))

    @cached_property
    def _terms(self) -> list[bytes]:
        return list(self._documents)

    def terms_from(self, start: bytes) -> Iterator[bytes]:
        """See `Lexicon.terms_from`."""
        return iter(self._terms[bisect_left(self._terms, start) :])

    def find(self, term: bytes) -> PostingList | None:
        """See `Lexicon.find`."""
        documents = self._documents.get(term)
        return PostingList(documents) if documents else None

"""One segment, read: terms, postings, columns and stored records, straight from mapped files."""

from __future__ import annotations

import json
from bisect import bisect_left
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.layout import (
    DELETIONS_FILE,
    DOCUMENTS_FILE,
    LENGTH,
    SPELLING,
    TERMS_FILE,
    length_column,
    typecode,
)
from heatseek.engines.whoosh.postings import ALIGNMENT, Postings
from heatseek.engines.whoosh.records import decode, unchecked
from heatseek.engines.whoosh.sections import DamagedRecordError, SectionFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from heatseek.article import Article


Statistics = dict[str, tuple[int, int]]
"""Of each text field: the words in all documents, and the documents that have it."""
AFTER_ANY_UTF8 = b"\xff"
RECENT = 64
"""Terms whose postings are kept in the form in which they were read."""


class Segment:
    """Documents 0 to `size` - 1 and what is indexed of them. For one thread.

    Args:
        path: of its files, without their endings.
        size: how many documents there are.
        has_deletions: whether some of them are deleted.
    """

    def __init__(self, path: str, size: int, *, has_deletions: bool = False) -> None:
        self.size = size
        self._documents = SectionFile(path + DOCUMENTS_FILE)
        self._terms = SectionFile(path + TERMS_FILE)
        self._deletions = SectionFile(path + DELETIONS_FILE) if has_deletions else None
        self._vocabularies: dict[str, Vocabulary | None] = {}

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, or None if no document has it in this field."""
        vocabulary = self.vocabulary(field)
        return vocabulary.find(term) if vocabulary else None

    def vocabulary(self, field: str) -> Vocabulary | None:
        """The terms of an inverted field, or None if no document has any."""
        if field not in self._vocabularies:
            indexed = f"{field}/terms" in self._terms
            self._vocabularies[field] = Vocabulary(self._terms, field) if indexed else None
        return self._vocabularies[field]

    def column(self, name: str) -> memoryview:
        """A number per document, of the typecode that `layout.typecode` names."""
        return self._column(name, typecode(name))

    def lengths(self, field: str) -> memoryview:
        """The number of words that each document has in a text field."""
        return self._column(length_column(field), LENGTH)

    @cached_property
    def deleted(self) -> frozenset[int]:
        """The documents that are deleted; they are in everything else here."""
        if not self._deletions:
            return frozenset()
        return frozenset(self._deletions.section("deleted").cast("I").tolist())

    def statistics(self) -> Statistics:
        """Of the documents that are not deleted."""
        file = self._deletions or self._documents
        return json.loads(bytes(file.section("statistics")))  # type: ignore[no-any-return] # checked by its checksum

    def ids(self) -> list[str]:
        """The ids of all documents."""
        text = bytes(self._ids)
        return [text[start:end].decode() for start, end in pairwise(self._id_offsets.tolist())]

    def id(self, document: int) -> str:
        """The id of the article."""
        start, end = self._id_offsets[document], self._id_offsets[document + 1]
        return bytes(self._ids[start:end]).decode()

    def article(self, document: int) -> Article:
        """The stored article.

        Raises:
            IndexDamagedError: it is not as it was written.
        """
        start, end = self._record_offsets[document], self._record_offsets[document + 1]
        try:
            return decode(unchecked(self._records[start:end]), self.id(document))
        except DamagedRecordError as error:
            raise self._documents.damaged(f"has a changed record {document}") from error

    def articles(self, without: Collection[int]) -> Iterator[Article]:
        """The stored articles of all documents but some, in order."""
        return (self.article(place) for place in range(self.size) if place not in without)

    def close(self) -> None:
        """Release the files."""
        for name in ("_ids", "_id_offsets", "_records", "_record_offsets"):
            self.__dict__.pop(name, None)
        self._vocabularies.clear()
        for file in (self._documents, self._terms, self._deletions):
            if file:
                file.close()

    @cached_property
    def _ids(self) -> memoryview:
        return self._documents.section("documents/ids")

    @cached_property
    def _id_offsets(self) -> memoryview:
        return self._documents.section("documents/ids/offsets").cast("I")

    @cached_property
    def _records(self) -> memoryview:
        return self._documents.section("documents/records")

    @cached_property
    def _record_offsets(self) -> memoryview:
        return self._documents.section("documents/offsets").cast("Q")

    def _column(self, name: str, typecode: str) -> memoryview:
        return self._documents.section(f"column/{name}").cast(typecode)  # type: ignore[call-overload,no-any-return] # a code known only at run time


class Vocabulary:
    """The sorted terms of one field and where the postings of each are."""

    def __init__(self, file: SectionFile, field: str) -> None:
        self._file = file
        self._field = field
        self._text = file.section(f"{field}/terms")
        self._offsets = file.section(f"{field}/terms/offsets").cast("I")
        self._starts = file.section(f"{field}/posting_offsets").cast("I")
        self._records = file.section(f"{field}/postings")
        self._checked: set[int] = set()
        self._recent: dict[int, Postings] = {}
        self._words: list[str] = []

    def __len__(self) -> int:
        return len(self._starts) - 1

    def find(self, term: str) -> Postings | None:
        """The postings of a term."""
        # A lone surrogate is in no term, and must not raise.
        wanted = term.encode(errors="surrogatepass")
        place = self.lower_bound(wanted)
        if place == len(self) or self.term(place) != wanted:
            return None
        # The same words come again in a query of many phrases.
        postings = self._recent.get(place)
        if postings is None:
            if len(self._recent) >= RECENT:
                self._recent.clear()
            postings = self._recent[place] = self.postings(place)
        return postings

    def lower_bound(self, term: bytes) -> int:
        """The place of the first term that is not before `term`."""
        return bisect_left(range(len(self)), term, key=self.term)

    def term(self, place: int) -> bytes:
        """The term at a place."""
        return bytes(self._text[self._offsets[place] : self._offsets[place + 1]])

    def words(self) -> list[str]:
        """All terms, of labels without their spelling; made when they are asked for first."""
        if not self._words:
            text, offsets = bytes(self._text), self._offsets.tolist()
            terms = (text[start:end].decode() for start, end in pairwise(offsets))
            self._words = [term.partition(SPELLING)[0] for term in terms]
        return self._words

    def spellings(self, label: str) -> range:
        """The places of the terms of a label, one for each way in which it was written."""
        start = f"{label}{SPELLING}".encode(errors="surrogatepass")
        return range(self.lower_bound(start), self.lower_bound(start + AFTER_ANY_UTF8))

    def postings(self, place: int) -> Postings:
        """The postings of the term at a place, checked when they are read first.

        Raises:
            IndexDamagedError: they are not as they were written.
        """
        start, end = self._starts[place] * ALIGNMENT, self._starts[place + 1] * ALIGNMENT
        try:
            postings = Postings(self._records[start:end], check=place not in self._checked)
        except DamagedRecordError as error:
            term = self.term(place).decode(errors="replace")
            raise self._file.damaged(f"has changed postings of {self._field}:{term}") from error
        self._checked.add(place)
        return postings

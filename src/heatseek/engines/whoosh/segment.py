"""One segment, read: terms, postings, columns and stored records, straight from mapped files."""

from __future__ import annotations

import json
from bisect import bisect_left
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from heatseek.article import Kind
from heatseek.compression import SURPRISES
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
from heatseek.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from heatseek.article import Article


Statistics = dict[str, tuple[int, int]]
"""Of each text field: the words in all documents, and the documents that have it."""
AFTER_ANY_UTF8 = b"\xff"
ID_OFFSETS = "documents/ids/offsets"
_MOST_WORDS = 2**53
"""In all documents: as many as floats count exactly."""
RECENT = 64
"""Terms whose postings are kept in the form in which they were read."""


class Segment:
    """Documents 0 to `size` - 1 and what is indexed of them. For one thread.

    What its files hold may be anything that has the right checksums. When it is opened, what each
    document has an entry in is seen to have one for each; when something is read, it is seen to
    lie inside of what it is a part of. `consistency` looks at the rest.

    Args:
        path: of its files, without their endings.
        size: how many documents there are.
        has_deletions: whether some of them are deleted.

    Attributes:
        files: its files.

    Raises:
        IndexDamagedError: they are not of a segment of this size.
    """

    def __init__(self, path: str, size: int, *, has_deletions: bool = False) -> None:
        self.size = size
        endings = (DOCUMENTS_FILE, TERMS_FILE, *((DELETIONS_FILE,) if has_deletions else ()))
        self.files = [SectionFile(path + ending) for ending in endings]
        self._documents, self._terms, *others = self.files
        self._deletions = others[0] if others else None
        if self._documents.length(ID_OFFSETS) != 4 * (size + 1):
            raise self._documents.damaged("has another number of documents")
        self._vocabularies: dict[str, Vocabulary | None] = {}

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, or None if no document has it in this field."""
        vocabulary = self.vocabulary(field)
        return vocabulary.find(term) if vocabulary else None

    def vocabulary(self, field: str) -> Vocabulary | None:
        """The terms of an inverted field, or None if no document has any."""
        if field not in self._vocabularies:
            indexed = f"{field}/terms" in self._terms
            self._vocabularies[field] = (
                Vocabulary(self._terms, field, self.size) if indexed else None
            )
        return self._vocabularies[field]

    def forget_recent(self) -> None:
        """Let go of postings in the form in which they were read."""
        for vocabulary in self._vocabularies.values():
            if vocabulary:
                vocabulary.recent.clear()

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
        numbers = self._deletions.numbers("deleted", "I").tolist()
        deleted = frozenset(numbers)
        if len(deleted) != len(numbers) or max(deleted, default=0) >= self.size:
            raise self._deletions.damaged("has other documents than the segment")
        return deleted

    def statistics(self) -> Statistics:
        """Of the documents that are not deleted."""
        file = self._deletions or self._documents
        try:
            return _checked_statistics(json.loads(bytes(file.section("statistics"))))
        except SURPRISES as error:
            raise file.damaged("has no statistics") from error

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
        check = not self._checked[document]
        try:
            data = unchecked(self._records[start:end], check=check)
            article = decode(data, self.id(document), check=check)
        except DamagedRecordError as error:
            raise self._documents.damaged(f"has a changed record {document}") from error
        except SURPRISES as error:
            raise self._documents.damaged(f"has a record {document} of no article") from error
        if check and article.kind is Kind.ARTICLE and _leads_out(article.id):
            raise self._documents.damaged(f"has a record {document} of a file outside the archive")
        self._checked[document] = True
        return article

    def articles(self, without: Collection[int]) -> Iterator[Article]:
        """The stored articles of all documents but some, in order."""
        return (self.article(place) for place in range(self.size) if place not in without)

    def check_offsets(self) -> None:
        """See that ids and records stand one after another, and fill their sections.

        Raises:
            IndexDamagedError: they do not.
        """
        for offsets, section in (
            (self._id_offsets, self._ids),
            (self._record_offsets, self._records),
        ):
            if not _ascend(offsets, len(section)):
                raise self._documents.damaged("has ids or records that are not in order")

    def close(self) -> None:
        """Release the files."""
        for name in ("_ids", "_id_offsets", "_records", "_record_offsets"):
            self.__dict__.pop(name, None)
        self._vocabularies = {}
        for file in self.files:
            file.close()

    @cached_property
    def _checked(self) -> bytearray:
        """Of each document 1, if its record was read before: files that change are told."""
        return bytearray(self.size)

    @cached_property
    def _ids(self) -> memoryview:
        return self._documents.section("documents/ids")

    @cached_property
    def _id_offsets(self) -> memoryview:
        return self._per_document(ID_OFFSETS, "I", self.size + 1)

    @cached_property
    def _records(self) -> memoryview:
        return self._documents.section("documents/records")

    @cached_property
    def _record_offsets(self) -> memoryview:
        return self._per_document("documents/offsets", "Q", self.size + 1)

    def _column(self, name: str, typecode: str) -> memoryview:
        return self._per_document(f"column/{name}", typecode, self.size)

    def _per_document(self, name: str, typecode: str, count: int) -> memoryview:
        numbers = self._documents.numbers(name, typecode)
        if len(numbers) != count:
            raise self._documents.damaged(f"has a section {name} of another number of documents")
        return numbers


def _ascend(offsets: memoryview, end: int) -> bool:
    """Whether offsets go from 0 to `end` and never back."""
    numbers = offsets.tolist()
    return [0, end] == [numbers[0], numbers[-1]] and numbers == sorted(numbers)


def _leads_out(article_id: str) -> bool:
    """Whether a path leads out of the folder that it starts from."""
    return article_id.startswith("/") or (".." in article_id and ".." in article_id.split("/"))


def _checked_statistics(values: Statistics) -> Statistics:
    """Statistics of all text fields, of numbers that can be.

    Raises:
        LookupError, ValueError, TypeError: they are none.
    """
    for spec in TEXT_FIELDS:
        words, having = values[spec.name]
        if not type(words) is type(having) is int or not 0 <= having <= words < _MOST_WORDS:
            raise ValueError
    return values


class Vocabulary:
    """The sorted terms of one field and where the postings of each are.

    Args:
        file: of the segment's terms.
        field: an inverted one.
        size: documents of the segment.

    Raises:
        IndexDamagedError: there are not as many of the one as of the other.
    """

    def __init__(self, file: SectionFile, field: str, size: int) -> None:
        self._file = file
        self._size = size
        self._field = field
        self._text = file.section(f"{field}/terms")
        self._offsets = file.numbers(f"{field}/terms/offsets", "I")
        self._starts = file.numbers(f"{field}/posting_offsets", "I")
        self._records = file.section(f"{field}/postings")
        if (
            not len(self._offsets) == len(self._starts) > 0
            or (self._offsets[0], self._offsets[-1]) != (0, len(self._text))
            or (self._starts[0], self._starts[-1] * ALIGNMENT) != (0, len(self._records))
        ):
            raise file.damaged(f"has terms of {field} that do not go together")
        self._checked: set[int] = set()
        self.recent: dict[int, Postings] = {}
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
        postings = self.recent.get(place)
        if postings is None:
            if len(self.recent) >= RECENT:
                self.recent.clear()
            postings = self.recent[place] = self.postings(place)
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

    def check_order(self) -> None:
        """See that terms, and their postings, stand one after another, and are sorted.

        Raises:
            IndexDamagedError: they are not.
        """
        terms = [self.term(place) for place in range(len(self))]
        if (
            not _ascend(self._offsets, len(self._text))
            or not _ascend(self._starts, len(self._records) // ALIGNMENT)
            or not all(one < other for one, other in pairwise(terms))
        ):
            raise self._file.damaged(f"has terms of {self._field} that are not in order")
        self.words()

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
        check = place not in self._checked
        try:
            postings = Postings(self._records[start:end], self._size, check=check)
        except DamagedRecordError as error:
            term = self.term(place).decode(errors="replace")
            raise self._file.damaged(f"has changed postings of {self._field}:{term!r}") from error
        self._checked.add(place)
        return postings

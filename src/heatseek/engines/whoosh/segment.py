"""One segment, read: terms, postings, columns and stored records, straight from mapped files."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.layout import COLUMNS, DOCUMENTS_FILE, TERMS_FILE, length_column
from heatseek.engines.whoosh.postings import ALIGNMENT, Postings
from heatseek.engines.whoosh.records import decode, unchecked
from heatseek.engines.whoosh.sections import DamagedRecordError, SectionFile

if TYPE_CHECKING:
    from heatseek.article import Article

_AFTER_ANY_UTF8 = b"\xff"


class Segment:
    """Documents 0 to `size` - 1 and what is indexed of them. For one thread."""

    def __init__(self, path: str, size: int) -> None:
        self.size = size
        self._documents = SectionFile(path + DOCUMENTS_FILE)
        self._terms = SectionFile(path + TERMS_FILE)
        self._vocabularies: dict[str, Vocabulary | None] = {}

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, or None if no document has it in this field."""
        vocabulary = self._vocabulary(field)
        return vocabulary.find(term.encode()) if vocabulary else None

    def postings_from(self, field: str, prefix: str) -> Iterator[Postings]:
        """The postings of every term that begins with `prefix`."""
        vocabulary = self._vocabulary(field)
        return vocabulary.starting_with(prefix.encode()) if vocabulary else iter(())

    def column(self, name: str) -> Sequence[int]:
        """A number per document."""
        return self._cast(name, COLUMNS[name])

    def lengths(self, field: str) -> Sequence[int]:
        """The number of words that each document has in a text field."""
        return self._cast(length_column(field), "I")

    def statistics(self) -> dict[str, tuple[int, int]]:
        """Of each text field: the words in all documents, and the documents that have it."""
        return json.loads(bytes(self._documents.section("statistics")))  # type: ignore[no-any-return] # checked by its checksum

    def id(self, document: int) -> str:
        """The id of the article."""
        offsets = self._documents.section("documents/ids/offsets").cast("I")
        start, end = offsets[document], offsets[document + 1]
        return bytes(self._documents.section("documents/ids")[start:end]).decode()

    def article(self, document: int) -> Article:
        """The stored article.

        Raises:
            IndexDamagedError: it is not as it was written.
        """
        offsets = self._documents.section("documents/offsets").cast("Q")
        records = self._documents.section("documents/records")
        try:
            return decode(unchecked(records[offsets[document] : offsets[document + 1]]))
        except DamagedRecordError as error:
            raise self._documents.damaged(f"has a changed record {document}") from error

    def close(self) -> None:
        """Release the files."""
        self._vocabularies.clear()
        self._documents.close()
        self._terms.close()

    def _cast(self, name: str, typecode: str) -> Sequence[int]:
        if not self.size:
            return ()
        return self._documents.section(f"column/{name}").cast(typecode)  # type: ignore[call-overload,no-any-return] # a code known only at run time

    def _vocabulary(self, field: str) -> Vocabulary | None:
        if field not in self._vocabularies:
            indexed = f"{field}/terms" in self._terms
            self._vocabularies[field] = Vocabulary(self._terms, field) if indexed else None
        return self._vocabularies[field]


class Vocabulary:
    """The sorted terms of one field and where the postings of each are."""

    def __init__(self, file: SectionFile, field: str) -> None:
        self._file = file
        self._field = field
        self._text = file.section(f"{field}/terms")
        self._offsets = file.section(f"{field}/terms/offsets").cast("I")
        self._starts = file.section(f"{field}/posting_offsets").cast("I")
        self._records = file.section(f"{field}/postings")

    def find(self, term: bytes) -> Postings | None:
        """The postings of a term."""
        index = self._lower_bound(term)
        if index < len(self._starts) and self._term(index) == term:
            return self._postings(index)
        return None

    def starting_with(self, prefix: bytes) -> Iterator[Postings]:
        """The postings of a range of terms."""
        end = self._lower_bound(prefix + _AFTER_ANY_UTF8)
        return map(self._postings, range(self._lower_bound(prefix), end))

    def _lower_bound(self, term: bytes) -> int:
        return bisect_left(range(len(self._starts)), term, key=self._term)

    def _term(self, index: int) -> bytes:
        return bytes(self._text[self._offsets[index] : self._offsets[index + 1]])

    def _postings(self, index: int) -> Postings:
        start = self._starts[index] * ALIGNMENT
        try:
            return Postings(self._records[start:])
        except DamagedRecordError as error:
            term = self._term(index).decode(errors="replace")
            raise self._file.damaged(f"has changed postings of {self._field}:{term}") from error

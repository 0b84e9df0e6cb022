"""One segment, read: terms, postings, columns and stored records, straight from mapped files."""

from __future__ import annotations

import json
import struct
from bisect import bisect_left
from functools import partial
from itertools import pairwise
from struct import calcsize

from heatseek.article import Kind
from heatseek.definitions import cached_property
from heatseek.engines.shared.fields import has_positions, length_column, typecode
from heatseek.engines.whoosh.columns import forms
from heatseek.engines.whoosh.manifest import DELETIONS_FILE, DOCUMENTS_FILE, TERMS_FILE
from heatseek.engines.whoosh.sections import DamagedRecordError, SectionFile
from heatseek.engines.whoosh.stored import StoredArticles
from heatseek.engines.whoosh.vocabulary import Vocabulary, ascend
from heatseek.errors import SURPRISES
from heatseek.schema import TEXT_FIELDS
from heatseek.text.tokens import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from heatseek.article import Article
    from heatseek.engines.whoosh.postings import Postings


Statistics = dict[str, tuple[int, int]]
"""Of each text field: the words in all documents, and the documents that have it."""
IDS = "documents/ids"
ID_OFFSETS = "documents/ids/offsets"
_WEB = ("http://", "https://")
_TWO_OFFSETS = struct.Struct("=2I")
_MOST_WORDS = 2**53
"""In all documents: as many as floats count exactly."""

MOST_KEPT = 16_000_000
"""Bytes that articles of a segment take which were read, about: some thousand of them."""
_FEW_IDS = 50
"""Ids that are looked for one by one; of more all documents' ids are read."""
_LOOK = 65_536
"""Bytes of all ids that are looked through at once: they need not be in memory together."""


class Segment:
    """Documents 0 to `size` - 1 and what is indexed of them. For one thread.

    What its files hold may be anything that has the right checksums. When it is opened, what each
    document has an entry in is seen to have one for each; when something is read, it is seen to
    lie inside of what it is a part of. `check` looks at the rest.

    Args:
        path: of its files, without their endings.
        size: how many documents there are.
        has_deletions: whether some of them are deleted.
        long_lived: whether many searches are to come.

    Attributes:
        files: its files.

    Raises:
        IndexDamagedError: they are not of a segment of this size.
    """

    def __init__(
        self, path: str, size: int, *, has_deletions: bool = False, long_lived: bool = False
    ) -> None:
        self.size = size
        endings = (DOCUMENTS_FILE, TERMS_FILE, *((DELETIONS_FILE,) if has_deletions else ()))
        self.files = [SectionFile(path + ending, long_lived=long_lived) for ending in endings]
        self._documents, self._terms, *others = self.files
        self._deletions = others[0] if others else None
        if self._documents.length(ID_OFFSETS) != 4 * (size + 1):
            raise self._documents.damaged("has another number of documents")
        self._vocabularies: dict[str, Vocabulary | None] = {}
        self._kept: dict[int, Article] = {}
        """Those that were read last, without bodies: these stay with who asked for one."""
        self._kept_bytes = 0

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, or None if no document has it in this field."""
        vocabulary = self.vocabulary(field)
        return vocabulary.find(term) if vocabulary else None

    def vocabulary(self, field: str) -> Vocabulary | None:
        """The terms of an inverted field, or None if no document has any."""
        if field not in self._vocabularies:
            indexed = f"{field}/terms" in self._terms
            self._vocabularies[field] = (
                Vocabulary(self._terms, field, self.size, has_positions=has_positions(field))
                if indexed
                else None
            )
        return self._vocabularies[field]

    def forget_recent(self) -> None:
        """Let go of postings in the form in which they were read."""
        for vocabulary in self._vocabularies.values():
            if vocabulary:
                vocabulary.forget_recent()

    def column(self, name: str) -> memoryview:
        """A number per document, in the form in which it stands; see `columns`."""
        codes, section = forms(name), _section(name)
        width = self._documents.length(section) // self.size if self.size else 0
        return self._per_document(section, codes.get(width) or codes[max(codes)], self.size)

    def lengths(self, field: str) -> memoryview:
        """The number of words that each document has in a text field."""
        return self.column(length_column(field))

    def pieces(self, name: str) -> Callable[[int, int], memoryview]:
        """Gives some bytes of a column that always stands in one form, and looks at no others."""
        section = _section(name)
        if self._documents.length(section) != calcsize(typecode(name)) * self.size:
            raise self._documents.damaged(f"has a section {section} of another number of documents")
        return partial(self._documents.piece, section)

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

    def folded_ids(self) -> list[str]:
        """The ids of all documents without regard to case and accents."""
        text = bytes(self._ids)
        if not text.isascii():
            return list(map(fold, self.ids()))
        folded = text.decode().lower()
        return [folded[start:end] for start, end in pairwise(self._id_offsets.tolist())]

    def id(self, document: int) -> str:
        """The id of the article."""
        offsets = self._documents.piece(ID_OFFSETS, 4 * document, 4 * document + 8)
        return str(self._documents.piece(IDS, *_TWO_OFFSETS.unpack(offsets)), "utf-8")

    def places(self, article_id: str) -> Iterator[int]:
        """The documents of an id: of one article, unless deleted ones had it before.

        Ids stand in the order of documents. A search in their bytes takes 1 to 2 ms for 30,000
        of them, decoded they took 30; and no order of theirs has to be kept in the file.
        """
        return self._places([article_id])

    def places_of(self, article_ids: Collection[str]) -> set[int]:
        """The documents of any of these ids."""
        if len(article_ids) > _FEW_IDS:
            return {place for place, id_ in enumerate(self.ids()) if id_ in article_ids}
        return set(self._places(article_ids))

    def _places(self, article_ids: Collection[str]) -> Iterator[int]:
        every = [id_.encode(errors="surrogatepass") for id_ in article_ids if id_]
        longest = max(map(len, every), default=0)
        size = self._documents.length(IDS) if every else 0
        for start in range(0, size, _LOOK):
            # One may begin in these bytes and end in the next.
            stop = min(size, start + _LOOK + longest - 1)
            text = bytes(self._documents.piece(IDS, start, stop))
            for encoded in every:
                end = _LOOK + len(encoded) - 1
                at = text.find(encoded, 0, end)
                while at >= 0:
                    place = self._document_at(start + at, start + at + len(encoded))
                    if place is not None:
                        yield place
                    at = text.find(encoded, at + 1, end)

    def _document_at(self, start: int, end: int) -> int | None:
        """The document whose id begins and ends there."""
        offsets = self._id_offsets
        place = bisect_left(offsets, start)
        is_whole = place < self.size and (offsets[place], offsets[place + 1]) == (start, end)
        return place if is_whole else None

    def article(self, document: int) -> Article:
        """The stored article.

        Raises:
            IndexDamagedError: it is not as it was written.
        """
        if article := self._kept.get(document):
            return article
        check = not self._checked[document]
        try:
            article, size = self._stored.article(document, self.id(document), check=check)
        except DamagedRecordError as error:
            raise self._documents.damaged(f"has a changed record {document}") from error
        except SURPRISES as error:
            raise self._documents.damaged(f"has a record {document} of no article") from error
        if check:
            if flaw := _flaw(article):
                raise self._documents.damaged(f"has a record {document} {flaw}")
            self._checked[document] = True
        if size:
            self._keep(document, article, size)
        return article

    def _keep(self, document: int, article: Article, size: int) -> None:
        if self._kept_bytes + size > MOST_KEPT:
            self._kept.clear()
            self._kept_bytes = 0
        self._kept[document] = article
        self._kept_bytes += size

    def articles(self, without: Collection[int]) -> Iterator[Article]:
        """The stored articles of all documents but some, in order."""
        return (self.article(place) for place in range(self.size) if place not in without)

    def check_offsets(self) -> None:
        """See that ids and records stand one after another, and fill their sections.

        Raises:
            IndexDamagedError: they do not.
        """
        if not ascend(self._id_offsets, len(self._ids)):
            raise self._documents.damaged("has ids that are not in order")
        self._stored.check_order()

    def close(self) -> None:
        """Release the files."""
        for name in ("_ids", "_id_offsets", "_stored"):
            self.__dict__.pop(name, None)
        self._vocabularies = {}
        self._kept = {}
        for file in self.files:
            file.close()

    @cached_property
    def _checked(self) -> bytearray:
        """Of each document 1, if its record was read before: files that change are told."""
        return bytearray(self.size)

    @cached_property
    def _ids(self) -> memoryview:
        """All ids, one after another."""
        return self._documents.section(IDS)

    @cached_property
    def _id_offsets(self) -> memoryview:
        return self._per_document(ID_OFFSETS, "I", self.size + 1)

    @cached_property
    def _stored(self) -> StoredArticles:
        return StoredArticles(self._documents, self.size)

    def release(self) -> None:
        """Give back the memory of what was read of the documents, and copied."""
        self._documents.release()

    def _per_document(self, name: str, typecode: str, count: int) -> memoryview:
        numbers = self._documents.numbers(name, typecode)
        if len(numbers) != count:
            raise self._documents.damaged(f"has a section {name} of another number of documents")
        return numbers


def _section(column: str) -> str:
    return f"column/{column}"


def _flaw(article: Article) -> str:
    """A place outside the archive, or a link that is none of the web: no other is opened.

    Empty if there is no such thing.
    """
    id_ = article.id
    leads_out = id_.startswith("/") or (".." in id_ and ".." in id_.split("/"))
    if leads_out and article.kind is Kind.ARTICLE:
        return "of a file outside the archive"
    for url in (article.url, article.image):
        if url and not url.startswith(_WEB) and not url[:8].lower().startswith(_WEB):
            return "with a link that is none"
    return ""


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

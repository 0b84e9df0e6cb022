"""The reading half of the codec: a segment as the readers and matchers that Whoosh asks for.

Nothing is unpickled: terms, postings, columns and articles come from `segment.Segment`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whoosh.codec.base import PerDocumentReader, TermsReader
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import emptybytes

from heatseek.engines.shared.fields import SPELLING
from heatseek.engines.whoosh.codec import ArrayCodec, ArraySegment
from heatseek.engines.whoosh.interop.cursors import LexiconCursor, NearTerms, PostingMatcher
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from heatseek.engines.whoosh.interop.fields import Field
    from heatseek.engines.whoosh.interop.lexicons import Lexicon, PostingList
    from heatseek.engines.whoosh.segment import Segment

RECENT = 1_000
"""Posting lists that a segment keeps: scoring asks several times for each."""


class OpenSegment(ArraySegment):
    """A segment of a generation, for Whoosh's segment reader."""

    def __init__(self, name: str, segment: Segment) -> None:
        super().__init__(name)
        self.opened = segment
        self.set_doc_count(segment.size)

    def segment_id(self) -> str:
        """The name of its files."""
        name: str = self.index_name()
        return name

    def deleted_count(self) -> int:
        """How many documents are deleted."""
        return len(self.opened.deleted)


class ReadingCodec(ArrayCodec):
    """Reads the segments of one generation.

    Args:
        fields: of Whoosh's schema, by name.
        labels: gives the labels that a facet counts, as most articles write them.
    """

    def __init__(self, fields: Mapping[str, Field], labels: Callable[[str], list[str]]) -> None:
        self._fields = fields
        self._labels = labels
        self._spellings: dict[str, list[bytes]] = {}

    def spellings(self, fieldname: str) -> list[bytes]:
        """The terms of labels that hits are grouped by, with how they are written."""
        if fieldname not in self._spellings:
            facet = self._fields[fieldname].facet
            written = self._labels(facet) if facet else []
            terms = sorted(f"{label(each)}{SPELLING}{each}".encode() for each in written)
            self._spellings[fieldname] = terms
        return self._spellings[fieldname]

    def automata(self, storage: None, segment: OpenSegment) -> NearTerms:
        """Finds terms for fuzzy queries and suggestions."""
        return NearTerms()

    def terms_reader(self, storage: None, segment: OpenSegment) -> SegmentTerms:
        """Terms and matchers."""
        return SegmentTerms(segment.opened, self._fields)

    def per_document_reader(self, storage: None, segment: OpenSegment) -> SegmentDocuments:
        """Stored fields, lengths and columns."""
        return SegmentDocuments(segment.opened, self._fields)


class SegmentDocuments(PerDocumentReader):
    """Columns, lengths and stored values of the documents of a segment."""

    def __init__(self, segment: Segment, fields: Mapping[str, Field]) -> None:
        self._segment = segment
        self._fields = fields

    def close(self) -> None:
        """Release the files."""
        self._segment.close()

    def doc_count_all(self) -> int:
        """Documents, deleted ones included."""
        return self._segment.size

    def doc_count(self) -> int:
        """Documents that can be found."""
        return self._segment.size - len(self._segment.deleted)

    def has_deletions(self) -> bool:
        """True if any document is deleted."""
        return bool(self._segment.deleted)

    def is_deleted(self, docnum: int) -> bool:
        """True for a deleted document."""
        return docnum in self._segment.deleted

    def deleted_docs(self) -> frozenset[int]:
        """The deleted documents."""
        return self._segment.deleted

    def supports_columns(self) -> bool:
        """Numbers and dates have columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """True for a field that has one."""
        return fieldname in self._fields and self._fields[fieldname].numbers is not None

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """The values of a field, by document."""
        numbers = self._fields[fieldname].numbers
        if numbers is None:
            raise KeyError(fieldname)
        return numbers.reader(self._segment, column)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The words that a document has in a text field."""
        parts = self._lengths(fieldname)
        return sum(part[docnum] for part in parts) if parts else default

    def field_length(self, fieldname: str) -> int:
        """The words of all documents in a text field."""
        statistics = self._segment.statistics()
        return sum(statistics[part][0] for part in self._fields[fieldname].lengths)

    def min_field_length(self, fieldname: str) -> int:
        """The fewest words that any document has in a text field."""
        return min(self._totals(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        """The most words that any document has in a text field."""
        return max(self._totals(fieldname), default=0)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """The known values of the article, by the names of the schema."""
        article = self._segment.article(docnum)
        values = {name: field.stored(article) for name, field in self._fields.items()}
        return {name: value for name, value in values.items() if value not in (None, "", [])}

    def _totals(self, fieldname: str) -> Iterator[int]:
        parts = self._lengths(fieldname)
        return (sum(part[d] for part in parts) for d in self.all_doc_ids())

    def _lengths(self, fieldname: str) -> list[memoryview]:
        field = self._fields.get(fieldname)
        return [self._segment.lengths(part) for part in field.lengths] if field else []


class SegmentTerms(TermsReader):
    """The terms of all fields of a segment."""

    def __init__(self, segment: Segment, fields: Mapping[str, Field]) -> None:
        self._segment = segment
        self._fields = {name: fields[name] for name in sorted(fields)}
        self._lexicons: dict[str, Lexicon] = {}
        self._recent: dict[tuple[str, bytes], PostingList | None] = {}

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term) is not None

    def indexed_field_names(self) -> list[str]:
        """The fields that have terms."""
        return [name for name, field in self._fields.items() if field.lexicon]

    def cursor(self, fieldname: str, fieldobj: Any) -> LexiconCursor:
        """The terms of a field one by one."""
        return LexiconCursor(fieldname, fieldobj, self.terms_of, self.term_info)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """All terms, in the order of fields and bytes."""
        for fieldname in self.indexed_field_names():
            yield from self.terms_of(fieldname, emptybytes)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms from one on, those of the fields behind it too."""
        for name in self.indexed_field_names():
            if name >= fieldname:
                yield from self.terms_of(name, prefix if name == fieldname else emptybytes)

    def terms_of(self, fieldname: str, start: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms of one field, from one on."""
        lexicon = self._lexicon(fieldname)
        return ((fieldname, term) for term in lexicon.terms_from(start)) if lexicon else iter(())

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """All terms, each with what is known of it."""
        return self._with_infos(self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """The terms from one on, each with what is known of it."""
        return self._with_infos(self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> Any:
        """How often a term occurs.

        Raises:
            KeyError: it does not.
        """
        postings = self._find(fieldname, text)
        if not postings:
            raise KeyError(fieldname, text)
        documents = postings.documents
        frequencies = [postings.frequency(place) for place in range(len(documents))]
        parts = [self._segment.lengths(part) for part in self._fields[fieldname].lengths]
        lengths = [sum(part[d] for part in parts) for d in documents]
        return TermInfo(
            weight=sum(frequencies),
            df=len(documents),
            minlength=min(lengths),
            maxlength=max(lengths),
            maxweight=max(frequencies),
            minid=documents[0],
            maxid=documents[-1],
        )

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many documents have a term."""
        postings = self._find(fieldname, text)
        return len(postings.documents) if postings else 0

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> PostingMatcher:
        """The documents of a term.

        Raises:
            TermNotFound: there are none.
        """
        postings = self._find(fieldname, text)
        if not postings:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return PostingMatcher((fieldname, text), postings, format_, scorer)

    def _with_infos(
        self, terms: Iterable[tuple[str, bytes]]
    ) -> Iterator[tuple[tuple[str, bytes], Any]]:
        return ((term, self.term_info(*term)) for term in terms)

    def _find(self, fieldname: str, text: bytes) -> PostingList | None:
        term = fieldname, text
        if term not in self._recent:
            if len(self._recent) >= RECENT:
                self._recent.clear()
            lexicon = self._lexicon(fieldname)
            self._recent[term] = lexicon.find(text) if lexicon else None
        return self._recent[term]

    def _lexicon(self, fieldname: str) -> Lexicon | None:
        if fieldname not in self._lexicons:
            field = self._fields.get(fieldname)
            if not field or not field.lexicon:
                return None
            self._lexicons[fieldname] = field.lexicon(self._segment)
        return self._lexicons[fieldname]

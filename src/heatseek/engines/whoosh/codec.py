"""The writing half of a Whoosh codec whose files are raw arrays, no pickles.

Whoosh's segment writer calls it, document by document and then with all terms, which come sorted
from the `Pool`. Heatseek's searches read the files by `segment.Segment`, whole arrays at a
time; Whoosh's own, which call Python once per posting, by the reading half (`interop.codec`).
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

from whoosh.codec.base import Codec, FieldWriter, PerDocumentWriter, Segment
from whoosh.fields import STORED, FieldType, Schema

from heatseek.engines.shared.fields import (
    ACCENTED,
    COLUMNS,
    LENGTH,
    TERMS,
    WORDS,
    Places,
    length_column,
    own,
    own_presence,
    own_words,
    typecode,
)
from heatseek.engines.whoosh.manifest import DOCUMENTS_FILE, ID_FIELD, RECORD_FIELD, TERMS_FILE
from heatseek.engines.whoosh.postings import ALIGNMENT, PostingsBuilder
from heatseek.engines.whoosh.sections import SectionWriter, checked
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS, DeclaredField, FieldKind


class TermsField(FieldType):
    """A field whose terms come analysed: a mapping of term to what its posting says."""

    def __init__(self) -> None:
        super().__init__(format=None, analyzer=None)

    def index(self, value: dict[str, Places], **_: Any) -> Iterator[tuple[Any, ...]]:
        """Give Whoosh (term, frequency, weight, posting) for each term."""
        for term, places in value.items():
            yield term.encode(), 1, 1.0, places


class ColumnField(FieldType):
    """A number per document, kept as a column and not as terms."""

    indexed = False

    def __init__(self, typecode: str) -> None:
        super().__init__(format=None, analyzer=None)
        self.column_type = typecode

    def to_column_value(self, value: float) -> float:
        """Columns hold numbers as they are."""
        return value


def whoosh_schema(declared: tuple[DeclaredField, ...] = ()) -> Schema:
    """Heatseek's fields, and declared ones, as a Whoosh schema."""
    schema = Schema()
    for name in (TERMS, WORDS, ACCENTED):
        schema.add(name, TermsField())
    for spec in TEXT_FIELDS:
        schema.add(length_column(spec.name), ColumnField(LENGTH))
    for label in LABEL_FIELDS:
        schema.add(label.name, TermsField())
    for name in COLUMNS:
        schema.add(name, ColumnField(typecode(name)))
    for field in declared:
        _add_own(schema, field)
    schema.add(ID_FIELD, STORED())
    schema.add(RECORD_FIELD, STORED())
    return schema


def _add_own(schema: Schema, field: DeclaredField) -> None:
    name = own(field)
    if field.kind.is_ordered:
        schema.add(name, ColumnField(typecode(name)))
        return
    schema.add(name, TermsField())
    if field.kind is FieldKind.TEXT:
        schema.add(own_words(name), TermsField())
    schema.add(own_presence(field), ColumnField(typecode(own_presence(field))))


class ArraySegment(Segment):
    """A segment that is being written: it has no deletions yet."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._documents = 0

    def should_assemble(self) -> bool:
        """Its two files are the compound form already."""
        return False

    def set_doc_count(self, count: int) -> None:
        """Called by the writer with the number of documents written."""
        self._documents = count

    def doc_count_all(self) -> int:
        """The number of documents."""
        return self._documents


class ArrayCodec(Codec):
    """Writes segments of raw arrays; `interop.codec.ReadingCodec` reads them."""

    length_stats = False  # lengths are columns; postings do not repeat them

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:  # noqa: ARG002 - Whoosh's signature
        """A segment to write into."""
        return ArraySegment(indexname)

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> DocumentsWriter:
        """Writes stored records and columns."""
        return DocumentsWriter(storage.create_file(segment.make_filename(DOCUMENTS_FILE)))

    def field_writer(self, storage: Any, segment: ArraySegment) -> TermsWriter:
        """Writes terms and postings."""
        return TermsWriter(storage.create_file(segment.make_filename(TERMS_FILE)))


class DocumentsWriter(PerDocumentWriter):
    """Stored records one after another, then the columns."""

    def __init__(self, file: Any) -> None:
        self.is_closed = False
        self._out = SectionWriter(file)
        self._offsets = array("Q", [0])
        self._ids: list[bytes] = []
        self._columns: dict[str, array[Any]] = {}
        self._out.begin("documents/records")

    def start_doc(self, docnum: int) -> None:
        """Nothing to do: documents come in order."""

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:  # noqa: ARG002 - Whoosh's signature
        """Keep id and record; Whoosh calls this for every other field too, with no value."""
        if fieldname == ID_FIELD:
            self._ids.append(value)
        elif fieldname == RECORD_FIELD:
            record = checked(value)
            start = self._out.write(record)
            self._offsets.append(start + len(record))

    def add_column_value(self, fieldname: str, columnobj: str, value: float) -> None:
        """Append to a column; each document has a value in each."""
        self._columns.setdefault(fieldname, array(columnobj)).append(value)

    def close(self) -> None:
        """Write the columns and complete the file."""
        self._out.end()
        self._out.add("documents/offsets", self._offsets.tobytes())
        _add_strings(self._out, "documents/ids", self._ids)
        for name, values in self._columns.items():
            self._out.add(f"column/{name}", values.tobytes())
        self._out.add("statistics", json.dumps(self._statistics()).encode())
        self._out.close()
        self.is_closed = True

    def _statistics(self) -> dict[str, tuple[int, int]]:
        """Of each text field: the words in all documents, and the documents that have it."""
        lengths = {s.name: self._columns.get(length_column(s.name), ()) for s in TEXT_FIELDS}
        return {name: (sum(column), sum(map(bool, column))) for name, column in lengths.items()}


class TermsWriter(FieldWriter):
    """Per field: the postings of each term, then the sorted terms and where each record is."""

    def __init__(self, file: Any) -> None:
        self.is_closed = False
        self._out = SectionWriter(file)

    def add_postings(
        self,
        schema: Schema,  # noqa: ARG002 - Whoosh's signature
        lengths: None,  # noqa: ARG002 - likewise
        items: Iterable[tuple[str, bytes, PostingsBuilder]],
    ) -> None:
        """Write all fields, from a `Pool`."""
        for field, terms in groupby(items, key=itemgetter(0)):
            self._add_field(field, terms)

    def _add_field(self, field: str, items: Iterable[tuple[str, bytes, PostingsBuilder]]) -> None:
        terms: list[bytes] = []
        starts = array("I")
        self._out.begin(f"{field}/postings")
        for _, term, postings in items:
            terms.append(term)
            starts.append(self._out.write(postings.record()) // ALIGNMENT)
        starts.append(self._out.end() // ALIGNMENT)
        _add_strings(self._out, f"{field}/terms", terms)
        self._out.add(f"{field}/posting_offsets", starts.tobytes())

    def close(self) -> None:
        """Complete the file."""
        self._out.close()
        self.is_closed = True


class Pool:
    """Postings in memory while a segment is written, as compact as they will be on disk.

    Takes the place of Whoosh's pool, which holds a tuple per posting (some 250 bytes), sorts them
    all, and goes to disk and back beyond its limit. Documents come in order, so nothing but the
    terms needs sorting.
    """

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, PostingsBuilder]] = {}

    def add(self, item: tuple[str, bytes, int, float, Any]) -> None:
        """Add a posting: field, term, document, weight (not used) and what it says."""
        field, term, document, _, places = item
        terms = self._fields.get(field)
        if terms is None:
            terms = self._fields[field] = {}
        builder = terms.get(term)
        if builder is None:
            builder = terms[term] = PostingsBuilder()
        builder.add(document, places)

    def iter_postings(self) -> Iterator[tuple[str, bytes, PostingsBuilder]]:
        """All terms, sorted, with their postings; each is let go once it was given."""
        for field in sorted(self._fields):
            terms = self._fields.pop(field)
            for term in sorted(terms):
                yield field, term, terms.pop(term)

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()


def _add_strings(out: SectionWriter, name: str, strings: list[bytes]) -> None:
    """A section of strings end to end, and one of where each begins and the last ends."""
    out.add(name, b"".join(strings))
    out.add(f"{name}/offsets", array("I", accumulate(map(len, strings), initial=0)).tobytes())

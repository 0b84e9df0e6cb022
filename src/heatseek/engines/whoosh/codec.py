"""The writing half of a Whoosh codec whose files are raw arrays, no pickles.

Whoosh's segment writer calls it, first with documents, by the block, then with all terms, which
come sorted from the `Pool`. Heatseek's searches read the files by `segment.Segment`, whole arrays
at a time; Whoosh's own, which call Python once per posting, by the reading half (`interop.codec`).
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate, count
from typing import Any

import numpy as np
from whoosh.codec.base import Codec, FieldWriter, PerDocumentWriter, Segment
from whoosh.fields import Schema

from heatseek.engines.shared.fields import length_column
from heatseek.engines.whoosh.columns import narrowed
from heatseek.engines.whoosh.inversion import Run
from heatseek.engines.whoosh.manifest import DOCUMENTS_FILE, TERMS_FILE
from heatseek.engines.whoosh.parts import Part
from heatseek.engines.whoosh.records import Records, merged
from heatseek.engines.whoosh.sections import SectionWriter
from heatseek.engines.whoosh.segment import ID_OFFSETS, IDS
from heatseek.engines.whoosh.spill import KeptRun, Spill
from heatseek.engines.whoosh.stored_writer import StoredWriter
from heatseek.engines.whoosh.vocabulary_writer import VocabularyWriter
from heatseek.schema import TEXT_FIELDS


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
        self._stored = StoredWriter(self._out)
        self._ids = bytearray()
        self._id_ends = array("I", (0,))
        self._columns: dict[str, array[Any]] = {}

    def add_part(self, part: Part) -> None:
        """Ids, records and columns of the next documents."""
        ids = [*map(str.encode, part.ids)]
        self._id_ends.extend(accumulate(map(len, ids), initial=self._id_ends.pop()))
        self._ids += b"".join(ids)
        for stored in part.records:
            self._stored.add(stored)
        for name, values in part.columns.items():
            self._columns.setdefault(name, array(values.typecode)).extend(values)

    def close(self) -> None:
        """Write the columns and complete the file."""
        self._stored.close()
        self._add_ids()
        for name, values in self._columns.items():
            self._out.add(f"column/{name}", narrowed(name, values).tobytes())
        self._out.add("statistics", json.dumps(self._statistics()).encode())
        self._out.close()
        self.is_closed = True

    def _add_ids(self) -> None:
        self._out.add(IDS, bytes(self._ids))
        self._out.add(ID_OFFSETS, self._id_ends.tobytes())

    def _statistics(self) -> dict[str, tuple[int, int]]:
        """Of each text field: the words in all documents, and the documents that have it."""
        lengths = {s.name: self._columns.get(length_column(s.name), ()) for s in TEXT_FIELDS}
        return {name: (sum(column), sum(map(bool, column))) for name, column in lengths.items()}


class TermsWriter(FieldWriter):
    """Each field as a vocabulary."""

    def __init__(self, file: Any) -> None:
        self.is_closed = False
        self._out = SectionWriter(file)

    def add_postings(
        self,
        schema: Schema,  # noqa: ARG002 - Whoosh's signature
        lengths: None,  # noqa: ARG002 - likewise
        items: Iterable[tuple[str, Iterable[Records]]],
    ) -> None:
        """Write all fields, from a `Pool`."""
        for field, several in items:
            vocabulary = VocabularyWriter(self._out, field)
            for records in several:
                vocabulary.add(records)
            vocabulary.close()

    def close(self) -> None:
        """Complete the file."""
        self._out.close()
        self.is_closed = True


class Pool:
    """Runs of postings while a segment is written: all but the last few in a file.

    Takes the place of Whoosh's pool, which holds a tuple per posting (some 250 bytes), sorts them
    all, and goes to disk and back beyond its limit.

    Args:
        folder: where the file has room.
    """

    def __init__(self, folder: str) -> None:
        self._terms = defaultdict[bytes, int](count().__next__)
        self._runs: dict[str, list[Run | KeptRun]] = {}
        self._file = Spill(folder)

    def add(self, part: Part, first: int, *, last: bool) -> None:
        """Add the runs of a part whose documents begin at `first`; the last ones stay in memory."""
        numbers = np.asarray(array("i", list(map(self._terms.__getitem__, part.terms))))
        for field, run in part.runs:
            documents, *others = run.columns
            columns = (documents[:] + np.uint32(first), *others)
            moved = run._replace(terms=numbers[run.terms], columns=columns)
            self._runs.setdefault(field, []).append(moved if last else self._file.keep(moved))

    def iter_postings(self) -> Iterator[tuple[str, Iterator[Records]]]:
        """All fields that have terms, sorted, with their records; each is let go once given."""
        # They came in runs that are sorted, so little is left to be done.
        terms = sorted(self._terms)
        ranks = np.zeros(len(terms), np.int32)
        numbers = np.fromiter(map(self._terms.__getitem__, terms), np.int32, len(terms))
        ranks[numbers] = np.arange(len(terms))
        self._terms.clear()
        for field in sorted(self._runs):
            read = (run.run() if isinstance(run, KeptRun) else run for run in self._runs.pop(field))
            runs = [run._replace(terms=ranks[run.terms]) for run in read]
            if any(len(run.terms) for run in runs):
                yield field, merged(runs, terms)

    def cleanup(self) -> None:
        """Forget everything."""
        self._runs.clear()
        self._file.close()

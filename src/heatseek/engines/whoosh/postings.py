"""One term's postings as one record of raw arrays.

    head       crc, number of documents, bits                       12 bytes
    documents  n x 4 bytes, ascending
    masks      n x 1 byte: in which fields each document has it     if bits say so
    per field that `bits` name:
      head       documents, positions, widths                       12 bytes
      positions  2 or 4 bytes each, all documents' in turn
      counts     how many positions each document has, 1 or 4 bytes; absent where all are 1

A record is in the byte order of the machine, which the fingerprint of the index names. Labels
have documents only, words as written have masks too, terms have everything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate, compress, repeat
from zlib import crc32

from heatseek.engines.whoosh.sections import DamagedRecordError

HEAD = struct.Struct("=IIBBH")
FIELD_HEAD = struct.Struct("=IIBBH")
CRC = struct.Struct("=I")
_NUMBER = struct.Struct("=I")
ALIGNMENT = 4
MAX_FIELDS = 8
"""One bit of a mask for each."""
_SELECTORS = [bytes((mask >> bit) & 1 for mask in range(256)) for bit in range(MAX_FIELDS)]
"""Per field: a translation of masks to whether its bit is set."""


class Postings:
    """A record, read: which documents have the term, in which fields, how often and where.

    Args:
        record: the whole record.
        size: documents of the segment.
        check: whether to verify the checksum; not needed the second time.

    Raises:
        DamagedRecordError: it is not as it was written, or says that it has more than it has; so
            does whatever reads a part of it.
    """

    def __init__(self, record: memoryview, size: int, *, check: bool = True) -> None:
        if len(record) < HEAD.size:
            raise DamagedRecordError
        crc, count, self._bits, has_masks, _ = HEAD.unpack_from(record)
        if check and crc32(record[CRC.size :]) != crc:
            raise DamagedRecordError
        middle = HEAD.size + 4 * count
        self._end = middle + (count if has_masks else 0)
        if not count or self._end > len(record):
            raise DamagedRecordError
        (last,) = _NUMBER.unpack_from(record, middle - _NUMBER.size)
        if last >= size:
            raise DamagedRecordError
        self._record = record
        self._documents = record[HEAD.size : middle]
        self.masks = record[middle : self._end]
        self._fields: dict[int, FieldPostings] | None = None
        # Made when they are asked for: a pattern reads thousands of records for their masks alone.
        self._places: dict[int, dict[int, slice]] | None = None

    def __len__(self) -> int:
        return len(self._documents) // 4

    @property
    def ids(self) -> memoryview:
        """The documents, ascending, as unsigned integers of 4 bytes."""
        return self._documents.cast("I")

    def having(self, field: int) -> bytes:
        """For each of `ids`, 1 or 0: whether the document has the term in this field."""
        return bytes(self.masks).translate(_SELECTORS[field])

    def in_field(self, field: int) -> FieldPostings | None:
        """Counts and positions in one field, for the documents that `having` marks."""
        if self._fields is None:
            self._fields = dict(self._read_fields())
        return self._fields.get(field)

    def places(self, field: int) -> dict[int, slice]:
        """For each document that has the term in a field: which of the positions are its own."""
        if self._places is None:
            self._places = {}
        places = self._places.get(field)
        if places is None:
            in_field = self.in_field(field)
            ends = list(accumulate(in_field.counts, initial=0)) if in_field else [0]
            own = map(slice, ends, ends[1:])
            places = dict(zip(self.documents_of(field), own, strict=True)) if in_field else {}
            self._places[field] = places
        return places

    def _read_fields(self) -> Iterator[tuple[int, FieldPostings]]:
        end = self._end
        for field in range(MAX_FIELDS):
            if self._bits >> field & 1:
                postings = FieldPostings(self._record, end)
                end = postings.end
                yield field, postings

    def documents_of(self, field: int) -> Iterator[int]:
        """The documents that have the term in this field."""
        return compress(self.ids, self.having(field))


SegmentPostings = tuple[int, Postings]
"""A term's postings in one segment, behind the number of the segment's first document."""


class FieldPostings:
    """The part of a record that is about one field.

    Raises:
        DamagedRecordError: it is not all there.
    """

    def __init__(self, record: memoryview, start: int) -> None:
        begin = start + FIELD_HEAD.size
        if begin > len(record):
            raise DamagedRecordError
        documents, total, count_width, width, _ = FIELD_HEAD.unpack_from(record, start)
        middle = begin + total * width
        self._documents: int = documents
        self._width: int = width
        self.count_width: int = count_width
        self.end: int = middle + documents * count_width
        if count_width not in (0, 1, 4) or width not in (2, 4) or self.end > len(record):
            raise DamagedRecordError
        self._positions = record[begin:middle]
        self.raw_counts = record[middle : self.end]

    def __len__(self) -> int:
        return self._documents

    @property
    def counts(self) -> Iterator[int]:
        """How often the term stands in the field of each document."""
        if not self.count_width:
            return repeat(1, self._documents)
        return iter(_integers(self.raw_counts, self.count_width))

    @property
    def positions(self) -> Sequence[int]:
        """Where it stands, all documents' in turn."""
        return _integers(self._positions, self._width)


def _integers(view: memoryview, width: int) -> Sequence[int]:
    if width == 1:
        return view
    return view.cast("I" if width == 4 else "H")

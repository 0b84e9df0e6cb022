"""One term's postings as one record of raw arrays.

    crc  n  positions  tf-width  position-width    16 bytes
    document ids   n x 4 bytes, ascending
    positions      all documents' positions in turn, 2 or 4 bytes each
    frequencies    n x 1 or 4 bytes; absent (width 0) where every frequency is 1

A record begins at a multiple of 4 bytes and is in the byte order of the machine, which the
fingerprint of the index names. Positions are absent for fields without them.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Container, Iterator, Sequence
from itertools import repeat
from zlib import crc32

from heatseek.engines.whoosh.sections import DamagedRecordError

_HEADER = struct.Struct("=IIIBBH")
_CRC = struct.Struct("=I")
ALIGNMENT = 4
_TYPECODES = {1: "B", 2: "H", 4: "I"}
_WIDE = 0xFFFF
_LONG = 0xFF


class PostingsBuilder:
    """Collects the postings of one term, document by document."""

    def __init__(self) -> None:
        self._ids = array("I")
        self._tfs = array("I")
        self._positions = array("I")

    def add(self, document: int, positions: bytes) -> None:
        """Add a document; `positions` is an array of u32, empty for fields without them."""
        self._ids.append(document)
        self._tfs.append(max(1, len(positions) // 4))
        self._positions.frombytes(positions)

    def record(self) -> bytes:
        """The finished record, padded."""
        tf_width = 0 if max(self._tfs) == 1 else 1 if max(self._tfs) <= _LONG else 4
        position_width = 2 if not self._positions or max(self._positions) <= _WIDE else 4
        body = self._ids.tobytes() + _narrow(self._positions, position_width)
        if tf_width:
            body += _narrow(self._tfs, tf_width)
        head = _HEADER.pack(0, len(self._ids), len(self._positions), tf_width, position_width, 0)
        crc = crc32(body, crc32(head[4:]))
        record = _CRC.pack(crc) + head[4:] + body
        return record + bytes(-len(record) % ALIGNMENT)


def _narrow(values: array[int], width: int) -> bytes:
    return array(_TYPECODES[width], values).tobytes()


class Postings:
    """A record, read: which documents have the term, how often, and where."""

    def __init__(self, record: memoryview) -> None:
        try:
            crc, self._n, self._count, self._tf_width, width, _ = _HEADER.unpack_from(record)
        except struct.error as error:
            raise DamagedRecordError from error
        self._width = width
        ids_end = _HEADER.size + 4 * self._n
        positions_end = ids_end + width * self._count
        end = positions_end + self._tf_width * self._n
        if end > len(record) or crc32(record[4:end]) != crc:
            raise DamagedRecordError
        self._ids = record[_HEADER.size : ids_end]
        self._positions = record[ids_end:positions_end]
        self._tfs = record[positions_end:end]

    def __len__(self) -> int:
        return len(self._ids) // 4

    @property
    def ids(self) -> Sequence[int]:
        """The documents, ascending."""
        return _integers(self._ids, 4)

    @property
    def frequencies(self) -> Iterator[int]:
        """How often the term stands in each of `ids`."""
        if not self._tf_width:
            return repeat(1, self._n)
        return iter(_integers(self._tfs, self._tf_width))

    def positions(self, documents: Container[int]) -> dict[int, Sequence[int]]:
        """Where the term stands in each of these documents that has it, ascending."""
        flat = _integers(self._positions, self._width)
        found: dict[int, Sequence[int]] = {}
        start = 0
        for document, frequency in zip(self.ids, self.frequencies, strict=True):
            end = start + frequency
            if document in documents:
                found[document] = flat[start:end]
            start = end
        return found


def _integers(view: memoryview, width: int) -> Sequence[int]:
    if width == 1:
        return view
    return view.cast("I" if width == 4 else "H")

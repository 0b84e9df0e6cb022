"""Stored articles: the record of each, its body apart from the rest, and back.

    checksum   of the rest up to the body
    length     of the values, as a list of one (`coding`)
    values     of the article without id and body, as JSON, deflated
    checksum   of the body                                       if there is one
    body       deflated

A dictionary for each million bytes of articles that follow each other has pieces of them, so that
what they share takes nothing in each: as if many stood in one stream, but one can be read alone.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from itertools import pairwise
from zlib import crc32

from heatseek.article import from_json
from heatseek.engines.whoosh.coding import number
from heatseek.engines.whoosh.sections import DamagedRecordError
from heatseek.errors import SURPRISES, IndexDamagedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.engines.whoosh.sections import SectionFile

RECORDS = "documents/records"
DICTIONARIES = "documents/dictionaries"
OFFSETS = "documents/offsets"
"""Where in its block each record begins."""
BLOCKS = "documents/blocks"
"""Of each block the first document, and where its records and its dictionary begin; then where all
of these end."""
ROW = 3
"""Numbers of 8 bytes for each block."""
RAW = -15
"""zlib's name for a stream without a head of its own."""
CRC = struct.Struct("=I")
MOST_BYTES = 32_000_000
"""Of JSON or a body: an article has up to six, and a story the ids of all that mention it."""
MOST_DICTIONARY = 32_768
"""Bytes that zlib looks back."""
_ARTICLE_BYTES = 1_500
"""Of one, beside its texts."""


class Body:
    """The stored body of an article, inflated when it is asked for.

    Args:
        data: its record.
        dictionary: of its block.
        file: that it is from.
    """

    __slots__ = ("_data", "_dictionary", "_path")

    def __init__(self, data: bytes, dictionary: bytes, path: str) -> None:
        self._data = data
        self._dictionary = dictionary
        self._path = path

    def __call__(self) -> str:
        """The text.

        Raises:
            IndexDamagedError: it is none.
        """
        try:
            return _inflated(self._data, self._dictionary).decode()
        except SURPRISES as error:
            raise IndexDamagedError(f"{self._path} has a body of no text") from error


class StoredArticles:
    """The records of a segment.

    Args:
        file: of the segment's documents.
        size: how many there are.

    Raises:
        IndexDamagedError: blocks are not of so many documents.
    """

    def __init__(self, file: SectionFile, size: int) -> None:
        self._file = file
        self._records = file.section(RECORDS)
        self._dictionaries = file.section(DICTIONARIES)
        numbers = file.numbers(BLOCKS, "Q").tolist()
        self._firsts, self._bases, self._starts = (numbers[n::ROW] for n in range(ROW))
        ends = [size, len(self._records), len(self._dictionaries)]
        columns = self._firsts, self._bases, self._starts
        if (
            numbers[:ROW] != [0] * ROW
            or numbers[-ROW:] != ends
            or file.length(OFFSETS) != 4 * size
            or any(column != sorted(column) for column in columns)
        ):
            raise file.damaged("has blocks of another number of documents")
        self._read: dict[int, bytes] = {}

    def article(self, document: int, article_id: str, *, check: bool) -> tuple[Article, int]:
        """A stored article, and the memory that it takes, about; 0 if a body may come to it.

        Args:
            document: its number.
            article_id: its id.
            check: whether to look at the checksums and at all values; not needed the second time.

        Raises:
            One of SURPRISES: it is not as it was written, or of no article.
        """
        block = bisect_right(self._firsts, document) - 1
        record = self._record(document, block)
        length, start = number(record, CRC.size)
        end = start + length
        if end > len(record):
            raise DamagedRecordError
        data = bytes(record[CRC.size : end])
        if check:
            self._file.touch()
            _check(record, data)
        dictionary = self._read.get(block) or self._dictionary(block)
        values = _inflated(data[start - CRC.size :], dictionary)
        text = self._body(record[end:], dictionary, check=check) if end < len(record) else ""
        article = from_json(values, article_id, check=check, body=text)
        return article, 0 if text else 2 * len(values) + _ARTICLE_BYTES

    def _body(self, record: memoryview, dictionary: bytes, *, check: bool) -> Body:
        data = record[CRC.size :]
        if check:
            _check(record, data)
        return Body(bytes(data), dictionary, self._file.path)

    def check_order(self) -> None:
        """See that records stand one after another, and fill their section.

        Raises:
            IndexDamagedError: they do not.
        """
        all_offsets = self._file.numbers(OFFSETS, "I")
        for first, last in pairwise(self._firsts):
            offsets = all_offsets[first:last].tolist()
            if offsets[:1] not in ([], [0]) or offsets != sorted(offsets):
                raise self._file.damaged("has records that are not in order")

    def _record(self, document: int, block: int) -> memoryview:
        base = self._bases[block]
        start, *following = self._file.piece(OFFSETS, 4 * document, 4 * document + 8).cast("I")
        if document + 1 < self._firsts[block + 1]:
            return self._records[base + start : base + following[0]]
        return self._records[base + start : self._bases[block + 1]]

    def _dictionary(self, block: int) -> bytes:
        data = self._dictionaries[self._starts[block] : self._starts[block + 1]]
        _check(data, data[CRC.size :])
        self._file.touch()
        dictionary = self._read[block] = _inflated(data[CRC.size :], b"", MOST_DICTIONARY)
        return dictionary


def _check(record: memoryview, data: bytes | memoryview) -> None:
    """See that some data has the checksum that a record begins with."""
    if len(record) < CRC.size or CRC.unpack_from(record)[0] != crc32(data):
        raise DamagedRecordError


def _inflated(data: bytes | memoryview, dictionary: bytes, most: int = MOST_BYTES) -> bytes:
    stream = zlib.decompressobj(RAW, zdict=dictionary)
    inflated = stream.decompress(data, most)
    if not stream.eof or stream.unused_data:
        raise DamagedRecordError
    return inflated

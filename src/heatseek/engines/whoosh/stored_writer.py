"""Stored articles as they are written, by the block; `stored` reads them."""

from __future__ import annotations

import zlib
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from heatseek.article import to_json
from heatseek.engines.whoosh.encoding import encoded
from heatseek.engines.whoosh.stored import BLOCKS, CRC, DICTIONARIES, OFFSETS, RAW, RECORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from heatseek.article import Article
    from heatseek.engines.whoosh.sections import SectionWriter

BLOCK = 1_000_000
"""Bytes of articles with a dictionary of their own."""
_DICTIONARY = 16_384
"""Bytes: twice as many save 2 % of what is stored, and cost a tenth of the time."""
_OF_VALUES = 4
"""The part of a dictionary that is of values where there are bodies."""
_PIECE = 256
_LEVEL = 4
"""Of deflate: the usual 6 saves 4 % of what is stored, and takes 1.7 times as long."""
_OF_SHORT = {"level": 3, "wbits": -14, "memLevel": 7, "strategy": zlib.Z_FIXED}
"""A stream for values: half as large as usual, so it is copied in half the time, and without codes
of its own for each, which are read in two thirds of the time and take 4 % more room. One for bodies
would take more."""


class Stored(NamedTuple):
    """What is stored of an article."""

    values: bytes
    body: bytes


def stored(article: Article) -> Stored:
    """The values as JSON, and the body."""
    return Stored(to_json(article, body=""), article.body.encode())


class StoredWriter:
    """Takes articles in order, and writes the sections that `stored` reads.

    Args:
        out: the segment's file.
    """

    def __init__(self, out: SectionWriter) -> None:
        self._out = out
        self._waiting: list[Stored] = []
        self._bytes = self._count = 0
        self._offsets = array("I")
        self._blocks = array("Q")
        self._ends = [0, 0]
        self._dictionaries: list[bytes] = []
        out.begin(RECORDS)

    def add(self, article: Stored) -> None:
        """Take the next one."""
        self._waiting.append(article)
        self._bytes += len(article.values) + len(article.body)
        self._count += 1
        if self._bytes >= BLOCK:
            self._write()

    def close(self) -> None:
        """Write what is left, and where everything is."""
        if self._waiting:
            self._write()
        self._out.end()
        self._out.add(OFFSETS, self._offsets.tobytes())
        self._out.add(DICTIONARIES, b"".join(self._dictionaries))
        self._blocks.extend((self._count, *self._ends))
        self._out.add(BLOCKS, self._blocks.tobytes())

    def _write(self) -> None:
        dictionary = _dictionary(self._waiting)
        small = zlib.compressobj(**_OF_SHORT, zdict=dictionary)
        usual = zlib.compressobj(_LEVEL, wbits=RAW, zdict=dictionary)
        records = [_record(each, small, usual) for each in self._waiting]
        plain = zlib.compressobj(wbits=RAW)
        self._dictionaries.append(_checked(_deflated(dictionary, plain)))
        self._blocks.extend((self._count - len(records), *self._ends))
        *starts, end = accumulate(map(len, records), initial=0)
        self._offsets.extend(starts)
        self._out.write(b"".join(records))
        self._ends = [self._ends[0] + end, self._ends[1] + len(self._dictionaries[-1])]
        self._waiting.clear()
        self._bytes = 0


def _record(article: Stored, of_values: Any, of_bodies: Any) -> bytes:
    values = _deflated(article.values, of_values)
    body = _checked(_deflated(article.body, of_bodies)) if article.body else b""
    return _checked(encoded(len(values)) + values) + body


def _deflated(data: bytes, compressor: Any) -> bytes:
    # A copy has read the dictionary: that takes longer than most records.
    stream = compressor.copy()
    return bytes(stream.compress(data) + stream.flush())


def _checked(data: bytes) -> bytes:
    return CRC.pack(crc32(data)) + data


def _dictionary(block: Sequence[Stored]) -> bytes:
    """Pieces of the articles, from everywhere."""
    bodies = b"".join(each.body for each in block)
    of_values = _DICTIONARY // _OF_VALUES if len(bodies) > _DICTIONARY else _DICTIONARY
    values = _pieces(b"".join(each.values for each in block), of_values)
    return _pieces(bodies, _DICTIONARY - len(values)) + values


def _pieces(text: bytes, size: int) -> bytes:
    if len(text) <= size:
        return text
    count = size // _PIECE
    starts = (len(text) * place // count for place in range(count))
    return b"".join(text[start : start + _PIECE] for start in starts)

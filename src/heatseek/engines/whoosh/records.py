"""An article as the bytes that are stored for it: compressed when long, with a checksum."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from heatseek.article_json import from_json, to_json
from heatseek.compression import inflate
from heatseek.engines.whoosh.sections import DamagedRecordError

if TYPE_CHECKING:
    from heatseek.article import Article

_CRC = struct.Struct("=I")
_LONG = 650
"""Bytes of JSON from which compressing it pays."""
MOST_BYTES = 32_000_000
"""Of JSON: an article has up to six, and a story the ids of all that mention it."""


def encode(article: Article) -> bytes:
    """The record of an article."""
    data = to_json(article)
    return zlib.compress(data) if len(data) >= _LONG else data


def decode(data: bytes, article_id: str, *, check: bool = True) -> Article:
    """The article of a record.

    Args:
        data: the record, without its checksum.
        article_id: of the article.
        check: whether to see that it is one; not needed the second time.

    Raises:
        One of SURPRISES: it is not of an article.
    """
    plain = data if data.startswith(b"[") else inflate(data, MOST_BYTES)
    return from_json(plain, article_id, check=check)


def checked(record: bytes) -> bytes:
    """A record with its checksum before it."""
    return _CRC.pack(zlib.crc32(record)) + record


def unchecked(data: memoryview, *, check: bool = True) -> bytes:
    """The record behind a checksum.

    Raises:
        DamagedRecordError: the checksum does not hold, if it is to be checked.
    """
    if not check:
        return bytes(data[_CRC.size :])
    if len(data) < _CRC.size or _CRC.unpack_from(data)[0] != zlib.crc32(data[_CRC.size :]):
        raise DamagedRecordError
    return bytes(data[_CRC.size :])

"""An article as the bytes that are stored for it: JSON, compressed when long, with a checksum."""

from __future__ import annotations

import json
import struct
import zlib
from datetime import UTC, datetime
from typing import Any

from heatseek.article import Article, Kind, Provider
from heatseek.engines.whoosh.sections import DamagedRecordError

_CRC = struct.Struct("=I")
_KINDS = {str(kind): kind for kind in Kind}
_decode = json.JSONDecoder().decode
_LONG = 2048
"""Bytes of JSON from which compressing it pays."""


def encode(article: Article) -> bytes:
    """The record of an article. `related` is not part of it: each is a document of its own."""
    values = [
        article.id,
        article.title,
        article.excerpt,
        article.body,
        article.topics,
        article.provider.name,
        article.provider.domain,
        article.category,
        article.type,
        int(article.published_at.timestamp()) if article.published_at else None,
        article.url,
        article.quality,
        article.heat,
        article.published,
        article.image,
        article.kind,
        article.related_to,
    ]
    data = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(data) if len(data) >= _LONG else data


def decode(data: bytes) -> Article:
    """The article of a record."""
    if not data.startswith(b"["):
        data = zlib.decompress(data)
    # Not `json.loads`: it looks for the encoding of bytes, every time.
    values: list[Any] = _decode(data.decode())
    id_, title, excerpt, body, topics, name, domain, category, type_, seconds = values[:10]
    url, quality, heat, published, image, kind, related_to = values[10:]
    date = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    # In the order of the fields: named arguments take a tenth of a search longer.
    return Article(
        *(id_, title, excerpt, body, tuple(topics), Provider(name, domain), category, type_),
        *(date, url, quality, heat, published, image, _KINDS[kind], tuple(related_to)),
    )


def checked(record: bytes) -> bytes:
    """A record with its checksum before it."""
    return _CRC.pack(zlib.crc32(record)) + record


def unchecked(data: memoryview) -> bytes:
    """The record behind a checksum.

    Raises:
        DamagedRecordError: the checksum does not hold.
    """
    if len(data) < _CRC.size or _CRC.unpack_from(data)[0] != zlib.crc32(data[_CRC.size :]):
        raise DamagedRecordError
    return bytes(data[_CRC.size :])

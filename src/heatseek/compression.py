"""Stored bytes that were compressed, and back within a bound."""

from __future__ import annotations

import zlib


def inflate(data: bytes, most: int) -> bytes:
    """What was compressed: all of it, and nothing after it.

    Args:
        data: a whole stream of zlib's.
        most: bytes that it may become; a kilobyte can become a megabyte.

    Raises:
        ValueError: it is cut short, becomes more than that, or has something behind it.
        zlib.error: it is no such stream.
    """
    stream = zlib.decompressobj()
    inflated = stream.decompress(data, most)
    if not stream.eof or stream.unused_data:
        raise ValueError("not a whole stream, or too long a one")
    return inflated

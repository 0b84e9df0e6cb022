"""Stored bytes: back to what was compressed, within a bound, and to numbers on any machine."""

from __future__ import annotations

import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

MOST_BYTES = 128_000_000
"""That a note of an index may become: more than twenty-five million mentions take."""

_GREATEST_RATIO = 1_040
"""Of what is inflated to what is compressed: the format allows for 1,032."""


def inflate(data: bytes, most: int) -> bytes:
    """The data that was compressed: all of it, and nothing after it.

    Args:
        data: a whole stream of zlib's.
        most: bytes that it may become; a kilobyte can become a megabyte.

    Raises:
        ValueError: it is cut short, becomes more than that, or has something behind it.
        zlib.error: it is no such stream.
    """
    if len(data) * _GREATEST_RATIO <= most:
        return zlib.decompress(data)  # in half the time
    stream = zlib.decompressobj()
    inflated = stream.decompress(data, most)
    if not stream.eof or stream.unused_data:
        raise ValueError("not a whole stream, or too long a one")
    return inflated


def to_bytes(numbers: array[int]) -> bytes:
    """Numbers as bytes, the least significant one of each first."""
    return _little_endian(numbers).tobytes()


def from_bytes(typecode: str, data: bytes) -> array[int]:
    """The numbers of `to_bytes`.

    Raises:
        ValueError: these are no whole numbers.
    """
    from array import array  # noqa: PLC0415 - a plain search does without

    return _little_endian(array(typecode, data))


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return numbers
    swapped = numbers[:]
    swapped.byteswap()
    return swapped

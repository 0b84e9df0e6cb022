"""Arrays and plain values as the bytes of one note, and back without a copy."""

from __future__ import annotations

import json
from struct import Struct
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

_HEAD = Struct("<8sQ")
_MAGIC = b"HSarray1"
_ALIGNMENT = 64
_KINDS = {"<f4", "|i1", "|u1", "<u8"}
"""Types of numbers, the same on every machine."""


def pack(values: Mapping[str, Any], arrays: Arrays) -> bytes:
    """Values that JSON has, and arrays, as bytes; the same every time."""
    places, offset = {}, 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, list(array.shape), offset]
        offset += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    head = json.dumps({"values": values, "arrays": places}, sort_keys=True).encode()
    head += b" " * (-(len(head) + _HEAD.size) % _ALIGNMENT)
    parts = [_HEAD.pack(_MAGIC, len(head)), head]
    for array in arrays.values():
        parts += [np.ascontiguousarray(array).tobytes(), bytes(-array.nbytes % _ALIGNMENT)]
    return b"".join(parts)


def unpack(data: memoryview) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The values and arrays that were packed; the arrays are views of the bytes.

    Raises:
        ValueError, TypeError, LookupError, struct.error: it is nothing that `pack` gives.
    """
    magic, length = _HEAD.unpack_from(data)
    start = _HEAD.size + length
    if magic != _MAGIC or start > len(data):
        raise ValueError("no arrays")
    head = json.loads(bytes(data[_HEAD.size : start]))
    return head["values"], {
        name: _array(data[start:], *place) for name, place in head["arrays"].items()
    }


def _array(data: memoryview, kind: str, shape: list[int], offset: int) -> NDArray[Any]:
    if kind not in _KINDS or offset < 0 or min(shape) < 0:
        raise ValueError("no array")
    count = 1
    for size in shape:
        count *= size
    return np.frombuffer(data, np.dtype(kind), count, offset).reshape(shape)

"""Lists of a term's record as arrays, and its documents, for `numpy_arrays`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heatseek.engines.whoosh.coding import BYTES, FOUR, MORE, ONES, TWO, Coded
from heatseek.engines.whoosh.postings import Postings, SegmentPostings
from heatseek.engines.whoosh.sections import DamagedRecordError

Documents = NDArray[np.intp]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
Numbers = NDArray[Any]
_FROM_TWO = TWO - (TWO << 8)
"""What a number of two bytes is more than these bytes say."""
ID = np.dtype(np.intp)
"""Of document numbers: any other is made into this one wherever an array is indexed by it."""


def places_in(documents: Documents, others: Documents) -> Places:
    """Where each document stands or would stand in `others`; the last place instead of the end."""
    return np.minimum(others.searchsorted(documents), len(others) - 1)


def ids_of(part: SegmentPostings, field: int | None) -> Documents:
    """The documents of a term, in all fields or in one."""
    base, postings = part
    ids = documents_of(postings)
    if field is not None and not postings.mask >> field & 1:
        masks = np.frombuffer(postings.masks, np.uint8)
        ids = ids[(masks & (1 << field)).astype(np.bool_)]
    return moved(ids, base)


def documents_of(postings: Postings) -> Documents:
    """The documents of a term in its segment.

    Raises:
        DamagedRecordError: the segment has not so many.
    """
    if postings.array is None:
        postings.array = read(postings)
    ids: Documents = postings.array
    return ids


def read(postings: Postings) -> Documents:
    """The documents of a term in its segment, read anew.

    Raises:
        DamagedRecordError: the segment has not so many.
    """
    gaps = numbers_of(postings.documents)
    ids: Documents = np.add.accumulate(gaps, dtype=ID)
    if ids[-1] >= postings.size or np.count_nonzero(gaps[1:]) < len(gaps) - 1:
        raise DamagedRecordError
    return ids


def in_index(parts: Sequence[SegmentPostings]) -> Documents:
    """The documents of a term in all segments, without a copy of those of each."""
    if len(parts) == 1:
        base, postings = parts[0]
        return moved(documents_of(postings), base)
    documents: Documents = np.empty(sum(len(postings) for _, postings in parts), ID)
    end = 0
    for base, postings in parts:
        start, end = end, end + len(postings)
        ids = read(postings) if postings.array is None else postings.array
        np.add(ids, base, out=documents[start:end])
    return documents


def joined(arrays: Sequence[Numbers]) -> Numbers:
    """Arrays one behind the other."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def numbers_of(coded: Coded, kind: np.dtype[Any] = ID) -> Numbers:
    """A list as an array: of bytes, or of a kind that has room for four of them."""
    if coded.form == BYTES:
        low = np.frombuffer(coded.low, np.uint8)
        return _whole(low, coded, kind) if coded.has_large else low
    if coded.form == ONES:
        return np.ones(coded.count, np.uint8)
    values = np.frombuffer(coded.nibbles(), np.uint8)
    if coded.more:
        more = (values == MORE).nonzero()[0]
        values = values.astype(kind)
        values[more] += numbers_of(coded.more, kind)
    return values


def _whole(low: Numbers, coded: Coded, kind: np.dtype[Any]) -> Numbers:
    values = low.astype(kind)
    two = (low >= TWO).nonzero()[0]
    if coded.wide:
        large = low[two]
        values[two[large == FOUR]] = np.frombuffer(coded.wide, np.uint32)
        two = two[large < FOUR]
    values[two] = (values[two].astype(ID) << 8) + _FROM_TWO + np.frombuffer(coded.second, np.uint8)
    return values


def moved(ids: Documents, base: int) -> Documents:
    """Documents of a segment as those of the index."""
    return ids + base if base else ids

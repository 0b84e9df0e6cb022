"""Lists of a term's record as arrays, and its documents, for `numpy_arrays`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heatseek.engines.whoosh.coding import BYTES, FOUR, MORE, ONES, TWO, Coded
from heatseek.engines.whoosh.postings import Postings, SegmentPostings
from heatseek.engines.whoosh.sections import DamagedRecordError
from heatseek.ranking.arrays import blocks

Documents = NDArray[Any]
"""Their numbers, of kind `ID` where many searches are to come, else of `SHORT_ID`."""
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
Numbers = NDArray[Any]
_FROM_TWO = TWO - (TWO << 8)
"""What a number of two bytes is more than these bytes say."""
ID = np.dtype(np.intp)
"""Of document numbers: any other is made into this one wherever an array is indexed by it."""
SHORT_ID = np.dtype(np.int32)
"""Of document numbers, in half the memory."""
_FEW = 4_096
"""Documents whose numbers may stand twice for a while."""
_TWO_BYTES, _BYTE = np.dtype(np.uint16), np.dtype(np.uint8)


def places_in(documents: Documents, others: Documents) -> Places:
    """Where each document stands or would stand in `others`; the last place instead of the end."""
    return np.minimum(others.searchsorted(documents), len(others) - 1)


def ids_of(part: SegmentPostings, field: int | None, kind: np.dtype[Any] = ID) -> Documents:
    """The documents of a term, in all fields or in one."""
    base, postings = part
    ids = documents_of(postings)
    if field is not None and not postings.mask >> field & 1:
        masks = np.frombuffer(postings.masks, np.uint8)
        ids = ids[(masks & (1 << field)).astype(np.bool_)]
    return moved(ids, base).astype(kind, copy=False)


def documents_of(postings: Postings) -> Documents:
    """The documents of a term in its segment.

    Raises:
        DamagedRecordError: the segment has not so many.
    """
    if postings.array is None:
        postings.array = read(postings)
    ids: Documents = postings.array
    return ids


def read(postings: Postings, out: Documents | None = None) -> Documents:
    """The documents of a term in its segment, read anew.

    Args:
        postings: of the term.
        out: where they are to stand; else in an array of their own.

    Raises:
        DamagedRecordError: the segment has not so many.
    """
    gaps = numbers_of(postings.documents)
    ids: Documents = np.empty(len(gaps), ID) if out is None else out
    before = 0
    # What numpy makes of the gaps in between takes no more than a block of them.
    for block in blocks(len(gaps)):
        some = np.add.accumulate(gaps[block], dtype=ID)
        if before:
            some += before
        ids[block] = some
        before = some[-1]
    if before >= postings.size or np.count_nonzero(gaps[1:]) < len(gaps) - 1:
        raise DamagedRecordError
    return ids


def in_index(parts: Sequence[SegmentPostings], kind: np.dtype[Any]) -> Documents:
    """The documents of a term in all segments, without a copy of those of each."""
    if len(parts) == 1 and kind is ID:
        base, postings = parts[0]
        return moved(documents_of(postings), base)
    documents: Documents = np.empty(sum(len(postings) for _, postings in parts), kind)
    end = 0
    for base, postings in parts:
        start, end = end, end + len(postings)
        own = documents[start:end]
        if postings.array is None:
            read(postings, own)
            own += base
        else:
            np.add(postings.array, base, out=own, casting="same_kind")
    return documents


def positions_in(mask: Numbers, kind: np.dtype[Any]) -> Documents:
    """The places of all but zeros, without an array of another kind of all of them."""
    if kind is ID:
        places: Documents = mask.nonzero()[0]
        return places
    places = np.empty(np.count_nonzero(mask), kind)
    end = 0
    for block in blocks(len(mask)):
        some = mask[block].nonzero()[0]
        start, end = end, end + len(some)
        np.add(some, block.start, out=places[start:end], casting="same_kind")
    return places


def at(values: Numbers, documents: Documents) -> Numbers:
    """The values of documents, without numbers of kind `ID` for all of them."""
    if documents.dtype is ID or len(documents) <= _FEW:
        return values[documents]
    found: Numbers = np.empty(len(documents), values.dtype)
    for block in blocks(len(documents)):
        found[block] = values[documents[block]]
    return found


def mark(mask: Mask, documents: Documents) -> None:
    """Set a mask at each of the documents, likewise."""
    for block in blocks(len(documents)):
        mask[documents[block]] = True


def joined(arrays: Sequence[Numbers]) -> Numbers:
    """Arrays one behind the other."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def numbers_of(coded: Coded) -> Numbers:
    """A list as an array of the least kind that has room for its numbers."""
    if coded.form == BYTES:
        low = np.frombuffer(coded.low, np.uint8)
        return _whole(low, coded) if coded.has_large else low
    if coded.form == ONES:
        return np.ones(coded.count, np.uint8)
    values = np.frombuffer(coded.nibbles(), np.uint8)
    if coded.more:
        more = (values == MORE).nonzero()[0]
        values = values.astype(_least(coded.more))
        values[more] += numbers_of(coded.more)
    return values


def _least(coded: Coded) -> np.dtype[Any]:
    """The least kind that has room for the numbers of a list in `BYTES`, and `MORE` above them."""
    if coded.wide:
        return ID
    return _TWO_BYTES if coded.second else _BYTE


def _whole(low: Numbers, coded: Coded) -> Numbers:
    values = low.astype(_least(coded))
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

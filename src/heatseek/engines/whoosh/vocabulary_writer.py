"""The vocabulary of one inverted field as it is written, by the block; `vocabulary` reads it."""

from __future__ import annotations

from array import array
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from heatseek.engines.shared.ragged import within
from heatseek.engines.whoosh.coding import MORE
from heatseek.engines.whoosh.encoding import ByteLists
from heatseek.engines.whoosh.records import Records
from heatseek.engines.whoosh.vocabulary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from heatseek.engines.whoosh.sections import SectionWriter

    Bytes = NDArray[np.uint8]
    Numbers = NDArray[np.integer]


class VocabularyWriter:
    """Takes the records of a field's terms in order, and writes the sections of the field.

    Args:
        out: the segment's file.
        field: an inverted one.
    """

    def __init__(self, out: SectionWriter, field: str) -> None:
        self._out = out
        self._field = field
        self._left: Records | None = None
        self._texts: list[bytes] = []
        self._rows = array("Q")
        self._count = self._text_end = self._end = 0
        out.begin(f"{field}/postings")

    def add(self, records: Records) -> None:
        """Write all whole blocks; the rest waits."""
        if self._left:
            records = _joined(self._left, records)
        whole = len(records.terms) // BLOCK * BLOCK
        self._left = records.part(whole, len(records.terms))
        self._write(records.part(0, whole))

    def close(self) -> None:
        """Write what is left, and where everything is."""
        if self._left:
            self._write(self._left)
        self._out.end()
        self._out.add(f"{self._field}/terms", b"".join(self._texts))
        self._rows.extend((self._text_end, self._end, self._end, self._count, 0))
        self._out.add(f"{self._field}/blocks", self._rows.tobytes())

    def _write(self, records: Records) -> None:
        if not records.terms:
            return
        firsts = range(0, len(records.terms), BLOCK)
        texts = list(_texts(records))
        data = _cut(records.data, records.sizes, firsts)
        positions = [b""] * len(texts)
        if records.position_sizes is not None:
            positions = _cut(records.positions, records.position_sizes, firsts)
        for text, own, places in zip(texts, data, positions, strict=True):
            middle = self._end + len(own)
            self._rows.extend((self._text_end, self._end, middle, crc32(own), crc32(places)))
            self._text_end += len(text)
            self._end = middle + len(places)
        self._texts += texts
        self._count += len(records.terms)
        both = (part for pair in zip(data, positions, strict=True) for part in pair)
        self._out.write(b"".join(both))


def _joined(one: Records, other: Records) -> Records:
    sizes = None
    if one.position_sizes is not None and other.position_sizes is not None:
        sizes = np.concatenate((one.position_sizes, other.position_sizes))
    return Records(
        one.terms + other.terms,
        np.concatenate((one.sizes, other.sizes)),
        np.concatenate((one.data, other.data)),
        sizes,
        np.concatenate((one.positions, other.positions)),
    )


def _cut(data: Bytes, sizes: Numbers, firsts: range | Numbers) -> list[bytes]:
    """The bytes of each block."""
    whole = data.tobytes()
    ends = np.cumsum(np.add.reduceat(sizes, firsts)).tolist()
    return [whole[start:end] for start, end in pairwise([0, *ends])]


def _texts(records: Records) -> Iterator[bytes]:
    """The text of each block of terms, as `vocabulary` lays it out."""
    terms = records.terms
    lengths = np.asarray(array("q", list(map(len, terms))))
    text = np.frombuffer(b"".join((*terms, bytes(MORE))), np.uint8)
    starts = np.cumsum(lengths) - lengths
    shared = _shared(text, starts, lengths)
    rest = lengths - shared
    codes = (shared << 4 | np.minimum(rest, MORE)).astype(np.uint8).tobytes()
    firsts = np.arange(0, len(terms), BLOCK)
    in_block = np.diff(firsts, append=len(terms))
    rest[firsts] = 0  # the first stands in front
    long = np.flatnonzero(rest >= MORE)
    parts = [
        _lists(lengths[firsts], np.ones_like(firsts)),
        [terms[first] for first in firsts.tolist()],
        _lists(records.sizes, in_block),
        *([] if records.position_sizes is None else [_lists(records.position_sizes, in_block)]),
        [codes[first + 1 : first + BLOCK] for first in firsts.tolist()],
        _lists(rest[long] - MORE, np.bincount(long // BLOCK, minlength=len(firsts))),
        _cut(text.take(within(starts + shared, rest)), rest, firsts),
    ]
    return map(b"".join, zip(*parts, strict=True))


def _lists(values: Numbers, counts: Numbers) -> list[bytes]:
    """A list for each block."""
    lists = ByteLists(values, counts)
    data = lists.data()
    return [data[start:end] for start, end in pairwise(accumulate(lists.sizes.tolist(), initial=0))]


def _shared(text: Bytes, starts: Numbers, lengths: Numbers) -> Numbers:
    """How many bytes each term has in common with the one before, up to `MORE`; none in front.

    Args:
        text: all terms, and as many bytes more.
        starts: of the terms in it.
        lengths: of the terms.
    """
    beginnings = np.lib.stride_tricks.sliding_window_view(text, MORE)[starts]
    shared = np.zeros(len(starts), np.int64)
    # The place of the first that differs, if one does.
    differ = np.ones((len(starts) - 1, MORE + 1), bool)
    np.not_equal(beginnings[1:], beginnings[:-1], out=differ[:, :MORE])
    shared[1:] = np.minimum(differ.argmax(axis=1), np.minimum(lengths[1:], lengths[:-1]))
    shared[::BLOCK] = 0
    return shared

"""Runs of one inverted field merged into the records of its terms; `postings` reads them.

A record is laid out as `postings` says. Many are made at once: where each part of each goes is
worked out for all, then the parts are put there, kind by kind.
"""

from __future__ import annotations

import os
from itertools import accumulate, chain
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

from heatseek.engines.whoosh.inversion import Run, by_rank, changes, united
from heatseek.engines.whoosh.postings import (
    ALIGNMENT,
    CRC,
    FIELD_HEAD,
    HEAD,
    MAX_FIELDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

    from heatseek.engines.whoosh.inversion import Column

    Numbers = NDArray[np.integer]

AT_ONCE = 200_000
"""Postings; the records of fewer are made together."""
_RECORD = np.dtype(
    [("crc", "u4"), ("documents", "u4"), ("bits", "u1"), ("masks", "u1"), ("0", "u2")]
)
_FIELD = np.dtype(
    [("documents", "u4"), ("positions", "u4"), ("counts", "u1"), ("width", "u1"), ("0", "u2")]
)


class Spill:
    """A file without a name that runs are kept in.

    Args:
        folder: on whose disk it stands.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None

    def keep(self, run: Run) -> Run:
        """The run, of which only the terms stay in memory."""
        return run._replace(columns=tuple(map(self._kept, run.columns)))

    def _kept(self, column: Column) -> _Kept:
        if self._file is None:
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - open until `close`
        start, numbers = self._file.seek(0, os.SEEK_END), column[:]
        self._file.write(numbers.data)
        return _Kept(self._file, start, numbers.dtype)

    def close(self) -> None:
        """Give the room back."""
        if self._file:
            self._file.close()


class _Kept(NamedTuple):
    """A column of a run in a file."""

    file: BinaryIO
    start: int
    kind: np.dtype[np.integer]

    def __getitem__(self, here: slice) -> Numbers:  # type: ignore[override] # a column, not a tuple
        size = self.kind.itemsize
        self.file.seek(self.start + here.start * size)
        return np.frombuffer(self.file.read((here.stop - here.start) * size), self.kind)


class Records(NamedTuple):
    """Terms that follow each other, in order, and their records."""

    terms: list[bytes]
    sizes: list[int]
    data: bytes


def merged(runs: Sequence[Run], names: Sequence[str]) -> Iterator[Records]:
    """The records of all terms of a field, in order.

    Args:
        runs: of the segment, document after document.
        names: of the strings.
    """
    strings = sorted(
        set(chain.from_iterable(r.strings.tolist() for r in runs)), key=names.__getitem__
    )
    ranks = np.zeros(max(strings, default=0) + 1, np.int64)
    ranks[strings] = np.arange(len(strings))
    parts = [_Part(run, ranks[run.strings]) for run in runs]
    counts = np.zeros(len(strings), np.int64)
    for part in parts:
        counts[part.ranks] += part.run.counts
    for start, end in _stretches(counts):
        postings = _joined([part.between(start, end) for part in parts])
        sizes, data = _records(postings, end - start)
        terms = [names[string].encode() for string in strings[start:end]]
        yield Records(terms, sizes.tolist(), data)


class _Part:
    """A run that is read from front to back."""

    def __init__(self, run: Run, ranks: Numbers) -> None:
        self.run = run
        self.ranks = ranks
        self._ends = np.concatenate(([0], np.cumsum(run.counts)))

    def between(self, start: int, end: int) -> list[Numbers]:
        """Of the postings of terms of these ranks: those ranks from 0 on, and the columns."""
        first, last = np.searchsorted(self.ranks, (start, end))
        here = slice(int(self._ends[first]), int(self._ends[last]))
        terms = np.repeat(self.ranks[first:last] - start, self.run.counts[first:last])
        return [terms, *(column[here] for column in self.run.columns)]


def _stretches(counts: Numbers) -> Iterator[tuple[int, int]]:
    """Ranges of terms that have no more postings than are made at once; of one term, any number."""
    ends = np.cumsum(counts)
    start = done = 0
    while start < len(counts):
        end = max(int(np.searchsorted(ends, done + AT_ONCE, "right")), start + 1)
        yield start, end
        start, done = end, int(ends[end - 1])


def _joined(parts: list[list[Numbers]]) -> list[Numbers]:
    if len(parts) == 1:
        return parts[0]
    columns = [np.concatenate(several) for several in zip(*parts, strict=True)]
    places = by_rank(columns[0])
    return [column[places] for column in columns]


def _records(postings: list[Numbers], count: int) -> tuple[Numbers, bytes]:
    """The sizes of the records of `count` terms, and the records."""
    terms, documents, *more = postings
    firsts = changes(terms, documents)
    having = np.bincount(terms[firsts], minlength=count)
    fields = list(_fields(postings, count))
    ends = list(
        accumulate((f.sizes for f in fields), initial=HEAD.size + having * (4 + len(more[:1])))
    )
    sizes = ends[-1] + -ends[-1] % ALIGNMENT
    starts = np.cumsum(sizes) - sizes
    out = np.zeros(int(sizes.sum()), np.uint8)
    head = np.zeros(count, _RECORD)
    head["documents"], head["masks"] = having, len(more[:1])
    for field in fields:
        head["bits"] |= (field.sizes > 0).astype(np.uint8) << field.number
    _put(out, starts, head)
    at = starts + HEAD.size
    _put(out, _within(at, having, 4), documents[firsts].astype(np.uint32))
    for bits in more[:1]:
        _put(out, _within(at + 4 * having, having, 1), united(bits, firsts))
    for field, start in zip(fields, ends, strict=False):
        field.put(out, starts + start)
    _seal(out, starts, sizes)
    return sizes, out.tobytes()


def _fields(postings: list[Numbers], count: int) -> Iterator[_Field]:
    """The fields that the terms stand in; none if there are no positions."""
    if len(postings) < 4:
        return
    terms, documents, bits, positions = postings
    for number in range(MAX_FIELDS - 1):
        here = np.flatnonzero(bits & (1 << number))
        if len(here):
            yield _Field(number, terms[here], documents[here], positions[here], count)


class _Field:
    """The part of the records that is of one field."""

    def __init__(
        self, number: int, terms: Numbers, documents: Numbers, positions: Numbers, count: int
    ) -> None:
        self.number = number
        self._positions = positions
        firsts = changes(terms, documents)
        self._counts = np.diff(firsts, append=len(terms))
        self._documents = np.bincount(terms[firsts], minlength=count)
        self._of_term = np.bincount(terms, minlength=count)
        most = _most(self._counts, self._documents)
        self._count_widths = np.select([most <= 1, most <= 0xFF], [0, 1], 4)
        self._widths = np.where(_most(positions, self._of_term) <= 0xFFFF, 2, 4)
        data = self._of_term * self._widths + self._documents * self._count_widths
        self.sizes = np.where(self._of_term, FIELD_HEAD.size + data, 0)
        """Bytes, of each term; 0 where it is not in the field."""

    def put(self, out: NDArray[np.uint8], starts: Numbers) -> None:
        """Put it where it begins in each record."""
        there = np.flatnonzero(self._of_term)
        head = np.zeros(len(there), _FIELD)
        head["documents"], head["positions"] = self._documents[there], self._of_term[there]
        head["counts"], head["width"] = self._count_widths[there], self._widths[there]
        _put(out, starts[there], head)
        at = starts + FIELD_HEAD.size
        _put_narrow(out, at, self._of_term, self._widths, self._positions)
        at = at + self._of_term * self._widths
        _put_narrow(out, at, self._documents, self._count_widths, self._counts)


def _most(values: Numbers, counts: Numbers) -> Numbers:
    """The largest of each so many values in a row; 0 of none."""
    most = np.zeros(len(counts), np.int64)
    there = np.flatnonzero(counts)
    most[there] = np.maximum.reduceat(values, (np.cumsum(counts) - counts)[there])
    return most


def _put_narrow(
    out: NDArray[np.uint8], at: Numbers, counts: Numbers, widths: Numbers, values: Numbers
) -> None:
    """Put so many values at each place, in numbers of so many bytes; of none they are left out."""
    of_value = np.repeat(widths, counts)
    places = np.repeat(at, counts) + _ranks(counts) * of_value
    for width in (1, 2, 4):
        chosen = of_value == width
        if chosen.any():
            _put(out, places[chosen], values[chosen].astype(f"u{width}"))


def _put(out: NDArray[np.uint8], places: Numbers, values: NDArray[np.generic]) -> None:
    """Put each value at its place, as its bytes are."""
    width = values.dtype.itemsize
    as_bytes = values.view(np.uint8).reshape(-1, width)
    for number in range(width):
        out[places + number] = as_bytes[:, number]


def _within(at: Numbers, counts: Numbers, width: int) -> Numbers:
    """The places of so many values of a width, behind each other from each place on."""
    return np.repeat(at, counts) + width * _ranks(counts)


def _ranks(counts: Numbers) -> Numbers:
    """0 to n - 1 for each count n."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def _seal(out: NDArray[np.uint8], starts: Numbers, sizes: Numbers) -> None:
    """Put the checksum before each record."""
    view = out.data
    ends = (starts + sizes).tolist()
    pairs = zip((starts + CRC.size).tolist(), ends, strict=True)
    sums = np.array([crc32(view[start:end]) for start, end in pairs], np.uint32)
    _put(out, starts, sums)

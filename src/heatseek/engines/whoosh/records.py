"""Runs of one inverted field merged into the records of its terms; `postings` reads them.

A record is laid out as `postings` says. Many are made at once: where each part of each goes is
worked out for all, then the parts are put there, kind by kind.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from heatseek.engines.shared.ragged import ranks_of, within
from heatseek.engines.whoosh.coding import ONES
from heatseek.engines.whoosh.encoding import ByteLists, Lists
from heatseek.engines.whoosh.inversion import Run, by_rank, changes, united
from heatseek.engines.whoosh.postings import (
    COUNTED,
    FORMS_IN_BYTE,
    MASKS,
    MAX_FIELDS,
    ONE_MASK,
    SINGLE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Numbers = NDArray[np.integer]

AT_ONCE = 200_000
"""Postings; the records of fewer are made together."""
_OF_TERM = 7
"""Postings that take as much memory as a term."""


class Records(NamedTuple):
    """Terms that follow each other, in order, with their records and positions."""

    terms: list[bytes]
    sizes: Numbers
    data: Bytes
    position_sizes: Numbers | None
    """None of a field without positions."""
    positions: Bytes

    def part(self, start: int, end: int) -> Records:
        """Those of the terms between two places."""
        here = slice(start, end)
        positions, sizes = self.positions, self.position_sizes
        if sizes is not None:
            positions, sizes = _between(positions, sizes, here), sizes[here]
        data = _between(self.data, self.sizes, here)
        return Records(self.terms[here], self.sizes[here], data, sizes, positions)


def _between(data: Bytes, sizes: Numbers, here: slice) -> Bytes:
    return data[int(sizes[: here.start].sum()) : int(sizes[: here.stop].sum())]


def merged(runs: list[Run], terms: Sequence[bytes]) -> Iterator[Records]:
    """The records of all terms of a field, in order. The runs are let go, their columns are not.

    Args:
        runs: of the segment, document after document.
        terms: of the segment, in order; runs have their places.
    """
    counts = np.zeros(len(terms), np.int64)
    for run in runs:
        counts[run.terms] += run.counts
    places = np.flatnonzero(counts)
    ranks = np.zeros(len(terms), np.int32)
    ranks[places] = np.arange(len(places))
    parts = [_FrontToBack(run, ranks[run.terms]) for run in runs]
    runs.clear()
    for start, end in _stretches(counts[places]):
        postings = _joined([part.between(start, end) for part in parts])
        yield _records([terms[place] for place in places[start:end].tolist()], postings)


class _FrontToBack:
    """A run that is read from front to back."""

    def __init__(self, run: Run, ranks: Numbers) -> None:
        self._columns = run.columns
        self._ranks = ranks
        self._ends = np.zeros(len(ranks) + 1, np.int32)
        np.cumsum(run.counts, out=self._ends[1:])

    def between(self, start: int, end: int) -> list[Numbers]:
        """Of the postings of terms of these ranks: those ranks from 0 on, and the columns."""
        # Of another type all ranks would be converted.
        first, last = np.searchsorted(self._ranks, np.array((start, end), self._ranks.dtype))
        ends = self._ends[first : last + 1]
        here = slice(int(ends[0]), int(ends[-1]))
        terms = np.repeat(self._ranks[first:last] - start, np.diff(ends))
        return [terms, *(column[here] for column in self._columns)]


def _stretches(counts: Numbers) -> Iterator[tuple[int, int]]:
    """Ranges of terms that have no more postings than are made at once; of one term, any number."""
    ends = np.cumsum(counts + _OF_TERM)
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
    return [column.take(places) for column in columns]


def _records(names: list[bytes], postings: list[Numbers]) -> Records:
    terms, documents, *more = postings
    count = len(names)
    firsts = changes(terms, documents)
    having = np.bincount(terms.take(firsts), minlength=count)
    gaps = _gaps(documents.take(firsts), np.cumsum(having) - having)
    gap_lists = Lists(gaps, having, ones=False)
    heads = gap_lists.forms.astype(np.uint8)
    single = having == 1
    heads[single] |= SINGLE
    numbers = ByteLists(having[~single], (~single).astype(np.int64))
    parts: list[_Part] = [_Heads(heads), numbers, gap_lists]
    for bits in more[:1]:
        masks = _Masks(united(bits, firsts), having)
        heads |= masks.flags
        parts.append(masks)
    fields = list(_fields(postings, count))
    if fields:
        forms = _CountForms(fields)
        heads[forms.sizes > 0] |= COUNTED
        parts += [forms, *(field.counts for field in fields)]
    sizes, data = _together(parts)
    if len(more) < 2:
        return Records(names, sizes, data, None, np.zeros(0, np.uint8))
    return Records(names, sizes, data, *_together([field.positions for field in fields]))


class _Part(Protocol):
    """A part of many records."""

    @property
    def sizes(self) -> Numbers:
        """Bytes in each."""

    def put(self, out: Bytes, starts: Numbers, /) -> None:
        """Put it where it begins in each record."""


def _together(parts: Sequence[_Part]) -> tuple[Numbers, Bytes]:
    """The sizes of the records that have these parts, and the records."""
    ends = list(accumulate((part.sizes for part in parts), np.add))
    sizes: Numbers = ends[-1]
    starts = np.cumsum(sizes) - sizes
    out = np.zeros(int(sizes.sum()), np.uint8)
    for part, end in zip(parts, ends, strict=True):
        part.put(out, starts + end - part.sizes)
    return sizes, out


class _Heads:
    """The first byte of each record."""

    def __init__(self, heads: Bytes) -> None:
        self._heads = heads
        self.sizes = np.ones(len(heads), np.int64)

    def put(self, out: Bytes, starts: Numbers) -> None:
        out[starts] = self._heads


class _Masks:
    """The fields of each document; one byte where all have the same."""

    def __init__(self, masks: Numbers, counts: Numbers) -> None:
        starts = np.cumsum(counts) - counts
        alike = np.bitwise_and.reduceat(masks, starts) == np.bitwise_or.reduceat(masks, starts)
        self.flags = np.where(alike, ONE_MASK, MASKS).astype(np.uint8)
        self.sizes = np.where(alike, 1, counts)
        ranks = ranks_of(counts)
        kept = ~(np.repeat(alike, counts) & (ranks > 0))
        self._masks = masks.compress(kept).astype(np.uint8)

    def put(self, out: Bytes, starts: Numbers) -> None:
        out[within(starts, self.sizes)] = self._masks


class _CountForms:
    """The forms of the counts in the fields of each record; nothing if all are ones."""

    def __init__(self, fields: Sequence[_Field]) -> None:
        self._fields = fields
        having = [(field.counts.having > 0).astype(np.int64) for field in fields]
        # Which of its fields each is.
        self._places = list(accumulate(having, initial=np.zeros_like(having[0])))
        forms = [field.counts.forms for field in fields]
        self._counted = np.bitwise_or.reduce(forms) != ONES
        self.sizes = np.where(self._counted, -(-self._places[-1] // FORMS_IN_BYTE), 0)

    def put(self, out: Bytes, starts: Numbers) -> None:
        for field, places in zip(self._fields, self._places, strict=False):
            here = np.flatnonzero((field.counts.having > 0) & self._counted)
            shifts = 2 * (places[here] % FORMS_IN_BYTE)
            out[starts[here] + places[here] // FORMS_IN_BYTE] |= (
                field.counts.forms[here] << shifts
            ).astype(np.uint8)


def _fields(postings: list[Numbers], count: int) -> Iterator[_Field]:
    """The fields that the terms stand in; none if there are no positions."""
    if len(postings) < 4:
        return
    terms, documents, bits, positions = postings
    for number in range(MAX_FIELDS - 1):
        here = np.flatnonzero(bits & (1 << number) != 0)
        if len(here):
            of_field = terms.take(here), documents.take(here), positions.take(here)
            yield _Field(*of_field, count)


class _Field:
    """The parts of the records that are of one field."""

    def __init__(self, terms: Numbers, documents: Numbers, positions: Numbers, count: int) -> None:
        firsts = changes(terms, documents)
        numbers = np.diff(firsts, append=len(terms))
        self.counts = Lists(numbers, np.bincount(terms.take(firsts), minlength=count), ones=True)
        self.positions = ByteLists(_gaps(positions, firsts), np.bincount(terms, minlength=count))


def _gaps(values: Numbers, firsts: Numbers) -> Numbers:
    """How far each is from the one before; those at these places as they are."""
    gaps = values.copy()
    gaps[1:] -= values[:-1]  # without a sign; where that is missed, at `firsts`, it is not used
    gaps[firsts] = values.take(firsts)
    return gaps

"""Phrases for `numpy_arrays`: positions of many documents that have all words, compared at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from heatseek.engines.shared import ragged
from heatseek.engines.shared.plan import TermSequence, occurrences
from heatseek.engines.whoosh.arrays.numpy_lists import Documents, ids_of, numbers_of, places_in
from heatseek.engines.whoosh.postings import Postings
from heatseek.engines.whoosh.sections import DamagedRecordError

if TYPE_CHECKING:
    from heatseek.engines.model import Budget

Numbers = NDArray[Any]
_BLOCK = 65_536
"""Positions that are compared at once, and those of one document more: they take little memory."""
_BITS = 40
"""Of a position, below the number of its document."""
_NONE = np.empty(0, np.int64), np.empty(0, np.uint32)


class _Term(NamedTuple):
    """A term of the phrase in a field: its documents, and where they have it."""

    documents: Documents
    counts: Numbers
    """Positions of each document."""
    starts: Numbers
    """Where in `gaps` these begin."""
    gaps: Numbers
    """Of each document the first position, then how far each is from the one before."""


class _Stands(NamedTuple):
    """Where a term stands in some documents: a number for each position, ascending."""

    counts: Numbers
    positions: Numbers


def phrase_counts(
    form: TermSequence, postings: Mapping[str, Postings], field: int, budget: Budget
) -> tuple[Documents, Numbers]:
    """Documents of a segment that have a phrase in a field, and how often.

    Raises:
        QueryError: it takes more than the budget.
        DamagedRecordError: a term has no positions, or some that no text has.
    """
    every = {term: ids_of((0, each), field) for term, each in postings.items()}
    documents, *others = sorted(every.values(), key=len)
    for other in others:
        documents = documents[other[places_in(documents, other)] == documents]
    if not len(documents):
        return _NONE
    terms = {term: _read(postings[term], field, ids) for term, ids in every.items()}
    count = _in_order if form.slop is None else _near
    found = []
    for some in _blocks(documents, terms.values()):
        stands = {name: _stands(term, some) for name, term in terms.items()}
        counts = count(form, stands, budget)
        having = counts.nonzero()[0]
        found.append((some[having], counts[having].astype(np.uint32)))
    ids, values = zip(*found, strict=True)
    return np.concatenate(ids), np.concatenate(values)


def _blocks(documents: Documents, terms: Collection[_Term]) -> list[Documents]:
    """The documents in order, some at a time."""
    sizes = np.zeros(len(documents), np.int64)
    for term in terms:
        sizes += term.counts[term.documents.searchsorted(documents)]
    numbers = (sizes.cumsum() - sizes) // _BLOCK
    return np.split(documents, (numbers[1:] != numbers[:-1]).nonzero()[0] + 1)


def _read(postings: Postings, field: int, documents: Documents) -> _Term:
    """A term of documents that have it in a field, all of them."""
    in_field = postings.in_field(field)
    if in_field is None:
        raise DamagedRecordError
    counts = numbers_of(in_field.coded_counts).astype(np.int64)
    gaps = numbers_of(in_field.positions.coded)
    return _Term(documents, counts, ragged.starts(counts), gaps)


def _stands(term: _Term, documents: Documents) -> _Stands:
    """Where a term stands in documents that have it."""
    places = term.documents.searchsorted(documents)
    counts = term.counts[places].astype(np.int64)
    gaps = term.gaps[ragged.within(term.starts[places], counts)].astype(np.int64)
    positions = gaps.cumsum()
    firsts = ragged.starts(counts)
    positions -= np.repeat(positions[firsts] - gaps[firsts], counts)
    if positions.max() >> (_BITS - 1):
        raise DamagedRecordError
    positions += np.repeat(np.arange(len(documents)) << _BITS, counts)
    return _Stands(counts, positions)


def _in_order(form: TermSequence, stands: Mapping[str, _Stands], budget: Budget) -> Numbers:
    """See `plan.occurrences`; of each document."""
    (_, first), *others = form.terms
    counts, starts = stands[first]
    budget.spend(int(counts.sum()))
    is_new = np.ones(len(starts), np.bool_)
    np.not_equal(starts[1:], starts[:-1], out=is_new[1:])
    starts = starts[is_new]
    for offset, term in others:
        if not len(starts):
            break
        numbers, positions = stands[term]
        left = np.zeros(len(counts), np.bool_)
        left[starts >> _BITS] = True
        budget.spend(int(numbers[left].sum()))
        positions = positions - offset
        starts = starts[positions[places_in(starts, positions)] == starts]
    return np.bincount(starts >> _BITS, minlength=len(counts))


def _near(form: TermSequence, stands: Mapping[str, _Stands], budget: Budget) -> Numbers:
    """See `plan.occurrences`; of each document in turn."""
    every = {
        term: (ragged.ends(counts).tolist(), (positions & ((1 << _BITS) - 1)).tolist())
        for term, (counts, positions) in stands.items()
    }
    size = len(next(iter(stands.values())).counts)
    found = [
        occurrences(form, {t: at[ends[n] : ends[n + 1]] for t, (ends, at) in every.items()}, budget)
        for n in range(size)
    ]
    return np.array(found)

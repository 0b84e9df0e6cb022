"""Sets of documents for `numpy_arrays`: ascending arrays, and masks of those looked up in often."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np

from heatseek.engines.whoosh.arrays.numpy_lists import (
    ID,
    SHORT_ID,
    Documents,
    Mask,
    at,
    mark,
    positions_in,
)
from heatseek.engines.whoosh.columns import least_in
from heatseek.ranking.arrays import Numbers

SPARSE = 16
"""A set this many times smaller than another is looked up in it, not passed over with it."""
_FEW = 256
"""Documents that are looked up in another set in less time than it takes to make a mask of that."""
_DENSE = 16
"""A set that has one of so many documents is worth a mask."""
_MASK_BYTES = 16_000_000
"""Of large sets and their masks, unless the index is so large that this would be those of one."""
_MASK_BYTES_A_DOCUMENT = 20
"""Of the index: as many as two sets of every document."""
NONE = np.empty(0, ID)


class Sets:
    """The sets of an index of `size` documents, some of which are deleted.

    Args:
        size: how many.
        deleted: of these.
        keeps_masks: whether large sets are likely to be looked up in again by other searches.
    """

    def __init__(self, size: int, deleted: Sequence[int], *, keeps_masks: bool) -> None:
        self._size = size
        self._keeps_masks = keeps_masks
        # Where each set is looked up in once, memory counts.
        self._id = ID if keeps_masks else SHORT_ID
        self._alive: Mask | None = None
        if len(deleted):
            self._alive = np.ones(size, np.bool_)
            self._alive[np.asarray(deleted)] = False
        self._masks: OrderedDict[int, tuple[Documents, Mask]] = OrderedDict()
        """Of large sets, by the identity of each, which is held so that no other gets it."""
        self._mask_bytes = 0
        """Of these."""
        self._lasting: dict[int, tuple[Documents, Mask]] = {}
        """The same of sets that are looked up in by many searches."""

    def chosen(self, documents: Iterable[int]) -> Documents:
        return np.array(sorted(documents), self._id)

    def everything(self) -> Documents:
        return self._living(np.arange(self._size, dtype=self._id))

    def lasting(self, documents: Documents) -> Documents:
        self._lasting[id(documents)] = documents, self._mask(documents)
        return documents

    def union(self, sets: Sequence[Documents]) -> Documents:
        sets = [each for each in sets if len(each)]
        if len(sets) < 2:
            return sets[0] if sets else NONE
        if sum(map(len, sets)) * SPARSE < self._size:
            together = np.concatenate(sets)
            # Sets are in order: stable sorting merges them.
            together.sort(kind="stable")
            is_new = np.ones(len(together), np.bool_)
            np.not_equal(together[1:], together[:-1], out=is_new[1:])
            return together[is_new]
        first, *others = sorted(sets, key=len, reverse=True)
        mask = self._mask(first).copy()
        for each in others:
            if len(each) * _DENSE < self._size:
                mark(mask, each)
            else:
                mask |= self._mask(each)
        together = positions_in(mask, self._id)
        if len(together) * _DENSE >= self._size:
            self._keep_mask(together, mask)
        return together

    def intersection(self, sets: Sequence[Documents]) -> Documents:
        if len(sets) > 1:
            sets = sorted(sets, key=self._passing)
        first = sets[0]
        for other in sets[1:]:
            first = first[self._member(first, other)]
        return first

    def _passing(self, documents: Documents) -> int:
        """What a pass over a set takes, next to a look at others in it."""
        return len(documents) * (SPARSE if id(documents) in self._lasting else 1)

    def difference(self, documents: Documents, excluded: Sequence[Documents]) -> Documents:
        for each in excluded:
            documents = documents[~self._member(documents, each)]
        return documents

    def between(self, documents: Documents, column: Numbers, low: float, high: float) -> Documents:
        values = column[documents]
        return documents[(values >= least_in(column, low)) & (values <= high)]

    def numbers(self, documents: Documents) -> list[int]:
        result: list[int] = documents.tolist()
        return result

    def total(self, documents: Documents) -> int:
        return len(documents)

    def _member(self, documents: Documents, others: Documents) -> Mask:
        """For each of `documents`, whether it is one of `others`."""
        if lasting := self._lasting.get(id(others)):
            return at(lasting[1], documents)
        if not len(others) or not len(documents):
            return np.zeros(len(documents), np.bool_)
        if len(documents) < _FEW or len(documents) * SPARSE < len(others):
            places = others.searchsorted(documents)
            among: Mask = others.take(places, mode="clip") == documents
            return among
        return at(self._mask(others), documents)

    def _mask(self, documents: Documents) -> Mask:
        """True at each of the documents; of large sets kept, and not to be changed."""
        kept = self._masks.get(id(documents))
        if kept and kept[0] is documents:
            self._masks.move_to_end(id(documents))
            return kept[1]
        mask = np.zeros(self._size, np.bool_)
        mark(mask, documents)
        if len(documents) * _DENSE >= self._size:
            self._keep_mask(documents, mask)
        return mask

    def _keep_mask(self, documents: Documents, mask: Mask) -> None:
        if not self._keeps_masks:
            return
        self._masks[id(documents)] = documents, mask
        self._mask_bytes += documents.nbytes + mask.nbytes
        while self._mask_bytes > max(_MASK_BYTES, _MASK_BYTES_A_DOCUMENT * self._size):
            _, (documents, mask) = self._masks.popitem(last=False)
            self._mask_bytes -= documents.nbytes + mask.nbytes

    def _living(self, documents: Documents) -> Documents:
        return documents if self._alive is None else documents[at(self._alive, documents)]

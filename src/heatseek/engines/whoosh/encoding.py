"""Many lists of small numbers at once in the code that `coding` reads, by operations on arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heatseek.engines.shared.ragged import within
from heatseek.engines.whoosh.coding import BYTES, FOUR, MORE, NIBBLES, ONES, TWO, WIDE, WORD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.integer]
    Bytes = NDArray[np.uint8]


class ByteLists:
    """Lists in `BYTES`.

    Args:
        values: of all lists, one after another; below 2**32.
        counts: how many each list has.

    Attributes:
        sizes: bytes, of each list.
    """

    def __init__(self, values: Numbers, counts: Numbers) -> None:
        self._values = values
        self._counts = counts
        large = np.flatnonzero(values >= TWO)
        wide = values.take(large) >= WIDE
        self._two, self._four = large.compress(~wide), large.compress(wide)
        ends = np.cumsum(counts)
        self._seconds, self._wides = _in_each(self._two, ends), _in_each(self._four, ends)
        self.sizes = counts + self._seconds + 4 * self._wides

    def put(self, out: Bytes, starts: Numbers) -> None:
        """Put each where it begins."""
        low = self._values.astype(np.uint8)
        rest = self._values.take(self._two) - TWO
        low[self._two] = TWO + (rest >> 8)
        low[self._four] = FOUR
        out[within(starts, self._counts)] = low
        if len(self._two):
            out[within(starts + self._counts, self._seconds)] = rest & 0xFF
        if len(self._four):
            places = within(starts + self._counts + self._seconds, self._wides, 4)
            put(out, places, self._values.take(self._four).astype(np.uint32))

    def data(self) -> bytes:
        """All of them, one after another."""
        out = np.zeros(int(self.sizes.sum()), np.uint8)
        self.put(out, np.cumsum(self.sizes) - self.sizes)
        return out.tobytes()


class Lists:
    """Lists, each in the form that takes least.

    Args:
        values, counts: as in `ByteLists`.
        ones: whether a list of ones alone takes nothing.

    Attributes:
        sizes: bytes, of each list.
        forms: of each.
        having: `counts`.
    """

    def __init__(self, values: Numbers, counts: Numbers, *, ones: bool) -> None:
        forms = _forms(values, counts)
        if ones:
            forms[_in_each(np.flatnonzero(values != 1), np.cumsum(counts)) == 0] = ONES
        self.forms = forms
        self.having = counts
        of_value = np.repeat(forms, counts)
        whole = values.compress(of_value == BYTES)
        self._whole = ByteLists(whole, np.where(forms == BYTES, counts, 0))
        self._counts = np.where(forms == NIBBLES, counts, 0)
        self._halves = halves = values.compress(of_value == NIBBLES)
        over = np.flatnonzero(halves >= MORE)
        more = halves.take(over) - MORE
        self._more = ByteLists(more, _in_each(over, np.cumsum(self._counts)))
        self.sizes = self._whole.sizes + (self._counts + 1) // 2 + self._more.sizes

    def put(self, out: Bytes, starts: Numbers) -> None:
        """Put each where it begins; there are zeros."""
        self._whole.put(out, starts)
        sizes = (self._counts + 1) // 2
        halves = np.zeros((int(sizes.sum()), 2), np.uint8)
        places = within(2 * (np.cumsum(sizes) - sizes), self._counts)
        halves.reshape(-1)[places] = np.minimum(self._halves, MORE)
        out[within(starts, sizes)] = halves[:, 0] << 4 | halves[:, 1]
        self._more.put(out, starts + sizes)


def encoded(value: int) -> bytes:
    """A list of one in `BYTES`."""
    if value < TWO:
        return bytes((value,))
    if value < WIDE:
        upper, lower = divmod(value - TWO, 256)
        return bytes((TWO + upper, lower))
    return bytes((FOUR,)) + WORD.pack(value)


def _forms(values: Numbers, counts: Numbers) -> Numbers:
    """The form of two that takes less, for each list."""
    ends = np.cumsum(counts)
    # Few are as large as that, and only these are looked at further.
    places = np.flatnonzero(values >= MORE)
    larger = values.take(places)
    in_halves = (counts + 1) // 2 + _in_each(places, ends) + _beyond(larger - MORE, places, ends)
    in_bytes = counts + _beyond(larger, places, ends)
    return np.where(in_halves < in_bytes, NIBBLES, BYTES)


def _beyond(values: Numbers, places: Numbers, ends: Numbers) -> Numbers:
    """The bytes that the values at some places take beyond one each, in each list."""
    two, four = (places.compress(values >= least) for least in (TWO, WIDE))
    return _in_each(two, ends) + 3 * _in_each(four, ends)


def _in_each(places: Numbers, ends: Numbers) -> Numbers:
    """How many of some ascending places lie in each of the lists that end there."""
    if len(places) < len(ends):
        return np.bincount(np.searchsorted(ends, places, "right"), minlength=len(ends))
    return np.diff(np.searchsorted(places, ends), prepend=0)


def put(out: Bytes, places: Numbers, values: NDArray[np.generic]) -> None:
    """Put each value at its place, as its bytes are."""
    width = values.dtype.itemsize
    as_bytes = values.view(np.uint8).reshape(-1, width)
    for number in range(width):
        out[places + number] = as_bytes[:, number]

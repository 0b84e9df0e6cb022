"""Columns as they stand in a segment: those of small numbers as narrow as their values.

Quality, heat and lengths of fields take one, two, four or eight bytes, as many as the greatest
value of the segment needs. In the narrow forms nothing is below 0 but -1, which is what is unknown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, repeat
from operator import itemgetter
from struct import Struct, calcsize

from heatseek.engines.shared.fields import LENGTH, UNKNOWN, length_column, typecode
from heatseek.schema import TEXT_FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence
    from typing import Any, Protocol

    class Sized(Protocol):
        """A column of any kind."""

        @property
        def itemsize(self) -> int:
            """Bytes of a number."""


_LENGTHS = frozenset(length_column(spec.name) for spec in TEXT_FIELDS)
_NARROWED = _LENGTHS | {"quality", "heat"}
_FORMS = {"I": "BHI", "q": "bhiq"}
"""The typecodes that a column can have, from the narrowest on, by the widest of them."""
_WIDEST = 8
"""Bytes of a number that has `UNKNOWN` where it is unknown."""
_NARROW_UNKNOWN = -1


def forms(name: str) -> dict[int, str]:
    """The typecodes that a column can have, by their bytes."""
    widest = LENGTH if name in _LENGTHS else typecode(name)
    return {calcsize(code): code for code in (_FORMS[widest] if name in _NARROWED else widest)}


def narrowed(name: str, values: array[Any]) -> array[Any]:
    """A column, in the narrowest form that has room for its values."""
    from array import array  # noqa: PLC0415 - only writers make any

    if name not in _NARROWED or not values:
        return values
    least, greatest = min(values), max(values)
    known = least
    if least == UNKNOWN:
        known = min(filter(UNKNOWN.__ne__, values), default=0)
    for code in _FORMS[values.typecode][: -1 if known >= 0 else 0]:
        bits = 8 * calcsize(code) - (code.islower())
        if greatest < 1 << bits:
            if least == UNKNOWN:
                return array(code, map(max, values, repeat(_NARROW_UNKNOWN)))
            return array(code, values)
    return values


def unknown_in(column: Sized) -> int:
    """The value of what is unknown in a column of whole numbers."""
    return UNKNOWN if column.itemsize == _WIDEST else _NARROW_UNKNOWN


def least_in(column: Sized, low: float) -> float:
    """A lower bound for a column that what is unknown does not reach."""
    return low if column.itemsize == _WIDEST else max(low, 0)


def widest(parts: Sequence[memoryview], code: str) -> str:
    """The typecode of a column of several segments.

    Args:
        parts: of each segment.
        code: of none.
    """
    return max((part.format for part in parts), key=calcsize, default=code)


class SegmentedColumn:
    """The columns of several segments as one, without a copy.

    Args:
        parts: of each segment.
    """

    def __init__(self, parts: Sequence[memoryview]) -> None:
        self._parts = parts
        self._bases = list(accumulate(map(len, parts), initial=0))
        self.itemsize = max((part.itemsize for part in parts), default=_WIDEST)

    def __getitem__(self, document: int) -> int:
        return self.at((document,))[0]

    def at(self, documents: Sequence[int]) -> list[int]:
        """The numbers of some documents, which ascend."""
        values: list[int] = []
        start = 0
        for part, base, end in zip(self._parts, self._bases, self._bases[1:], strict=False):
            stop = bisect_left(documents, end, start)
            own = gathered(part, [document - base for document in documents[start:stop]])
            if part.itemsize < self.itemsize == _WIDEST:
                own = [UNKNOWN if value == _NARROW_UNKNOWN else value for value in own]
            values += own
            start = stop
        return values


def gathered(values: Sequence[int], places: Sequence[int]) -> Sequence[int]:
    """The value at each place."""
    # Of one place `itemgetter` gives no tuple.
    return itemgetter(*places)(values) if len(places) > 1 else [values[p] for p in places]


class PiecedColumn:
    """A column of eight bytes of which few numbers are read: no more is checked than they need.

    Args:
        bases: the first document of each segment.
        pieces: of each segment, give some bytes of the column.
        code: the typecode.
    """

    itemsize = _WIDEST

    def __init__(
        self, bases: Sequence[int], pieces: Sequence[Callable[[int, int], memoryview]], code: str
    ) -> None:
        self._bases = bases
        self._pieces = pieces
        self._unpack = Struct(f"={code}").unpack

    def __getitem__(self, document: int) -> Any:
        place = bisect_right(self._bases, document) - 1
        start = _WIDEST * (document - self._bases[place])
        return self._unpack(self._pieces[place](start, start + _WIDEST))[0]

"""The vectors of a generation's articles: a row of bytes each, and a scale.

Rows stand in the order of their ids, so that equal articles give equal tables however they came,
and an id is found by halving. A search reads all of them: exact, and at a million rows of 256
numbers as fast as memory is read; blocks keep what it takes beside that small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from heatseek.vectors import Semantic
from heatseek.vectors.packing import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

    from numpy.typing import NDArray

    from heatseek.vectors import Floats

    Bytes = NDArray[np.int8]

VERSION = 1
MOST_DIMENSIONS = 4_096
_GREATEST = 127
_BLOCK = 16_384
"""Rows that are numbers at a time: 16 MB of 256 dimensions."""


class Neighbour(NamedTuple):
    """An article near a vector."""

    id: str
    cosine: float


class Rows(NamedTuple):
    """Vectors, each as small whole numbers and what they are to be multiplied by."""

    numbers: Bytes
    scales: Floats

    @classmethod
    def of(cls, vectors: Floats) -> Self:
        """Round vectors: no number is off by more than a 254th of the row's greatest."""
        greatest = np.abs(vectors).max(axis=1, initial=0.0)
        scales = (greatest / _GREATEST).astype(np.float32)
        divisors = np.where(scales > 0, scales, 1.0)[:, None]
        return cls(np.rint(vectors / divisors).astype(np.int8), scales)

    def vectors(self) -> Floats:
        """The vectors, but for the rounding."""
        return self.numbers.astype(np.float32) * self.scales[:, None]


def joined(parts: Sequence[Rows], dimensions: int) -> Rows:
    """Rows one after another."""
    every = [Rows(np.empty((0, dimensions), np.int8), np.empty(0, np.float32)), *parts]
    return Rows(
        np.concatenate([each.numbers for each in every]),
        np.concatenate([each.scales for each in every]),
    )


class Table:
    """Articles with their vectors.

    Attributes:
        values: what was noted of how they were made.
        rows: in the order of the ids.
    """

    def __init__(self, ids: _Ids, rows: Rows, values: Mapping[str, Any] | None = None) -> None:
        self.ids = ids
        self.rows = rows
        self.values = dict(values or {})

    @classmethod
    def of(cls, ids: Sequence[str], rows: Rows, values: Mapping[str, Any]) -> Self:
        """A table of articles in any order; each id stands once."""
        names = [id_.encode() for id_ in ids]
        order = sorted(range(len(names)), key=names.__getitem__)
        numbers, scales = rows.numbers[order], rows.scales[order]
        return cls(_Ids.of([names[n] for n in order]), Rows(numbers, scales), values)

    @classmethod
    def load(cls, data: memoryview) -> Self:
        """The table in the bytes of a note.

        Raises:
            ValueError, TypeError, LookupError, struct.error: there is none.
        """
        values, arrays = unpack(data)
        rows = Rows(arrays["numbers"], arrays["scales"])
        ids = _Ids(arrays["names"], arrays["ends"])
        if values["version"] != VERSION:
            raise ValueError("another version")
        if rows.numbers.ndim != 2 or not len(ids) == len(rows.numbers) == len(rows.scales):
            raise ValueError("another number of vectors than of articles")
        return cls(ids, rows, values)

    def dump(self) -> bytes:
        """The bytes of a note."""
        arrays: dict[str, NDArray[Any]] = {
            "numbers": self.rows.numbers,
            "scales": self.rows.scales,
            "names": self.ids.names,
            "ends": self.ids.ends,
        }
        return pack({**self.values, "version": VERSION}, arrays)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def semantic(self) -> Semantic:
        """The kind of the vectors."""
        return Semantic(str(self.values["model"]))

    @property
    def dimensions(self) -> int:
        """The numbers of a vector."""
        return int(self.rows.numbers.shape[1])

    def vector(self, article_id: str) -> Floats | None:
        """The vector of an article, but for its rounding; None if it has none."""
        place = self.ids.place(article_id)
        if place is None:
            return None
        one = slice(place, place + 1)
        row: Floats = Rows(self.rows.numbers[one], self.rows.scales[one]).vectors()[0]
        return row

    def place(self, article_id: str) -> int | None:
        """The row of an article; None if it has none."""
        return self.ids.place(article_id)

    def nearest(self, cosines: Floats, count: int) -> list[Neighbour]:
        """The articles with the greatest of these cosines, the nearest first; those as near by id.

        An article whose vector points another way (a cosine of 0 or below) is near to nothing.
        """
        places = np.flatnonzero(cosines > 0)
        if len(places) > count:
            least = np.partition(cosines[places], len(places) - count)[-count]
            places = places[cosines[places] >= least]
        # Stable: rows stand in the order of their ids.
        places = places[np.argsort(-cosines[places], kind="stable")][:count]
        return [Neighbour(self.ids[n], float(cosines[n])) for n in places.tolist()]

    def cosines(self, vector: Floats) -> Floats:
        """The cosine of each row and a vector of length 1."""
        numbers, scales = self.rows
        result = np.empty(len(numbers), np.float32)
        for start in range(0, len(numbers), _BLOCK):
            block = slice(start, start + _BLOCK)
            np.dot(numbers[block].astype(np.float32), vector, out=result[block])
        return result * scales

    def without(self, ids: Iterable[str]) -> tuple[list[str], Rows]:
        """The articles that stay when some go, and their rows."""
        kept = np.ones(len(self), np.bool_)
        for id_ in ids:
            place = self.ids.place(id_)
            if place is not None:
                kept[place] = False
        places = np.flatnonzero(kept)
        rows = Rows(self.rows.numbers[places], self.rows.scales[places])
        return [self.ids[n] for n in places.tolist()], rows


class _Ids:
    """Names in the order of their bytes, as one array; decoded when they are read."""

    def __init__(self, names: NDArray[np.uint8], ends: NDArray[np.uint64]) -> None:
        self.names = names
        self.ends = ends
        # Single values of views are read faster than those of arrays.
        self._names, self._ends = names.data, ends.data

    @classmethod
    def of(cls, names: Sequence[bytes]) -> Self:
        ends = np.cumsum([0, *map(len, names)]).astype(np.uint64)
        return cls(np.frombuffer(b"".join(names), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, place: int) -> str:
        return self._bytes(place).decode()

    def _bytes(self, place: int) -> bytes:
        return bytes(self._names[self._ends[place] : self._ends[place + 1]])

    def place(self, name: str) -> int | None:
        wanted = name.encode("utf-8", "surrogatepass")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self._bytes(low) == wanted else None

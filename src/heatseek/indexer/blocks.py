"""Rows of a ledger's table in blocks of packed columns.

A row takes some 35 bytes so, in memory and in the note; as an object it would take a thousand. A
block stands for itself: of each that is unpacked which is asked for.
"""

from __future__ import annotations

import zlib
from array import array
from contextlib import contextmanager
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from heatseek.compression import MOST_BYTES, from_bytes, inflate, to_bytes
from heatseek.errors import SURPRISES, IndexDamagedError
from heatseek.indexer.rows import DIGEST, WIDTH, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from typing import Any, Self


ROWS = 1_024
"""Of a block: to unpack one takes a third of a millisecond."""
_BYTES = 8
"""Of a number of `FileStat`."""


class Head(NamedTuple):
    """The part of a block that is known without unpacking it."""

    rows: int
    first: str
    """The id of the first file."""
    articles: int
    """How many files have one in the index."""
    top: int
    """All numbers of mentions are below this."""
    has_orders: bool
    """True if dates of a file tell something of the order of day and month."""

    @classmethod
    def of(cls, values: Any) -> Self:
        """The head that these values, of a note, are.

        Raises:
            One of SURPRISES: they are none.
        """
        head = cls(*values)
        head.first.encode()
        numbers = [*map(whole, (head.rows, head.articles, head.top))]
        if min(numbers) < 0 or type(head.has_orders) is not bool or not 0 < head.rows <= ROWS:
            raise ValueError("not the head of a block")
        return head


class ArticleColumns(NamedTuple):
    """The articles of the files of a block; each attribute is a column."""

    indexed: bytes
    """1 where there is an article."""
    orders: array[int]
    ends: array[int]
    """Of the mentions of each, among the numbers."""
    numbers: array[int]

    def packed(self) -> bytes:
        """Them as a column of a block."""
        counts = array("I", (end - start for start, end in pairwise(self.ends)))
        numbers = (to_bytes(each) for each in (self.orders, counts, self.numbers))
        return _packed(b"".join((self.indexed, *numbers)))


class Block:
    """Rows, packed. Each column is unpacked by itself, and looked at before it is given.

    Raises:
        IndexDamagedError: by each of its methods: it is nothing that `of` gives.
    """

    def __init__(self, head: Head, columns: tuple[bytes | memoryview, ...]) -> None:
        self.head = head
        self.columns = columns

    @classmethod
    def of(cls, rows: Rows) -> Self:
        """The block of some rows."""
        articles = ArticleColumns(bytes(rows.indexed), rows.orders, rows.ends, rows.numbers)
        columns = (
            _packed("\n".join(rows.ids).encode()),
            _packed(shuffled(rows.stats)),
            bytes(rows.digests),
            _packed("\n".join(rows.urls).encode()),
            articles.packed(),
        )
        top = max(rows.numbers, default=-1) + 1
        head = Head(len(rows.ids), rows.ids[0], sum(rows.indexed), top, any(rows.orders))
        return cls(head, columns)

    def compare(
        self, ids: Sequence[str], stats: array[int], is_settled: Callable[[array[int]], bool]
    ) -> tuple[Iterable[int], AbstractSet[str]]:
        """See `Table.compare`."""
        with _damage_told():
            known = self._stats()
            if "\n".join(ids).encode() == self._unpacked(0):
                return _unequal(stats, known, is_settled), set()
            rows = {id_: _row(known, place) for place, id_ in enumerate(self.ids())}
            now = [(id_, _row(stats, place)) for place, id_ in enumerate(ids)]
            differing = [
                place
                for place, (id_, row) in enumerate(now)
                if row != rows.get(id_) or not is_settled(row)
            ]
            return differing, rows.keys() - ids

    def ids(self) -> list[str]:
        """The ids, sorted."""
        with _damage_told():
            ids = self._lines(0)
            if ids[0] != self.head.first or not all(a < b for a, b in pairwise(ids)):
                raise ValueError("not the ids of files")
            return ids

    def urls(self) -> list[str]:
        """Those of all files."""
        with _damage_told():
            return self._lines(3)

    def articles(self) -> ArticleColumns:
        """Those of all files."""
        with _damage_told():
            data, rows = self._unpacked(4), self.head.rows
            indexed, numbers = data[:rows], from_bytes("I", data[rows:])
            orders, counts, numbers = numbers[:rows], numbers[rows : 2 * rows], numbers[2 * rows :]
            ends = array("I", accumulate(counts, initial=0))
            if (
                (len(indexed), len(counts), ends[-1]) != (rows, rows, len(numbers))
                or indexed.strip(b"\0\1")
                or sum(indexed) != self.head.articles
                or max(numbers, default=-1) >= max(self.head.top, 0)
            ):
                raise ValueError("not the articles of files")
            return ArticleColumns(indexed, orders, ends, numbers)

    def renumbered(self, anew: Callable[[array[int]], array[int]]) -> Block:
        """It with other numbers for mentions."""
        articles = self.articles()
        numbers = anew(articles.numbers)
        head = self.head._replace(top=max(numbers, default=-1) + 1)
        return Block(head, (*self.columns[:-1], articles._replace(numbers=numbers).packed()))

    def rows(self) -> Rows:
        """All of it."""
        with _damage_told():
            rows = Rows()
            rows.ids, rows.urls = self.ids(), self.urls()
            rows.stats, rows.digests = self._stats(), bytearray(self.columns[2])
            indexed, rows.orders, rows.ends, rows.numbers = self.articles()
            rows.indexed = bytearray(indexed)
            if len(rows.digests) != DIGEST * self.head.rows:
                raise ValueError("columns of unequal length")
            return rows

    def _stats(self) -> array[int]:
        stats = _unshuffled(self._unpacked(1))
        if len(stats) != WIDTH * self.head.rows:
            raise ValueError("columns of unequal length")
        return stats

    def _lines(self, column: int) -> list[str]:
        lines = self._unpacked(column).decode().split("\n")
        if len(lines) != self.head.rows:
            raise ValueError("columns of unequal length")
        return lines

    def _unpacked(self, column: int) -> bytes:
        return inflate(bytes(self.columns[column]), MOST_BYTES)


def _row(stats: array[int], place: int) -> array[int]:
    return stats[WIDTH * place : WIDTH * (place + 1)]


def _unequal(
    now: array[int], then: array[int], is_settled: Callable[[array[int]], bool]
) -> list[int]:
    """The rows in which numbers differ, or do not settle that a file is as it was."""
    found: list[int] = []
    pending = [(0, len(now))]
    while pending:
        start, end = pending.pop()
        here = now[start:end]
        if here == then[start:end] and is_settled(here):
            continue
        if end - start == WIDTH:
            found.append(start // WIDTH)
            continue
        middle = start + (end - start) // WIDTH // 2 * WIDTH
        pending += (middle, end), (start, middle)
    return found


def shuffled(numbers: array[int]) -> bytes:
    """Numbers of `FileStat`, four of each file, so that like bytes stand together.

    They take a quarter less packed, in half the time.
    """
    columns = [to_bytes(numbers[column::WIDTH]) for column in range(WIDTH)]
    return b"".join(column[place::_BYTES] for column in columns for place in range(_BYTES))


def _unshuffled(data: bytes) -> array[int]:
    """The numbers that were shuffled.

    Raises:
        ValueError: these are none.
    """
    numbers = bytearray(len(data))
    width = WIDTH * _BYTES
    rows = len(data) // width
    for place in range(width):
        numbers[place::width] = data[rows * place : rows * (place + 1)]
    return from_bytes("q", bytes(numbers))


def whole(number: Any) -> int:
    """A number as a note may have it.

    Raises:
        TypeError: it is none.
    """
    if type(number) is not int:
        raise TypeError("not a whole number")
    return number


def _packed(data: bytes) -> bytes:
    # A tenth more bytes than by the usual level, a quarter of the time.
    return zlib.compress(data, zlib.Z_BEST_SPEED)


@contextmanager
def _damage_told() -> Iterator[None]:
    """While a block is unpacked.

    Raises:
        IndexDamagedError: it is not what was packed.
    """
    try:
        yield
    except SURPRISES as error:
        raise IndexDamagedError("the notes of its files are none") from error

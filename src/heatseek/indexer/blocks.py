"""Rows of a ledger's table in blocks of packed columns.

A row takes some 35 bytes so, in memory and in the note; as an object it would take a thousand. A
block stands for itself: of each that is unpacked which is asked for.
"""

from __future__ import annotations

import zlib
from array import array
from contextlib import contextmanager
from itertools import accumulate, count, pairwise
from typing import TYPE_CHECKING, NamedTuple

from heatseek.compression import MOST_BYTES, SURPRISES, from_bytes, inflate, to_bytes
from heatseek.errors import IndexDamagedError
from heatseek.ingest.file_stat import FileStat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, Self

    from heatseek.ingest.problem import Problem

DIGEST = 16
"""Bytes."""
WIDTH = len(FileStat._fields)
ROWS = 4_096
"""Of a block: to unpack one takes a millisecond."""
_BYTES = 8
"""Of a number of `FileStat`."""


class Entry(NamedTuple):
    """A file of the archive."""

    stat: FileStat
    digest: bytes
    """Of its content; empty if it could not be read at all."""
    url: str = ""
    """Of the article that is indexed for it: canonical, empty if it has none."""
    mentions: array[int] = array("I")
    """The mentions of that article, in order, by number."""
    indexed: bool = True
    """True if there is such an article."""
    problem: Problem | None = None
    """Why it is not of the file as it is now."""
    order: int = 0
    """The evidence of that article's dates on the order of day and month (`dates.evidence`)."""


class Rows:
    """Files in columns, by ascending id; those of a block, unpacked, or the last ones of a table.

    Problems are kept by the table: hardly any file has one.
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.stats = array("q")
        """Four numbers of each (`FileStat`)."""
        self.digests = bytearray()
        self.urls: list[str] = []
        self.indexed = bytearray()
        self.orders = array("I")
        self.ends = array("I", [0])
        """Of the mentions of each, among the numbers."""
        self.numbers = array("I")

    def append(self, id_: str, entry: Entry) -> None:
        """Add a row behind all others."""
        self.ids.append(id_)
        self.stats.extend(entry.stat)
        self.digests += entry.digest or bytes(DIGEST)
        self.urls.append(entry.url)
        self.indexed.append(entry.indexed)
        self.orders.append(entry.order)
        self.numbers.extend(entry.mentions)
        self.ends.append(len(self.numbers))

    def entry(self, place: int) -> Entry:
        """A row, but for its problem."""
        digest = bytes(self.digests[DIGEST * place : DIGEST * (place + 1)])
        return Entry(
            FileStat(*self.stats[WIDTH * place : WIDTH * (place + 1)]),
            digest if any(digest) else b"",
            self.urls[place],
            self.numbers[self.ends[place] : self.ends[place + 1]],
            bool(self.indexed[place]),
            None,
            self.orders[place],
        )

    def compare(
        self, ids: Sequence[str], stats: array[int], is_settled: Callable[[array[int]], bool]
    ) -> tuple[list[int], set[str]]:
        """See `Table.compare`."""
        known = dict(zip(self.ids, count(), strict=False))
        places = []
        for place, id_ in enumerate(ids):
            now, there = stats[WIDTH * place : WIDTH * (place + 1)], known.pop(id_, None)
            if (
                there is None
                or now != self.stats[WIDTH * there : WIDTH * (there + 1)]
                or not is_settled(now)
            ):
                places.append(place)
        return places, {*known}

    def packed(self) -> Block:
        """Them as a block."""
        made = Made(bytes(self.indexed), self.orders, self.ends, self.numbers)
        columns = (
            _packed("\n".join(self.ids).encode()),
            _packed(shuffled(self.stats)),
            bytes(self.digests),
            _packed("\n".join(self.urls).encode()),
            made.packed(),
        )
        top = max(self.numbers, default=-1) + 1
        head = Head(len(self.ids), self.ids[0], sum(self.indexed), top, any(self.orders))
        return Block(head, columns)


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
        if min(numbers) < 0 or type(head.has_orders) is not bool or not head.rows:
            raise ValueError("not the head of a block")
        return head


class Made(NamedTuple):
    """What came of the files of a block; each is a column."""

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
        IndexDamagedError: by each of its methods: it is not what `Rows.packed` gives.
    """

    def __init__(self, head: Head, columns: tuple[bytes | memoryview, ...]) -> None:
        self.head = head
        self.columns = columns

    def is_of(self, ids: Sequence[str], stats: array[int]) -> bool:
        """True if it has these files, and as these numbers of `FileStat` tell."""
        return (
            len(ids) == self.head.rows
            and "\n".join(ids).encode() == self._unpacked(0)
            and shuffled(stats) == self._unpacked(1)
        )

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

    def made(self) -> Made:
        """What came of all files."""
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
            return Made(indexed, orders, ends, numbers)

    def renumbered(self, anew: Callable[[array[int]], array[int]]) -> Block:
        """It with other numbers for mentions."""
        made = self.made()
        numbers = anew(made.numbers)
        head = self.head._replace(top=max(numbers, default=-1) + 1)
        return Block(head, (*self.columns[:-1], made._replace(numbers=numbers).packed()))

    def rows(self) -> Rows:
        """All of it."""
        with _damage_told():
            rows = Rows()
            rows.ids, rows.urls = self.ids(), self.urls()
            rows.stats, rows.digests = _unshuffled(self._unpacked(1)), bytearray(self.columns[2])
            indexed, rows.orders, rows.ends, rows.numbers = self.made()
            rows.indexed = bytearray(indexed)
            count = self.head.rows
            if (len(rows.stats), len(rows.digests)) != (WIDTH * count, DIGEST * count):
                raise ValueError("columns of unequal length")
            return rows

    def _lines(self, column: int) -> list[str]:
        lines = self._unpacked(column).decode().split("\n")
        if len(lines) != self.head.rows:
            raise ValueError("columns of unequal length")
        return lines

    def _unpacked(self, column: int) -> bytes:
        with _damage_told():
            return inflate(bytes(self.columns[column]), MOST_BYTES)


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

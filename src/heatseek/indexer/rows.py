"""Files as their ledger knows them, one by one and in columns."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from heatseek.ingest.file_stat import FileStat

if TYPE_CHECKING:
    from heatseek.ingest.problem import Problem

DIGEST = 16
"""Bytes."""
WIDTH = len(FileStat._fields)


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

"""The files of an archive as its ledger keeps them: a table of columns.

A file takes 113 bytes and its id (33 in the note), an object ten times as much, and a second for
each 200,000 to read and to write. The table is written once and stays; changes lie over it until
they are many.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import MutableMapping
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from heatseek.compression import from_bytes, to_bytes
from heatseek.ingest.file_stat import FileStat
from heatseek.ingest.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

DIGEST = 16
"""Bytes."""
_WIDTH = len(FileStat._fields)
_CHUNK = 1_000
"""Files compared at once."""
_MOST_CHANGES = 16
"""A table is written anew once one in so many of its files is changed."""


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


class Table:
    """Rows of files in columns, by ascending id.

    Attributes:
        ids: of the files.
        stats: four numbers of each (`FileStat`).
        numbers: the mentions of all, one after the other.
        problems: by id.
        orders: by id, where there is evidence.
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.stats = array("q")
        self.numbers = array("I")
        self.problems: dict[str, Problem] = {}
        self.orders: dict[str, int] = {}
        self._digests = bytearray()
        self._urls = bytearray()
        self._url_ends = array("Q", [0])
        self._number_ends = array("Q", [0])
        self._indexed = bytearray()

    def append(self, id_: str, entry: Entry) -> None:
        """Add a row behind all others."""
        self.ids.append(id_)
        self.stats.extend(entry.stat)
        self._digests += entry.digest or bytes(DIGEST)
        self._urls += entry.url.encode()
        self._url_ends.append(len(self._urls))
        self.numbers.extend(entry.mentions)
        self._number_ends.append(len(self.numbers))
        self._indexed.append(entry.indexed)
        if entry.problem:
            self.problems[id_] = entry.problem
        if entry.order:
            self.orders[id_] = entry.order

    def place(self, id_: str) -> int | None:
        """The row of a file, if it has one."""
        place = bisect_left(self.ids, id_)
        return place if place < len(self.ids) and self.ids[place] == id_ else None

    def entry(self, place: int) -> Entry:
        """A row."""
        id_ = self.ids[place]
        digest = bytes(self._digests[DIGEST * place : DIGEST * (place + 1)])
        return Entry(
            FileStat(*self.stats[_WIDTH * place : _WIDTH * (place + 1)]),
            digest if any(digest) else b"",
            self._urls[self._url_ends[place] : self._url_ends[place + 1]].decode(),
            self.mentions(place),
            bool(self._indexed[place]),
            self.problems.get(id_),
            self.orders.get(id_, 0),
        )

    def mentions(self, place: int) -> array[int]:
        """Those of a row."""
        return self.numbers[self._number_ends[place] : self._number_ends[place + 1]]

    def is_indexed(self, place: int) -> bool:
        """True if there is an article of the file."""
        return bool(self._indexed[place])

    @property
    def articles(self) -> int:
        """How many rows have one."""
        return sum(self._indexed)

    def urls(self) -> Iterable[str]:
        """Those of all rows; empty where there is no article with one."""
        return _texts(bytes(self._urls), self._url_ends)

    def columns(self) -> list[bytes]:
        """All but problems and orders, as `Table.of` takes it."""
        ids = [id_.encode() for id_ in self.ids]
        return [
            b"".join(ids),
            to_bytes(array("I", map(len, ids))),
            bytes(self._urls),
            to_bytes(_lengths(self._url_ends)),
            to_bytes(self.stats),
            bytes(self._digests),
            bytes(self._indexed),
            to_bytes(self.numbers),
            to_bytes(_lengths(self._number_ends)),
        ]

    @classmethod
    def of(cls, columns: Sequence[bytes]) -> Table:
        """The table of these columns.

        Raises:
            TypeError, ValueError, LookupError: they are of none.
        """
        ids, id_lengths, urls, url_lengths, stats, digests, indexed, numbers, counts = columns
        table = cls()
        id_ends = _ends(id_lengths, len(ids))
        table.ids = list(_texts(ids, id_ends))
        table._urls, table._url_ends = bytearray(urls), _ends(url_lengths, len(urls))
        table.stats, table._digests = from_bytes("q", stats), bytearray(digests)
        table._indexed, table.numbers = bytearray(indexed), from_bytes("I", numbers)
        table._number_ends = _ends(counts, len(table.numbers))
        rows = len(table.ids)
        sizes = {len(table._url_ends) - 1, len(table._number_ends) - 1, len(indexed)}
        # Of text each piece has to be some, too, and bytes have to be flags.
        urls.decode()
        if sizes != {rows} or len(table.stats) != _WIDTH * rows or len(digests) != DIGEST * rows:
            raise ValueError("columns of unequal length")
        if indexed.strip(b"\0\1") or not all(a < b for a, b in pairwise(table.ids)):
            raise ValueError("not the columns of files")
        return table


class Files(MutableMapping[str, Entry]):
    """The files of an archive by id, in the order of their ids.

    Args:
        table: a table that is written and will not change; without one, what is added by ascending
            id makes it.
        changes: files that are otherwise than in the table; None: they are gone.
    """

    def __init__(
        self, table: Table | None = None, changes: dict[str, Entry | None] | None = None
    ) -> None:
        self.table = table or Table()
        self.changes = changes or {}
        self.is_written = table is not None
        self._grows = table is None

    def copy(self) -> Files:
        """As they are now, whatever is changed in these."""
        self._grows = False
        return Files(self.table, self.changes.copy())

    def __getitem__(self, id_: str) -> Entry:
        if id_ in self.changes:
            entry = self.changes[id_]
        else:
            place = self.table.place(id_)
            entry = None if place is None else self.table.entry(place)
        if entry is None:
            raise KeyError(id_)
        return entry

    def __setitem__(self, id_: str, entry: Entry) -> None:
        ids = self.table.ids
        if self._grows and id_ not in self.changes and (not ids or ids[-1] < id_):
            self.table.append(id_, entry)
        else:
            self.changes[id_] = entry

    def __delitem__(self, id_: str) -> None:
        self[id_]  # raises
        if self.table.place(id_) is None:
            del self.changes[id_]
        else:
            self.changes[id_] = None

    def __iter__(self) -> Iterator[str]:
        if not self.changes:
            return iter(self.table.ids)
        kept = [id_ for id_ in self.table.ids if id_ not in self.changes]
        return iter(sorted(kept + [id_ for id_, entry in self.changes.items() if entry]))

    def __len__(self) -> int:
        ids = self.table.ids
        return len(ids) + sum(
            (entry is not None) - (self.table.place(id_) is not None)
            for id_, entry in self.changes.items()
        )

    def __contains__(self, id_: object) -> bool:
        if id_ in self.changes:
            return self.changes[id_] is not None  # type: ignore[index] # it is there
        return isinstance(id_, str) and self.table.place(id_) is not None

    def _changed(self) -> Iterator[tuple[str, Entry]]:
        return ((id_, entry) for id_, entry in self.changes.items() if entry)

    def _covered(self) -> list[int]:
        """The rows of the table that changes lie over."""
        return [place for id_ in self.changes if (place := self.table.place(id_)) is not None]

    @property
    def articles(self) -> int:
        """How many files have an article in the index."""
        lost = sum(map(self.table.is_indexed, self._covered()))
        return self.table.articles - lost + sum(entry.indexed for _, entry in self._changed())

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """Files with a problem, by id."""
        of_table = ((i, p) for i, p in self.table.problems.items() if i not in self.changes)
        changed = ((id_, entry.problem) for id_, entry in self._changed() if entry.problem)
        yield from sorted((*of_table, *changed), key=lambda pair: pair[0])

    def orders(self) -> dict[str, int]:
        """The evidence of files that have some on the order of day and month."""
        of_table = {i: o for i, o in self.table.orders.items() if i not in self.changes}
        return of_table | {id_: entry.order for id_, entry in self._changed() if entry.order}

    def with_links(self, links: Collection[str]) -> list[tuple[str, str]]:
        """Files of articles with one of some links, which are canonical, and that link."""
        wanted = set(links)
        pairs = zip(self.table.ids, self.table.urls(), strict=True)
        found = [(id_, url) for id_, url in pairs if url in wanted and id_ not in self.changes]
        return found + [(id_, e.url) for id_, e in self._changed() if e.indexed and e.url in wanted]

    def mentions(self) -> Iterator[tuple[str, array[int]]]:
        """What each article mentions that mentions anything, by ascending id of its file."""
        table = self.table
        if not self.changes:
            for place in _rows_with_some(table):
                yield table.ids[place], table.mentions(place)
            return
        covered = set(self._covered())
        kept = (place for place in _rows_with_some(table) if place not in covered)
        rows = [(table.ids[place], table.mentions(place)) for place in kept]
        rows += [(i, e.mentions) for i, e in self._changed() if e.indexed and e.mentions]
        yield from sorted(rows, key=lambda row: row[0])

    def numbers(self) -> set[int]:
        """All mentions that are made; of files that are changed maybe also those before."""
        return set(self.table.numbers).union(*(entry.mentions for _, entry in self._changed()))

    def differing(
        self, ids: Sequence[str], stats: array[int], is_settled: Callable[[array[int]], bool]
    ) -> list[int]:
        """The places of files in `ids` that have to be looked at: hardly one is left out wrongly.

        Args:
            ids: of files that are there, sorted.
            stats: four numbers of each, as in `FileStat`.
            is_settled: tells of such numbers if times settle that a file is as it was.
        """
        closely = {*self.changes, *self.table.problems}
        found = {place for id_ in closely if (place := _place(ids, id_)) is not None}
        return sorted(found.union(_unequal(self.table, ids, stats, is_settled)))

    def folded(self) -> Files:
        """All in one new table, if changes are many; else these."""
        if self.is_written and _MOST_CHANGES * len(self.changes) <= len(self.table.ids):
            return self
        if not self.changes:
            return self
        return self.renumbered(lambda numbers: numbers)

    def renumbered(self, anew: Callable[[array[int]], array[int]]) -> Files:
        """All in one new table, with other numbers for mentions."""
        made = Files()
        for id_ in self:
            entry = self[id_]
            made[id_] = entry._replace(mentions=anew(entry.mentions)) if entry.mentions else entry
        return made


def _rows_with_some(table: Table) -> Iterator[int]:
    ends = table._number_ends  # noqa: SLF001 - its own file
    indexed = table._indexed  # noqa: SLF001
    return (p for p, (a, b) in enumerate(pairwise(ends)) if a != b and indexed[p])


def _unequal(
    table: Table, ids: Sequence[str], stats: array[int], is_settled: Callable[[array[int]], bool]
) -> Iterator[int]:
    """The places of files that the table has otherwise, or not; both are walked side by side."""
    here = there = 0
    while here < len(ids):
        now = stats[_WIDTH * here : _WIDTH * (here + _CHUNK)]
        then = table.stats[_WIDTH * there : _WIDTH * (there + _CHUNK)]
        same = now == then and ids[here : here + _CHUNK] == table.ids[there : there + _CHUNK]
        if same and is_settled(now):
            here += _CHUNK
            there += _CHUNK
            continue
        for place in range(here, min(here + _CHUNK, len(ids))):
            while there < len(table.ids) and table.ids[there] < ids[place]:
                there += 1
            row = stats[_WIDTH * place : _WIDTH * (place + 1)]
            known = there < len(table.ids) and table.ids[there] == ids[place]
            if not (
                known
                and row == table.stats[_WIDTH * there : _WIDTH * (there + 1)]
                and is_settled(row)
            ):
                yield place
            there += known
        here += _CHUNK


def _place(ids: Sequence[str], id_: str) -> int | None:
    place = bisect_left(ids, id_)
    return place if place < len(ids) and ids[place] == id_ else None


def _lengths(ends: array[int]) -> array[int]:
    return array("I", (after - before for before, after in pairwise(ends)))


def _texts(data: bytes, ends: array[int]) -> Iterable[str]:
    """The texts between the ends, which are whole ones."""
    if data.isascii():
        text = data.decode()
        return (text[start:end] for start, end in pairwise(ends))
    return (data[start:end].decode() for start, end in pairwise(ends))


def _ends(lengths: bytes, total: int) -> array[int]:
    ends = array("Q", accumulate(from_bytes("I", lengths), initial=0))
    if ends[-1] != total:
        raise ValueError("pieces of another length than the whole")
    return ends

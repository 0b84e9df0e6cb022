"""The files of an archive by id: a table that is written once, and changes over it.

So an update of ten files of a million writes ten. Once changes are many, they and the table become
a new one, which takes over the blocks of rows that none of them is in.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, NamedTuple

from heatseek.indexer.rows import Entry
from heatseek.indexer.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from heatseek.ingest.problem import Problem

_MOST_CHANGES = 16
"""A table is written anew once one in so many of its files is changed."""


class Comparison(NamedTuple):
    """Files that are there beside those that are known."""

    places: list[int]
    """Of those that have to be looked at, in order: hardly one is left out wrongly."""
    missing: set[str]
    """Ids of those that are known, and not there."""


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
        entry = self.changes[id_] if id_ in self.changes else self.table.get(id_)
        if entry is None:
            raise KeyError(id_)
        return entry

    def __setitem__(self, id_: str, entry: Entry) -> None:
        if self._grows and id_ not in self.changes and self.table.last < id_:
            self.table.append(id_, entry)
        else:
            self.changes[id_] = entry

    def __delitem__(self, id_: str) -> None:
        self[id_]  # raises
        if id_ in self.table:
            self.changes[id_] = None
        else:
            del self.changes[id_]

    def __iter__(self) -> Iterator[str]:
        if not self.changes:
            return self.table.ids()
        kept = [id_ for id_ in self.table.ids() if id_ not in self.changes]
        return iter(sorted(kept + [id_ for id_, entry in self.changes.items() if entry]))

    def __len__(self) -> int:
        lost = len(self.table.indexed(self.changes))
        return len(self.table) - lost + sum(1 for _ in self._changed())

    def __contains__(self, id_: object) -> bool:
        if id_ in self.changes:
            return self.changes[id_] is not None  # type: ignore[index] # it is there
        return isinstance(id_, str) and id_ in self.table

    def _changed(self) -> Iterator[tuple[str, Entry]]:
        return ((id_, entry) for id_, entry in self.changes.items() if entry)

    @property
    def articles(self) -> int:
        """How many files have an article in the index."""
        lost = sum(self.table.indexed(self.changes))
        return self.table.articles - lost + sum(entry.indexed for _, entry in self._changed())

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """Files with a problem, by id."""
        of_table = ((i, p) for i, p in self.table.problems.items() if i not in self.changes)
        changed = ((id_, entry.problem) for id_, entry in self._changed() if entry.problem)
        yield from sorted((*of_table, *changed), key=_id)

    def orders(self) -> dict[str, int]:
        """The evidence of files that have some on the order of day and month."""
        of_table = {i: o for i, o in self.table.orders() if i not in self.changes}
        return of_table | {id_: entry.order for id_, entry in self._changed() if entry.order}

    def with_links(self, links: Collection[str]) -> list[tuple[str, str]]:
        """Files of articles with one of some links, which are canonical, and that link."""
        wanted = frozenset(links)
        of_table = [pair for pair in self.table.with_links(wanted) if pair[0] not in self.changes]
        changed = ((id_, entry.url) for id_, entry in self._changed() if entry.indexed)
        return of_table + [pair for pair in changed if pair[1] in wanted]

    def mentions(self, among: Collection[int]) -> Iterator[tuple[str, array[int]]]:
        """The mentions of each article that mentions one of some stories, by ascending id."""
        wanted = set(among)
        of_table = self.table.mentions(wanted)
        if not self.changes:
            yield from of_table
            return
        rows = [row for row in of_table if row[0] not in self.changes]
        changed = ((id_, entry.mentions) for id_, entry in self._changed() if entry.indexed)
        rows += (row for row in changed if not wanted.isdisjoint(row[1]))
        yield from sorted(rows, key=_id)

    def numbers(self) -> set[int]:
        """All mentions that are made; of files that are changed maybe also those before."""
        return self.table.numbers().union(*(entry.mentions for _, entry in self._changed()))

    @property
    def top(self) -> int:
        """All numbers of mentions are below this."""
        tops = (max(entry.mentions) + 1 for _, entry in self._changed() if entry.mentions)
        return max(self.table.top, *tops, 0)

    def compare(
        self, ids: Sequence[str], stats: array[int], is_settled: Callable[[array[int]], bool]
    ) -> Comparison:
        """See which files differ.

        Args:
            ids: of files that are there, sorted.
            stats: four numbers of each, as in `FileStat`.
            is_settled: tells of such numbers if times settle that a file is as it was.
        """
        places, missing = self.table.compare(ids, stats, is_settled)
        closely = {*self.changes, *self.table.problems}
        here = {id_: place for id_ in closely if (place := _place(ids, id_)) is not None}
        gone = {id_ for id_, _ in self._changed() if id_ not in here}
        return Comparison(
            sorted({*places, *here.values()}), gone.union(missing - self.changes.keys())
        )

    @property
    def has_many_changes(self) -> bool:
        """True if they are to become a part of the table."""
        return not self.is_written or _MOST_CHANGES * len(self.changes) > len(self.table)

    def folded(self) -> Files:
        """All in one new table, if changes are many; else these."""
        if not self.changes or not self.has_many_changes:
            return self
        return self._new(self.table.changed(self.changes))

    def renumbered(self, anew: Callable[[array[int]], array[int]]) -> Files:
        """All in one new table, with other numbers for mentions."""
        return self._new(self.table.changed(self.changes).renumbered(anew))

    def _new(self, table: Table) -> Files:
        made = Files(table)
        made.is_written = False
        return made


def _place(ids: Sequence[str], id_: str) -> int | None:
    place = bisect_left(ids, id_)
    return place if place < len(ids) and ids[place] == id_ else None


def _id(row: tuple[str, object]) -> str:
    return row[0]

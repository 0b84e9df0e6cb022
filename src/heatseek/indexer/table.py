"""The files of an archive as its ledger keeps them: blocks of rows.

A rebuild packs one block after the other, an update unpacks of each what it compares, and blocks in
which nothing has changed are taken over as they are.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from itertools import accumulate, chain, compress, count, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from heatseek.indexer.blocks import ROWS, Block, Head, whole
from heatseek.indexer.rows import WIDTH, Rows

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from typing import Self

    from heatseek.indexer.rows import Entry
    from heatseek.ingest.problem import Problem

_MOST_UNPACKED = 32
"""Blocks that are kept as they were unpacked."""
_COLUMNS = 5
"""Of a block."""


class Table:
    """Rows of files, by ascending id, in blocks; and the problems of some.

    Attributes:
        problems: by id, sorted.
        last: the greatest id that was appended.
    """

    def __init__(
        self, blocks: Iterable[Block] = (), problems: dict[str, Problem] | None = None
    ) -> None:
        self.problems = problems or {}
        self.last = ""
        self._blocks = [*blocks]
        self._last = Rows()
        """Behind all blocks: those that are not packed."""
        self._unpacked: dict[int, Rows] = {}
        self._links: tuple[frozenset[str], int] | None = None
        self._having_links: list[tuple[str, str]] = []

    def append(self, id_: str, entry: Entry) -> None:
        """Add a row behind all others."""
        if len(self._last.ids) == ROWS:
            self._seal()
        elif not self._last.ids and self._blocks and self._blocks[-1].head.rows < ROWS:
            self._last = self._blocks.pop().rows()
            self._unpacked.clear()
        self._last.append(id_, entry)
        self.last = id_
        if entry.problem:
            self.problems[id_] = entry.problem

    def _seal(self) -> None:
        if self._last.ids:
            self._blocks.append(Block.of(self._last))
            self._last = Rows()

    @property
    def blocks(self) -> Sequence[Block]:
        """All rows."""
        self._seal()
        return self._blocks

    def __len__(self) -> int:
        return sum(block.head.rows for block in self.blocks)

    @property
    def articles(self) -> int:
        """How many rows have one."""
        return sum(block.head.articles for block in self.blocks)

    def __contains__(self, id_: str) -> bool:
        return self._found(id_) is not None

    def get(self, id_: str) -> Entry | None:
        """The row of a file, if there is one; fast if it is near the last one that was got."""
        found = self._found(id_)
        return found and found[0].entry(found[1])._replace(problem=self.problems.get(id_))

    def indexed(self, ids: Iterable[str]) -> list[bool]:
        """True or false of each of some files that has a row: if there is an article."""
        found = map(self._found, sorted(ids))
        return [bool(rows.indexed[place]) for rows, place in filter(None, found)]

    def ids(self) -> Iterator[str]:
        """Those of all files, sorted."""
        return chain.from_iterable(block.ids() for block in self.blocks)

    def orders(self) -> Iterator[tuple[str, int]]:
        """Files whose dates tell something of the order of day and month, and what."""
        for block in self.blocks:
            if block.head.has_orders:
                rows = zip(block.ids(), block.articles().orders, strict=True)
                yield from (row for row in rows if row[1])

    def with_links(self, links: frozenset[str]) -> Sequence[tuple[str, str]]:
        """Files of articles with one of some links, and that link."""
        # An update asks twice: for what was before, and for what is now.
        if (links, len(self)) != self._links:
            self._links = links, len(self)
            self._having_links = [*self._with_links(links)]
        return self._having_links

    def _with_links(self, links: frozenset[str]) -> Iterator[tuple[str, str]]:
        for block in self.blocks:
            urls = block.urls()
            places = [*compress(count(), map(links.__contains__, urls))]
            ids = block.ids() if places else []
            yield from ((ids[place], urls[place]) for place in places)

    def mentions(self, among: Container[int]) -> Iterator[tuple[str, array[int]]]:
        """The mentions of each article that mentions one of some stories, by ascending id."""
        for block in self.blocks:
            indexed, _, ends, numbers = block.articles()
            hits = bytes(map(among.__contains__, numbers))
            at = hits.find(1)
            ids = block.ids() if at >= 0 else []
            while at >= 0:
                place = bisect_right(ends, at) - 1
                end = ends[place + 1]
                if indexed[place]:
                    yield ids[place], numbers[ends[place] : end]
                at = hits.find(1, end)

    def numbers(self) -> set[int]:
        """All mentions that are made."""
        return set().union(*(block.articles().numbers for block in self.blocks))

    @property
    def top(self) -> int:
        """All numbers of mentions are below this."""
        return max((block.head.top for block in self.blocks), default=0)

    def compare(
        self, ids: Sequence[str], stats: array[int], is_settled: Callable[[array[int]], bool]
    ) -> tuple[set[int], set[str]]:
        """The places of files that have no row, or another one, and the ids of other rows.

        Arguments are those of `Files.compare`.
        """
        places: set[int] = set()
        missing: set[str] = set()
        blocks = self.blocks
        starts = [bisect_left(ids, block.head.first) for block in blocks]
        for block, (start, end) in zip(blocks, pairwise([0, *starts[1:], len(ids)]), strict=False):
            now = stats[WIDTH * start : WIDTH * end]
            found, others = block.compare(ids[start:end], now, is_settled)
            places.update(start + place for place in found)
            missing |= others
        return (places, missing) if blocks else ({*range(len(ids))}, set())

    def changed(self, changes: Mapping[str, Entry | None]) -> Table:
        """A table with some rows others, or gone; blocks that have none of these stay."""
        blocks: list[Block] = []
        waiting: list[tuple[str, Entry]] = []
        for block, some in self._beside(sorted(changes)):
            if some or waiting:
                waiting += self._rows_with(block, {id_: changes[id_] for id_ in some})
                if len(waiting) >= ROWS // 2:
                    blocks += _cut(waiting)
                    waiting = []
            elif block:
                blocks.append(block)
        problems = {id_: p for id_, p in self.problems.items() if id_ not in changes}
        problems |= {id_: e.problem for id_, e in changes.items() if e and e.problem}
        return Table([*blocks, *_cut(waiting)], dict(sorted(problems.items())))

    def _beside(self, ids: Sequence[str]) -> Iterator[tuple[Block | None, Sequence[str]]]:
        """Each block and those of some ids that stand in it, or would."""
        blocks = self.blocks
        starts = [bisect_left(ids, block.head.first) for block in blocks]
        bounds = pairwise([0, *starts[1:], len(ids)])
        for block, (start, end) in zip(blocks or (None,), bounds, strict=True):
            yield block, ids[start:end]

    def _rows_with(
        self, block: Block | None, changes: Mapping[str, Entry | None]
    ) -> list[tuple[str, Entry]]:
        rows = block.rows() if block else Rows()
        kept = [(i, rows.entry(p)) for p, i in enumerate(rows.ids) if i not in changes]
        new = [(id_, entry) for id_, entry in changes.items() if entry]
        return sorted(kept + new, key=itemgetter(0))

    def renumbered(self, anew: Callable[[array[int]], array[int]]) -> Table:
        """A table with other numbers for mentions."""
        return Table((block.renumbered(anew) for block in self.blocks), self.problems)

    def note(self) -> bytes:
        """All but problems, as `of` takes it: a line of heads and lengths, then the blocks."""
        heads = [(block.head, [*map(len, block.columns)]) for block in self.blocks]
        columns = chain.from_iterable(block.columns for block in self.blocks)
        return b"%s\n%s" % (json.dumps(heads).encode(), b"".join(columns))

    @classmethod
    def of(cls, note: bytes, problems: dict[str, Problem]) -> Self:
        """The table of what `note` gave, with the problems of some rows.

        Raises:
            One of SURPRISES: these are none.
        """
        begin = note.index(b"\n") + 1
        rest = memoryview(note)[begin:]
        blocks = []
        for head, lengths in json.loads(note[:begin]):
            ends = [*accumulate(map(whole, lengths), initial=0)]
            if min(lengths) < 0 or len(lengths) != _COLUMNS:
                raise ValueError("columns of other lengths than can be")
            columns = tuple(rest[start:end] for start, end in pairwise(ends))
            blocks.append(Block(Head.of(head), columns))
            rest = rest[ends[-1] :]
        table = cls(blocks, problems)
        firsts = [block.head.first for block in blocks]
        if rest or not all(a < b for a, b in pairwise(firsts)):
            raise ValueError("not the blocks of files")
        if len(table.indexed(problems)) != len(problems):
            raise LookupError("problems of other files than there are")
        return table

    def _found(self, id_: str) -> tuple[Rows, int] | None:
        """The rows that have one of a file, and its place among them."""
        number = bisect_right(self.blocks, id_, key=_first) - 1
        if number < 0:
            return None
        rows = self._unpacked.get(number)
        if rows is None:
            rows = self._unpacked[number] = self._blocks[number].rows()
            if len(self._unpacked) > _MOST_UNPACKED:
                del self._unpacked[next(iter(self._unpacked))]
        place = bisect_left(rows.ids, id_)
        return (rows, place) if rows.ids[place : place + 1] == [id_] else None


def _first(block: Block) -> str:
    return block.head.first


def _cut(rows: Sequence[tuple[str, Entry]]) -> Iterator[Block]:
    """Blocks of rows, all of about one size."""
    count = -(-len(rows) // ROWS)
    for number in range(count):
        piece = Rows()
        for id_, entry in rows[number * len(rows) // count : (number + 1) * len(rows) // count]:
            piece.append(id_, entry)
        yield Block.of(piece)

"""Where a term stands in a field, document by document; read for phrases and the like."""

from __future__ import annotations

from itertools import accumulate

from heatseek.engines.whoosh.coding import BYTES, FOUR, SMALL, WORD, Coded, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Positions:
    """The positions of all documents in turn; those asked for in their order cost little.

    Args:
        data: of all fields of the term.
        start: where this field's begin.
        count: of them.

    Attributes:
        coded: all of them, as a list.
        end: of them in `data`.

    Raises:
        DamagedRecordError: there are not so many.
    """

    __slots__ = ("_all", "_at", "_second", "_wide", "coded", "end")

    def __init__(self, data: memoryview, start: int, count: int) -> None:
        self.coded = Coded(data, start, count, BYTES)
        self.end = self.coded.end
        self._at = self._second = self._wide = 0
        self._all: Sequence[int] | None = None if self.coded.has_large else self.coded.low

    def gaps(self) -> Sequence[int]:
        """Of each document the first position, then how far each is from the one before."""
        if self._all is None:
            self._all = self.coded.numbers()
        return self._all

    def __getitem__(self, own: slice) -> Sequence[int]:
        """Those of one document; `Postings.places` has which these are."""
        gaps = self._all
        part = self._part(own.start, own.stop) if gaps is None else gaps[own]
        return part if len(part) == 1 else list(accumulate(part))

    def _part(self, start: int, end: int) -> Sequence[int]:
        """The gaps between two places, without a look at most of the others."""
        coded = self.coded
        if start < self._at:
            self._at = self._second = self._wide = 0
        self._pass(coded.low[self._at : start])
        second, wide = self._second, self._wide
        part = coded.low[start:end]
        self._pass(part)
        self._at = end
        wides = coded.wide[WORD.size * wide : WORD.size * self._wide]
        return whole(part, coded.second[second : self._second], wides)

    def _pass(self, low: bytes) -> None:
        large = low.translate(None, SMALL)
        wide = large.count(FOUR)
        self._second += len(large) - wide
        self._wide += wide

"""Pieces of texts between white space, numbered, and the words that each has.

Words never reach over white space, so a text is the sum of its pieces, most of which have been met
before: their words are looked for once.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from itertools import chain, count, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from heatseek.engines.shared.ragged import sums, within
from heatseek.text.words import PieceReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heatseek.engines.shared.ragged import Numbers

_LONGEST = 40
"""Characters of a piece that is remembered: a longer one is a link, or of a script without spaces,
and hardly comes again."""
_BYTES = 150
"""That a piece takes, about, beside its characters and words."""


class Numbered(defaultdict[str, int]):
    """Strings, numbered in the order in which they are met first."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def clear(self) -> None:
        """Forget them; numbers are given anew."""
        super().clear()
        self.default_factory = count().__next__

    def of(self, strings: Iterable[str]) -> Numbers:
        """The number of each."""
        # numpy takes three times as long to make an array of a list.
        return np.asarray(array("I", list(map(self.__getitem__, strings))))

    def newest(self, many: int) -> list[str]:
        """Those that were met last, in their order."""
        found = list(islice(reversed(self), many))
        found.reverse()
        return found


class Pieces:
    """Pieces, numbered when they are met first, and the words of each.

    Args:
        words: numbered, with the break behind each piece as 0.

    Attributes:
        bytes: that they take, about.
    """

    def __init__(self, words: Numbered) -> None:
        self._words = words
        self._numbers = Numbered()
        self._reader = PieceReader()
        self._begin()

    def _begin(self) -> None:
        self.bytes = 0
        self._remembered = 0
        """How many of the numbered ones have been looked into; others are forgotten."""
        self._starts = array("I")
        """By the number of a piece: where its words are among all."""
        self._counts = array("I")
        self._all = array("I")
        """The words of every piece, and a break behind them."""

    def clear(self) -> None:
        """Forget all."""
        self._numbers.clear()
        self._begin()

    def words_of(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The words of texts, end to end, and how many each text has."""
        split = list(map(str.split, texts))
        pieces = self._numbers.of(chain.from_iterable(split))
        self._learn()
        counts = np.asarray(self._counts).take(pieces)
        places = within(np.asarray(self._starts).take(pieces), counts)
        in_text = np.fromiter(map(len, split), np.int64, len(split))
        return np.asarray(self._all).take(places), sums(counts, in_text)

    def _learn(self) -> None:
        """Find the words of those that were met since the last time."""
        new = self._numbers.newest(len(self._numbers) - self._remembered)
        if not new:
            return
        order, words = self._reader.words_of(new)
        found = self._words.of(words)
        breaks = np.flatnonzero(found == 0)
        first = np.concatenate(([0], breaks[:-1] + 1))
        starts, counts = np.empty((2, len(new)), np.int64)
        starts[order] = first + len(self._all)
        counts[order] = breaks - first
        extend(self._starts, starts)
        extend(self._counts, counts)
        extend(self._all, found)
        self._forget_long(new)
        self.bytes += _BYTES * len(new) + 4 * (len(found) + sum(map(len, new)))

    def _forget_long(self, new: list[str]) -> None:
        for piece in new:
            if len(piece) > _LONGEST:
                del self._numbers[piece]
        self._remembered = len(self._numbers)


def extend(numbers: array[int], values: Numbers | Sequence[Any]) -> None:
    """Append numbers of an array to one of another kind."""
    numbers.frombytes(np.asarray(values).astype(numbers.typecode).tobytes())

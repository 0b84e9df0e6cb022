"""Lists of small numbers in few bytes, as records and vocabularies have them: read, plainly.

A list is in one of three forms, which stands apart from it, as does how many numbers it has:

    ONES      nothing: all are 1
    BYTES     a byte for each; from 224 to 254 it is the upper part of a number that has another
              byte behind the last of these; 255: four bytes behind the last of those
    NIBBLES   half a byte for each, the upper half first; 15: what is more than that stands in a
              list in BYTES behind them

Parts of a kind stand together, so that a whole list is read without a step for each number: in
plain Python by what is done to `bytes`, elsewhere by operations on arrays (`arrays`).
"""

from __future__ import annotations

import struct
from itertools import compress

from heatseek.engines.whoosh.sections import DamagedRecordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ONES, NIBBLES, BYTES = 0, 1, 2
TWO = 224
"""Bytes from here on have another one behind."""
FOUR = 255
WIDE = TWO + ((FOUR - TWO) << 8)
"""Numbers from here on take four bytes more."""
MORE = 15
SMALL = bytes(range(TWO))
_IS_LARGE = bytes(TWO) + b"\1" * (256 - TWO)
_IS_MORE = bytes(MORE) + b"\1" + bytes(255 - MORE)
_DIGITS = bytes(48) + bytes(range(10)) + bytes(39) + bytes(range(10, 16)) + bytes(153)
"""Of hexadecimal digits to what they are worth."""
WORD = struct.Struct("=I")


class Coded:
    """A list that was found: where its parts are.

    Attributes:
        count: of numbers.
        form: one of the three.
        low: a byte for each number, or half of one.
        second: of larger ones, in `BYTES`.
        wide: of the largest ones, in `BYTES`.
        more: in `NIBBLES`, if any has more.
        end: of the list in what it was found in.
    """

    __slots__ = ("count", "end", "form", "low", "more", "second", "wide")

    def __init__(self, data: memoryview, start: int, count: int, form: int) -> None:
        self.count = count
        self.form = form
        self.low = self.second = self.wide = b""
        self.more: Coded | None = None
        self.end = start
        if form == BYTES:
            self._find_bytes(data, start, count)
        elif form == NIBBLES:
            self.end += (count + 1) // 2
            self.low = bytes(data[start : self.end])
            if larger := self.low.hex().count("f", 0, count):
                self.more = Coded(data, self.end, larger, BYTES)
                self.end = self.more.end
        elif form != ONES:
            raise DamagedRecordError
        if self.end > len(data):
            raise DamagedRecordError

    def _find_bytes(self, data: memoryview, start: int, count: int) -> None:
        middle = self.end = start + count
        self.low = bytes(data[start:middle])
        # Nearly always none is; a look at eight bytes at a time tells.
        if not self.low.isascii() and (large := self.low.translate(None, SMALL)):
            wide = large.count(FOUR)
            at = middle + len(large) - wide
            self.end = at + WORD.size * wide
            self.second = bytes(data[middle:at])
            self.wide = bytes(data[at : self.end])

    def numbers(self) -> Sequence[int]:
        """All of them."""
        if self.form == BYTES:
            return whole(self.low, self.second, self.wide) if self.has_large else self.low
        if self.form == ONES:
            return b"\1" * self.count
        values = self.nibbles()
        if not self.more:
            return values
        numbers = list(values)
        places = compress(range(self.count), values.translate(_IS_MORE))
        for place, more in zip(places, self.more.numbers(), strict=True):
            numbers[place] += more
        return numbers

    def large(self) -> Sequence[int]:
        """Those that do not fit into their place in `low`, which stand apart."""
        if self.more:
            return [MORE + more for more in self.more.numbers()]
        if self.has_large:
            return whole(self.low.translate(None, SMALL), self.second, self.wide)
        return b""

    def nibbles(self) -> bytes:
        """Of each number in `NIBBLES` the half byte, as a whole one."""
        return self.low.hex().encode()[: self.count].translate(_DIGITS)

    @property
    def has_large(self) -> bool:
        """True if a byte is not enough for some, in `BYTES`."""
        return bool(self.second or self.wide)


def whole(low: bytes, second: bytes, wide: bytes) -> list[int]:
    """The numbers of a list in `BYTES`, from its three parts."""
    numbers = list(low)
    seconds = iter(second)
    wides = WORD.iter_unpack(wide)
    for place in compress(range(len(low)), low.translate(_IS_LARGE)):
        upper = numbers[place]
        numbers[place] = (
            TWO + ((upper - TWO) << 8) + next(seconds) if upper < FOUR else next(wides)[0]
        )
    return numbers


def number(data: memoryview, start: int) -> tuple[int, int]:
    """A single number in `BYTES`, and where it ends."""
    first = data[start]
    if first < TWO:
        return first, start + 1
    if first < FOUR:
        return TWO + (first - TWO << 8) + data[start + 1], start + 2
    coded = Coded(data, start, 1, BYTES)
    return coded.numbers()[0], coded.end

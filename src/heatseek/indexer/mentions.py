"""Related articles as they are mentioned: each different one kept once, under a number.

The files of an archive mention the same stories over and over, word for word: of 161,000 mentions
in a real archive 4,200 differ.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from heatseek.article import canonical, from_json, to_json, url_in
from heatseek.compression import MOST_BYTES, inflate
from heatseek.definitions import cached_property
from heatseek.errors import SURPRISES, IndexDamagedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.article import Article

_RECENT = 50_000
"""Mentions that are recognised without being written out."""
_NONE = "the note of what its files mention is none"


class Mentions:
    """Numbers for mentions, and mentions for numbers.

    Args:
        packed: what `packed` gave.
        least: of how many mentions the numbers are known elsewhere.
    """

    def __init__(self, packed: bytes = b"", least: int = 0) -> None:
        self._packed = packed
        self._least = least
        self._is_packed = bool(packed)
        self._recent: dict[int, tuple[Article, int]] = {}

    def number(self, mention: Article) -> int:
        """The number of a mention; a new one if it was not met before."""
        # Most come again as the very same object.
        known = self._recent.get(id(mention))
        if known:
            return known[1]
        number = self.add(to_json(mention))
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent[id(mention)] = mention, number
        return number

    def article(self, number: int) -> Article:
        """The mention of a number."""
        story_id = self.story_ids[number]
        try:
            return from_json(self._lines[number], story_id)
        except SURPRISES as error:
            raise IndexDamagedError(_NONE) from error

    @cached_property
    def story_ids(self) -> list[str]:
        """The id of the story, its canonical URL, by number; complete once nothing is added."""
        try:
            return [canonical(url_in(line)) for line in self._lines]
        except SURPRISES as error:
            raise IndexDamagedError(_NONE) from error

    def without(self, used: set[int]) -> dict[int, int]:
        """Forget all that are not used; gives the new number of each that stays."""
        kept = sorted(used)
        self._lines = [self._lines[number] for number in kept]
        self._is_packed = False
        self.__dict__.pop("_numbers", None)
        self.__dict__.pop("story_ids", None)
        self._recent.clear()
        return {number: place for place, number in enumerate(kept)}

    def packed(self) -> bytes | None:
        """All of them as bytes; None if they are those that were given so."""
        if self._is_packed:
            return None
        # As in the ledger.
        return zlib.compress(b"\n".join(self._lines), zlib.Z_BEST_SPEED) if self._lines else b""

    def lines(self) -> Sequence[bytes]:
        """All of them as they are written out, by number."""
        return self._lines

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: bytes) -> int:
        """The number of a mention as it is written out; a new one if it was not met before."""
        number = self._numbers.setdefault(line, len(self._lines))
        if number == len(self._lines):
            self._lines.append(line)
            self._is_packed = False
            self.__dict__.pop("story_ids", None)
        return number

    @cached_property
    def _lines(self) -> list[bytes]:
        # Not before they are asked for: an update that finds no change does without.
        try:
            lines = inflate(self._packed, MOST_BYTES).split(b"\n") if self._packed else []
        except SURPRISES as error:
            raise IndexDamagedError(_NONE) from error
        if len(lines) < self._least:
            raise IndexDamagedError("the note of what its files mention lacks some of it")
        return lines

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        return {line: number for number, line in enumerate(self._lines)}

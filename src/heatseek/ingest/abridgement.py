"""Files in short: one entry stands for all those under `related`, which are told by their bytes.

98 % of a real archive is such entries, of which a few thousand differ. So what is decoded, looked
over and parsed of a file is what no other file has.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import Any, NamedTuple

from heatseek.ingest.problem import FormatError
from heatseek.ingest.text import blank_controls
from heatseek.ingest.yaml_pieces import MAX_ENTRIES, MAX_PIECES, UncertainError, new_entry
from heatseek.ingest.yaml_tree import MAX_SIGNS

STAND_IN = os.urandom(16).hex()
"""The one entry; no file has it."""

_FENCE = b"---\n"
_KEY = b"\nrelated:\n"
_FIRST = re.compile(rb"\nrelated:\n(?P<indent> {0,40})- ")


class Abridged(NamedTuple):
    """A file in short.

    Attributes:
        data: with `STAND_IN` in place of the entries.
        entries: these; equal ones of several files are mostly one object.
    """

    data: bytes
    entries: list[Any]


class Abridger:
    """Makes files short, and remembers their entries."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Entries] = {}

    def abridged(self, data: bytes) -> Abridged | None:
        """A file in short; None if it is not certain that it can be.

        If the header of the short one is without flaws, and `related` is `[STAND_IN]` in it, then
        with the entries instead it is what the whole one is, but for the lines of what follows.
        """
        # Of a longer file more than that may be wrong; so may all of one with binary data.
        if not data.startswith(_FENCE) or len(data) > MAX_SIGNS or b"\0" in data:
            return None
        start = data.find(_KEY)
        first = _FIRST.match(data, start) if start >= 0 else None
        if first is None:
            return None
        mark = b"\n%s- " % first["indent"]
        entries, rest = self._list(data[first.end() :].split(mark, MAX_PIECES), mark)
        if not entries:
            return None
        return Abridged(data[: first.end()] + STAND_IN.encode() + rest, entries)

    def _list(self, pieces: list[bytes], mark: bytes) -> tuple[list[Any], bytes]:
        """The entries with which a text begins, and what is behind them; none in doubt."""
        # A list of them is made at once: other threads may read files, too.
        if sum(known.size for known in [*self._known.values()]) > MAX_ENTRIES:
            self._known.clear()
        known = self._known.get(mark)
        if known is None:
            known = self._known[mark] = _Entries(mark)
        entries: list[Any] = []
        try:
            for piece in pieces:
                entries.append(known[piece])  # noqa: PERF401 - those before a KeyError count
        except KeyError:
            last, *others = pieces[len(entries) :]
            if (end := known.end(last)) >= 0:
                with suppress(KeyError):
                    entries.append(known[_without_blank_lines(last[:end])])
                    return entries, mark.join((last[end:], *others))
        return [], b""


class _Entries(dict[bytes, Any]):
    """Entries by their bytes; KeyError of what is none, or more than one.

    Args:
        mark: stands before each.

    Attributes:
        size: bytes of all of them.
    """

    def __init__(self, mark: bytes) -> None:
        self._mark = mark.decode()
        self._left = re.compile(rb"\n {0,%d}[^ \n]" % (len(mark) - 3))
        self.size = 0

    def __missing__(self, data: bytes) -> Any:
        entry = None if self._left.search(data) else _read(self._mark, data)
        if entry is None:
            raise KeyError
        self.size += len(data)
        self[data] = entry
        return entry

    def end(self, data: bytes) -> int:
        """Where the list ends within what may be its last entry; -1 if it does not."""
        left = self._left.search(data)
        return left.start() if left else -1


def _read(mark: str, data: bytes) -> Any:
    """The entry that some bytes are, wherever they stand; None if that is not certain."""
    with suppress(UnicodeDecodeError, UncertainError, FormatError):
        entry = data.decode()
        if blank_controls(entry) == entry and "\r" not in entry:
            return new_entry(mark, entry)
    return None


def _without_blank_lines(entry: bytes) -> bytes:
    """The last entry as before another one; only block scalars may tell."""
    return entry if b"|" in entry or b">" in entry else entry.rstrip(b"\n")

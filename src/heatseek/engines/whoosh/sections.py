"""A file of named sections, each with a checksum; written in one pass, read by memory map.

    section ... section  directory (JSON)  trailer

A section begins at a multiple of 8 bytes. The directory maps a name to offset, length and CRC-32,
and those of its pieces of 64 KB if it has several, so that one of them can be read alone. The
trailer says where the directory is. Nothing here is ever executed or unpickled.
"""

from __future__ import annotations

import json
import mmap
import struct
from struct import calcsize
from zlib import crc32

from heatseek.engines.whoosh.store import HeldFile
from heatseek.errors import SURPRISES, IndexDamagedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, BinaryIO

    _Pieces = tuple[memoryview, set[int], set[int]]
    """A section, which of its pieces may be in memory, and which were found right."""

MAGIC = b"hseek\x00\x00\x01"
_TRAILER = struct.Struct("<QII8s")
_ALIGNMENT = 8
SELF_CHECKED = ("/postings", "/records", "/dictionaries")
"""Sections whose records carry checksums of their own; so one record can be read alone."""
_PIECE = 65_536
"""Bytes."""
_MOST_TOUCHED = 500_000
"""Bytes of a file that stay in memory: an index has a few dozen of them, at most."""
_MOST_TOUCHED_LONG = 16_000_000
"""The same for many searches: to map a place again takes as long as half a stored article."""
MOST_DIRECTORY = 4_000_000
"""Bytes: some hundred declared fields take a hundredth of it."""


class DamagedRecordError(ValueError):
    """A record inside a self-checked section is not as it was written."""


class SectionWriter:
    """Writes sections one after another; `close` completes the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offset = 0
        self._directory: dict[str, tuple[int, ...]] = {}
        self._name = ""
        self._start = 0
        self._crc = 0

    def begin(self, name: str) -> None:
        """Start a section that is filled by `write`."""
        padding = -self._offset % _ALIGNMENT
        self._put(bytes(padding))
        self._name, self._start, self._crc = name, self._offset, 0

    def write(self, data: bytes) -> int:
        """Append to the section; gives the offset in it at which `data` begins."""
        position = self._offset - self._start
        self._crc = crc32(data, self._crc)
        self._put(data)
        return position

    def end(self) -> int:
        """Finish the section; gives its length."""
        length = self._offset - self._start
        self._directory[self._name] = (self._start, length, self._crc)
        return length

    def add(self, name: str, data: bytes) -> None:
        """Write a whole section."""
        self.begin(name)
        self.write(data)
        if self.end() > _PIECE:
            starts = range(0, len(data), _PIECE)
            self._directory[name] += tuple(crc32(data[at : at + _PIECE]) for at in starts)

    def close(self) -> None:
        """Write directory and trailer and close the file."""
        directory = json.dumps(self._directory, separators=(",", ":")).encode()
        start = self._offset
        self._put(directory)
        self._put(_TRAILER.pack(start, len(directory), crc32(directory), MAGIC))
        self._file.close()

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._offset += len(data)


class SectionFile:
    """A finished file, mapped. Every section is checked when it is first read.

    Args:
        path: of the file.
        long_lived: whether many searches are to come.

    Attributes:
        releases: how often its memory was given back.

    Raises:
        IndexDamagedError: it has no directory, or one of sections that it has no room for.
    """

    def __init__(self, path: str, *, long_lived: bool = False) -> None:
        self.path = path
        self._is_long_lived = long_lived
        self._most_touched = _MOST_TOUCHED_LONG if long_lived else _MOST_TOUCHED
        self._file = HeldFile(path)
        try:
            self._map = mmap.mmap(self._file.descriptor, 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise self.damaged("is empty") from error
        self._view = memoryview(self._map)
        self._read: dict[str, memoryview] = {}
        self._pieces: dict[str, _Pieces] = {}
        self.releases = 0
        self._touched = 0
        """Bytes that were read since the memory of the whole file was given back."""
        self._directory = self._read_directory()

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __iter__(self) -> Iterator[str]:
        return iter(self._directory)

    def check_unchanged(self) -> None:
        """See that nobody has written to the file since it was opened.

        Reading behind the end of a file that was cut short would end the process, by SIGBUS.

        Raises:
            IndexDamagedError: somebody has.
        """
        if not self._file.is_unchanged():
            raise self.damaged("was written to while it was open")

    def length(self, name: str) -> int:
        """The bytes of a section, without a look at it; 0 if there is none."""
        return self._directory[name][1] if name in self._directory else 0

    def numbers(self, name: str, typecode: str) -> memoryview:
        """A section of numbers of one kind; see `section`."""
        section = self.section(name)
        if len(section) % calcsize(typecode):
            raise self.damaged(f"has a section {name} of another length than its numbers take")
        return section.cast(typecode)  # type: ignore[call-overload,no-any-return] # a code known only at run time

    def section(self, name: str) -> memoryview:
        """The bytes of a section, without a copy.

        Raises:
            IndexDamagedError: it is missing or not as it was written.
        """
        view = self._read.get(name)
        if view is None:
            view = self._read[name] = self._checked(name)
        return view

    def piece(self, name: str, start: int, end: int) -> memoryview:
        """Some bytes of a section; of the rest only what lies beside them is looked at.

        Raises:
            IndexDamagedError: it is missing or, there, not as it was written.
        """
        view = self._read.get(name)
        if view is not None:
            return view[start:end]
        whole, mapped, checked = self._pieces.get(name) or self._in_pieces(name)
        if start // _PIECE not in mapped or end // _PIECE not in mapped:
            crcs = self._directory[name][3:] if name in self._directory else ()
            if not crcs:
                return self.section(name)[start:end]
            for number in range(start // _PIECE, min(-(-end // _PIECE), len(crcs))):
                if number in mapped:
                    continue
                self.touch()
                if number not in checked:
                    if crc32(whole[number * _PIECE : (number + 1) * _PIECE]) != crcs[number]:
                        raise self.damaged(f"has a changed section {name}")
                    checked.add(number)
                mapped.add(number)
            if self._is_long_lived and len(checked) == len(crcs):
                self._read[name] = whole
        return whole[start:end]

    def _in_pieces(self, name: str) -> _Pieces:
        begin, length, *_ = self._directory.get(name, (0, 0))
        pieces = self._pieces[name] = self._view[begin : begin + length], set(), set()
        return pieces

    def touch(self, size: int = 0) -> None:
        """Note that so many bytes are read at a place: much that was before is given back.

        With each place a system maps what lies beside it, 64 KB or so.
        """
        self._touched += _PIECE + size
        if self._touched > self._most_touched:
            self.release()
            self._touched = _PIECE + size

    def release(self) -> None:
        """Give back the memory of the file; what is read again comes from the disk."""
        self.releases += 1
        for _, mapped, _ in self._pieces.values():
            mapped.clear()
        if hasattr(self._map, "madvise"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        """Release the map; what was handed out from it keeps it alive until released, too."""
        self._read.clear()
        self._pieces.clear()
        self._file.close()
        try:
            self._view.release()
            self._map.close()
        except BufferError:
            pass  # a view is still in use; the map goes with the last of them

    def damaged(self, what: str) -> IndexDamagedError:
        """The error that says that this file is not as it was written."""
        return IndexDamagedError(f"{self.path} {what}")

    def _read_directory(self) -> dict[str, Sequence[int]]:
        if len(self._view) < _TRAILER.size:
            raise self.damaged("is cut short")
        start, length, crc, magic = _TRAILER.unpack(self._view[-_TRAILER.size :])
        data = self._view[start : start + length]
        if magic != MAGIC or len(data) != length or crc32(data) != crc:
            raise self.damaged("is cut short or overwritten")
        try:
            directory = _checked_directory(json.loads(bytes(data[:MOST_DIRECTORY])), start)
        except SURPRISES as error:
            raise self.damaged("has no directory of its sections") from error
        return directory

    def _checked(self, name: str) -> memoryview:
        try:
            start, length, crc, *_ = self._directory[name]
        except KeyError as error:
            raise self.damaged(f"has no section {name}") from error
        view = self._view[start : start + length]
        if not name.endswith(SELF_CHECKED):
            self.touch(length)
            if crc32(view) != crc:
                raise self.damaged(f"has a changed section {name}")
        return view


def _checked_directory(values: dict[str, Any], end: int) -> dict[str, Sequence[int]]:
    """Where the sections are, all of them before `end`.

    Raises:
        ValueError, TypeError, AttributeError: they cannot be there.
    """
    for start, length, *crcs in values.values():
        if {*map(type, (start, length, *crcs))} != {int} or not crcs:
            raise TypeError
        if len(crcs) > 1 and len(crcs) - 1 != -(-length // _PIECE):
            raise ValueError
        if start < 0 or start % _ALIGNMENT or length < 0 or start + length > end:
            raise ValueError
    return values

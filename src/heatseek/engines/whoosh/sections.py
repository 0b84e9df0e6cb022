"""A file of named sections, each with a checksum; written in one pass, read by memory map.

    section ... section  directory (JSON)  trailer

A section begins at a multiple of 8 bytes. The directory maps a name to offset, length and CRC-32;
the trailer says where the directory is. Nothing here is ever executed or unpickled.
"""

from __future__ import annotations

import json
import mmap
import struct
from typing import BinaryIO
from zlib import crc32

from heatseek.errors import IndexDamagedError

MAGIC = b"hseek\x00\x00\x01"
_TRAILER = struct.Struct("<QII8s")
_ALIGNMENT = 8
SELF_CHECKED = ("/postings", "/records")
"""Sections whose records carry checksums of their own; so one record can be read alone."""


class DamagedRecordError(ValueError):
    """A record inside a self-checked section is not as it was written."""


class SectionWriter:
    """Writes sections one after another; `close` completes the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offset = 0
        self._directory: dict[str, tuple[int, int, int]] = {}
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
        self.end()

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
    """A finished file, mapped. Every section is checked when it is first read."""

    def __init__(self, path: str) -> None:
        self.path = path
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is not imported in a one-shot search
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise self.damaged("is empty") from error
        self._view = memoryview(self._map)
        self._directory = self._read_directory()
        self._read: dict[str, memoryview] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def section(self, name: str) -> memoryview:
        """The bytes of a section, without a copy.

        Raises:
            IndexDamagedError: it is missing or not as it was written.
        """
        view = self._read.get(name)
        if view is None:
            view = self._read[name] = self._checked(name)
        return view

    def close(self) -> None:
        """Release the map; what was handed out from it keeps it alive until released, too."""
        self._read.clear()
        try:
            self._view.release()
            self._map.close()
        except BufferError:
            pass  # a view is still in use; the map goes with the last of them

    def damaged(self, what: str) -> IndexDamagedError:
        """The error that says that this file is not as it was written."""
        return IndexDamagedError(f"{self.path} {what}")

    def _read_directory(self) -> dict[str, tuple[int, int, int]]:
        if len(self._view) < _TRAILER.size:
            raise self.damaged("is cut short")
        start, length, crc, magic = _TRAILER.unpack(self._view[-_TRAILER.size :])
        data = self._view[start : start + length]
        if magic != MAGIC or len(data) != length or crc32(data) != crc:
            raise self.damaged("is cut short or overwritten")
        directory: dict[str, tuple[int, int, int]] = json.loads(bytes(data))
        return directory

    def _checked(self, name: str) -> memoryview:
        try:
            start, length, crc = self._directory[name]
        except KeyError as error:
            raise self.damaged(f"has no section {name}") from error
        view = self._view[start : start + length]
        if not name.endswith(SELF_CHECKED) and crc32(view) != crc:
            raise self.damaged(f"has a changed section {name}")
        return view

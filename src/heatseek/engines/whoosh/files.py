"""Files of the index, forced to disk before anything says that they are there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from zlib import crc32

_CHUNK = 1 << 20

Seal = tuple[int, int]
"""Size and CRC-32 of a file."""


def sealed(path: Path) -> Seal:
    """Force a file to disk; give its size and checksum."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return seal(path)


def seal(path: Path) -> Seal:
    """The size and checksum of a file as it is."""
    crc = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = crc32(chunk, crc)
        return file.tell(), crc


def write_synced(path: Path, data: bytes) -> Seal:
    """Write a whole file and force it to disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return len(data), crc32(data)


def adopt(source: Path, target: Path) -> None:
    """Let a file that never changes stand in another folder, too; copied if it cannot be linked."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # the file system has no hard links, or no more for this file
        shutil.copyfile(source, target)
        sealed(target)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk."""
    if os.name == "nt":
        return  # Windows has no handle to sync a folder by
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Files of the index: made in place of nothing, on disk before anything says they are there."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from heatseek.engines.whoosh.store import regular

_CHUNK = 1 << 20

Seal = tuple[int, int]
"""Size and CRC-32 of a file."""


def sealed(path: Path) -> Seal:
    """Force a file to disk; give its size and checksum."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return seal(path)


def seal(path: Path) -> Seal:
    """The size and checksum of a file as it is.

    Raises:
        IndexDamagedError: it is no regular file.
    """
    crc = 0
    with open(path, "rb", opener=regular) as file:
        while chunk := file.read(_CHUNK):
            crc = crc32(chunk, crc)
        return file.tell(), crc


def write_synced(path: Path, data: bytes) -> Seal:
    """Write a whole new file and force it to disk.

    Raises:
        FileExistsError: something has this name, be it a link to nothing.
    """
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return len(data), crc32(data)


def write_at_once(path: Path, data: bytes) -> None:
    """The same; where the system can do it, the file is there as a whole or not at all.

    Raises:
        FileExistsError: something has this name.
    """
    if not _written_aside(path, data):
        write_synced(path, data)


def _written_aside(path: Path, data: bytes) -> bool:
    """Write a file without a name (Linux), then name it; False where that cannot be done."""
    try:
        descriptor = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except (AttributeError, OSError):
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            # Relative to a folder: only so is the link below /proc followed to the file.
            os.link(f"/proc/self/fd/{file.fileno()}", path.name, dst_dir_fd=folder)
        except FileExistsError:
            raise
        except OSError:
            return False
        finally:
            os.close(folder)
    return True


def adopt(source: Path, target: Path) -> None:
    """Let a file that never changes stand in another folder, too; copied if it cannot be linked.

    Raises:
        FileNotFoundError: it is gone.
        OSError: it is no regular file, or cannot be written.
    """
    if not stat.S_ISREG(source.lstat().st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(source))
    try:
        os.link(source, target)
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError:  # the file system has no hard links, or no more for this file
        with source.open("rb") as old, target.open("xb") as new:
            shutil.copyfileobj(old, new)
        sealed(target)


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, if it is not there; their names are forced to disk."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        with suppress(PermissionError):  # it may be written, but not read
            sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk."""
    if os.name == "nt":
        return  # Windows has no handle to sync a folder by
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

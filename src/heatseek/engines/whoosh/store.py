"""Generations of an index in a folder: prepared aside, switched to by one rename.

    index/
      HEATSEEK                 the mark of an index: its id, and what it is built from (mark.py)
      CURRENT                  the name of the generation that readers open
      LOCK                     held by the one writer; LOCK.holder says who that is
      generation-00000007-1f3a9c0b5d2e7a4430c1d9e8/
        HEATSEEK               the mark again, put here first: whose folder this is
        manifest.json          format, fingerprint, archive, counts; size and CRC-32 of each file
        *.doc *.trm            a segment; never changed, so generations can share it by hard links
        *.del                  which documents of a segment are deleted
        *.note                 what the indexer noted, for the next change and for searches

A writer fills a new folder, syncs it, and renames a new CURRENT over the old one. Only then
does it remove older generations, which it knows by their marks; a reader that has one open keeps
its files through its maps, one that was about to open it reads CURRENT again. Nothing here
executes what it reads, follows a link below the folder, or waits for a pipe there.
"""

from __future__ import annotations

import errno
import os
import stat
from zlib import crc32

from heatseek.definitions import pattern
from heatseek.engines.whoosh.manifest import MALFORMED, NOTE_FILE, Manifest, load
from heatseek.errors import (
    EngineRefusedError,
    EngineUnreachableError,
    GenerationGoneError,
    IndexDamagedError,
    IndexMissingError,
    StoreError,
    reason,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO, TypeVar

    T = TypeVar("T")

CURRENT = "CURRENT"
LOCK = "LOCK"
HOLDER = "LOCK.holder"
MANIFEST = "manifest.json"
GENERATION_NAME = pattern(r"generation-([0-9]{8,18})-([0-9a-f]{8})[0-9a-f]{16}\Z")
"""A number, the beginning of the index's id, and what makes the name one that no other has; see
`mark.new_name`."""
LARGEST = 16 * 1024 * 1024
"""Bytes of a manifest: of a million and a half articles whose links others have, too."""
POINTER = 64
"""Bytes of CURRENT, at most."""
_CAREFULLY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_UNREACHABLE = frozenset(
    getattr(errno, name, None)
    for name in ("ESTALE", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT")
)
"""Of file systems whose server does not answer."""
_ATTEMPTS = 100
"""How often a reader that was overtaken by writers looks again."""


def read_current(root: str, opener: Callable[[str, Manifest], T]) -> T:
    """Call `opener` with the folder and manifest of the newest generation.

    Raises:
        IndexOutdatedError, EngineUnreachableError, EngineRefusedError, GenerationGoneError.
        IndexMissingError, IndexDamagedError: `mark.diagnosis` knows better, if it is asked.
    """
    name = _current(root)
    for _ in range(_ATTEMPTS):
        folder = os.path.join(root, name)  # noqa: PTH118 - pathlib is not imported in a one-shot search
        try:
            return opener(folder, _manifest(folder))
        except FileNotFoundError as error:
            newest = _current(root)
            if newest == name:
                raise IndexDamagedError(f"{error.filename} is missing") from error
            name = newest
        except OSError as error:
            raise unreadable(error, folder) from error
    raise GenerationGoneError(f"the index in {root} changes too fast to be read: try again")


def unreadable(error: OSError, where: str) -> StoreError:
    """The error for a file of the index that cannot be read."""
    path = error.filename or where
    if isinstance(error, FileNotFoundError):
        return IndexDamagedError(f"{path} is missing")
    if isinstance(error, IsADirectoryError | NotADirectoryError) or error.errno == errno.ELOOP:
        return IndexDamagedError(f"{path} is overwritten")
    # Permissions, too many open files, a failing disk: making it anew helps with none of them.
    said = f"cannot read the index: {path}: {reason(error)}"
    if isinstance(error, PermissionError):
        return EngineRefusedError(said)
    return EngineUnreachableError(said) if error.errno in _UNREACHABLE else StoreError(said)


def gone(folder: str) -> StoreError:
    """The error for a file of an open generation that is not there."""
    if os.path.isdir(folder):  # noqa: PTH112
        return IndexDamagedError(f"{folder} lacks a file")
    return GenerationGoneError(
        f"{folder} was replaced by a newer generation and removed: open the index again"
    )


def check_sizes(folder: str, manifest: Manifest) -> None:
    """See that every file is there in its full length; a look that costs next to nothing.

    Raises:
        IndexDamagedError: one is not.
        FileNotFoundError: one is missing, maybe because a writer has gone on.
    """
    for name, (size, _) in manifest.files.items():
        path = os.path.join(folder, name)  # noqa: PTH118
        if os.stat(path).st_size != size:  # noqa: PTH116
            raise IndexDamagedError(f"{path} has another size than when it was written")


def regular(path: str, flags: int) -> int:
    """The opener, as `open` takes one, of all files of an index.

    It follows no link, waits for nobody at the other end of a pipe, and opens no device.

    Raises:
        IndexDamagedError: it is no regular file.
    """
    descriptor = os.open(path, flags | _CAREFULLY)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise IndexDamagedError(f"{path} is overwritten")


class HeldFile:
    """A regular file held open for a map of it, which tells whether somebody has written to it.

    Raises:
        IndexDamagedError: it is no regular file.
        OSError: it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self.descriptor = -1
        self.descriptor = regular(path, os.O_RDONLY)
        self._state = self._stat()

    def __del__(self) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Bytes, as it was opened."""
        return self._state[0]

    def is_unchanged(self) -> bool:
        """True if it is of the size and time that it was opened with."""
        return self._stat() == self._state

    def close(self) -> None:
        """Release the file."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _stat(self) -> tuple[int, int]:
        state = os.fstat(self.descriptor)
        return state.st_size, state.st_mtime_ns


def contents(path: str, most: int) -> bytes:
    """A small file of an index.

    Raises:
        IndexDamagedError: it has more bytes than it may have, or is no regular file.
        OSError: it cannot be read.
    """
    with open(path, "rb", opener=regular) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise IndexDamagedError(f"{path} is overwritten")
        return file.read()


class Note:
    """The file of what was noted by a name, held open: writers remove what they replace.

    Raises:
        FileNotFoundError: a writer has removed it already.
    """

    _file: BinaryIO | None = None

    def __init__(self, folder: str, manifest: Manifest, name: str) -> None:
        self._sealed = manifest.files.get(f"{name}{NOTE_FILE}")
        path = os.path.join(folder, f"{name}{NOTE_FILE}")  # noqa: PTH118
        # Closed below.
        self._file = open(path, "rb", opener=regular) if self._sealed else None  # noqa: SIM115

    def __del__(self) -> None:
        # A program that ends need not have closed its index.
        self.close()

    def read(self) -> bytes:
        """The content of the note; empty if there is none.

        Raises:
            IndexDamagedError: it is not as it was written.
        """
        if not self._file:
            return b""
        assert self._sealed  # noqa: S101 - together with the file
        self._file.seek(0)
        data = self._file.read(self._sealed[0] + 1)
        if (len(data), crc32(data)) != self._sealed:
            raise IndexDamagedError(f"{self._file.name} is not as it was written")
        return data

    def close(self) -> None:
        """Release the file."""
        if self._file:
            self._file.close()


def current_name(root: str) -> str:
    """The name in CURRENT, which need not be that of a generation.

    Raises:
        IndexDamagedError: it is too long for one, or no regular file.
        OSError: it cannot be read.
    """
    path = os.path.join(root, CURRENT)  # noqa: PTH118
    return contents(path, POINTER).decode("ascii", "replace").strip()


def _current(root: str) -> str:
    path = os.path.join(root, CURRENT)  # noqa: PTH118
    try:
        name = current_name(root)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissingError(f"no index in {root}") from error
    except OSError as error:
        raise unreadable(error, path) from error
    if not GENERATION_NAME.match(name):
        raise IndexDamagedError(f"{path} is overwritten")
    return name


def _manifest(folder: str) -> Manifest:
    if os.path.islink(folder):  # noqa: PTH114
        raise IndexDamagedError(f"{folder} is overwritten")
    path = os.path.join(folder, MANIFEST)  # noqa: PTH118
    data = contents(path, LARGEST)
    try:
        return load(data, os.path.dirname(folder))  # noqa: PTH120 - as above
    except MALFORMED as error:
        raise IndexDamagedError(f"{path} is overwritten") from error

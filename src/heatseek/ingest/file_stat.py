"""A file as it lies on disk: its bytes, and how to tell that they have changed."""

from __future__ import annotations

import os
import stat
from errno import EAGAIN
from hashlib import blake2b
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from heatseek.ingest.problem import ProblemKind, RejectedError, kind_of

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE_BYTES = 16 * 1024 * 1024

# Opening must not wait for a pipe that took the place of a file.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class FileStat(NamedTuple):
    """What the file system says of a file; all of it equal means: hardly changed."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileStat:
        """Take what matters from `status`."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


UNKNOWN = FileStat(0, 0, 0, 0)
"""That of no file."""


def read_bytes(path: Path) -> tuple[FileStat, bytes]:
    """A file's content, and its stat from before the first byte was read.

    Raises:
        RejectedError: the file is missing, unreadable, no regular file, or too large.
    """
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise RejectedError("not a regular file", None, kind=ProblemKind.UNREADABLE)
            # One byte more tells whether it grew meanwhile; a buffer for the most it may have
            # would be the greater part of the work.
            data = _read(file, min(status.st_size, MAX_FILE_BYTES) + 1)
            if len(data) > status.st_size:
                data += _read(file, MAX_FILE_BYTES + 1 - len(data))
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise RejectedError(f"cannot be read: {why}", None, kind=kind_of(error)) from None
    except ValueError:
        raise RejectedError("not a path", None, kind=ProblemKind.UNREADABLE) from None
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // (1024 * 1024)
        raise RejectedError(f"larger than {limit} MiB", None, kind=ProblemKind.TOO_LARGE)
    return FileStat.of(status), data


def _read(file: BinaryIO, size: int) -> bytes:
    """Up to so many bytes.

    Raises:
        BlockingIOError: the file would make its reader wait, as some of /proc do.
    """
    data: bytes | None = file.read(size)
    if data is None:
        raise BlockingIOError(EAGAIN, "it has no content yet")
    return data


def digest(data: bytes) -> bytes:
    """16 bytes that differ if the content does."""
    return blake2b(data, digest_size=16).digest()


def digest_file(path: Path) -> tuple[FileStat, bytes]:
    """A file's stat and the digest of its content.

    Raises:
        RejectedError: see `read_bytes`.
    """
    status, data = read_bytes(path)
    return status, digest(data)

"""A file as it lies on disk: its bytes, how to tell that they have changed, and their text.

Text is UTF-8, or else what its bytes most probably are; bytes that are no text are refused.
"""

from __future__ import annotations

import codecs
import os
import stat
from errno import EISDIR
from typing import TYPE_CHECKING, NamedTuple

from heatseek.errors import reason
from heatseek.ingest.problem import ProblemKind, RejectedError, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_FILE_BYTES = 16 * 1024 * 1024

# Opening must not wait for a pipe that took the place of a file.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


_PIECE = 1_000_000
"""Bytes that are decoded at once."""
_SAMPLE = 8_192
"""Bytes at the start that tell whether a file is text."""
_CONTROLS = bytes({*range(32)} - set(b"\t\n\x0b\x0c\r\x1b"))
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_OLD = "cp1252"
"""The encoding of Western text that is not UTF-8."""

Flaw = tuple[int, int | None, str, ProblemKind]
"""Line, column, reason and kind of what is wrong."""


class FileStat(NamedTuple):
    """The file system's data on a file; all of it equal means: hardly changed."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileStat:
        """Take what matters from `status`, each as a number of 64 bits."""
        of = status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
        return cls(*wrapped(of))


def wrapped(numbers: Sequence[int]) -> Sequence[int]:
    """Numbers of up to 64 bits with a sign: inodes of some file systems, times after 2262."""
    if max(numbers) < _HALF:
        return numbers
    return [each if each < _HALF else each - 2 * _HALF for each in numbers]


def stats_of(folder: str, names: list[str]) -> Sequence[int]:
    """Four numbers of each of some files in a folder; those of no file where they cannot be had.

    From the descriptor of its folder a file takes a quarter less time.
    """
    found: list[int] = []
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return UNKNOWN * len(names)
    for name in names:
        try:
            status = os.stat(name, dir_fd=descriptor)
        except OSError:
            found += UNKNOWN
        else:
            # As `FileStat.of`, without a call for each file.
            found += status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
    os.close(descriptor)
    return wrapped(found)


_HALF = 2**63
UNKNOWN = FileStat(0, 0, 0, 0)
"""That of no file."""


def read_bytes(path: Path | str) -> tuple[FileStat, bytes]:
    """A file's content, and its stat from before the first byte was read.

    Raises:
        RejectedError: the file is missing, unreadable, no regular file, or too large.
    """
    try:
        file = os.open(path, _FLAGS)
        try:
            status, data = _content(file)
        finally:
            os.close(file)
    except BlockingIOError:  # some of /proc would make their reader wait
        problem = "cannot be read: it has no content yet"
        raise RejectedError(problem, None, kind=ProblemKind.UNREADABLE) from None
    except OSError as error:
        raise RejectedError(f"cannot be read: {reason(error)}", None, kind=kind_of(error)) from None
    except ValueError:
        raise RejectedError("not a path", None, kind=ProblemKind.UNREADABLE) from None
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // (1024 * 1024)
        raise RejectedError(f"larger than {limit} MiB", None, kind=ProblemKind.TOO_LARGE)
    return FileStat.of(status), data


def _content(file: int) -> tuple[os.stat_result, bytes]:
    """The stat and the bytes of an open file, one more than it may have if it has more."""
    status = os.fstat(file)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise RejectedError("not a regular file", None, kind=ProblemKind.UNREADABLE)
    # One byte more tells whether it grew meanwhile; a buffer for the most it may have would be
    # the greater part of the work, and so would an object of Python's for the file.
    data = os.read(file, min(status.st_size, MAX_FILE_BYTES) + 1)
    while len(data) != status.st_size and len(data) <= MAX_FILE_BYTES:
        more = os.read(file, MAX_FILE_BYTES + 1 - len(data))
        if not more:
            break
        data += more
    return status, data


def digest(data: bytes) -> bytes:
    """16 bytes that differ if the content does."""
    from hashlib import blake2b  # noqa: PLC0415 - it loads OpenSSL; most updates read nothing

    return blake2b(data, digest_size=16).digest()


def digest_file(path: Path) -> tuple[FileStat, bytes]:
    """A file's stat and the digest of its content.

    Raises:
        RejectedError: see `read_bytes`.
    """
    status, data = read_bytes(path)
    return status, digest(data)


def decode(data: bytes, most: int) -> tuple[str, Flaw | None]:
    """At least the first `most` characters of a text; the rest is only looked at.

    Raises:
        RejectedError: it is no text.
    """
    encoding = _MARKS.get(data[:2])
    if encoding is None and _is_binary(data):
        raise RejectedError("no text: it has binary data", None, kind=ProblemKind.BINARY)
    try:
        text = _decoded(data, encoding or "utf-8", "strict", most)
        return text, _other("UTF-16", 1, None) if encoding else None
    except UnicodeDecodeError:
        if encoding:
            raise RejectedError("no text: broken UTF-16", None, kind=ProblemKind.ENCODING) from None
    return _guessed(data, most)


def _guessed(data: bytes, most: int) -> tuple[str, Flaw]:
    """A text that is nearly UTF-8, with marks in place of what is not, or else an old one."""
    if b"\0" in data:
        raise RejectedError("no text: it has binary data", None, kind=ProblemKind.BINARY)
    start = _first_flaw(data)
    before = data[:start].decode()
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    text = _decoded(data, "utf-8", "replace", most)
    wrong = text.count("\ufffd")
    if 2 * wrong <= len(text) - len(text.encode("ascii", "ignore")):
        reason = f"not valid UTF-8: byte 0x{data[start]:02x} at offset {start:,}; save it as UTF-8"
        return text, (line, column, reason, ProblemKind.ENCODING)
    return _decoded(data, _OLD, "replace", most), _other("Windows-1252", line, column)


def _decoded(data: bytes, encoding: str, errors: str, most: int) -> str:
    if len(data) <= most:
        return data.decode(encoding, errors)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    pieces, size = [], 0
    for start in range(0, len(data), _PIECE):
        end = start + _PIECE
        piece = decoder.decode(data[start:end], end >= len(data))
        if size < most:
            pieces.append(piece)
            size += len(piece)
    return "".join(pieces)


def _is_binary(data: bytes) -> bool:
    """True if a tenth of the beginning is control characters, zeros among them."""
    sample = data[:_SAMPLE]
    if b"\0" not in sample:
        return False
    return 10 * (len(sample) - len(sample.translate(None, _CONTROLS))) > len(sample)


def _first_flaw(data: bytes) -> int:
    """Where the first byte stands that is no UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(data) - 1


def _other(what: str, line: int, column: int | None) -> Flaw:
    return line, column, f"read as {what}: save it as UTF-8", ProblemKind.ENCODING

"""Folders as they are: each name below them with what it stands for, to be compared later."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """What a name stands for."""

    mode: int
    inode: int
    modified: int
    """Nanoseconds since 1970."""
    content: bytes | str
    """Of a file; where a link leads."""


def state(folder: Path) -> dict[str, Entry]:
    """Everything below a folder, and itself; nothing is followed, no pipe opened."""
    return {str(path.relative_to(folder)): _entry(path) for path in [folder, *_below(folder)]}


def _below(folder: Path) -> list[Path]:
    found = []
    for path, folders, files in os.walk(folder):
        found += [Path(path, name) for name in (*folders, *files)]
    return found


def _entry(path: Path) -> Entry:
    status = path.lstat()
    content: bytes | str = b""
    if stat.S_ISLNK(status.st_mode):
        content = os.readlink(path)  # noqa: PTH115 - as it is written
    elif stat.S_ISREG(status.st_mode):
        content = path.read_bytes()
    return Entry(status.st_mode, status.st_ino, status.st_mtime_ns, content)

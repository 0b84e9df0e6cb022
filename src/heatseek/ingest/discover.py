"""Finding the article files of an archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from heatseek.errors import ArchiveError
from heatseek.ingest.problem import Problem, ProblemKind, kind_of
from heatseek.ingest.text import has_controls, printable

SUFFIXES = (".md", ".markdown", ".mdx", ".txt", ".html")

Report = Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file to read, and the id of the article that it is: its relative path, with `/`."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to look into.

    Attributes:
        id: its path relative to the archive, ending in `/`; empty for the archive itself.
        lineage: device and inode of itself and of every folder it was reached through.
    """

    id: str
    path: str
    lineage: frozenset[tuple[int, int]]


def discover(root: Path, report: Report) -> Iterator[ArticleFile]:
    """The article files under `root`, sorted by id.

    Hidden names are passed over, symbolic links followed, except back into a folder that
    they are in. Pipes, sockets and devices are never opened.

    Args:
        root: the archive's folder.
        report: called for each file or folder that had to be skipped.

    Raises:
        ArchiveError: at once, if `root` is no readable folder.
    """
    try:
        status = root.stat()
        os.scandir(root).close()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a path"
        name = printable(str(root))
        raise ArchiveError(
            f"cannot read the archive {name}: {why.lower()}; name its folder with --archive DIR"
        ) from None
    return _walk(_Folder("", str(root), frozenset({_identity(status)})), report)


def _walk(top: _Folder, report: Report) -> Iterator[ArticleFile]:
    # A stack instead of recursion: paths may nest deeper than Python may call.
    pending: list[_Folder | ArticleFile] = [top]
    while pending:
        found = pending.pop()
        if isinstance(found, ArticleFile):
            yield found
        else:
            pending += sorted(_contents(found, report), key=lambda item: item.id, reverse=True)


def _contents(folder: _Folder, report: Report) -> Iterator[_Folder | ArticleFile]:
    try:
        with os.scandir(folder.path) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        report(_unreadable(folder.id, error))
        return
    for entry in entries:
        found = None if entry.name.startswith(".") else _look(entry, folder, report)
        if found is not None:
            yield found


def _look(entry: os.DirEntry[str], folder: _Folder, report: Report) -> _Folder | ArticleFile | None:
    path_id = folder.id + entry.name
    try:
        found = _classify(entry, folder)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError) and entry.is_symlink()
        reason = "symbolic link leads nowhere"
        kind = ProblemKind.DANGLING_LINK
        report(_skipped(path_id, reason, kind) if gone else _unreadable(path_id, error))
        return None
    flaw = found and _flaw(entry.name)
    if flaw:
        report(_skipped(path_id, flaw, ProblemKind.FILE_NAME))
        return None
    return found


def _classify(entry: os.DirEntry[str], folder: _Folder) -> _Folder | ArticleFile | None:
    """What a name stands for; None if it is nothing to read, or a loop.

    Raises:
        FileNotFoundError: a link to nothing.
        OSError: it cannot be told.
    """
    path_id = folder.id + entry.name
    if entry.is_dir():
        identity = _identity(Path(entry.path).stat())
        if identity in folder.lineage:
            return None
        return _Folder(f"{path_id}/", entry.path, folder.lineage | {identity})
    is_file = entry.is_file()
    if not is_file and entry.is_symlink():
        entry.stat()
    if is_file and entry.name.lower().endswith(SUFFIXES):
        return ArticleFile(path_id, Path(entry.path))
    return None


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _flaw(name: str) -> str | None:
    """Why an id with this name in it could not be printed or stored."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "file name is not valid UTF-8: rename it"
    return "file name has control characters: rename it" if has_controls(name) else None


def _skipped(path_id: str, reason: str, kind: ProblemKind) -> Problem:
    path = printable(path_id.rstrip("/")) or "."
    return Problem(path, line=None, column=None, reason=reason, kind=kind, fatal=True)


def _unreadable(path_id: str, error: OSError) -> Problem:
    why = (error.strerror or "unknown error").lower()
    return _skipped(path_id, f"cannot be read: {why}", kind_of(error))

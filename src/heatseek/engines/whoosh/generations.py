"""The folders of generations: numbered, switched to by one rename, removed when they are old."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.files import refuse_odd, sync_folder, write_synced
from heatseek.engines.whoosh.manifest import is_file_name
from heatseek.engines.whoosh.mark import MARK, Mark, in_generation, new_name
from heatseek.engines.whoosh.store import (
    CURRENT,
    GENERATION_NAME,
    MANIFEST,
    contents,
    current_name,
)
from heatseek.errors import IndexDamagedError, IndexWriteError, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.whoosh.lock import Lock

_LAST_NUMBER = 10**17
_NEW_MARK = f"{MARK}.new"
_SCRATCH = "MAIN.tmp"
"""A folder that Whoosh makes while it writes."""


@contextmanager
def next_generation(root: Path, mark: Mark, lock: Lock) -> Iterator[tuple[int, Path]]:
    """A new folder to be filled, and its number; it goes again unless it becomes the current one.

    Raises:
        IndexWriteError: another writer may be at work, or something is in the way.
    """
    lock.verify()
    for name in (MARK, CURRENT):
        refuse_odd(root / name)
    number = max(_generations(root, mark).values(), default=0) % _LAST_NUMBER + 1
    # A writer whose lock somebody removed may give the same number at the same time.
    folder = root / new_name(number, mark)
    try:
        folder.mkdir()
        write_synced(folder / MARK, mark.dump())
        yield number, folder
    except OSError:
        lock.verify()  # it may be the reason
        raise
    finally:
        # Ctrl-C may come when it is switched to already.
        if not is_current(folder):
            _remove(folder)


def switch(root: Path, folder: Path, lock: Lock) -> None:
    """Make a filled folder the one that readers open; nothing fails once it is.

    Raises:
        IndexWriteError: another writer may be at work.
        OSError: the file system refuses.
    """
    # In the folder: it goes with it if this goes no further.
    pointer = folder / CURRENT
    write_synced(pointer, f"{folder.name}\n".encode())
    sync_folder(folder)
    sync_folder(root)
    lock.verify()
    pointer.replace(root / CURRENT)


def settle(root: Path, folder: Path, mark: Mark, lock: Lock, tell: Callable[[str], None]) -> None:
    """After a switch: force it to disk, and remove what it replaces, as far as that goes."""
    try:
        sync_folder(root)
    except OSError as error:
        why = reason(error)
        tell(f"{root}: {why}; the new index is in place, but a power failure now may undo it")
    # What cannot be done the next writer does.
    with suppress(OSError, IndexWriteError):
        lock.verify()
        _renew_mark(root, folder, mark)
        collect_garbage(root, mark)


def collect_garbage(root: Path, mark: Mark) -> None:
    """Remove every generation of this index but the current one, also those of dead writers.

    While it is not known which one is current, all stay.
    """
    current = _current(root)
    folders = _generations(root, mark)
    if current not in {folder.name for folder in folders}:
        return
    for folder in folders:
        if folder.name != current:
            _remove(folder)
        else:
            with suppress(FileNotFoundError):
                (folder / _NEW_MARK).unlink()


def is_current(folder: Path) -> bool:
    """True for the one that readers open, or may open."""
    return _current(folder.parent) in {folder.name, None}


def _current(root: Path) -> str | None:
    """The name in CURRENT; empty if there is none, None if it cannot be read."""
    try:
        return current_name(str(root))
    except (FileNotFoundError, IndexDamagedError):
        return ""
    except OSError:
        return None


def _generations(root: Path, mark: Mark) -> dict[Path, int]:
    """The folders that writers of this index made, with their numbers."""
    generations = {}
    with os.scandir(root) as entries:
        for entry in entries:
            form = GENERATION_NAME.match(entry.name)
            if (
                form
                and mark.id.startswith(form[2])
                and entry.is_dir(follow_symlinks=False)
                and _is_of(entry.path, mark)
            ):
                generations[Path(entry.path)] = int(form[1])
    return generations


def _is_of(folder: str, mark: Mark) -> bool:
    """True for a folder marked as one of this index; a writer may have died just before."""
    known = in_generation(folder)
    return known.id == mark.id if known else not list(Path(folder).iterdir())


def _remove(folder: Path) -> None:
    """Remove a generation: the files that writers make, the proof of whose they are last.

    Whatever else somebody put there stays, and so does the folder.
    """
    with suppress(OSError):
        with _held(folder) as held:
            entries = os.listdir(folder if held is None else held)  # noqa: PTH208 - a descriptor
            names = filter(is_file_name, entries)
            for name in (*names, _SCRATCH, CURRENT, _NEW_MARK, MANIFEST, MARK):
                _unlink(folder, name, held)
        folder.rmdir()


@contextmanager
def _held(folder: Path) -> Iterator[int | None]:
    """A descriptor of a folder: a link that takes its place is not followed. None on Windows."""
    if os.unlink not in os.supports_dir_fd:
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _unlink(folder: Path, name: str, held: int | None) -> None:
    path = folder / name if held is None else name
    with suppress(FileNotFoundError):
        try:
            os.unlink(path, dir_fd=held)
        except (IsADirectoryError, PermissionError):  # by POSIX, and by Linux
            os.rmdir(path, dir_fd=held)


def _renew_mark(root: Path, folder: Path, mark: Mark) -> None:
    """Have the mark at the root say what the new generation is built from."""
    said = mark.dump()
    try:
        if contents(str(root / MARK), len(said)) == said:
            return
    except (FileNotFoundError, IndexDamagedError):
        pass
    prepared = folder / _NEW_MARK
    write_synced(prepared, said)
    prepared.replace(root / MARK)

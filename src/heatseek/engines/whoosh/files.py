"""Files of the index: made in place of nothing, on disk before anything says they are there.

And why they cannot be: each error of writing as one of ours.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from heatseek.engines.whoosh import mark as marks
from heatseek.engines.whoosh.mark import MARK, Mark, foreign, new_mark
from heatseek.engines.whoosh.store import CURRENT, HOLDER, LOCK, regular
from heatseek.errors import IndexForeignError, IndexWriteError, Remedy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.model import Origin


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


_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_REFUSED = "cannot write the index: "


def claim(root: Path, archive: Path | None, tell: Callable[[str], None]) -> Mark:
    """The mark of the index in a folder; an empty folder becomes one by it.

    Args:
        root: the folder; made if it is missing.
        archive: the folder of the articles, which can be no place for the index.
        tell: called with a line on what is left of a version that knew no marks.

    Raises:
        IndexForeignError: the folder is somebody else's. Nothing is made in it.
        IndexWriteError: something that is no file has the name of one of ours.
        OSError: it cannot be read or written.
    """
    if root.exists() and not root.is_dir():
        raise IndexForeignError(f"{_REFUSED}{root} is a file")
    mark = marks.find(str(root))
    origin = None if mark else marks.former_origin(str(root))
    is_ours = mark or origin or marks.is_wreck(str(root))
    names = marks.files(str(root)) if root.exists() and not is_ours else []
    if names:
        mark = _mark_meanwhile(root, names[0])
    _refuse_archive(root, archive)
    if mark is None:
        mark = _put_mark(root, origin, tell)
    for name in (LOCK, HOLDER):
        refuse_odd(root / name)
    return mark


def _refuse_archive(root: Path, archive: Path | None) -> None:
    """An index is neither the folder of the articles nor around it."""
    if archive is None or not root.exists():
        return
    folder = archive.resolve()
    for above in (folder, *folder.parents):
        if above.exists() and root.samefile(above):
            relation = "is the archive" if above == folder else "has the archive in it"
            raise IndexForeignError(f"{_REFUSED}{root} {relation}")


def _put_mark(root: Path, origin: Origin | None, tell: Callable[[str], None]) -> Mark:
    """Make an index of a folder that has nothing, or the rest of one."""
    mark = new_mark(origin)
    make_folder(root)
    if marks.is_wreck(str(root)):
        return mark  # the first generation brings it
    try:
        write_at_once(root / MARK, mark.dump())
    except FileExistsError:
        return _mark_meanwhile(root, MARK)
    sync_folder(root)
    if origin:
        left = marks.former_generation(str(root))
        tell(f"{left} was made by a former version of heatseek, and stays: remove it after this")
    return mark


def _mark_meanwhile(root: Path, name: str) -> Mark:
    """The mark that another writer has put since; the folder is not empty, but has this file."""
    mark = marks.find(str(root))
    if mark is None:
        raise foreign(str(root), name, _REFUSED)
    return mark


def refuse_odd(path: Path) -> None:
    """Write in place of nothing but a file.

    Raises:
        IndexWriteError: this is something else.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise IndexWriteError(
            f"{_REFUSED}{path} is a folder, a link or a pipe, and no file of ours: remove it",
            Remedy.OTHER_INDEX,
        )


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Raise what the operating system refuses as `IndexWriteError`."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or root
        why = error.strerror.lower() if error.strerror else str(error)
        kept = "; what was indexed before is untouched" if _is_indexed(root) else ""
        remedy = Remedy.OTHER_INDEX if not kept or error.errno in _FORBIDDEN else None
        raise IndexWriteError(f"{_REFUSED}{where}: {why}{kept}", remedy) from error


def _is_indexed(root: Path) -> bool:
    try:
        return (root / CURRENT).exists()
    except OSError:  # nor may it be looked at
        return False

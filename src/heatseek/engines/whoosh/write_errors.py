"""Why an index cannot be written, and what to do about it."""

from __future__ import annotations

import errno
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heatseek.engines.whoosh import mark as marks
from heatseek.engines.whoosh.files import make_folder, sync_folder, write_at_once
from heatseek.engines.whoosh.mark import MARK, Mark, foreign, new_mark
from heatseek.engines.whoosh.store import CURRENT, HOLDER, LOCK
from heatseek.errors import IndexForeignError, IndexWriteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heatseek.engines.model import Origin

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
        raise IndexForeignError(f"{_REFUSED}{root} is a file: name a folder by --index DIR")
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
            raise IndexForeignError(f"{_REFUSED}{root} {relation}: name another by --index DIR")


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
            f"{_REFUSED}{path} is a folder, a link or a pipe, and no file of ours: remove it,"
            " or choose another place by --index DIR"
        )


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Raise what the operating system refuses as `IndexWriteError`."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or root
        why = error.strerror.lower() if error.strerror else str(error)
        raise IndexWriteError(f"{_REFUSED}{where}: {why}; {_way_out(root, error)}") from error


def _way_out(root: Path, error: OSError) -> str:
    elsewhere = "choose another place by --index DIR"
    try:
        is_indexed = (root / CURRENT).exists()
    except OSError:  # nor may it be looked at
        return elsewhere
    if not is_indexed:
        return elsewhere
    kept = "what was indexed before is untouched"
    return f"{elsewhere}; {kept}" if error.errno in _FORBIDDEN else kept

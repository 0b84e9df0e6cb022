"""Why an index cannot be written, and what to do about it."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.store import CURRENT, GENERATION_NAME, HOLDER, LOCK
from heatseek.errors import IndexWriteError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_OWN = {CURRENT, LOCK, HOLDER}


def refuse_other_folders(root: Path) -> None:
    """Write into no folder that is somebody's own: not into the articles, by a slip of the hand.

    Raises:
        IndexWriteError: it is a file; or it has files, and no trace of an index, of which a first
            build that was stopped leaves some.
        OSError: it cannot be read.
    """
    if not root.exists():
        return
    if not root.is_dir():
        raise IndexWriteError(
            f"cannot write the index: {root} is a file: name a folder by --index DIR"
        )
    # Hidden ones may stand beside an index: .gitignore, .DS_Store.
    names = [path.name for path in root.iterdir() if not path.name.startswith(".")]
    if names and not any(name in _OWN or GENERATION_NAME.match(name) for name in names):
        raise IndexWriteError(
            f"cannot write the index: {root} is no index and has files of its own, such as"
            f" {min(names)}: name another folder by --index DIR"
        )


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Raise what the operating system refuses as `IndexWriteError`."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or root
        why = error.strerror.lower() if error.strerror else str(error)
        raise IndexWriteError(
            f"cannot write the index: {where}: {why}; {_way_out(root, error)}"
        ) from error


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

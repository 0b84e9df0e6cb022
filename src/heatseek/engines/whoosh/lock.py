"""The lease on an index in a folder: a lock of the operating system's, and who holds it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heatseek.engines.model import Holder, Lease
from heatseek.engines.whoosh.files import write_synced
from heatseek.engines.whoosh.manifest import MALFORMED
from heatseek.engines.whoosh.store import HOLDER, LOCK, contents
from heatseek.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexWriteError,
    LeaseLostError,
    Remedy,
    reason,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


_HELD = (errno.EACCES, errno.EAGAIN)
"""What file systems say of a lock that another process has."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
_DAY = 86_400
"""Seconds; who waits longer waits for as long as it takes."""
_PAUSE = 0.05
"""Seconds from one try to the next."""
_SAID = 4_000
"""Bytes of what a holder says of itself, at most."""


class Lock:
    """The lock of an index, held by this process for as long as its file is the one that it was.

    Attributes:
        lease: it goes with the process, so there are no signs of life; network file systems
            whose servers know locks see to the same.
    """

    def __init__(self, root: Path, lease: Lease) -> None:
        self.lease = lease
        self._root = root
        self._path = root / LOCK
        self._status = self._path.lstat()

    def verify(self) -> None:
        """See that no other writer can have it.

        Raises:
            LeaseLostError: its file was removed or replaced, so that another may hold that one.
        """
        try:
            if os.path.samestat(self._path.lstat(), self._status):
                return
        except OSError:
            pass
        raise LeaseLostError(
            f"cannot write the index: {self._path} was removed meanwhile, so that another writer"
            " may be at it; what is indexed is left as it is: try again"
        ) from None


@contextmanager
def locked(root: Path, timeout: float, waiting: Callable[[str], None]) -> Iterator[Lock]:
    """Hold the lock of an index.

    The lock is the operating system's, so it goes with the process that holds it, however that
    ends; what the file beside it says of the holder is only ever shown.

    Args:
        root: the folder of the index.
        timeout: seconds to wait for another writer; 0 does not wait.
        waiting: called with who holds it before waiting.

    Raises:
        IndexLockedError: another process holds it, still.
        IndexWriteError: the file system has no locks.
        OSError: the file system refuses.
    """
    file = _taken(root)
    if file is None:
        file = _wait(root, timeout, waiting)
    try:
        held = Lock(root, Lease(_this_process()))
        _introduce(root, held.lease.holder)
        yield held
    finally:
        # The work is done, or failed, whatever becomes of these.
        with suppress(OSError):
            (root / HOLDER).unlink(missing_ok=True)
        with suppress(OSError):
            # Not left to the closing of it: a process forked meanwhile has it open, too.
            fcntl.flock(file, fcntl.LOCK_UN)
        os.close(file)


def _taken(root: Path) -> int | None:
    """The lock's file, open and locked; None if another process holds it."""
    file = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    with ExitStack() as unless_locked:
        unless_locked.callback(os.close, file)
        # One that somebody removed since it was opened locks nobody out.
        if _is_locked(file, root) and os.fstat(file).st_nlink:
            unless_locked.pop_all()
            return file
    return None


def _is_locked(file: int, root: Path) -> bool:
    """Lock a file, unless another process has locked it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _NO_LOCKS:
            raise
        raise IndexWriteError(
            f"cannot write the index: the file system of {root} has no locks ({reason(error)})",
            Remedy.OTHER_INDEX,
        ) from error
    return True


def _wait(root: Path, timeout: float, waiting: Callable[[str], None]) -> int:
    """The lock's file, once it is free."""
    if timeout > 0:
        long = f"up to {timeout:g} s" if timeout <= _DAY else "until it is done"
        waiting(f"{root} is being written by {_holder(root)}: waiting {long}")
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            file = _taken(root)
            if file is not None:
                return file
            time.sleep(min(_PAUSE, left))
    raise IndexLockedError(f"{root} is being written by {_holder(root)}")


def _this_process() -> Holder:
    command = " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:2]])  # noqa: PTH119 - a name, not a path
    return Holder(command, os.getpid(), os.uname().nodename, datetime.now(UTC))


def _introduce(root: Path, holder: Holder) -> None:
    """Say who is writing."""
    said = {
        "pid": holder.process,
        "host": holder.host,
        "since": int(holder.since.timestamp()),
        "command": holder.command,
    }
    (root / HOLDER).unlink(missing_ok=True)
    write_synced(root / HOLDER, json.dumps(said).encode())


def _holder(root: Path) -> str:
    try:
        said = json.loads(contents(str(root / HOLDER), _SAID))
        since = datetime.fromtimestamp(int(said["since"]), UTC)
        holder = Holder(str(said["command"]), int(said["pid"]), str(said["host"]), since)
    except (OSError, IndexDamagedError, *MALFORMED):
        return "another process"
    where = "" if holder.host == os.uname().nodename else f" on {_plain(holder.host)}"
    command = _plain(holder.command) or "another process"
    return f"{command} (process {holder.process}{where}, since {since:%H:%M:%S} UTC)"


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:80] if letter.isprintable())

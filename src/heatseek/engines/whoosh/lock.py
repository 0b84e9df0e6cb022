"""The lease on an index in a folder: a lock of the operating system's, and who holds it."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

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


_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
_DAY = 86_400
"""Seconds; who waits longer waits for as long as it takes."""
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
    # Not the library's way out where the system has no locks: a file that stays when its holder
    # is killed.
    lock = FileLock(root / LOCK, fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _wait(lock, root, timeout, waiting)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        raise IndexWriteError(
            f"cannot write the index: the file system of {root} has no locks ({reason(error)})",
            Remedy.OTHER_INDEX,
        ) from error
    try:
        held = Lock(root, Lease(_this_process()))
        _introduce(root, held.lease.holder)
        yield held
    finally:
        # The work is done, or failed, whatever becomes of these.
        with suppress(OSError):
            (root / HOLDER).unlink(missing_ok=True)
        with suppress(OSError):
            lock.release()


def _wait(lock: FileLock, root: Path, timeout: float, waiting: Callable[[str], None]) -> None:
    if timeout > 0:
        long = f"up to {timeout:g} s" if timeout <= _DAY else "until it is done"
        waiting(f"{root} is being written by {_holder(root)}: waiting {long}")
        with suppress(Timeout):
            lock.acquire(timeout=timeout)
            return
    raise IndexLockedError(f"{root} is being written by {_holder(root)}")


def _this_process() -> Holder:
    command = " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:2]])  # noqa: PTH119 - a name, not a path
    return Holder(command, os.getpid(), socket.gethostname(), datetime.now(UTC))


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
    where = "" if holder.host == socket.gethostname() else f" on {_plain(holder.host)}"
    command = _plain(holder.command) or "another process"
    return f"{command} (process {holder.process}{where}, since {since:%H:%M:%S} UTC)"


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:80] if letter.isprintable())

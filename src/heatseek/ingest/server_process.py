"""How the process that forks workers is started: it is forked off too, or else is an interpreter.

A fork has all that is loaded here, which takes an interpreter 50 ms. But it has copies of the
locks that other threads hold: a process that has some starts an interpreter. Multiprocessing would
run the main program again, which must be written for it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, NoReturn, Protocol

from heatseek.errors import ArchiveError, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Pipes = Sequence[tuple[int, int]]

_PROGRAM = """
import sys
sys.path[:] = {path!r}
from heatseek.ingest.fork_server import run
run({pipes!r}, 0)
"""
_TASKS = "/proc/self/task"
"""Where Linux lists all threads of this process, those of other languages too."""
_FILES = "/proc/self/fd"
_SHORTEST, _LONGEST = 0.0005, 0.05
"""Seconds to the next look if a process has ended."""


class ServerProcess(Protocol):
    """The process."""

    def terminate(self) -> None:
        """Have it stop, with all that it has forked."""

    def wait(self) -> int:
        """Its exit code, or less than 0 by the signal that killed it, once it has ended."""

    def poll(self) -> int | None:
        """The same, or None if it has not."""


def code_of(process: ServerProcess, timeout: float) -> int | None:
    """The exit code of a process that should end now; None if it does not in so many seconds."""
    end, pause = time.monotonic() + timeout, _SHORTEST
    while (code := process.poll()) is None and time.monotonic() < end:
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST)
    return code


def started(pipes: Pipes, source: int) -> ServerProcess:
    """Start it.

    Args:
        pipes: see `fork_server.run`.
        source: the pipe that the job comes from.

    Raises:
        ArchiveError: the system starts no process.
    """
    try:
        if _has_one_thread():
            with suppress(OSError):  # it may have no memory for a fork, and some for an interpreter
                return _Fork(pipes, source)
        return _interpreter(pipes, source)
    except OSError as error:
        raise ArchiveError(f"cannot start a process that reads files: {reason(error)}") from None


def _has_one_thread() -> bool:
    try:
        return len(os.listdir(_TASKS)) == 1  # noqa: PTH208 - numbers
    except OSError:  # another system, where libraries may not bear a fork
        return False


def _interpreter(pipes: Pipes, source: int) -> ServerProcess:
    import subprocess  # noqa: PLC0415 - most processes start none

    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-c", _PROGRAM.format(path=sys.path, pipes=pipes)],
        stdin=source,
        stdout=subprocess.DEVNULL,
        pass_fds=_ends(pipes),
        # Not in the terminal's group: Ctrl-C is for this process, which stops the others.
        process_group=0,
    )


class _Fork:
    """A process that was forked off this one, as if it had just been started."""

    def __init__(self, pipes: Pipes, source: int) -> None:
        self._lock = Lock()
        self._code: int | None = None
        self._pid = os.fork()
        if not self._pid:
            _serve(pipes, source)

    def terminate(self) -> None:
        """See `ServerProcess`."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGTERM)

    def wait(self) -> int:
        """See `ServerProcess`."""
        return self._look(0) or 0

    def poll(self) -> int | None:
        """See `ServerProcess`."""
        return self._look(os.WNOHANG)

    def _look(self, how: int) -> int | None:
        with self._lock:
            if self._code is None:
                try:
                    ended, status = os.waitpid(self._pid, how)
                except ChildProcessError:  # somebody else has waited for it
                    self._code = 0
                else:
                    self._code = os.waitstatus_to_exitcode(status) if ended else None
            return self._code


def _serve(pipes: Pipes, source: int) -> NoReturn:
    """Go on as an interpreter would that was just started; nothing of the program runs again."""
    try:
        os.setpgid(0, 0)
        _forget_handlers()
        _close_all_but({2, source, *_ends(pipes)})
        from heatseek.ingest.fork_server import run  # noqa: PLC0415 - not loaded by the other one

        run(pipes, source)
        os._exit(0)
    except Exception:  # noqa: BLE001 - a defect: shown as at the end of a program
        import traceback  # noqa: PLC0415 - takes long

        traceback.print_exc()
    finally:
        os._exit(1)


def _forget_handlers() -> None:
    """Have no signal call what the program has for it."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)


def _close_all_but(kept: set[int]) -> None:
    """Close files, the lock on the index among them, which must not outlive the other process."""
    for name in os.listdir(_FILES):  # noqa: PTH208 - numbers
        if int(name) not in kept:
            with suppress(OSError):  # that of the listing
                os.close(int(name))
    null = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 1} - {null}:
        os.dup2(null, stream)


def _ends(pipes: Iterable[tuple[int, int]]) -> list[int]:
    return [end for pair in pipes for end in pair]

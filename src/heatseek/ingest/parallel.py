"""A job shared by several processes: its results in order, and in bounded memory.

The processes are forked from a plain interpreter that has loaded what they need
(`fork_server.py`), each at the ends of two pipes. A fork of this process would copy locks that its
other threads hold; multiprocessing would run the main program again, which must be written for it,
and the workers of its pools outlive a parent that is killed. Whoever is free takes the next task;
what is done before its turn waits here as it came through the pipe.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import signal
import subprocess
import sys
from collections import defaultdict, deque
from contextlib import ExitStack, suppress
from threading import Condition, Thread
from typing import IO, TYPE_CHECKING, Any, Self

from heatseek.errors import ArchiveError, reason
from heatseek.ingest.worker import KILLED, LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from heatseek.ingest.worker import Job

MOST_WAITING = 16_000_000
"""Bytes of results that are there before their turn."""
_ROOM = 1_048_576
"""Bytes that a pipe takes at most, so that a process goes on while this one is busy."""
_AHEAD = 2
"""Tasks that a process has, so that it need not wait for the next one."""
_KEPT_MEMORY = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), "33554432")
"""Bytes that glibc keeps for the next text: to get memory for each anew takes 5 % of the time."""
_PROGRAM = """
import sys
sys.path[:] = {path!r}
from heatseek.ingest.fork_server import run
run({pipes!r})
"""


def in_others(
    make: Callable[[], Job], tasks: Sequence[tuple[Any, ...]], processes: int
) -> Iterator[Any]:
    """What a job gives for each of its tasks, in their order, done by other processes.

    Closing the iterator stops the processes at once.

    Args:
        make: makes the job, while the processes start; it can be pickled.
        tasks: the arguments of the job.
        processes: how many.

    Raises:
        ArchiveError: a process died, or could not be started.
    """
    with ExitStack() as stack:
        workers = stack.enter_context(_Workers(processes))
        results = _Results(tasks)
        stack.callback(results.stop)
        workers.begin(make(), results)
        yield from results


Share = deque[int]
"""Tasks that a process was given and has not done, in their order."""


class _Results:
    """Tasks, and what has come of them; for all threads of this process."""

    def __init__(self, tasks: Sequence[tuple[Any, ...]]) -> None:
        self._tasks = tasks
        self._next = 0
        """Tasks before this one are in shares, or done."""
        self._turn = 0
        """The task whose results are taken now."""
        self._waiting: defaultdict[int, deque[bytes]] = defaultdict(deque)
        self._bytes = 0
        self._changed = Condition()
        self._error: ArchiveError | None = None
        self._stopped = False

    def task(self, share: Share) -> tuple[Any, ...] | None:
        """The next one, which is in the share then; None if there is none."""
        with self._changed:
            if self._stopped or self._next == len(self._tasks):
                return None
            share.append(self._next)
            self._next += 1
            return self._tasks[share[-1]]

    def add(self, share: Share, frame: bytes) -> None:
        """Take a result of a share's first task, or an empty one that says that it is done.

        Those of later tasks have to wait while there are many.
        """
        number = share[0]
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(number))
            self._waiting[number].append(frame)
            self._bytes += len(frame)
            if not frame:
                share.popleft()
            self._changed.notify_all()

    def _has_room(self, number: int) -> bool:
        return self._stopped or number == self._turn or self._bytes < MOST_WAITING

    def fail(self, error: ArchiveError) -> None:
        """Have whoever takes the results raise this."""
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

    def stop(self) -> None:
        """Nobody takes results any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Any]:
        while self._turn < len(self._tasks):
            frame = self._frame()
            if frame:
                yield pickle.loads(frame)  # noqa: S301 - from our own process
            else:
                with self._changed:
                    self._turn += 1
                    self._changed.notify_all()

    def _frame(self) -> bytes:
        waiting = self._waiting[self._turn]
        with self._changed:
            self._changed.wait_for(lambda: waiting or self._error)
            if self._error:
                raise self._error
            frame = waiting.popleft()
            self._bytes -= len(frame)
            self._changed.notify_all()
            return frame


class _Workers:
    """Processes that do tasks, and the one that they are forked from; see `fork_server.py`."""

    def __init__(self, count: int) -> None:
        requests, answers = [_pipe() for _ in range(count)], [_pipe() for _ in range(count)]
        theirs = [(source, to) for (source, _), (_, to) in zip(requests, answers, strict=True)]
        try:
            self._server = _started(theirs)
        finally:
            for end in (end for pair in theirs for end in pair):
                os.close(end)
        self._workers = [
            _Worker(self._server, os.fdopen(to, "wb"), os.fdopen(source, "rb"))
            for (_, to), (source, _) in zip(requests, answers, strict=True)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop them, whatever they are doing."""
        self._server.terminate()
        for worker in self._workers:
            worker.close()
        self._server.communicate()

    def begin(self, job: Job, results: _Results) -> None:
        """Have them do tasks of a job."""
        requests = self._server.stdin
        assert requests is not None  # noqa: S101 - a pipe was asked for
        with suppress(OSError):  # the workers find that it is dead
            requests.write(pickle.dumps(job, protocol=5))
            requests.flush()
        shares = [Share() for _ in self._workers]
        # Nobody has a second one before all have one.
        first = [[results.task(share) for share in shares] for _ in range(_AHEAD)]
        for worker, share, *tasks in zip(self._workers, shares, *first, strict=True):
            worker.begin(results, share, tasks)


class _Worker:
    """A process that does tasks, and the thread that hands them over; see `worker.py`."""

    def __init__(
        self, server: subprocess.Popen[bytes], requests: IO[bytes], answers: IO[bytes]
    ) -> None:
        self._server = server
        self._requests = requests
        self._answers = answers
        self._thread: Thread | None = None

    def close(self) -> None:
        """Close the pipes of a process that stops; nothing is sent any more."""
        if self._thread:
            self._thread.join()
        self._answers.close()
        with suppress(OSError):  # what is left to be sent
            self._requests.close()

    def begin(
        self, results: _Results, share: Share, tasks: Sequence[tuple[Any, ...] | None]
    ) -> None:
        """Have it do tasks, the first of which are given, and in its share."""
        self._thread = Thread(target=self._run, args=(results, share, tasks), daemon=True)
        self._thread.start()

    def _run(
        self, results: _Results, share: Share, tasks: Sequence[tuple[Any, ...] | None]
    ) -> None:
        try:
            for task in tasks:
                self._send(task)
            while share:
                frame = self._frame()
                results.add(share, frame)
                if not frame:
                    self._send(results.task(share))
        except (OSError, EOFError):
            results.fail(self._died())

    def _send(self, task: tuple[Any, ...] | None) -> None:
        if task:
            self._requests.write(pickle.dumps(task, protocol=5))
            self._requests.flush()

    def _frame(self) -> bytes:
        (length,) = LENGTH.unpack(_exactly(self._answers, LENGTH.size))
        return _exactly(self._answers, length)

    def _died(self) -> ArchiveError:
        try:
            status = self._server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return ArchiveError("reading stopped: a process that reads files answered nonsense")
        killed = -status if status < 0 else status - KILLED
        how = f"was killed by {_name(killed)}" if killed > 0 else f"ended with exit code {status}"
        return ArchiveError(
            f"reading stopped: a process that reads files {how}; if memory is short, free some "
            "and try again"
        )


def _exactly(source: Any, length: int) -> bytes:
    data: bytes = source.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _pipe() -> tuple[int, int]:
    """Two ends, none of which takes the place of a standard stream that is closed."""
    ends = os.pipe()
    above = fcntl.F_DUPFD_CLOEXEC
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # so much is not granted
            fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, _ROOM)
    try:
        source, to = (fcntl.fcntl(end, above, 3) for end in ends)
    finally:
        for end in ends:
            os.close(end)
    return source, to


def _started(pipes: Sequence[tuple[int, int]]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-c", _PROGRAM.format(path=sys.path, pipes=pipes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[end for pair in pipes for end in pair],
            # numpy's library of matrices, which none of them needs, would start threads.
            env=_KEPT_MEMORY | os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            # Not in the terminal's group: Ctrl-C is for this process, which stops the others.
            process_group=0,
        )
    except OSError as error:
        raise ArchiveError(f"cannot start a process that reads files: {reason(error)}") from None


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

"""A job shared by several processes: its results in order, and in bounded memory.

The processes are plain interpreters at the ends of two pipes. multiprocessing would run the
main program again in each of them, which must be written for it; and the workers of its pools
outlive a parent that is killed. Whoever is free takes the next task; what is done before its turn
waits here as it came through the pipe.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import defaultdict, deque
from contextlib import ExitStack
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any, Self

from heatseek.errors import ArchiveError, reason
from heatseek.ingest.worker import LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from heatseek.ingest.worker import Job

SHARE = 1_000
"""Files that a process must have to read: to start one takes as long as 500 of them."""
MOST = 4
"""Processes that pay: the one that puts everything together takes a tenth of the work."""
MOST_WAITING = 32_000_000
"""Bytes of results that are there before their turn."""
_AHEAD = 2
"""Tasks that a process has, so that it need not wait for the next one."""
_PROGRAM = """
import sys
sys.path[:] = {path!r}
from heatseek.ingest.worker import serve
serve()
"""


def worth(files: int) -> int:
    """The number of processes by which so many files are indexed fastest; 1 is this one alone."""
    if not sys.executable:
        return 1
    return max(min(_processors(), MOST, files // SHARE), 1)


def _processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
        workers = [stack.enter_context(_Worker()) for _ in range(processes)]
        results = _Results(tasks)
        stack.callback(results.stop)
        job = pickle.dumps(make(), protocol=5)
        for worker in workers:
            worker.begin(job, results)
        yield from results


class _Results:
    """Tasks, and what has come of them; for all threads of this process."""

    def __init__(self, tasks: Sequence[tuple[Any, ...]]) -> None:
        self._tasks = tasks
        self._next = 0
        self._turn = 0
        """The task whose results are taken now."""
        self._waiting: defaultdict[int, deque[bytes]] = defaultdict(deque)
        self._bytes = 0
        self._changed = Condition()
        self._error: ArchiveError | None = None
        self._stopped = False

    def task(self) -> tuple[int, tuple[Any, ...]] | None:
        """The next one and its number; None if there is none."""
        with self._changed:
            number = self._next
            if self._stopped or number >= len(self._tasks):
                return None
            self._next += 1
            return number, self._tasks[number]

    def add(self, number: int, frame: bytes) -> None:
        """Take a result of a task, or an empty one that says that it is done.

        Those of later tasks have to wait while there are many.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(number))
            self._waiting[number].append(frame)
            self._bytes += len(frame)
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


class _Worker:
    """A process that does tasks, and the thread that hands them over; see `worker.py`."""

    def __init__(self) -> None:
        self._process = _started()
        self._thread: Thread | None = None
        self._tasks: deque[int] = deque()
        """Numbers of those that it has."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it, whatever it is doing."""
        self._process.kill()
        if self._thread:
            self._thread.join()
        self._process.communicate()

    def begin(self, job: bytes, results: _Results) -> None:
        """Have it do tasks of a pickled job."""
        self._thread = Thread(target=self._run, args=(job, results), daemon=True)
        self._thread.start()

    def _run(self, job: bytes, results: _Results) -> None:
        try:
            self._send(job)
            for _ in range(_AHEAD):
                self._ask(results)
            while self._tasks:
                frame = self._frame()
                results.add(self._tasks[0], frame)
                if not frame:
                    self._tasks.popleft()
                    self._ask(results)
        except (OSError, EOFError):
            results.fail(self._died())

    def _ask(self, results: _Results) -> None:
        task = results.task()
        if task:
            number, arguments = task
            self._tasks.append(number)
            self._send(pickle.dumps(arguments, protocol=5))

    def _send(self, data: bytes) -> None:
        requests = self._process.stdin
        assert requests is not None  # noqa: S101 - a pipe was asked for
        requests.write(data)
        requests.flush()

    def _frame(self) -> bytes:
        answers = self._process.stdout
        assert answers is not None  # noqa: S101 - a pipe was asked for
        (length,) = LENGTH.unpack(_exactly(answers, LENGTH.size))
        return _exactly(answers, length)

    def _died(self) -> ArchiveError:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return ArchiveError("reading stopped: a process that reads files answered nonsense")
        how = f"ended with exit code {status}" if status >= 0 else f"was killed by {_name(-status)}"
        return ArchiveError(
            f"reading stopped: a process that reads files {how}; if memory is short, free some "
            "and try again"
        )


def _exactly(source: Any, length: int) -> bytes:
    data: bytes = source.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _started() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-c", _PROGRAM.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
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

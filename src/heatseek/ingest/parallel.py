"""Reading files in several processes, in order and in bounded memory.

The processes are plain interpreters at the ends of two pipes. multiprocessing would run the
main program again in each of them, which must be written for it; and the workers of its pools
outlive a parent that is killed.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from heatseek.errors import ArchiveError, reason
from heatseek.ingest.keys import PLAIN, Format
from heatseek.ingest.reader import Reading, attempt
from heatseek.ingest.worker import Mentions, Packet, Unpacker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from heatseek.ingest.discover import ArticleFile

FEW = 1_000
"""Files up to which starting a process takes longer than it saves."""
MOST = 4
"""Processes; more would wait for this one, which writes the index meanwhile."""
_CHUNK = 16
"""Files. What is read of them mostly fits into a pipe, so that a process need not wait."""
_AHEAD = 3
"""Chunks asked for of each process."""
_PROGRAM = """
import sys
sys.path[:] = {path!r}
from heatseek.ingest.worker import serve
serve()
"""


def read_files(
    files: Sequence[ArticleFile], *, processes: int | None = None, form: Format = PLAIN
) -> Iterator[Reading]:
    """Read `files`, in their order.

    Closing the iterator stops the processes at once.

    Args:
        files: what to read; what is wrong with one of them is in its `Reading`.
        processes: in all. 1: this one reads; more: the others read, and this one has only to
            take what they read. None: as many as pay.
        form: how to read them.

    Raises:
        ArchiveError: a process died, or could not be started.
    """
    count = worth(len(files)) if processes is None else processes
    if count <= 1:
        return (attempt(file, form) for file in files)
    return _in_others(files, count - 1, form)


def worth(files: int) -> int:
    """The number of processes, with this one, by which so many files are indexed fastest."""
    if files <= FEW or not sys.executable:
        return 1
    return min(_processors(), MOST)


def _processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_others(files: Sequence[ArticleFile], count: int, form: Format) -> Iterator[Reading]:
    chunks = [files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK)]
    ahead = _AHEAD * count  # a multiple: chunks go round, so each comes back to its worker
    mentions = Mentions()
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(mentions, form)) for _ in range(count)]
        for number, chunk in enumerate(chunks[:ahead]):
            workers[number % count].ask(chunk)
        for number, chunk in enumerate(chunks):
            worker = workers[number % count]
            readings = worker.answer(chunk)
            if number + ahead < len(chunks):
                worker.ask(chunks[number + ahead])
            yield from readings


class _Worker:
    """A process that reads; see `worker.py`."""

    def __init__(self, mentions: Mentions, form: Format) -> None:
        self._unpacker = Unpacker(mentions)
        self._form = form
        self._process = _started()

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
        self._process.communicate()

    def ask(self, files: Sequence[ArticleFile]) -> None:
        """Have it read `files`; it answers in the order in which it was asked."""
        requests = self._process.stdin
        assert requests is not None  # noqa: S101 - a pipe was asked for
        try:
            pickle.dump((list(files), self._form), requests, protocol=5)
            requests.flush()
        except OSError:
            raise self._died() from None

    def answer(self, files: Sequence[ArticleFile]) -> list[Reading]:
        """The readings of `files`."""
        answers = self._process.stdout
        assert answers is not None  # noqa: S101 - a pipe was asked for
        try:
            packet: Packet = pickle.load(answers)  # noqa: S301 - from our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            raise self._died() from None
        return self._unpacker.unpack(packet, files)

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

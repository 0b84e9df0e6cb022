"""The readers of a server: as many requests at once as there are, each within a time.

Searches of one process read one after another, and Python lets one thread run at a time: with
threads a slow query would hold up all others and could not be ended. A process can; the others go
on meanwhile, on other cores.
"""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import sys
import time
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heatseek.errors import HeatseekError, reason
from heatseek.web.reader import LENGTH, framed, read_only, state

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from heatseek.config import Config
    from heatseek.library import Index
    from heatseek.web.messages import Answer, Ask

LEAST, MOST = 3, 8
"""Readers: more than one, so that a slow request holds up no other; one core more than there are
is always busy."""
TIME_LIMIT = 10.0
"""Seconds for one request in its reader."""
MAX_WAITING = 200
"""Requests that wait for a reader; more are refused."""
LOOK_EVERY = 0.2
"""Seconds after which the next request looks for a newer generation, in a millisecond."""
_START_LIMIT = 60.0
"""Seconds for a reader to open the index."""
_PROGRAM = """
import sys
sys.path[:] = {path!r}
from heatseek.web.reader import serve
serve()
"""


class BusyError(HeatseekError):
    """More requests wait than are let in."""


class TimeLimitError(HeatseekError):
    """A request took too long, and was ended."""


class ReaderDiedError(HeatseekError):
    """A reader ended in the middle of a request."""


class Pool:
    """Readers, started by `start` and ended by `close`, in one event loop.

    Args:
        settings: of the project.
        index: the same index, open here to see newer generations.
        size: how many readers; None: by the cores of this machine.
        time_limit: seconds for one request.
    """

    def __init__(
        self,
        settings: Config,
        index: Index,
        *,
        size: int | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._settings = settings
        self._index = index
        self._size = size or max(LEAST, min((os.cpu_count() or 1) + 1, MOST))
        self._time_limit = time_limit
        self._idle: asyncio.LifoQueue[_Reader] = asyncio.LifoQueue()
        self._readers: set[_Reader] = set()
        self._renewals: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._epoch = 0
        self._looked_at = 0.0
        self._is_closed = False
        self.generation = state(index.generation)
        """That answers from now on, in a word."""

    async def start(self) -> None:
        """Start all readers.

        Raises:
            HeatseekError: one of them cannot open the index.
        """
        await asyncio.gather(*(self._add() for _ in range(self._size)))

    async def look(self) -> str:
        """See if there is a newer generation, if the last look is some time ago.

        Returns:
            The one that answers from now on, in a word.
        """
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            with suppress(HeatseekError):
                if await asyncio.to_thread(self._index.refresh):
                    self._epoch += 1
                    self.generation = state(self._index.generation)
        return self.generation

    async def ask(self, ask: Ask) -> Answer:
        """Have a reader answer.

        Raises:
            BusyError: too many wait.
            TimeLimitError: it took too long.
            ReaderDiedError: the reader died.
        """
        if self._waiting >= MAX_WAITING:
            raise BusyError("too many requests at once; try again in a second")
        self._waiting += 1
        try:
            reader = await self._idle.get()
        finally:
            self._waiting -= 1
        is_usable = False
        try:
            async with asyncio.timeout(self._time_limit):
                answer: Answer = await reader.exchange(ask._replace(epoch=self._epoch))
            is_usable = True
        except TimeoutError:
            limit = f"{self._time_limit:g} s"
            raise TimeLimitError(f"this took longer than {limit}, and was ended") from None
        except (EOFError, OSError):
            raise ReaderDiedError("the process that was to answer died; try again") from None
        finally:
            # Also of one whose client is gone: what it is about to answer is of another request.
            if is_usable:
                self._idle.put_nowait(reader)
            else:
                self._renew(reader)
        if answer.generation != self.generation:
            # A writer was faster than our look: from now on the others look, too.
            self._looked_at = 0.0
        return answer

    async def close(self) -> None:
        """End all readers; what they are at is not waited for."""
        self._is_closed = True
        for task in self._renewals:
            task.cancel()
        await asyncio.gather(*(reader.end() for reader in self._readers))

    async def _add(self) -> None:
        reader = _Reader()
        self._readers.add(reader)
        await reader.begin(self._settings)
        self._idle.put_nowait(reader)

    def _renew(self, reader: _Reader) -> None:
        """Put another reader in the place of one that cannot be used any more."""
        self._readers.discard(reader)
        task = asyncio.create_task(self._replace(reader))
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)

    async def _replace(self, reader: _Reader) -> None:
        await reader.kill()
        is_there = False
        while not (is_there or self._is_closed):
            try:
                await self._add()
                is_there = True
            except HeatseekError:
                # The index may be gone for a while; those that have it open go on.
                await asyncio.sleep(1.0)


class _Reader:
    """One process; see `reader.py`."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def begin(self, settings: Config) -> None:
        """Start it, and wait until it has opened the index."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-c", _PROGRAM.format(path=sys.path)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                # Not in the terminal's group: Ctrl-C is for the listener.
                process_group=0,
            )
        except OSError as error:
            raise HeatseekError(f"cannot start a reader: {reason(error)}") from None
        try:
            async with asyncio.timeout(_START_LIMIT):
                flaw = await self.exchange(settings)
        except (EOFError, OSError):
            raise HeatseekError("a reader died before it had opened the index") from None
        if flaw is not None:
            raise flaw

    async def exchange(self, message: object) -> Any:
        """Send a message, and wait for what comes back.

        Raises:
            EOFError, OSError: it died.
        """
        process = self._process
        assert process is not None  # noqa: S101 - it was begun
        assert process.stdin is not None  # noqa: S101 - pipes were asked for
        assert process.stdout is not None  # noqa: S101 - as above
        process.stdin.write(framed(_pickled(message)))
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(LENGTH))
        return pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 - our own process

    async def kill(self) -> None:
        """Stop it, whatever it is doing."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def end(self) -> None:
        """Let it see that nothing follows; stop it if it is slow to see it."""
        if self._process is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        try:
            async with asyncio.timeout(2.0):
                await self._process.wait()
        except TimeoutError:
            await self.kill()


class _Pickler(pickle.Pickler):
    """Settings have read-only tables, which pickle does not know."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, MappingProxyType):
            return read_only, (dict(value),)
        return NotImplemented


def _pickled(message: object) -> bytes:
    out = io.BytesIO()
    _Pickler(out, protocol=5).dump(message)
    return out.getvalue()

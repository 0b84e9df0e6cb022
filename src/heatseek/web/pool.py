"""The readers of a server: many requests at once, each within its time, none in the way of others.

Searches of one process read one after another, and Python lets one thread run at a time: with
threads a slow query would hold up all others, and could not be ended. A process can be; others go
on meanwhile, on other cores.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from heatseek.config import IndexUrl
from heatseek.errors import HeatseekError
from heatseek.web.process import ReaderProcess
from heatseek.web.reader import state

if TYPE_CHECKING:
    from heatseek.config import Config
    from heatseek.library import Index
    from heatseek.web.messages import Answer, Ask

LEAST, MOST = 4, 8
"""Readers, if nobody says how many: two more than there are cores, as a third is for slow requests.
"""
SLICE = 0.25
"""Seconds of a processor that a request has before it gives way to others."""
TIME_LIMIT = 10.0
"""Seconds for one request."""
MAX_WAITING = 200
"""Requests that wait for a reader of a lane; more are refused."""
MAX_SLOW = 20
"""The same of those that are slow."""
MAX_WAIT = 30.0
"""Seconds that a request waits for a reader."""
LOOK_EVERY = 0.2
"""Seconds after which the next request looks for a newer generation; a folder tells at once."""
_MOST_KNOWN = 1_000
"""Requests that are known to be slow."""


class BusyError(HeatseekError):
    """More requests wait than are let in, or one has waited too long."""


class TimeLimitError(HeatseekError):
    """A request took too long, and was ended."""


class ReaderDiedError(HeatseekError):
    """A reader ended in the middle of a request."""


class GoneError(HeatseekError):
    """Nobody waits for the answer any more."""


Wanted = Callable[[], bool]
"""Whether somebody still waits for an answer."""


class Pool:
    """Readers in two lanes, started by `start` and ended by `close`, in one event loop.

    Every request begins in the fast lane. One that is not done in a slice of time is given up
    there, and made again in the slow lane, which has a third of the readers; asked again it goes
    there at once. So however many requests are slow, those that are not wait for a slice at most.

    Args:
        settings: of the project.
        index: its index, open here to see newer generations.
        size: how many readers; None: by the cores of this machine. One makes one lane.
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
        size = size or max(LEAST, min((os.cpu_count() or 1) + 2, MOST))
        slow = size // 3 or int(size > 1)
        self._index = index
        self._is_remote = isinstance(settings.index, IndexUrl)
        self._fast = Lane(settings, size - slow, MAX_WAITING, time_limit)
        self._slow = Lane(settings, slow, MAX_SLOW, time_limit) if slow else None
        self._known: dict[tuple[str, ...], None] = {}
        """Requests that were slow before, the latest last."""
        self._epoch = 0
        self._trouble = ""
        self._looked_at = 0.0
        self._is_looking = False
        self.generation = state(index.generation)
        """That answers from now on, in a word."""

    async def start(self) -> None:
        """Start all readers.

        Raises:
            HeatseekError: one of them cannot open the index.
        """
        await asyncio.gather(*(lane.start() for lane in self._lanes))

    async def look(self) -> str:
        """See if there is a newer generation, if the last look is some time ago.

        Returns:
            The one that answers from now on, in a word.
        """
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY and not self._is_looking:
            self._looked_at, self._is_looking = now, True
            try:
                is_newer, self._trouble = await self._refreshed(), ""
            except HeatseekError as error:
                # The old one goes on answering.
                is_newer, self._trouble = False, str(error)
            finally:
                self._is_looking = False
            if is_newer:
                self._epoch += 1
                self.generation = state(self._index.generation)
        return self.generation

    async def _refreshed(self) -> bool:
        """True if the index goes on with a newer generation from now on."""
        if self._is_remote:
            # It may take as long as the network does, and others are not to wait for that.
            return await asyncio.to_thread(self._index.refresh)
        return self._index.refresh()

    async def ask(self, ask: Ask, wanted: Wanted = lambda: True) -> Answer:
        """Have a reader answer.

        Args:
            ask: the request.
            wanted: asked when a reader is free; what is typed on is soon not wanted any more.

        Raises:
            GoneError: it was not wanted any more.
            BusyError: too many wait.
            TimeLimitError: it took too long.
            ReaderDiedError: the reader died.
        """
        ask = ask._replace(epoch=self._epoch, trouble=self._trouble)
        answer = await self._answered(ask, wanted)
        if answer.generation != self.generation:
            # A writer was faster than our look: from now on the others look, too.
            self._looked_at = 0.0
        return answer

    async def _answered(self, ask: Ask, wanted: Wanted) -> Answer:
        if self._slow is None:
            return await self._fast.ask(ask, wanted)
        key = (ask.handler, ask.query, ask.name)
        if key not in self._known:
            answer = await self._fast.attempt(ask._replace(slice=SLICE), wanted)
            if answer is not None:
                return answer
        self._known.pop(key, None)
        self._known[key] = None
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return await self._slow.ask(ask, wanted)

    async def close(self) -> None:
        """End all readers; what they are at is not waited for."""
        await asyncio.gather(*(lane.close() for lane in self._lanes))

    @property
    def _lanes(self) -> list[Lane]:
        return [lane for lane in (self._fast, self._slow) if lane]


class Lane:
    """Some readers, and those that wait for one; first come, first served.

    Args:
        settings: of the project.
        size: how many readers.
        most: requests that may wait.
        time_limit: seconds for one request.
    """

    def __init__(self, settings: Config, size: int, most: int, time_limit: float) -> None:
        self._settings = settings
        self._size = size
        self._most = most
        self._time_limit = time_limit
        # The last one that answered has most at hand.
        self._idle: asyncio.LifoQueue[ReaderProcess] = asyncio.LifoQueue()
        self._readers: set[ReaderProcess] = set()
        self._renewals: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._is_closed = False

    async def start(self) -> None:
        """Start its readers; see `Pool.start`."""
        await asyncio.gather(*(self._add() for _ in range(self._size)))

    async def ask(self, ask: Ask, wanted: Wanted) -> Answer:
        """Have a reader answer; see `Pool.ask`."""
        answer = await self.attempt(ask, wanted)
        assert answer is not None  # noqa: S101 - it had no slice
        return answer

    async def attempt(self, ask: Ask, wanted: Wanted) -> Answer | None:
        """The same; None if it was not done in its slice of time."""
        reader = await self._reader()
        if not wanted():
            self._idle.put_nowait(reader)
            raise GoneError
        is_usable = False
        try:
            async with asyncio.timeout(self._time_limit):
                answer: Answer | None = await reader.exchange(ask)
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
        return answer

    async def _reader(self) -> ReaderProcess:
        """A reader that is free.

        Raises:
            BusyError: there is none for long, or too many want one.
        """
        if self._waiting >= self._most:
            raise BusyError("too many requests at once; try again in a second")
        self._waiting += 1
        try:
            async with asyncio.timeout(MAX_WAIT):
                return await self._idle.get()
        except TimeoutError:
            raise BusyError("no reader was free in time; try again in a second") from None
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End its readers."""
        self._is_closed = True
        for task in self._renewals:
            task.cancel()
        await asyncio.gather(*(reader.end() for reader in self._readers))

    async def _add(self) -> None:
        reader = ReaderProcess()
        self._readers.add(reader)
        await reader.begin(self._settings)
        self._idle.put_nowait(reader)

    def _renew(self, reader: ReaderProcess) -> None:
        """Put another reader in the place of one that cannot be used any more."""
        self._readers.discard(reader)
        task = asyncio.create_task(self._replace(reader))
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)

    async def _replace(self, reader: ReaderProcess) -> None:
        await reader.kill()
        is_there = False
        while not (is_there or self._is_closed):
            try:
                await self._add()
                is_there = True
            except HeatseekError:
                # The index may be gone for a while; those that have it open go on.
                await asyncio.sleep(1.0)

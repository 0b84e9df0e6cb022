"""The generation that an open index answers from, and the switch to a newer one."""

from __future__ import annotations

import os
import time
from _thread import RLock
from types import MappingProxyType

from heatseek.errors import (
    GenerationGoneError,
    HeatseekError,
    IndexClosedError,
    OtherArchiveError,
)
from heatseek.search.searcher import Searcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeVar

    from heatseek.engines.base import Engine, Reader

    T = TypeVar("T")


class _Switch:
    """Held by the one thread that changes which generation an index answers from, or closes it.

    A process that is forked off gets a free one: the thread that held it is not there.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._free)

    def _free(self) -> None:
        self.lock = RLock()


SWITCH = _Switch()


class OpenGeneration:
    """A generation that answers.

    Its files are released once nobody holds it any more; so each use keeps it in a variable.
    """

    def __init__(
        self, reader: Reader, synonyms: Mapping[str, Iterable[str]], *, long_lived: bool
    ) -> None:
        self.reader = reader
        self.searcher = Searcher(reader, synonyms=synonyms)
        if not long_lived:
            return
        from weakref import finalize  # noqa: PLC0415 - for one search it would take longer

        # A process that ends needs no closing.
        finalize(self, reader.close).atexit = False  # type: ignore[misc]  # a property, not a slot


class Generations:
    """The generations of one index, of which the newest that is known answers.

    Threads may share it.

    Args:
        engine: of the index.
        long_lived: many searches are to come, so that preparing for them pays.
        interval: seconds after which it is looked for a newer generation; None: never.
        synonyms: words and phrases, each with what else it is known as.
        archive: the folder of the articles here, of an index that another machine may have built.

    Raises:
        StoreError: there is no index, or it cannot be used.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        long_lived: bool = True,
        interval: float | None = None,
        synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
        archive: str = "",
    ) -> None:
        self._engine = engine
        self._long_lived = long_lived
        self._interval = interval
        self._synonyms = synonyms
        self._archive = archive
        self._is_closed = False
        self.opened = self._open()
        """The one that answers, whatever is there by now."""
        self._looked_at = time.monotonic()

    def answer(self, ask: Callable[[OpenGeneration], T]) -> T:
        """What a generation answers; the newest one, if the one that is open is there no more."""
        opened = self.current()
        try:
            return ask(opened)
        except GenerationGoneError:
            if not self.refresh() and self.opened is opened:
                raise
            return ask(self.opened)

    def current(self) -> OpenGeneration:
        """The generation to ask, a newer one if there is one and an interval has passed."""
        self.check_open()
        if self._interval is not None and self._is_due():
            self._look()
        return self.opened

    def refresh(self, after: float = 0.0) -> bool:
        """Go on with the newest generation if the last look was so many seconds ago.

        Returns:
            Whether another one answers from now on.

        Raises:
            StoreError: the newest one cannot be opened, or is of another archive.
        """
        with SWITCH.lock:
            self.check_open()
            if time.monotonic() - self._looked_at < after:
                return False
            return self._switch()

    def close(self) -> None:
        """Release the files."""
        with SWITCH.lock:
            self._is_closed = True
            self.opened.reader.close()

    def check_open(self) -> None:
        """See that nobody has closed the index.

        Raises:
            IndexClosedError: somebody has.
        """
        if self._is_closed:
            raise IndexClosedError

    def _open(self) -> OpenGeneration:
        reader = self._read(long_lived=self._long_lived)
        return OpenGeneration(reader, self._synonyms, long_lived=self._long_lived)

    def _read(self, *, long_lived: bool = False) -> Reader:
        """The newest generation; of a server's, with its archive where that is on this machine."""
        reader = self._engine.open(long_lived=long_lived)
        if not self._archive or os.path.isdir(reader.generation.archive):  # noqa: PTH112 - text
            return reader
        from heatseek.search.local_archive import LocalReader  # noqa: PLC0415 - seldom

        return LocalReader(reader, self._archive)

    def _is_due(self) -> bool:
        return time.monotonic() - self._looked_at >= (self._interval or 0.0)

    def _look(self) -> None:
        """Refresh, unless another thread does; what cannot be opened now may be whole later."""
        lock = SWITCH.lock
        if not lock.acquire(blocking=False):
            return
        try:
            if self._is_due() and not self._is_closed:
                self._switch()
        except HeatseekError:
            pass
        finally:
            lock.release()

    def _switch(self) -> bool:
        self._looked_at = time.monotonic()
        # Opening to look takes a millisecond or two, opening for long much more.
        with self._read() as reader:
            generation = reader.generation
        answering = self.opened.reader.generation
        if generation.archive != answering.archive:
            raise OtherArchiveError(generation.archive, answering.archive)
        # All of it: the number alone starts anew with a new folder, and clocks tick slowly.
        if generation == answering:
            return False
        self.opened = self._open()
        return True

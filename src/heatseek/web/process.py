"""A reader as the listener sees it: a process, messages to it and from it, its end."""

from __future__ import annotations

import asyncio
import io
import pickle
import sys
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from heatseek.errors import HeatseekError, reason
from heatseek.web.reader import LENGTH, framed, read_only

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from heatseek.config import Config

_START_LIMIT = 60.0
"""Seconds for a reader to open the index."""
_END_LIMIT = 2.0
"""Seconds for one to see that nothing follows."""
_PROGRAM = """
import sys
sys.path[:] = {path!r}
from heatseek.web.reader import serve
serve()
"""


class ReaderProcess:
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
            async with asyncio.timeout(_END_LIMIT):
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

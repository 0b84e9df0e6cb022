"""The server: a socket, readers, and uvicorn, until a signal ends it."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import AsyncExitStack, ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

import uvicorn

from heatseek.errors import UsageError, reason
from heatseek.web.access_log import AccessLog
from heatseek.web.app import create_app
from heatseek.web.diagnosis import Diagnosis
from heatseek.web.pool import TIME_LIMIT, Pool
from heatseek.web.security import LOOPBACK, Access, Guard

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from types import FrameType

    from starlette.routing import BaseRoute

    from heatseek.config import Config
    from heatseek.library import Index

_MAX_HEADERS = 16_384
"""Bytes of a request before its body."""
_MAX_CONNECTIONS = 500
_KEEP_ALIVE = 15
"""Seconds that a connection without a request stays open."""


_EVERY = frozenset(("0.0.0.0", "::"))  # noqa: S104 - compared, not bound
"""Addresses that stand for all of this machine, and are no name of it."""


class Serving(NamedTuple):
    """How a server is started."""

    access: Access
    log_queries: bool = False
    readers: int | None = None
    """None: by the cores of this machine."""
    time_limit: float = TIME_LIMIT
    """Seconds for one request."""
    mount: Callable[[Pool], AbstractAsyncContextManager[tuple[BaseRoute, ...]]] | None = None
    """Further routes, answered by the same readers, while it lasts."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one.

    Raises:
        UsageError: there is no such place, or somebody listens there.
    """
    with ExitStack() as stack:
        try:
            family, kind, protocol, _, bound = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            opened = stack.enter_context(socket.socket(family, kind, protocol))
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(bound)
            opened.listen(128)
        except (OSError, UnicodeError) as error:
            why = reason(error) if isinstance(error, OSError) else "no such host"
            place = f"{host} port {port}"
            raise UsageError(f"cannot listen at {place}: {why}; try another --port") from None
        stack.pop_all()
    opened.setblocking(False)
    return opened


def address_of(opened: socket.socket) -> str:
    """The address of a socket as a browser takes it."""
    host, port = opened.getsockname()[:2]
    if host in _EVERY:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def hosts(host: str, allowed: list[str]) -> frozenset[str]:
    """The names by which a server that is bound to `host` may be called."""
    named = {name.lower().strip("[]") for name in (host, *allowed)}
    return LOOPBACK | (named - _EVERY)


def run(
    settings: Config,
    index: Index,
    opened: socket.socket,
    serving: Serving,
    ready: Callable[[], None],
) -> None:
    """Answer at a socket until SIGTERM or Ctrl-C; requests that are under way are finished.

    Args:
        settings: of the project.
        index: its index, open.
        opened: the socket.
        serving: how.
        ready: called when requests are answered.

    Raises:
        HeatseekError: the index cannot be opened by a reader.
        KeyboardInterrupt: Ctrl-C ended it.
    """
    # uvicorn takes signals while it runs, and raises them again when it is done.
    before = signal.signal(signal.SIGTERM, _ignore)
    try:
        asyncio.run(_run(settings, index, opened, serving, ready))
    finally:
        signal.signal(signal.SIGTERM, before)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM has ended the server, and nothing else is left to end."""


async def _run(
    settings: Config,
    index: Index,
    opened: socket.socket,
    serving: Serving,
    ready: Callable[[], None],
) -> None:
    limits = {"size": serving.readers, "time_limit": serving.time_limit}
    pool = Pool(settings, index, **limits)  # type: ignore[arg-type] # each its own
    async with AsyncExitStack() as stack:
        stack.enter_context(closing(opened))
        stack.push_async_callback(pool.close)
        await pool.start()
        diagnosis = Diagnosis(settings, serving.time_limit)
        stack.push_async_callback(diagnosis.close)
        more = await stack.enter_async_context(serving.mount(pool)) if serving.mount else ()
        app = Guard(create_app(pool, diagnosis, *more), serving.access)
        server = uvicorn.Server(
            uvicorn.Config(
                AccessLog(app, queries=serving.log_queries),
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=_MAX_CONNECTIONS,
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=int(serving.time_limit) + 1,
                h11_max_incomplete_event_size=_MAX_HEADERS,
            )
        )
        ready()
        await server.serve(sockets=[opened])

"""The access log: a line a request on stderr; values of parameters only where they are wanted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from heatseek.cli.terminal import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST = 300
"""Bytes of an address in a line."""


class AccessLog:
    """Writes when an answer is complete: time, client, request, status, bytes, milliseconds.

    Args:
        app: that answers.
        queries: whether values of parameters are written; else their names alone are.
    """

    def __init__(self, app: ASGIApp, *, queries: bool) -> None:
        self._app = app
        self._queries = queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then write."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, size = 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            taken = 1e3 * (time.perf_counter() - started)
            client = (scope.get("client") or ("-",))[0]
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            address = self._address(scope)
            line = f"{client} {scope['method']} {address} {status} {size} B {taken:.1f} ms"
            say(f"{moment} {line}")

    def _address(self, scope: Scope) -> str:
        query = scope["query_string"]
        if not self._queries:
            query = b"&".join(part.partition(b"=")[0] for part in query.split(b"&"))
        parts = [scope.get("raw_path") or b"", query]
        # As it was sent: in percents whatever could end the line.
        whole = "?".join(part.decode("ascii", "replace") for part in parts if part)
        return whole if len(whole) <= _MOST else f"{whole[:_MOST]}..."

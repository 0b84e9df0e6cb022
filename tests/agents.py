"""Agents: the SDK's own client, over either transport, called without `await`."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from programs import HEATSEEK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


class Agent:
    """A client that is connected."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def ask(self, method: str, *args: Any) -> Any:
        """The answer of a method of the client."""
        return self._portal.call(getattr(self.client, method), *args)

    def call(self, tool: str, /, **arguments: Any) -> Any:
        """The document that a tool gives."""
        result = self.ask("call_tool", tool, arguments)
        assert not result.is_error, result.content
        return result.structured_content

    def text(self, tool: str, /, **arguments: Any) -> str:
        """The readable text that it gives."""
        (content,) = self.ask("call_tool", tool, arguments).content
        return str(content.text)

    def error(self, tool: str, /, **arguments: Any) -> str:
        """The line that says why it gives nothing."""
        result = self.ask("call_tool", tool, arguments)
        assert result.is_error
        assert result.structured_content is None
        return str(result.content[0].text)


@contextmanager
def connected(place: Any, mode: str = "auto") -> Iterator[Agent]:
    """A client of a server: its address, or a transport."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(place, mode=mode)) as client,
    ):
        yield Agent(portal, client)


@asynccontextmanager
async def over_http(address: str, **headers: str) -> AsyncIterator[Any]:
    """A transport to `/mcp` of a server."""
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as client,
        streamable_http_client(f"{address}mcp", http_client=client) as streams,
    ):
        yield streams


@contextmanager
def started(home: Path, mode: str = "auto") -> Iterator[Agent]:
    """A client that has started `heatseek mcp` in a folder; at the end it has written no error."""
    program = StdioServerParameters(command=HEATSEEK, args=["mcp"], cwd=home)
    log = home / "mcp.log"
    with log.open("w") as errors, connected(stdio_client(program, errors), mode) as agent:
        yield agent
    assert log.read_text() == ""

"""The ways by which clients come: standard input and output, and `/mcp` of a server."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import anyio
from anyio import CapacityLimiter, to_thread
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.responses import Response
from starlette.routing import Route

from heatseek.agents.server import Agent
from heatseek.errors import HeatseekError
from heatseek.web.pool import LOOK_EVERY
from heatseek.web.problems import problem
from heatseek.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.routing import BaseRoute
    from starlette.types import Message, Receive, Scope, Send

    from heatseek.config import Config
    from heatseek.web.messages import Answer, Ask, Content
    from heatseek.web.pool import Pool

PATH = "/mcp"
MAX_BODY = 65_536
"""Bytes of a request; arguments are short."""
BODY_LIMIT = 10.0
"""Seconds for all of one to come."""


def serve_stdio(settings: Config) -> None:
    """Answer the client at standard input until that ends.

    Raises:
        HeatseekError: the index cannot be opened.
        BrokenPipeError: the client does not listen any more.
    """
    try:
        anyio.run(_serve_stdio, Reader(settings))
    except BaseExceptionGroup as errors:
        if errors.split(BrokenPipeError)[1] is not None:
            raise
        raise BrokenPipeError from None


async def _serve_stdio(reader: Reader) -> None:
    agent = Agent(partial(_answer, reader, CapacityLimiter(1)))
    await agent.describe()
    async with stdio_server() as (requests, answers):
        server = agent.server
        await server.run(requests, answers, server.create_initialization_options())


async def _answer(reader: Reader, limiter: CapacityLimiter, ask: Ask) -> Answer:
    """Have the reader of this process answer, from the newest generation."""
    # It looks for a newer one whenever this number is greater than the last time.
    ask = ask._replace(epoch=int(time.monotonic() / LOOK_EVERY))
    answer = await to_thread.run_sync(reader.answer, ask, limiter=limiter)
    assert answer is not None  # noqa: S101 - it had no slice
    return answer


@asynccontextmanager
async def mounted(pool: Pool) -> AsyncIterator[tuple[BaseRoute, ...]]:
    """The route of `/mcp`, while it lasts; its readers are the server's."""
    agent = Agent(pool.ask)
    # No sessions: nothing is kept of a client, and an answer is one document, not a stream.
    manager = StreamableHTTPSessionManager(
        agent.server, json_response=True, stateless=True, max_request_body_size=MAX_BODY
    )
    async with manager.run():
        yield (Route(PATH, _Endpoint(pool, agent, manager)),)


class _Endpoint:
    """`/mcp`: POST alone, behind whatever guards the other addresses."""

    def __init__(self, pool: Pool, agent: Agent, manager: StreamableHTTPSessionManager) -> None:
        self._pool = pool
        self._agent = agent
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        refusal, received = None, receive
        if scope["method"] != "POST":
            detail = "only POST: there are no streams and no sessions"
            refusal = _response(problem(405, "method", detail), {"Allow": "POST"})
        else:
            try:
                await self._agent.describe(await self._pool.look())
                received = await _whole(receive)
            except TimeoutError:
                refusal = _response(problem(503, "time", "the request did not come in time"))
            except HeatseekError as error:
                refusal = _response(problem(503, "busy", str(error)))
        await (refusal or self._manager.handle_request)(scope, received, send)


async def _whole(receive: Receive) -> Receive:
    """The messages of a request again, once all of it is there, or more than is read of any.

    Raises:
        TimeoutError: it does not come.
    """
    messages: list[Message] = []
    length, is_open = 0, True
    async with asyncio.timeout(BODY_LIMIT):
        while is_open and length <= MAX_BODY:
            messages.append(await receive())
            length += len(messages[-1].get("body", b""))
            is_open = messages[-1].get("more_body", False)
    messages.reverse()

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _response(content: Content, headers: dict[str, str] | None = None) -> Response:
    return Response(content.text, content.status, headers, content.media_type)

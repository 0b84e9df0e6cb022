"""The routes: which handler answers an address; what may be answered without one."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import time
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from heatseek.web.messages import Ask
from heatseek.web.operations import MISSING, OPERATIONS
from heatseek.web.pool import BusyError, GoneError, ReaderDiedError, TimeLimitError
from heatseek.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from heatseek.web.diagnosis import Diagnosis
    from heatseek.web.messages import Answer, Content
    from heatseek.web.operations import Operation
    from heatseek.web.pool import Pool

    Endpoint = Callable[[Request], Awaitable[Response]]

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_TYPES |= {"svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon"}
_GZIP = re.compile(r"(?<![\w-])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
"""Compressed answers are taken."""
_GONE = 499
"""For the log: nobody gets it."""
_KEPT = "public, max-age=3600"
_SALT = os.urandom(8)
"""Other settings may have been there before this process."""


class Answers:
    """Endpoints that have readers answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def generation(self) -> str:
        """The one that answers now, in a word."""
        return await self._pool.look()

    def endpoint(self, operation: Operation) -> Endpoint:
        """The endpoint of an operation."""
        return partial(self._answer, operation)

    async def _answer(self, operation: Operation, request: Request) -> Response:
        ask = _ask(operation, request)
        generation = await self._pool.look()
        known = request.headers.get("if-none-match", "")
        if operation.is_of_generation and _tag(ask, generation) in known:
            return _unchanged(_tag(ask, generation))
        try:
            answer = await self._asked(ask, request)
        except GoneError:
            return Response(status_code=_GONE)
        except (BusyError, TimeLimitError, ReaderDiedError) as error:
            return _failed(error)
        made = answer.generation
        tag = _tag(ask, made) if operation.is_of_generation else _tag_of(answer)
        if answer.status == 200 and tag in known:
            return _unchanged(tag)
        return _response(answer, tag)

    async def _asked(self, ask: Ask, request: Request) -> Answer:
        """The answer of a reader, unless the client has gone before one was free."""
        gone = asyncio.create_task(_gone(request))
        try:
            return await self._pool.ask(ask, lambda: not gone.done())
        finally:
            gone.cancel()


async def _gone(request: Request) -> None:
    """Wait until the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _failed(error: BusyError | TimeLimitError | ReaderDiedError) -> Response:
    match error:
        case BusyError():
            return _sent(problem(503, "busy", str(error)), {"Retry-After": "1"})
        case TimeLimitError():
            return _sent(problem(503, "time", str(error)))
        case ReaderDiedError():
            return _sent(problem(500, "internal", str(error)))


def _ask(operation: Operation, request: Request) -> Ask:
    return Ask(
        operation.handler,
        query=request.scope["query_string"].decode("latin-1"),
        path=request.scope["path"],
        name=request.path_params.get("name", ""),
        form=operation.form,
        base=f"{request.url.scheme}://{request.headers['host']}",
        gzip=_GZIP.search(request.headers.get("accept-encoding", "")) is not None,
    )


def _tag(ask: Ask, generation: str) -> str:
    hour = int(time.time() // 3600)
    parts = (ask.handler, ask.query, ask.path, ask.base, str(ask.gzip), str(hour))
    digest = hashlib.blake2b("\0".join(parts).encode(), key=_SALT, digest_size=8)
    return f'W/"{generation}-{digest.hexdigest()}"'


def _tag_of(answer: Answer) -> str:
    digest = hashlib.blake2b(answer.body, digest_size=8)
    return f'W/"{answer.generation}-{digest.hexdigest()}"'


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept-Encoding"})


def _response(answer: Answer, tag: str) -> Response:
    headers = {"Vary": "Accept-Encoding"}
    if answer.status == 200:
        headers["ETag"] = tag
    if answer.is_gzip:
        headers["Content-Encoding"] = "gzip"
    if answer.links:
        links = (f'<{address}>; rel="{name}"' for name, address in answer.links)
        headers["Link"] = ", ".join(links)
    return Response(answer.body, answer.status, headers, answer.media_type)


def _sent(content: Content, headers: Mapping[str, str] | None = None) -> Response:
    return Response(content.text, content.status, headers, content.media_type)


def static_files() -> dict[str, tuple[bytes, str]]:
    """The files beside the pages, by name: contents and type; no others can be asked for."""
    folder = files("heatseek.web").joinpath("static")
    named = ((each.name, each.name.rpartition(".")[2]) for each in folder.iterdir())
    return {
        name: (folder.joinpath(name).read_bytes(), _TYPES[ending])
        for name, ending in named
        if ending in _TYPES
    }


def routes(answers: Answers, diagnosis: Diagnosis) -> list[BaseRoute]:
    """All addresses."""
    static = static_files()
    openapi = files("heatseek.web").joinpath("openapi.json")

    async def healthy(_request: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    async def examined(_request: Request) -> Response:
        content = await diagnosis.findings(await answers.generation())
        return _sent(content, {"Retry-After": "5"} if content.status == 503 else None)

    async def described(_request: Request) -> Response:
        return Response(openapi.read_bytes(), media_type="application/openapi+json;version=3.1")

    async def file(request: Request) -> Response:
        body, media_type = static.get(request.path_params["name"], (b"", ""))
        if not media_type:
            return _sent(problem(404, "address", "no such file"))
        return Response(body, headers={"Cache-Control": _KEPT}, media_type=media_type)

    return [
        *(
            Route(_pattern(each.path), answers.endpoint(each) if each.handler else examined)
            for each in OPERATIONS
        ),
        Route("/healthz", healthy),
        Route("/openapi.json", described),
        Route("/static/{name}", file),
    ]


def _pattern(path: str) -> str:
    """The address of an operation as Starlette matches it; ids have slashes."""
    return path.replace("{id}", "{name:path}").replace("{facet}", "{name}")


def create_app(pool: Pool, diagnosis: Diagnosis, *more: BaseRoute) -> Starlette:
    """The application without its guard.

    Args:
        pool: of readers, which have been started.
        diagnosis: looks at the archive.
        more: routes in front of the others.
    """
    answers = Answers(pool)

    async def missing(request: Request, _error: Exception) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return await answers.endpoint(MISSING)(request)
        return _sent(problem(404, "address", "there is nothing here; see /openapi.json"))

    return Starlette(routes=[*more, *routes(answers, diagnosis)], exception_handlers={404: missing})

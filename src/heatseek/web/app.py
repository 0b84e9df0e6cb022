"""The routes: which handler answers an address; what may be answered without one."""

from __future__ import annotations

import hashlib
import os
import time
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from heatseek.web.messages import Ask
from heatseek.web.pool import BusyError, ReaderDiedError, TimeLimitError
from heatseek.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from heatseek.web.messages import Answer, Content
    from heatseek.web.pool import Pool

    Endpoint = Callable[[Request], Awaitable[Response]]

_API = "heatseek.web.api"
_PAGES = "heatseek.web.pages"
OF_GENERATION = {
    *(f"{_API}:{name}" for name in ("search", "similar", "facets", "suggest")),
    f"{_PAGES}:search",
    "heatseek.web.feed:feed",
}
"""Handlers whose answers change with the index, and by the hour, as dates such as `2w` do."""
_FORMS = frozenset(("json", "jsonl", "csv"))
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_TYPES |= {"svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon"}
_KEPT = "public, max-age=3600"
_SALT = os.urandom(8)
"""Other settings may have been there before this process."""


class Answers:
    """Endpoints that have readers answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def endpoint(self, handler: str) -> Endpoint:
        """The endpoint of a handler; what a path names is its `name`, its ending its `form`."""
        return partial(self._answer, handler)

    async def _answer(self, handler: str, request: Request) -> Response:
        ask = _ask(handler, request)
        if ask.form and ask.form not in _FORMS:
            return _sent(problem(404, "address", f"no {ask.form} here; there are json, jsonl, csv"))
        generation = await self._pool.look()
        known = request.headers.get("if-none-match", "")
        if handler in OF_GENERATION and _tag(ask, generation) in known:
            return _unchanged(_tag(ask, generation))
        try:
            answer = await self._pool.ask(ask)
        except (BusyError, TimeLimitError, ReaderDiedError) as error:
            return _failed(error)
        tag = _tag(ask, answer.generation) if handler in OF_GENERATION else _tag_of(answer)
        if answer.status == 200 and tag in known:
            return _unchanged(tag)
        return _response(answer, tag)


def _failed(error: BusyError | TimeLimitError | ReaderDiedError) -> Response:
    match error:
        case BusyError():
            return _sent(problem(503, "busy", str(error)), {"Retry-After": "1"})
        case TimeLimitError():
            return _sent(problem(503, "time", str(error)))
        case ReaderDiedError():
            return _sent(problem(500, "internal", str(error)))


def _ask(handler: str, request: Request) -> Ask:
    return Ask(
        handler,
        query=request.scope["query_string"].decode("latin-1"),
        path=request.scope["path"],
        name=request.path_params.get("name", ""),
        form=request.path_params.get("form", ""),
        base=f"{request.url.scheme}://{request.headers['host']}",
        gzip="gzip" in request.headers.get("accept-encoding", ""),
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


def routes(pool: Pool) -> list[BaseRoute]:
    """All addresses."""
    answers = Answers(pool)
    static = static_files()
    openapi = files("heatseek.web").joinpath("openapi.json")

    async def healthy(_request: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    async def described(_request: Request) -> Response:
        return Response(openapi.read_bytes(), media_type="application/openapi+json;version=3.1")

    async def file(request: Request) -> Response:
        body, media_type = static.get(request.path_params["name"], (b"", ""))
        if not media_type:
            return _sent(problem(404, "address", "no such file"))
        return Response(body, headers={"Cache-Control": _KEPT}, media_type=media_type)

    async def missing(request: Request) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return await answers.endpoint(f"{_PAGES}:problem")(request)
        return _sent(problem(404, "address", "there is nothing here; see /openapi.json"))

    handled: Sequence[tuple[str, str]] = (
        ("/", f"{_PAGES}:search"),
        ("/search.{form}", f"{_PAGES}:search"),
        ("/a/{name:path}", f"{_PAGES}:article"),
        ("/stats", f"{_PAGES}:stats"),
        ("/stats.{form}", f"{_PAGES}:stats"),
        ("/feed.atom", "heatseek.web.feed:feed"),
        ("/api/search", f"{_API}:search"),
        ("/api/articles/{name:path}", f"{_API}:article"),
        ("/api/similar/{name:path}", f"{_API}:similar"),
        ("/api/facets/{name}", f"{_API}:facets"),
        ("/api/suggest", f"{_API}:suggest"),
        ("/api/status", f"{_API}:status"),
    )
    return [
        *(Route(path, answers.endpoint(handler)) for path, handler in handled),
        Route("/healthz", healthy),
        Route("/openapi.json", described),
        Route("/static/{name}", file),
        Route("/{rest:path}", missing),
    ]


def create_app(pool: Pool, *more: BaseRoute) -> Starlette:
    """The application without its guard.

    Args:
        pool: of readers, which have been started.
        more: routes in front of the others.
    """
    return Starlette(routes=[*more, *routes(pool)])

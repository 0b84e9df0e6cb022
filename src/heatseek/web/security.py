"""Who is let in, and how: names of this server, pages of other sites, methods, tokens, sizes.

Every answer has the headers by which a browser lets nothing else happen.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from heatseek.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from heatseek.web.messages import Content

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
"""Names of this machine that nobody else can have."""
MAX_ADDRESS = 8_192
"""Bytes of an address with its parameters."""
MAX_BODY = 1_000_000
"""Bytes of a body where one is taken."""
METHODS = "GET, HEAD"
OPEN_TO_ALL = frozenset(("/healthz",))
"""Paths that need no token."""


class Access(NamedTuple):
    """Who may ask."""

    hosts: frozenset[str]
    """Names by which the server may be called, in lower case."""
    token: str | None = None
    """The token that has to be shown; None: none."""
    writable: tuple[str, ...] = ()
    """Paths that take other methods, too, and have headers of their own: an agent's."""
    images: bool = True
    """Pages may load images from the web."""


class Guard:
    """Refuses requests before anything else looks at them, and adds headers to all answers."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        self._headers = headers(images=access.images)
        self._digest = None if access.token is None else _digest(access.token.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or let it be answered."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    given.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        app = self._app if refusal is None else refusal
        await app(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        if scope["type"] != "http":
            return _response(problem(400, "request", "this server speaks plain HTTP only"))
        given = Headers(scope=scope)
        for check in (self._wrong_host, self._wrong_origin, self._too_long, self._wrong_method):
            content = check(scope, given)
            if content is not None:
                return _response(content, {"Allow": METHODS} if content.status == 405 else {})
        if self._digest is None or scope["path"] in OPEN_TO_ALL or self._has_token(given):
            return None
        advice = "send it as Authorization: Bearer TOKEN, or as the password of any name"
        realms = {"WWW-Authenticate": 'Bearer realm="heatseek", Basic realm="heatseek"'}
        return _response(problem(401, "token", f"a token is needed; {advice}"), realms)

    def _wrong_host(self, _scope: Scope, given: Headers) -> Content | None:
        """DNS rebinding: a stranger's name may lead here, too."""
        names = given.getlist("host")
        if len(names) == 1 and host_of(names[0]) in self._access.hosts:
            return None
        return problem(421, "host", "not a name of this server; let names in by --allow-host NAME")

    def _wrong_origin(self, _scope: Scope, given: Headers) -> Content | None:
        """Pages of other sites may link to this one, and do nothing else."""
        detail = "a page of another site may not ask for this"
        origin = given.get("origin")
        if origin is not None:
            place = urlsplit(origin)
            known = place.scheme in {"http", "https"} and place.netloc == given.get("host")
            if not known:
                return problem(403, "origin", detail)
        site, mode = given.get("sec-fetch-site", "none"), given.get("sec-fetch-mode")
        is_link = mode == "navigate" and given.get("sec-fetch-dest") in {"document", None}
        if site in {"cross-site", "same-site"} and not is_link:
            return problem(403, "origin", detail)
        return None

    def _too_long(self, scope: Scope, given: Headers) -> Content | None:
        length = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if length > MAX_ADDRESS:
            detail = f"an address of {length:,} bytes; at most {MAX_ADDRESS:,} are read"
            return problem(414, "length", detail)
        most = MAX_BODY if self._is_writable(scope) else 0
        size = given.get("content-length", "0")
        is_told = size.isascii() and size.isdecimal() and "transfer-encoding" not in given
        if is_told and int(size[:20]) <= most:
            return None
        if not most:
            return problem(400, "request", "a request here has no body")
        return problem(413, "length", f"a body has a length, of at most {most:,} bytes")

    def _wrong_method(self, scope: Scope, _given: Headers) -> Content | None:
        if scope["method"] in {"GET", "HEAD"} or self._is_writable(scope):
            return None
        return problem(405, "method", f"only {METHODS}: nothing can be changed here")

    def _is_writable(self, scope: Scope) -> bool:
        return scope["path"] in self._access.writable

    def _has_token(self, given: Headers) -> bool:
        kind, _, value = given.get("authorization", "").partition(" ")
        shown = value.strip().encode("utf-8", "replace")
        if kind.lower() == "basic":
            try:
                shown = base64.b64decode(shown, validate=True).partition(b":")[2]
            except (binascii.Error, ValueError):
                return False
        elif kind.lower() != "bearer":
            return False
        # Of equal length whatever was shown, and compared in constant time.
        return hmac.compare_digest(_digest(shown), self._digest or b"")


def headers(*, images: bool) -> Mapping[str, str]:
    """What a browser is told with each answer."""
    sources = "'self' http: https:" if images else "'self'"
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": sources,
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
    }


def host_of(text: str) -> str:
    """The name in a `Host` header, without its port."""
    name = text.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0].rstrip(".")


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def _response(content: Content, headers: Mapping[str, str] | None = None) -> Response:
    return Response(content.text, content.status, headers, content.media_type)

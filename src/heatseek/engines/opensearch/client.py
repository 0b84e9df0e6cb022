"""Requests to a cluster: over any of its nodes, repeated where that is safe, errors as ours.

A one-shot search talks by `HttpClient`, which needs nothing but the standard library; writers talk
by `administration`. Both are ways to carry one request to one node; what is common is here.
"""

from __future__ import annotations

import json
import os
import select
import time
import zlib
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from types import MappingProxyType
from urllib.parse import quote, urlencode

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.credentials import credentials_of
from heatseek.engines.opensearch.faults import (
    LOST,
    Failure,
    answer_error,
    connection_error,
    failure_of,
    not_opensearch,
    wrong_server,
)
from heatseek.errors import ConfigError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from socket import socket
    from ssl import SSLContext
    from typing import Any, Protocol

    from heatseek.engines.opensearch.location import Location, Node
    from heatseek.engines.opensearch.settings import Settings

    class Client(Protocol):
        """A way to a cluster; threads may share it."""

        def send(  # noqa: PLR0913 - a request
            self,
            method: str,
            path: str,
            body: Mapping[str, object] | bytes | None = None,
            *,
            query: Mapping[str, str] = ...,
            retry: bool | None = None,
            allow: Collection[int] = (),
        ) -> Any:
            """The decoded JSON of the answer.

            Args:
                method: of HTTP.
                path: without a question mark; `path_of` makes one of names.
                body: JSON; or NDJSON as bytes, also compressed by gzip.
                query: parameters.
                retry: whether it may be sent again if it is not known to have been carried out.
                    None: if it only reads.
                allow: statuses of errors whose answer is given like any other.

            Raises:
                GenerationGoneError: there is no such index.
                QueryError: it is beyond a limit of the cluster.
                EngineUnreachableError, EngineRefusedError, IndexWriteError.
            """

        def close(self) -> None:
            """Release connections."""


NO_QUERY: Mapping[str, str] = MappingProxyType({})
_READING = ("_search", "_msearch", "_count", "_mget", "_analyze", "_validate")
"""The ends of paths that only read, by whatever method."""
_PATIENCE = 2.0
"""Seconds for which a request is repeated by one who searches."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
"""Seconds between repetitions; each is twice the one before."""
_LEAST = 2
"""Repetitions, whatever the time."""
CONNECT = 5.0
"""Seconds to wait for a connection, at most."""
_LARGEST = 1 << 30
"""Bytes of an answer."""
_GZIP = b"\x1f\x8b"
_COMPRESSED = 2_000
"""Bytes of a body from which on it is compressed on its way to another machine."""


class Reply(NamedTuple):
    """An answer as it came."""

    status: int
    kind: str
    """The type of its content."""
    data: bytes
    is_elastic: bool = False
    """True if it says that it is from Elasticsearch."""
    answer: Any = None
    """Decoded JSON; None if it is none."""


def whole(reply: Reply) -> Reply:
    """The reply with its answer.

    Raises:
        HTTPException: it was cut off, as its node has died meanwhile.
    """
    try:
        return reply._replace(answer=json.loads(reply.data) if reply.data else {})
    except ValueError as error:
        if reply.kind.startswith("application/json"):
            raise HTTPException("an answer that was cut off") from error
        return reply


class NotConnectedError(Exception):
    """Nothing was sent, as there is no connection.

    Attributes:
        why: the reason.
    """

    def __init__(self, why: Exception) -> None:
        super().__init__(why)
        self.why = why


class Sender:
    """The policy of requests: to which node, how often, and what an answer means.

    Args:
        location: of the index.
        settings: timeouts and files.
        first: the node that is asked first, by its place; the next ones if it fails.
        patience: seconds for which a request is repeated, where it may be.
    """

    def __init__(
        self,
        location: Location,
        settings: Settings,
        *,
        first: int | None = None,
        patience: float | None = None,
    ) -> None:
        self.location = location
        self.timeout = settings.timeout
        self.patience = _PATIENCE if patience is None else patience
        self._settings = settings
        self._node = (os.getpid() if first is None else first) % len(location.nodes)
        credentials = credentials_of(location.user, settings.credentials)
        self._has_user = bool(credentials.user)
        self._headers = {"accept": "application/json", **credentials.headers}

    def exchange(
        self, node: Node, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> Reply:
        """Carry one request to one node.

        Raises:
            NotConnectedError: it was not sent.
            OSError, HTTPException: it may have been carried out, or not.
        """
        raise NotImplementedError

    def send(  # noqa: PLR0913 - see `Client.send`
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | bytes | None = None,
        *,
        query: Mapping[str, str] = NO_QUERY,
        retry: bool | None = None,
        allow: Collection[int] = (),
    ) -> Any:
        """See `Client.send`."""
        if retry is None:
            retry = method in ("GET", "HEAD") or path.endswith(_READING)
        target = f"/{path.lstrip('/')}{f'?{urlencode(query)}' if query else ''}"
        data, headers = self._encoded(body)
        turns = _Turns(len(self.location.nodes), self.patience)
        while True:
            node = self.location.nodes[self._node]
            try:
                reply = whole(self.exchange(node, method, target, data, headers))
            except NotConnectedError as error:
                self._next(node)
                if not turns.another(safe=True, every=True):
                    raise self._lost(node, error.why) from error
                continue
            except LOST as error:
                self._next(node)
                # Who waited as long as may be does not wait again.
                if isinstance(error, TimeoutError) or not turns.another(safe=retry):
                    raise self._lost(node, error) from error
                continue
            answer, failure = self._meaning(reply, path)
            if failure is None or failure.status in allow:
                return answer
            if failure.is_passing and turns.another(safe=retry):
                self._next(node)
                continue
            raise answer_error(str(self.location), failure, has_user=self._has_user)

    def _encoded(
        self, body: Mapping[str, object] | bytes | None
    ) -> tuple[bytes | None, dict[str, str]]:
        if body is None:
            return None, self._headers
        lines = isinstance(body, bytes)
        data = body if isinstance(body, bytes) else _json(body)
        kind = "application/x-ndjson" if lines else "application/json"
        headers = {**self._headers, "content-type": kind}
        if data.startswith(_GZIP):
            headers["content-encoding"] = "gzip"
        return data, headers

    def _next(self, node: Node) -> None:
        """Go on with another node, unless another thread has seen to it."""
        nodes = self.location.nodes
        if nodes[self._node] == node:
            self._node = (self._node + 1) % len(nodes)

    def _lost(self, node: Node, error: Exception) -> Exception:
        count = len(self.location.nodes)
        return connection_error(str(self.location), node, error, self.timeout, count)

    def _meaning(self, reply: Reply, path: str) -> tuple[Any, Failure | None]:
        """The answer, and the failure that it tells of."""
        place = str(self.location)
        if reply.is_elastic:
            raise wrong_server(place, "Elasticsearch")
        answer = reply.answer
        if 200 <= reply.status < 300:
            if not isinstance(answer, dict):
                raise not_opensearch(place, reply.kind or "an answer without a type")
            return answer, _worst(answer) if path.endswith("_msearch") else None
        if (
            reply.status == 404
            and isinstance(answer, dict)
            and "error" not in answer
            and "_index" in answer
        ):
            return answer, None  # a document that there is not
        return answer, failure_of(reply.status, answer)


class _Turns:
    """The repetitions of one request."""

    def __init__(self, nodes: int, patience: float) -> None:
        self._nodes = nodes
        self._patience = patience
        self._begun = time.monotonic()
        self._count = 0
        self._unconnected = 0

    def another(self, *, safe: bool, every: bool = False) -> bool:
        """True if there is to be one, after a pause.

        Args:
            safe: it does no harm.
            every: nothing was sent: whoever has a node left to try tries that at once.
        """
        if not safe:
            return False
        if every:
            self._unconnected += 1
            if self._unconnected < self._nodes:
                return True
            if self._nodes == 1:
                return False
        pause = min(_FIRST_PAUSE * 2**self._count, _LONGEST_PAUSE)
        self._count += 1
        # However long the first try took before its node died, there is another one.
        if self._count > _LEAST and time.monotonic() - self._begun + pause > self._patience:
            return False
        time.sleep(pause)
        return True


def _worst(answer: Any) -> Failure | None:
    """The first failure among the answers of several searches in one."""
    for each in answer.get("responses", ()):
        if "error" in each:
            return failure_of(each.get("status", 500), each)
    return None


class HttpClient(Sender):
    """A `Client` by the standard library, with connections that stay open."""

    def __init__(
        self,
        location: Location,
        settings: Settings,
        *,
        first: int | None = None,
        patience: float | None = None,
    ) -> None:
        super().__init__(location, settings, first=first, patience=patience)
        self._context = tls_context(settings) if location.tls else None
        self._free: dict[Node, list[HTTPConnection]] = {node: [] for node in location.nodes}
        self._process = os.getpid()
        self._is_closed = False

    def exchange(
        self, node: Node, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> Reply:
        """See `Sender.exchange`."""
        connection = self._connection(node)
        try:
            if body is not None and "content-encoding" not in headers and self._pays(node, body):
                body = compressed(body)
                headers = {**headers, "content-encoding": "gzip"}
            if not is_near(node):
                headers = {**headers, "accept-encoding": "gzip"}
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            data = answer.read(_LARGEST)
            if answer.length:
                raise IncompleteRead(data, answer.length)
            if answer.headers.get("Content-Encoding") == "gzip":
                data = zlib.decompressobj(31).decompress(data, _LARGEST)
        except BaseException as error:
            connection.close()
            if isinstance(error, zlib.error):
                raise HTTPException(str(error)) from error
            raise
        if answer.isclosed() and not answer.will_close and not self._is_closed:
            self._free[node].append(connection)
        else:
            connection.close()
        kind = answer.headers.get("Content-Type", "")
        return Reply(answer.status, kind, data, "X-Elastic-Product" in answer.headers)

    def close(self) -> None:
        """See `Client.close`."""
        self._is_closed = True
        for connections in self._free.values():
            while connections:
                connections.pop().close()

    def _pays(self, node: Node, body: bytes) -> bool:
        return len(body) >= _COMPRESSED and not is_near(node)

    def _connection(self, node: Node) -> HTTPConnection:
        """One that is free, or a new one."""
        if self._process != os.getpid():
            # Those from before this process was forked off are the other one's.
            self._free = {each: [] for each in self.location.nodes}
            self._process = os.getpid()
        free = self._free[node]
        while free:
            try:
                connection = free.pop()
            except IndexError:  # another thread has it
                break
            if connection.sock and _is_silent(connection.sock):
                return connection
            connection.close()  # by the server, as there is nothing else to be read
        return self._connected(node)

    def _connected(self, node: Node) -> HTTPConnection:
        wait = min(self.timeout, CONNECT)
        connection: HTTPConnection
        if self._context:
            connection = HTTPSConnection(node.host, node.port, timeout=wait, context=self._context)
        else:
            connection = HTTPConnection(node.host, node.port, timeout=wait)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NotConnectedError(error) from error
        connection.sock.settimeout(self.timeout)
        return connection


def _is_silent(connection: socket) -> bool:
    """True if there is nothing to be read from it, as its other end has not closed it."""
    if not hasattr(select, "poll"):  # Windows
        return not select.select([connection], [], [], 0)[0]
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return not poll.poll(0)


def path_of(*names: str) -> str:
    """The path of names, each of which may have any letters."""
    return "/".join(quote(name, safe=",*") for name in names)


def compressed(body: bytes) -> bytes:
    """A body by gzip, quickly."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def is_near(node: Node) -> bool:
    """True if it is on this machine, to which nothing needs to be compressed."""
    return node.host in ("localhost", "::1") or node.host.startswith("127.")


def tls_context(settings: Settings) -> SSLContext:
    """How certificates are checked.

    Raises:
        ConfigError: the file of authorities cannot be used.
    """
    from ssl import SSLError, create_default_context  # noqa: PLC0415 - of few clusters

    path = settings.ca_certificate
    try:
        return create_default_context(cafile=path or None)
    except SSLError as error:
        raise ConfigError(f"{path} has no certificates of authorities") from error
    except OSError as error:
        raise ConfigError(f"cannot read the certificates in {path}: {reason(error)}") from error


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

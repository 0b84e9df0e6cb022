"""The client of those who search, and what every client can do.

A one-shot search talks by `HttpClient`, which needs nothing but the standard library; writers talk
by `administration`. Both are ways to carry one request to one node; `sender` has what is common.
"""

from __future__ import annotations

import os
import select
import zlib
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from urllib.parse import quote

from heatseek.engines.opensearch.sender import NotConnectedError, Reply, Sender
from heatseek.errors import ConfigError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from http.client import HTTPResponse
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


CONNECT = 5.0
"""Seconds to wait for a connection, at most."""
_LARGEST = 1 << 30
"""Bytes of an answer."""
_COMPRESSED = 2_000
"""Bytes of a body from which on it is compressed on its way to another machine."""


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
            data = _content(answer)
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


def _content(answer: HTTPResponse) -> bytes:
    """All of an answer.

    Raises:
        IncompleteRead: it was cut off.
        zlib.error: it is not compressed as it says.
    """
    data = answer.read(_LARGEST)
    if answer.length:
        raise IncompleteRead(data, answer.length)
    is_compressed = answer.headers.get("Content-Encoding") == "gzip"
    return zlib.decompressobj(31).decompress(data, _LARGEST) if is_compressed else data


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

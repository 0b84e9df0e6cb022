"""Requests to a cluster: to which of its nodes, how often, and what an answer means."""

from __future__ import annotations

import json
import os
import time
from http.client import HTTPException
from types import MappingProxyType
from urllib.parse import urlencode

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.credentials import credentials_of
from heatseek.engines.opensearch.faults import (
    LOST,
    Failure,
    answer_error,
    connection_error,
    failure_of,
    not_opensearch,
    unreached,
    wrong_server,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from heatseek.engines.opensearch.location import Location, Node
    from heatseek.engines.opensearch.settings import Settings

NO_QUERY: Mapping[str, str] = MappingProxyType({})
_READING = ("_search", "_msearch", "_count", "_mget", "_analyze", "_validate")
"""The ends of paths that only read, by whatever method."""
_PATIENCE = 2.0
"""Seconds for which a request is repeated by one who searches."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
"""Seconds between repetitions; each is twice the one before."""
_LEAST = 2
"""Repetitions, whatever the time."""
_GZIP = b"\x1f\x8b"


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
        return reply._replace(answer=json.loads(reply.data))
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
                    raise self._lost(node, error) from error
                continue
            except LOST as error:
                self._next(node)
                # Who waited as long as may be does not wait again.
                if isinstance(error, TimeoutError) or not turns.another(safe=retry):
                    raise self._lost(node, error) from error
                continue
            answer, failure = self._meaning(reply, path)
            if failure is None or (failure.is_ours and failure.status in allow):
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
        place, count = str(self.location), len(self.location.nodes)
        if isinstance(error, NotConnectedError):
            return unreached(place, node, error.why, count)
        return connection_error(place, node, error, self.timeout, count)

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


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

"""The client of those who write, by opensearch-py: patient, as nodes may go and come meanwhile."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING

from heatseek.engines.opensearch.client import CONNECT, tls_context
from heatseek.engines.opensearch.faults import LOST
from heatseek.engines.opensearch.sender import NotConnectedError, Reply, Sender
from heatseek.errors import ConfigError

try:
    from opensearchpy import Urllib3HttpConnection
    from opensearchpy.exceptions import ConnectionError as BrokenError
except ImportError as error:
    raise ConfigError(
        "an index on a cluster is written by opensearch-py, which is not installed:"
        " pip install 'heatseek[opensearch]'"
    ) from error
from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError
from urllib3.exceptions import SSLError as TlsError

if TYPE_CHECKING:
    from heatseek.engines.opensearch.location import Location, Node
    from heatseek.engines.opensearch.settings import Settings

PATIENCE = 60.0
"""Seconds for which a request is repeated: a cluster may take as long to choose a new manager."""
_LEAST_TIMEOUT = 120.0
"""Seconds: what is to be written may wait for shards, for a minute by itself."""
_BESIDE = 2
"""Connections besides those that fill an index: one for the lease, one for all else."""


class _Connection(Urllib3HttpConnection):
    """It writes no log, for which bodies would be decoded, and which nobody here reads."""

    def log_request_success(self, *_: object, **__: object) -> None:
        """Nothing."""

    def log_request_fail(self, *_: object, **__: object) -> None:
        """Nothing: the error says it."""

    def _raise_warnings(self, *_: object) -> None:
        """None: they are about the cluster's future."""


class AdministrationClient(Sender):
    """A `Client` by opensearch-py."""

    def __init__(self, location: Location, settings: Settings, *, first: int | None = None) -> None:
        patient = settings._replace(timeout=max(settings.timeout, _LEAST_TIMEOUT))
        super().__init__(location, patient, first=first, patience=PATIENCE)
        context = tls_context(settings) if location.tls else None
        wait = Timeout(connect=min(self.timeout, CONNECT), read=self.timeout)
        self._connections = {
            node: _Connection(
                node.host,
                node.port,
                use_ssl=location.tls,
                ssl_context=context,
                timeout=wait,
                pool_maxsize=settings.connections + _BESIDE,
            )
            for node in location.nodes
        }

    def exchange(
        self, node: Node, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> Reply:
        """See `Sender.exchange`."""
        try:
            status, answer, data = self._connections[node].perform_request(
                method, target, body=body, headers=headers, ignore=range(300, 600)
            )
        except BrokenError as error:
            raise _standard(error.args[2]) from error
        kind = answer.get("content-type", "")
        return Reply(
            status, kind, data.encode("utf-8", "surrogatepass"), "x-elastic-product" in answer
        )

    def close(self) -> None:
        """See `Client.close`."""
        for connection in self._connections.values():
            connection.close()


def _standard(error: Exception) -> Exception:
    """An error of urllib3's as the standard library has it."""
    if isinstance(error, TlsError):
        return NotConnectedError(_within(error, OSError(str(error))))
    if isinstance(error, NewConnectionError):
        return NotConnectedError(
            error.__cause__ if isinstance(error.__cause__, OSError) else OSError(str(error))
        )
    if isinstance(error, ConnectTimeoutError):
        return NotConnectedError(TimeoutError())
    if isinstance(error, ReadTimeoutError):
        return TimeoutError()
    return _within(error, HTTPException(str(error)))


def _within(error: Exception, otherwise: Exception) -> Exception:
    """The standard library's error that urllib3 has put into one of its own."""
    return next((each for each in error.args if isinstance(each, LOST)), otherwise)

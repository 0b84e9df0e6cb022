"""Bulk requests: several at a time, a few in memory, each repeated while the cluster is too busy.

Each document has an id of its own, so whatever was sent may be sent again.
"""

from __future__ import annotations

import json
import time
from queue import Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from heatseek.engines.opensearch.client import compressed
from heatseek.engines.opensearch.faults import answer_error, failure_of, removed, unwritten
from heatseek.errors import GenerationGoneError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.engines.opensearch.client import Client

PATIENCE = 120.0
"""Seconds for which a request is repeated that the cluster is too busy for."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
"""Seconds; each is twice the one before."""
_REMOVALS = 10_000
"""In a request."""
_QUERY = {
    # No index is made by a request that comes too late.
    "require_alias": "true",
    "filter_path": "errors,items.*.error,items.*.status",
    "timeout": "1m",
}


class Bulk:
    """Fills one index.

    Args:
        clients: one for each connection.
        target: the alias of the index.
        place: of the index, for messages.
    """

    def __init__(self, clients: Iterable[Client], target: str, place: str) -> None:
        self._path = f"{target}/_bulk"
        self._place = place
        self._failed = Event()
        self._error: Exception | None = None
        self._workers: list[Thread] = []
        self._clients = list(clients)
        # One waits for each that is on its way.
        self._bodies: Queue[bytes | None] = Queue(len(self._clients))

    def add(self, body: bytes) -> None:
        """Send lines, compressed, when their turn comes.

        Raises:
            StoreError: earlier ones could not be written.
        """
        self._check()
        # A change of one article needs no more than one connection.
        if len(self._workers) < len(self._clients) and not (self._workers and self._bodies.empty()):
            client = self._clients[len(self._workers)]
            self._workers.append(Thread(target=self._work, args=(client,), daemon=True))
            self._workers[-1].start()
        self._bodies.put(body)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents that are there, by their ids."""
        lines = [b'{"delete":{"_id":%b}}\n' % json.dumps(id_).encode() for id_ in ids]
        for start in range(0, len(lines), _REMOVALS):
            self.add(compressed(b"".join(lines[start : start + _REMOVALS])))

    def finish(self) -> None:
        """Wait until all is written.

        Raises:
            StoreError: something could not be.
        """
        self._end()
        self._check()

    def abort(self) -> None:
        """Send nothing more."""
        self._failed.set()
        self._end()

    def _end(self) -> None:
        for _ in self._workers:
            self._bodies.put(None)
        for worker in self._workers:
            worker.join()
        self._workers.clear()

    def _check(self) -> None:
        if self._error:
            raise self._error

    def _work(self, client: Client) -> None:
        while (body := self._bodies.get()) is not None:
            # After a failure all that waits is only taken away, so that nobody waits for ever.
            if not self._failed.is_set():
                try:
                    self._send(client, body)
                except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                    self._error = self._error or error
                    self._failed.set()

    def _send(self, client: Client, body: bytes) -> None:
        begun = time.monotonic()
        pause = _FIRST_PAUSE
        while True:
            try:
                answer = client.send("POST", self._path, body, query=_QUERY, retry=True)
            except GenerationGoneError as error:
                raise removed(self._place) from error
            if not answer["errors"]:
                return
            failures = [failure_of(item["status"], item) for item in _failed(answer)]
            lasting = [failure for failure in failures if not failure.is_passing]
            is_over = time.monotonic() - begun + pause > PATIENCE or self._failed.is_set()
            if lasting or is_over:
                failure = (lasting or failures)[0]
                if "index_not_found_exception" in failure.types:
                    raise removed(self._place)
                if failure.status in (400, 413) and not failure.is_read_only:
                    raise unwritten(self._place, failure)
                raise answer_error(self._place, failure, has_user=True)
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def _failed(answer: Any) -> list[dict[str, Any]]:
    """What became of the lines that failed."""
    return [result for item in answer["items"] for result in item.values() if "error" in result]

"""The lease on an index of a cluster: a document that says who writes, and when it last said so.

Times are the server's: it compares them itself, so no two machines need the same clock. Who has
the lease renews it by the version of the document that it wrote last; whoever takes it over writes
another one.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from heatseek.engines.model import Holder, Lease
from heatseek.engines.opensearch.faults import check_made
from heatseek.engines.opensearch.generations import (
    DESCRIPTION,
    KIND,
    LEASE,
    described,
    holding,
    lease_of,
)
from heatseek.engines.opensearch.holders import obstacle
from heatseek.engines.opensearch.sender import NO_QUERY
from heatseek.errors import (
    HeatseekError,
    IndexForeignError,
    IndexLockedError,
    LeaseLostError,
    Remedy,
    StoreError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeVar

    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.opensearch.location import Location

    Held = TypeVar("Held", bound="HeldLease")

HEARTBEAT = 5.0
"""Seconds from one sign of life to the next."""
EXPIRY = 30.0
"""Seconds after the last one from which on the lease may be taken."""
_LOOKS = 0.5
"""Seconds between looks at another one's lease."""
_DAY = 86_400
"""Seconds; who waits longer waits for as long as it takes."""
_TAKE = """
if (ctx.op == 'create' || ctx._source.owner == params.mine.owner
    || ctx._now - ctx._source.beat >= ctx._source.expiry) {
  ctx._source.clear();
  ctx._source.putAll(params.mine);
  ctx._source.beat = ctx._now;
} else {
  ctx.op = 'none';
}
"""
_RENEW = "ctx._source.beat = ctx._now"


class LeaseDocument:
    """The document that says who writes an index.

    Args:
        client: to write by; threads share it.
        location: of the index.
    """

    def __init__(self, client: Client, location: Location) -> None:
        self._client = client
        self._location = location
        self._index = lease_of(location.name)
        self._alias = holding(location.name)

    def prepare(self, copies: dict[str, Any]) -> None:
        """See that there is a place for it, and that this is ours.

        Raises:
            IndexForeignError: it is somebody else's.
            IndexWriteError: the cluster makes none.
        """
        answer = self._client.send("GET", self._index, query=DESCRIPTION, allow=(404,))
        if "error" in answer:
            body = {
                "settings": {"index": {"number_of_shards": 1, **copies}},
                "mappings": {"_meta": {KIND: LEASE}, "enabled": False},
                "aliases": {self._alias: {}},
            }
            # Another writer may make it at the same time.
            answer = self._client.send("PUT", self._index, body, retry=True, allow=(400,))
            check_made(str(self._location), answer)
            return
        found = answer.get(self._index, {})
        if described(found).get(KIND) != LEASE:
            error = IndexForeignError(
                f"{self._index} on the cluster of {self._location} is somebody else's, and so its"
                " writers cannot exclude each other"
            )
            error.remedy = Remedy.OTHER_PLACE
            raise error
        if self._alias not in found.get("aliases", ()):
            self._client.send("PUT", f"{self._index}/_alias/{self._alias}", retry=True)

    def change(
        self, source: str, values: Mapping[str, Any], version: Mapping[str, str] = NO_QUERY
    ) -> Any:
        """Change it on the server by a script, which may leave it as it is; the answer.

        Args:
            source: of the script, which may be carried out twice.
            values: its parameters.
            version: that it has to have; none: whichever it has.
        """
        script = {"source": source, "params": values}
        body = {"script": script, "scripted_upsert": True, "upsert": {}}
        if version:
            body = {"script": script}
        # No index is made by a sign of life that comes too late.
        query = {"_source": "true", "require_alias": "true"}
        query |= version or {"retry_on_conflict": "10"}
        path = f"{self._alias}/_update/lease"
        return self._client.send("POST", path, body, query=query, retry=True, allow=(404, 409))

    def read(self) -> dict[str, Any]:
        """It with its version, as the server has it."""
        found: dict[str, Any] = self._client.send("GET", f"{self._index}/_doc/lease", allow=(404,))
        return found

    def remove(self, version: Mapping[str, str]) -> None:
        """Remove it, if it still has this version."""
        path = f"{self._index}/_doc/lease"
        self._client.send("DELETE", path, query=version, allow=(404, 409))


class HeldLease:
    """A lease, while a thread of its own renews it.

    Args:
        document: that says so.
        location: of the index.
    """

    def __init__(self, document: LeaseDocument, location: Location) -> None:
        self.lease = Lease(_this_process(), HEARTBEAT, EXPIRY)
        self._document = document
        self._location = location
        self._owner = uuid4().hex
        self._version: dict[str, str] = {}
        self._lock = threading.Lock()
        self._is_lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def take(self) -> dict[str, Any] | None:
        """Take it; what its holder said, if that is another one."""
        # Whoever takes it twice has it still.
        answer = self._document.change(_TAKE, {"mine": self._said()})
        if "error" in answer:
            return {}
        if answer["result"] == "noop":
            found: dict[str, Any] = answer["get"]["_source"]
            return found
        self._note(answer)
        return None

    def obstacle(self, said: dict[str, Any]) -> str:
        """Whom or what it has to wait for, in words, from what `take` gave."""
        return obstacle(said)

    def begin(self) -> None:
        """Give signs of life from now on."""
        self._thread.start()

    def verify(self) -> None:
        """See that no other writer can have it.

        Raises:
            LeaseLostError: another one took it, or nobody knows.
        """
        with self._lock:
            if not self._is_lost:
                self._renew()
            if not self._is_lost:
                return
        raise LeaseLostError(
            f"cannot write the index: the lease on {self._location} has lapsed, and another writer"
            " may be at it; what is indexed is left as it is: try again"
        )

    def give_back(self) -> None:
        """Let others write."""
        self._ended.set()
        if self._thread.ident:
            self._thread.join()
        with self._lock, suppress(HeatseekError):
            if not self._is_lost:
                self._release()

    def _said(self) -> dict[str, Any]:
        holder = self.lease.holder
        return {
            "owner": self._owner,
            "expiry": int(EXPIRY * 1000),
            "command": holder.command,
            "process": holder.process,
            "host": holder.host,
            "since": int(holder.since.timestamp()),
        }

    def _note(self, answer: dict[str, Any]) -> None:
        """Keep the version that was written, or read."""
        self._version = {
            "if_seq_no": str(answer["_seq_no"]),
            "if_primary_term": str(answer["_primary_term"]),
        }

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT):
            with self._lock, suppress(StoreError):
                # What cannot be reached now may be a little later; `verify` decides.
                if not self._is_lost:
                    self._renew()

    def _renew(self) -> None:
        for _ in range(2):
            answer = self._document.change(_RENEW, {}, self._version)
            if "error" not in answer:
                self._note(answer)
                return
            # It may have been renewed by a request whose answer was lost.
            found = self._document.read()
            if found.get("_source", {}).get("owner") != self._owner:
                self._is_lost = True
                return
            self._note(found)

    def _release(self) -> None:
        self._document.remove(self._version)


@contextmanager
def leased(
    held: Held, location: Location, timeout: float, tell: Callable[[str], None]
) -> Iterator[Held]:
    """Hold a lease on an index.

    Args:
        held: the lease, which is to be taken.
        location: of the index.
        timeout: seconds to wait for another writer; 0 does not wait.
        tell: called with who holds it before waiting.

    Raises:
        IndexLockedError: another writer holds it, still.
    """
    _wait(held, location, timeout, tell)
    try:
        held.begin()
        yield held
    finally:
        held.give_back()


def _wait(held: HeldLease, location: Location, timeout: float, tell: Callable[[str], None]) -> None:
    begun = time.monotonic()
    is_told = False
    while (other := held.take()) is not None:
        if time.monotonic() - begun >= timeout:
            error = IndexLockedError(f"{location} {held.obstacle(other)}")
            if "filling" in other:
                error.remedy = Remedy.SLICES
            raise error
        if not is_told:
            long = f"up to {timeout:g} s" if timeout <= _DAY else "until it is done"
            tell(f"{location} {held.obstacle(other)}: waiting {long}")
            is_told = True
        time.sleep(min(_LOOKS, timeout))


def _this_process() -> Holder:
    command = " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:2]])  # noqa: PTH119 - a name, not a path
    return Holder(command, os.getpid(), socket.gethostname(), datetime.now(UTC))

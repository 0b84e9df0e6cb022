"""A generation on its way: made or copied, completed, and sealed before readers open it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from heatseek.engines.opensearch import notes as stored_notes
from heatseek.engines.opensearch.faults import UNTOUCHED, check_made
from heatseek.engines.opensearch.generations import (
    GENERATION,
    KIND,
    MOST_TWINS,
    TWINS,
    filling,
    number_of,
)
from heatseek.engines.opensearch.lookups import search
from heatseek.engines.opensearch.mapping import index_body
from heatseek.engines.opensearch.statistics import statistics
from heatseek.engines.shared.references import with_references
from heatseek.errors import EngineUnreachableError, IndexWriteError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from heatseek.engines.model import Generation
    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.opensearch.generations import Meta
    from heatseek.engines.opensearch.location import Location
    from heatseek.engines.opensearch.settings import Settings

_READY = 30
"""Seconds to wait for the shards of a copy, and for the copies of these."""
_AT_ONCE = 10_000
"""Documents that are looked for at once."""


class UnplacedError(IndexWriteError):
    """The shards of a new index are on no node, perhaps as theirs has just gone."""


class Drafts:
    """Makes generations.

    Args:
        client: to write by.
        location: of the index.
        settings: shards and copies.
    """

    def __init__(self, client: Client, location: Location, settings: Settings) -> None:
        self._client = client
        self._location = location
        self._shards = settings.shards
        self._replicas = settings.replicas

    @property
    def copies(self) -> dict[str, Any]:
        """The settings of an index that say how many copies there are of each of its shards."""
        if self._replicas is None:
            return {"auto_expand_replicas": "0-1"}
        return {"number_of_replicas": self._replicas, "auto_expand_replicas": False}

    def create(self, index: str, made: Meta) -> None:
        """Make an empty one.

        Raises:
            UnplacedError: its shards are on no node.
        """
        body = index_body(made.fields, shards=self._shards, replicas=0)
        body["settings"]["index"].update(self.copies)
        body["mappings"]["_meta"] = {KIND: GENERATION}
        body["aliases"] = {filling(index): {}}
        self._make("PUT", index, body, index)

    def clone(self, before: str, index: str) -> None:
        """Make one of all that another one has; nothing is copied as long as it stays the same.

        Raises:
            UnplacedError: its shards are on no node.
            EngineUnreachableError: some of the other one's are not.
        """
        if self._health(before)["status"] == "red":
            raise EngineUnreachableError(
                f"{self._location}: some shards of {before} are on no node that runs: see that all"
                " nodes of the cluster run, and try again"
            )
        # It has been so since it was sealed, unless somebody has changed it.
        self._block(before)
        settings = {**self.copies, "blocks.write": None}
        body = {"settings": {"index": settings}, "aliases": {filling(index): {}}}
        self._make("POST", f"{before}/_clone/{index}", body, index)

    def fence(self, index: str, place: int, tries: int) -> str:
        """The alias by which a try at a slice is written; those of earlier tries go."""
        alias = f"{filling(index)}-{place}"
        old = {"remove": {"index": index, "alias": f"{alias}-*"}}
        self._client.send("POST", "_aliases", {"actions": [old]}, retry=True, allow=(404,))
        new = {"add": {"index": index, "alias": f"{alias}-{tries}"}}
        self._client.send("POST", "_aliases", {"actions": [new]}, retry=True)
        return f"{alias}-{tries}"

    def leftovers(self, index: str, place: int) -> list[str]:
        """The ids of some documents that earlier tries at a slice have written; none: all went."""
        body = {"query": {"term": {"slice": place}}, "size": _AT_ONCE, "_source": False}
        self._client.send("POST", f"{index}/_refresh", retry=True)
        return [hit["_id"] for hit in search(self._client, index, body)["hits"]["hits"]]

    def complete(self, index: str, made: Meta, count: int | None) -> Meta:
        """What is known of a generation once all its articles are written.

        Args:
            index: of the cluster.
            made: what was known of it before.
            count: how many articles it has to have, if that is known.

        Raises:
            IndexWriteError: it has fewer.
        """
        self._client.send("POST", f"{index}/_refresh", retry=True)
        found = statistics(self._client, index)
        if count is not None and found.documents != count:
            raise IndexWriteError(
                f"{self._location} has {found.documents:,} of {count:,} articles that were written;"
                f" {UNTOUCHED}: try again"
            )
        stats = self._client.send("GET", f"{index}/_stats/store")
        return made._replace(
            number=number_of(index),
            created_at=int(time.time()),
            documents=found.documents,
            bytes=stats["_all"]["primaries"]["store"]["size_in_bytes"],
            statistics=found,
        )

    def seal(self, index: str, meta: Meta, notes: Mapping[str, bytes]) -> Meta:
        """Put all that is to be known beside a generation, and let nobody write to it again."""
        if len(meta.statistics.twins) > MOST_TWINS:
            notes = {**notes, TWINS: stored_notes.twins_note(meta.statistics.twins)}
        if notes:
            stored_notes.create(self._client, index, self.copies)
        seals = {
            name: stored_notes.write(self._client, index, name, data)
            for name, data in notes.items()
        }
        meta = meta._replace(notes=seals)
        self._client.send("PUT", f"{index}/_mapping", {"_meta": meta.dump()}, retry=True)
        self._block(index)
        return meta

    def is_green(self, index: str) -> bool:
        """True if all copies are where they should be."""
        return bool(self._health(index)["status"] == "green")

    def _block(self, index: str) -> None:
        body = {"index": {"blocks.write": True}}
        self._client.send("PUT", f"{index}/_settings", body, retry=True)

    def _health(self, index: str) -> Any:
        """The health of an index once none of its shards is on its way to a node."""
        query = {
            "wait_for_status": "yellow",
            "wait_for_no_initializing_shards": "true",
            # Copies are placed by a task of its own, after the first one of a shard is there.
            "wait_for_events": "languid",
            "timeout": f"{_READY}s",
        }
        return self._client.send("GET", f"_cluster/health/{index}", query=query, allow=(408,))

    def _make(self, method: str, path: str, body: dict[str, Any], index: str) -> None:
        """Make an index of the cluster's, under a name that nobody else has."""
        answer = self._client.send(method, path, body, retry=True, allow=(400,))
        check_made(str(self._location), answer)
        # Only what is on several nodes outlives one of them.
        if self._health(index)["status"] == "red":
            raise UnplacedError(
                f"{self._location}: no node of the cluster takes a new index: see that its nodes"
                f" run and have space on their disks; {UNTOUCHED}"
            )


class OpenSearchDraft:
    """See `engines.base.Draft`.

    Args:
        finish: writes all notes and switches.
        index: of the cluster, which is filled.
        made: what is known of it.
        count: how many articles it has to have, if that is known.
    """

    def __init__(
        self,
        finish: Callable[[str, Meta, int | None, Mapping[str, bytes | None]], Generation],
        index: str,
        made: Meta,
        count: int | None,
    ) -> None:
        self._finish = finish
        self._index = index
        self._made = made
        self._count = count

    def commit(
        self,
        *,
        notes: Mapping[str, bytes | None],
        mentions: Mapping[str, Collection[str]] | None,
    ) -> Generation:
        """See `Draft.commit`."""
        return self._finish(self._index, self._made, self._count, with_references(notes, mentions))

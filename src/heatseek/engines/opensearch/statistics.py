"""The statistics of an index as a whole: what scores and totals need beside a search."""

from __future__ import annotations

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.lookups import search
from heatseek.engines.opensearch.mapping import length_field
from heatseek.schema import TEXT_FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from heatseek.engines.opensearch.client import Client

_LINKS = 20_000
"""That are counted in one request."""
_BUCKETS = 60_000
"""More than that many fall into a part of them by chance; the server gives up to 65,535."""


class Statistics(NamedTuple):
    """Of all documents of an index; deleted ones do not count."""

    documents: int
    lengths: Mapping[str, tuple[int, int]]
    """Of each text field: all its words, and how many documents have any."""
    newest: int | None = None
    """When the latest was published, in seconds since 1970; None: no date is known."""
    twins: tuple[int, ...] = ()
    """The links that several documents have."""

    def average(self, field: str) -> float:
        """The average length of a text field, over the documents that have it; 0 if none has."""
        words, having = self.lengths[field]
        return words / having if having else 0.0

    def to_json(self) -> list[Any]:
        """It as plain values, without the links."""
        return [self.documents, {n: list(pair) for n, pair in self.lengths.items()}, self.newest]

    @classmethod
    def nothing(cls) -> Statistics:
        """Those of an index without a document."""
        return cls(0, {spec.name: (0, 0) for spec in TEXT_FIELDS})

    @classmethod
    def from_json(cls, values: list[Any], twins: tuple[int, ...] = ()) -> Statistics:
        """What `to_json` was given.

        Raises:
            ValueError, LookupError, TypeError, AttributeError: it gave nothing like these values.
        """
        documents, lengths, newest = values
        pairs = {spec.name: tuple(map(int, lengths[spec.name])) for spec in TEXT_FIELDS}
        if any(len(pair) != 2 for pair in pairs.values()):
            raise ValueError("not the lengths of fields")
        return cls(
            int(documents),
            pairs,  # type: ignore[arg-type] # pairs, as just seen
            None if newest is None else int(newest),
            twins,
        )


def statistics(client: Client, index: str) -> Statistics:
    """Those of an index, after a refresh.

    Raises:
        EngineUnreachableError, EngineRefusedError, GenerationGoneError.
    """
    aggregations: dict[str, Any] = {
        spec.name: {"stats": {"field": length_field(spec.name)}} for spec in TEXT_FIELDS
    }
    aggregations["newest"] = {"max": {"field": "published_at"}}
    aggregations["links"] = {"value_count": {"field": "link"}}
    answer = _search(client, index, aggregations)
    found = answer["aggregations"]
    newest = found["newest"]["value"]
    return Statistics(
        answer["hits"]["total"]["value"],
        {s.name: (int(found[s.name]["sum"]), found[s.name]["count"]) for s in TEXT_FIELDS},
        None if newest is None else int(newest),
        tuple(sorted(_twins(client, index, found["links"]["value"]))),
    )


def _twins(client: Client, index: str, links: int) -> Iterator[int]:
    """The links that several documents have, part by part of all links."""
    parts = max(1, -(-links // _LINKS))
    for part in range(parts if links else 0):
        terms: dict[str, Any] = {"field": "link", "min_doc_count": 2, "size": _BUCKETS}
        if parts > 1:
            terms["include"] = {"partition": part, "num_partitions": parts}
        answer = _search(client, index, {"links": {"terms": terms}})
        yield from (bucket["key"] for bucket in answer["aggregations"]["links"]["buckets"])


def _search(client: Client, index: str, aggregations: Mapping[str, Any]) -> Any:
    body = {"size": 0, "track_total_hits": True, "aggs": aggregations}
    return search(client, index, body)

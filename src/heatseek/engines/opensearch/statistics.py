"""The statistics of an index as a whole: what scores and totals need beside a search."""

from __future__ import annotations

from array import array
from functools import cached_property

from heatseek.compression import from_bytes, to_bytes
from heatseek.engines.opensearch.mapping import length_field
from heatseek.schema import TEXT_FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from heatseek.engines.opensearch.client import Client

TWINS = "twins"
"""The note of links that several documents have, where `_meta` has no room for them."""
_FEW_TWINS = 1_000
_LINKS = 20_000
"""That are counted in one request."""
_BUCKETS = 60_000
"""More than that many fall into a part of them by chance; the server gives up to 65,535."""


class Statistics:
    """Of all documents of an index; deleted ones do not count.

    Args:
        values: what `measure` gave.
        note: gives a note that stands beside the index.

    Raises:
        ValueError, LookupError, TypeError, AttributeError: it gave nothing like these values.
    """

    def __init__(self, values: Mapping[str, Any], note: Callable[[str], bytes]) -> None:
        self.documents = int(values["documents"])
        self.averages: dict[str, float] = {}
        """The average length of each text field, over the documents that have it."""
        for spec in TEXT_FIELDS:
            words, having = values["lengths"][spec.name]
            self.averages[spec.name] = words / having if having else 0.0
        newest = values["newest"]
        self.newest = None if newest is None else int(newest)
        """When the latest was published, in seconds since 1970; None: no date is known."""
        self.has_twins = values["twins"] != []
        self._twins = values["twins"]
        self._note = note

    @cached_property
    def twins(self) -> list[int]:
        """The links that several documents have."""
        if self._twins is None:
            return from_bytes("q", self._note(TWINS)).tolist()
        return list(map(int, self._twins))


def measure(client: Client, index: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The statistics of an index, after a refresh: plain values, and notes for its side.

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
    lengths = {s.name: [int(found[s.name]["sum"]), found[s.name]["count"]] for s in TEXT_FIELDS}
    twins = sorted(_twins(client, index, found["links"]["value"]))
    values = {
        "documents": answer["hits"]["total"]["value"],
        "lengths": lengths,
        "newest": None if newest is None else int(newest),
        "twins": twins if len(twins) <= _FEW_TWINS else None,
    }
    notes = {} if len(twins) <= _FEW_TWINS else {TWINS: to_bytes(array("q", twins))}
    return values, notes


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
    return client.send(
        "POST", f"/{index}/_search", body, query={"allow_partial_search_results": "false"}
    )

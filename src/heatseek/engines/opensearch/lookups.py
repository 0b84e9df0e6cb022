"""Look-ups beside searches: articles by id, all of them, dates, who mentions whom."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

from heatseek.definitions import cached_property
from heatseek.engines.opensearch.client import path_of
from heatseek.engines.opensearch.stored import SOURCE, article_of, document_id
from heatseek.engines.shared.fields import REFERENCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from heatseek.article import Article
    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.shared.plan import Leaf
    from heatseek.engines.shared.references import CrossReferences, Mentioned

_WHOLE = {"allow_partial_search_results": "false"}
"""A shard that is not there is an error, not fewer hits."""
_COUNTS = {"include_named_queries_score": "true"}
"""Several searches in one request have no such parameter."""
_PAGE_BYTES = 8_000_000
"""Of articles read at once, about."""
_FEWEST, _MOST = 50, 2_000
"""Articles read at once; the more, the shorter they have all been so far."""


def search(client: Client, index: str, body: Mapping[str, Any], *, counts: bool = False) -> Any:
    """The answer to one search.

    Args:
        client: to its cluster.
        index: of a generation.
        body: the search.
        counts: whether queries with a name give their scores with each hit.

    Raises:
        GenerationGoneError, QueryError, EngineUnreachableError, EngineRefusedError.
    """
    query = _WHOLE | _COUNTS if counts else _WHOLE
    return client.send("POST", path_of(index, "_search"), body, query=query)


def search_many(client: Client, index: str, bodies: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The answers to several searches, in one request.

    Raises:
        GenerationGoneError, QueryError, EngineUnreachableError, EngineRefusedError: one of them
            has no answer.
    """
    if len(bodies) < 2:
        return [search(client, index, body) for body in bodies]
    head = json.dumps({"allow_partial_search_results": False})
    lines = (f"{head}\n{json.dumps(body, separators=(',', ':'))}\n" for body in bodies)
    answer = client.send("POST", path_of(index, "_msearch"), "".join(lines).encode())
    return list(answer["responses"])


class Lookups:
    """What is asked of a generation without a query.

    Args:
        client: to its cluster.
        index: of the generation.
        note: gives a note of it by name.
        newest: when its latest article was published, in seconds; None: no date is known.
    """

    def __init__(
        self, client: Client, index: str, note: Callable[[str], bytes], newest: int | None
    ) -> None:
        self._client = client
        self._index = index
        self._note = note
        self._dates_around: tuple[float, float] = (
            -math.inf if newest is None else newest,
            math.inf,
        )
        """The dates before and after the instant that was asked about last."""

    def get(self, article_id: str) -> Article | None:
        """The article with an id, if there is one."""
        if not article_id:
            return None  # of which the server takes no document
        query = {"ids": {"values": [document_id(article_id)]}}
        found = self._hits({"query": query, "size": 1})
        articles = (article_of(hit) for hit in found)
        return next((article for article in articles if article.id == article_id), None)

    def articles(self) -> Iterator[Article]:
        """All articles, in no particular order.

        Nothing is kept open on the server: an index does not change any more once it is a
        generation, so that the numbers which its shards gave their documents are a place to go on
        from, on whatever node. Documents of different shards have the same numbers: of the last one
        of a page there may be more.
        """
        after, size, longest = -1, _FEWEST, 1
        while True:
            order = {"sort": [{"_seq_no": "asc"}], "search_after": [after]}
            found = self._hits({**order, "size": size})
            is_last = len(found) < size
            last = found[-1]["sort"][0] if found else after
            if not is_last and found[0]["sort"][0] == last:
                size *= 2  # more shards than that
                continue
            for hit in found:
                if is_last or hit["sort"][0] < last:
                    yield article_of(hit)
                    longest = max(longest, len(hit["_source"]["article"]))
            if is_last:
                return
            after = last - 1
            size = max(_FEWEST, min(_PAGE_BYTES // longest, 2 * size, _MOST))

    def newest(self, until: datetime) -> datetime | None:
        """When the newest article was published that is not newer than this; None if none was."""
        instant = math.floor(until.timestamp())
        last, following = self._dates_around
        if not last <= instant < following:
            last, following = self._dates_around = self._around(instant)
        return None if last == -math.inf else datetime.fromtimestamp(last, UTC)

    def _around(self, instant: int) -> tuple[float, float]:
        """The last date up to an instant, and the first after it."""
        bodies = [
            _dated({"lte": instant}, {"max": {"field": "published_at"}}),
            _dated({"gt": instant}, {"min": {"field": "published_at"}}),
        ]
        found = search_many(self._client, self._index, bodies)
        last, following = (each["aggregations"]["date"]["value"] for each in found)
        return (
            -math.inf if last is None else int(last),
            math.inf if following is None else int(following),
        )

    def mentioned_by(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the articles that mention each of some articles with a file, sorted."""
        known = ((id_, self._references.of(id_)) for id_ in article_ids)
        return {id_: tuple(others) for id_, others in known if others}

    def mentioned(self, leaf: Leaf) -> set[str]:
        """The ids of the articles with a file that `related:` finds by this leaf."""
        return self._mentioned.ids(leaf)

    @cached_property
    def _references(self) -> CrossReferences:
        # Asked for by few searches.
        from heatseek.engines.shared.references import CrossReferences  # noqa: PLC0415

        return CrossReferences(self._note(REFERENCES))

    @cached_property
    def _mentioned(self) -> Mentioned:
        from heatseek.engines.shared.references import Mentioned  # noqa: PLC0415 - as above

        return Mentioned(self._references)

    def _hits(self, body: Mapping[str, Any]) -> list[Any]:
        whole = {**body, "_source": SOURCE, "track_total_hits": False}
        return list(search(self._client, self._index, whole)["hits"]["hits"])


def _dated(interval: Mapping[str, int], aggregation: Mapping[str, Any]) -> dict[str, Any]:
    query = {"range": {"published_at": interval}}
    return {"query": query, "size": 0, "track_total_hits": False, "aggs": {"date": aggregation}}

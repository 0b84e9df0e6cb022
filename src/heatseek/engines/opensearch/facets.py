"""Matches counted by labels, years and declared fields; the labels of an index.

The server counts what stands in a column, exactly: all values at once where they are not too many,
else page by page. How a label is shown, and where years begin, is worked out here.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.engines.model import LabelSummary
from heatseek.engines.opensearch.lookups import search
from heatseek.engines.opensearch.mapping import counted_field, server_field
from heatseek.engines.opensearch.years import MEAN_YEAR, year_ranges, years_around
from heatseek.engines.shared.fields import SPELLING, own
from heatseek.query.values import decimal_text
from heatseek.results import FacetCounts, FacetValue
from heatseek.schema import LABEL_FIELDS, YEAR, FieldKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from heatseek.engines.opensearch.client import Client
    from heatseek.results import Facet
    from heatseek.schema import DeclaredField

    Query = Mapping[str, Any]
    Bucket = Mapping[str, Any]

MOST_VALUES = 10_000
"""Of a facet in one answer; more are counted page by page."""
_MOST_BUCKETS = 60_000
"""Of all facets in one answer: the server gives 65,535."""
_BITS = 26


def _part(of: str) -> dict[str, Any]:
    """The sum of a part of each quality: whole numbers of 64 bits have more digits than floats."""
    return {"sum": {"script": f"doc['quality'].size() == 0 ? 0L : doc['quality'].value {of}"}}


_SUMMARY = {
    "newest": {"max": {"field": "published_at"}},
    "high": _part(f">> {_BITS}"),
    "low": _part(f"& {2**_BITS - 1}L"),
    "known": {"value_count": {"field": "quality"}},
}
"""Of each label, beside how many documents have it."""


class Facets:
    """Counts matches; what holds for the whole index is asked for once.

    Args:
        client: to its cluster.
        index: of the generation.
        declared: its fields.
    """

    def __init__(self, client: Client, index: str, declared: Iterable[DeclaredField] = ()) -> None:
        self._client = client
        self._index = index
        self._own = {field.name: field for field in declared}
        own_labels = (f for f in self._own.values() if f.kind is FieldKind.KEYWORD)
        own_dates = (f for f in self._own.values() if f.kind is FieldKind.DATE)
        self._labels = {
            **{spec.facet: counted_field(spec.name) for spec in LABEL_FIELDS if spec.facet},
            **{field.name: counted_field(own(field)) for field in own_labels},
        }
        """The column of each facet of labels."""
        self._dates = {
            YEAR: server_field("published_at"),
            **{field.name: server_field(own(field)) for field in own_dates},
        }
        """Likewise of years."""
        self._spellings: dict[str, dict[str, str]] = {}
        """By facet: how each label is shown, by what it is compared by."""
        self._years: dict[str, tuple[int, ...]] = {}
        """By facet: those in which there may be dates."""
        self._summaries: dict[str, tuple[LabelSummary, ...]] = {}

    def preparation(self, facets: Iterable[Facet]) -> dict[str, Any] | None:
        """A search of the whole index that is to be answered before facets can be counted.

        Its answer goes to `learn`. None if all is known that is needed.
        """
        aggregations: dict[str, Any] = {}
        for name, _ in facets:
            if name in self._labels and name not in self._spellings:
                aggregations[name] = _terms(self._labels[name], MOST_VALUES)
            elif name in self._dates and name not in self._years:
                interval = {"interval": MEAN_YEAR, "min_doc_count": 1}
                aggregations[name] = {"histogram": {"field": self._dates[name], **interval}}
        return _body(None, _within_bounds(aggregations)) if aggregations else None

    def learn(self, answer: Mapping[str, Any]) -> None:
        """Take the answer to a `preparation`."""
        for name, found in answer.get("aggregations", {}).items():
            if name in self._labels:
                self._spellings[name] = _spellings(self._all(self._labels[name], None, found))
            else:
                self._years[name] = years_around(bucket["key"] for bucket in found["buckets"])

    def aggregations(self, facets: Iterable[Facet], zone: tzinfo) -> dict[str, Any]:
        """The `aggs` of a search whose query is just what is to be counted.

        Years begin in `zone`.
        """
        wanted = tuple(facets)
        self._prepare(wanted)
        aggregations = {}
        for name, _ in wanted:
            if name not in self._dates:
                aggregations[name] = _terms(self._column(name), MOST_VALUES)
            elif self._years[name]:
                aggregations[name] = self._ranges(name, zone)
        return _within_bounds(aggregations)

    def counts(
        self, facets: Iterable[Facet], query: Query, answer: Mapping[str, Any]
    ) -> dict[str, FacetCounts]:
        """The values of facets that matches have; of each the most frequent ones.

        Args:
            facets: those that `aggregations` was given.
            query: of the search that they were part of; asked again for what has too many values.
            answer: to that search.
        """
        found = answer.get("aggregations", {})
        return {
            name: _most_frequent(self._values(name, query, found.get(name)), limit)
            for name, limit in facets
        }

    def summaries(self, facet: str) -> tuple[LabelSummary, ...]:
        """All labels of a facet over the whole index, the most frequent first."""
        if facet not in self._summaries:
            column = self._labels[facet]
            found = _Summaries()
            for bucket in self._pages(column, None, _SUMMARY):
                found.add(bucket)
            self._summaries[facet] = found.ordered()
        return self._summaries[facet]

    def _prepare(self, facets: Iterable[Facet]) -> None:
        body = self.preparation(facets)
        if body:
            self.learn(search(self._client, self._index, body))

    def _column(self, name: str) -> str:
        return self._labels.get(name) or server_field(own(self._own[name]))

    def _ranges(self, name: str, zone: tzinfo) -> dict[str, Any]:
        ranges = [
            {"key": f"{place}:{year}", "from": begin, "to": end}
            for place, (year, begin, end) in enumerate(year_ranges(self._years[name], zone))
        ]
        return {"range": {"field": self._dates[name], "ranges": ranges}}

    def _values(self, name: str, query: Query, found: Any) -> Mapping[str, int]:
        """How often there is each value, as it is shown."""
        counts: Counter[str] = Counter()
        if name in self._dates:
            for bucket in found["buckets"] if found else ():
                year = int(bucket["key"].partition(":")[2])
                counts[f"{year:04}"] += bucket["doc_count"]
            return +counts
        for bucket in self._all(self._column(name), query, found):
            counts[self._shown(name, bucket["key"])] += bucket["doc_count"]
        return counts

    def _shown(self, name: str, key: Any) -> str:
        if name in self._labels:
            return self._spellings[name][key.partition(SPELLING)[0]]
        if self._own[name].kind is FieldKind.BOOLEAN:
            return ("false", "true")[int(key)]
        return decimal_text(float(key))

    def _all(self, column: str, query: Query | None, found: Any) -> Iterable[Bucket]:
        """All values of a column, if need be those that did not fit into an answer."""
        if found["sum_other_doc_count"]:
            return self._pages(column, query, {})
        return found["buckets"]  # type: ignore[no-any-return] # as the server says

    def _pages(
        self, column: str, query: Query | None, aggregations: Mapping[str, Any]
    ) -> Iterator[Bucket]:
        """All values of a column, page by page."""
        after: dict[str, Any] = {}
        while True:
            sources = [{"value": {"terms": {"field": column}}}]
            composite = {"size": MOST_VALUES, "sources": sources, **after}
            pages = {"values": {"composite": composite, "aggs": aggregations}}
            answer = search(self._client, self._index, _body(query, pages))
            found = answer["aggregations"]["values"]
            for bucket in found["buckets"]:
                yield {**bucket, "key": bucket["key"]["value"]}
            if len(found["buckets"]) < MOST_VALUES:
                return
            after = {"after": found["after_key"]}


class _Row(NamedTuple):
    articles: int = 0
    newest: float | None = None
    quality: int = 0
    """The sum of those that are known."""
    known: int = 0


class _Summaries:
    """Labels of all spellings, added up."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._spellings: dict[str, Counter[str]] = {}

    def add(self, bucket: Bucket) -> None:
        """One spelling of a label."""
        compared, _, shown = bucket["key"].partition(SPELLING)
        self._spellings.setdefault(compared, Counter())[shown] += bucket["doc_count"]
        row = self._rows.get(compared, _Row())
        dates = (row.newest, bucket["newest"]["value"])
        high, low = (int(bucket[part]["value"]) for part in ("high", "low"))
        self._rows[compared] = _Row(
            row.articles + bucket["doc_count"],
            max((date for date in dates if date is not None), default=None),
            row.quality + (high << _BITS) + low,
            row.known + bucket["known"]["value"],
        )

    def ordered(self) -> tuple[LabelSummary, ...]:
        """All of them, the most frequent first."""
        found = [
            LabelSummary(
                _most_usual(self._spellings[compared]),
                row.articles,
                None if row.newest is None else datetime.fromtimestamp(row.newest, UTC),
                row.quality / row.known if row.known else None,
            )
            for compared, row in self._rows.items()
        ]
        return tuple(sorted(found, key=lambda each: (-each.articles, each.value)))


def _spellings(buckets: Iterable[Bucket]) -> dict[str, str]:
    """How each label is shown: as most documents write it."""
    written: dict[str, Counter[str]] = {}
    for bucket in buckets:
        compared, _, shown = bucket["key"].partition(SPELLING)
        written.setdefault(compared, Counter())[shown] += bucket["doc_count"]
    return {compared: _most_usual(ways) for compared, ways in written.items()}


def _most_usual(ways: Counter[str]) -> str:
    """Of several equally frequent ways the first by letters."""
    return min(ways, key=lambda way: (-ways[way], way))


def _most_frequent(counts: Mapping[str, int], limit: int | None) -> FacetCounts:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return FacetCounts(tuple(FacetValue(*pair) for pair in ordered[:limit]), len(ordered))


def _terms(column: str, size: int) -> dict[str, Any]:
    return {"terms": {"field": column, "size": size}}


def _within_bounds(aggregations: dict[str, Any]) -> dict[str, Any]:
    """So that all their values can be in one answer."""
    ranges = sum(len(each["range"]["ranges"]) for each in aggregations.values() if "range" in each)
    several = [each["terms"] for each in aggregations.values() if "terms" in each]
    for terms in several:
        terms["size"] = max(1, min(terms["size"], (_MOST_BUCKETS - ranges) // len(several)))
    return aggregations


def _body(query: Query | None, aggregations: Mapping[str, Any]) -> dict[str, Any]:
    body = {"size": 0, "track_total_hits": False, "aggs": aggregations}
    return body if query is None else {"query": query, **body}

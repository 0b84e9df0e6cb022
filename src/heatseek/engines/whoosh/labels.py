"""The labels of an index, how they are written, and how many documents have each."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from heatseek.engines.model import LabelSummary
from heatseek.engines.shared.fields import OWN_COLUMNS, SPELLING, UNKNOWN, own
from heatseek.engines.whoosh.columns import unknown_in
from heatseek.engines.whoosh.postings import TermPostings
from heatseek.query.values import decimal_text
from heatseek.results import FacetCounts, FacetValue
from heatseek.schema import LABEL_FIELDS, YEAR, FieldKind
from heatseek.zones import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import tzinfo

    from heatseek.engines.whoosh.arrays import Arrays, Column, Documents
    from heatseek.engines.whoosh.segments import Segments
    from heatseek.schema import DeclaredField


_FIELD_OF = {spec.facet: spec.name for spec in LABEL_FIELDS if spec.facet}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400


class Label(NamedTuple):
    """A value of a label field, however it was written."""

    shown: str
    """As most documents write it; of several equally frequent ways the first by letters."""
    parts: TermPostings


class Labels:
    """The label fields of all segments; kept as long as they are open."""

    def __init__(
        self,
        segments: Segments,
        arrays: Arrays,
        column: Callable[[str], Column],
        declared: Iterable[DeclaredField] = (),
        *,
        long_lived: bool,
    ) -> None:
        self._long_lived = long_lived
        self._own = {field.name: field for field in declared}
        self._field_of = {
            **_FIELD_OF,
            **{f.name: own(f) for f in self._own.values() if f.kind is FieldKind.KEYWORD},
        }
        self._segments = segments
        self._arrays = arrays
        self._column = column
        self._labels: dict[str, list[Label]] = {}
        self._summaries: dict[str, tuple[LabelSummary, ...]] = {}

    def counts(
        self, facet: str, documents: Documents, limit: int | None = None, zone: tzinfo = UTC
    ) -> FacetCounts:
        """How many of `documents` have each value of a facet; the most frequent ones.

        Years begin in `zone`.
        """
        if facet == YEAR:
            counts = self._years(documents, "published_at", zone)
        elif facet not in self._field_of:
            counts = self._own_values(documents, self._own[facet], zone)
        else:
            labels = self._of(facet)
            found = self._arrays.overlaps(documents, self._postings(labels))
            counts = {label.shown: n for label, n in zip(labels, found, strict=True) if n}
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return FacetCounts(tuple(FacetValue(*pair) for pair in ordered[:limit]), len(ordered))

    def _postings(self, labels: Sequence[Label]) -> Iterator[TermPostings]:
        """Those of each label, whose arrays are kept if many searches are to come."""
        for label in labels:
            yield label.parts
            if not self._long_lived:
                label.parts.record = None
                for _, postings in label.parts:
                    postings.array = None

    def summaries(self, facet: str) -> tuple[LabelSummary, ...]:
        """All values of a facet over the whole index; the most frequent first."""
        if facet not in self._summaries:
            found = [
                self._summary(label.shown, self._arrays.documents(label.parts, None))
                for label in self._of(facet)
            ]
            ordered = sorted(found, key=lambda each: (-each.articles, each.value))
            self._summaries[facet] = tuple(ordered)
        return self._summaries[facet]

    def _summary(self, value: str, documents: Documents) -> LabelSummary:
        arrays = self._arrays
        dates = arrays.values(documents, self._column("published_at"))
        newest = max(dates, default=UNKNOWN)
        column = self._column("quality")
        unknown = unknown_in(column)
        qualities = [value for value in arrays.values(documents, column) if value != unknown]
        return LabelSummary(
            value,
            arrays.total(documents),
            None if newest == UNKNOWN else datetime.fromtimestamp(newest, UTC),
            sum(qualities) / len(qualities) if qualities else None,
        )

    def _own_values(
        self, documents: Documents, field: DeclaredField, zone: tzinfo
    ) -> dict[str, int]:
        """Counts of numbers, flags or years."""
        if field.kind is FieldKind.DATE:
            return self._years(documents, own(field), zone)
        unknown = OWN_COLUMNS[field.kind].unknown
        values = self._arrays.values(documents, self._column(own(field)))
        found = Counter(value for value in values if value != unknown)
        if field.kind is FieldKind.BOOLEAN:
            return {("false", "true")[value]: count for value, count in found.items()}
        return {decimal_text(value): count for value, count in found.items()}

    def _years(self, documents: Documents, column: str, zone: tzinfo) -> dict[str, int]:
        instants = partial(self._arrays.values, documents, self._column(column))
        # Thousands of days instead of as many dates as there are documents.
        days = Counter(instant // _DAY for instant in instants() if instant != UNKNOWN)
        years: Counter[int] = Counter()
        edges = set()
        for day, count in days.items():
            date = _EPOCH + timedelta(days=day)
            years[date.year] += count
            if zone is not UTC and (date.month, date.day) in ((1, 1), (12, 31)):
                edges.add(day)
        for instant in instants() if edges else ():
            if instant // _DAY in edges:
                moment = _EPOCH + timedelta(seconds=int(instant))
                years[moment.year] -= 1
                years[local(moment, zone).year] += 1
        return {f"{year:04}": count for year, count in years.items() if count}

    def _of(self, facet: str) -> list[Label]:
        """The values that any document has, in no particular order."""
        labels = self._labels.get(facet)
        if labels is None:
            labels = self._labels[facet] = self._read(self._field_of[facet])
        return labels

    def _read(self, field: str) -> list[Label]:
        spellings: dict[str, Counter[str]] = {}
        parts: dict[str, TermPostings] = {}
        for base, segment in self._segments:
            vocabulary = segment.vocabulary(field)
            if vocabulary is None:
                continue
            for place in range(len(vocabulary)):
                compared, _, shown = vocabulary.term(place).decode().partition(SPELLING)
                if shown:
                    part = base, vocabulary.postings(place)
                    parts.setdefault(compared, TermPostings()).append(part)
                    living = self._living(TermPostings([part])) if segment.deleted else len(part[1])
                    spellings.setdefault(compared, Counter())[shown] += living
        return [
            Label(min(found, key=lambda shown: (-found[shown], shown)), parts[compared])
            for compared, found in spellings.items()
            if found.total()
        ]

    def _living(self, parts: TermPostings) -> int:
        return self._arrays.total(self._arrays.documents(parts, None))

"""Which documents match a plan, and how often each word stands where; whole arrays at a time."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.layout import words_field
from heatseek.engines.whoosh.plan import (
    Beginning,
    Conjunction,
    Disjunction,
    Everything,
    Leaf,
    Node,
    Sequence,
)
from heatseek.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from collections import abc

    from heatseek.engines.whoosh.segment import Segment

Frequencies = dict[int, int]
"""Document to number of occurrences."""
_HAS_WORDS = frozenset(spec.name for spec in TEXT_FIELDS)


class Matcher:
    """Documents of several segments, numbered through."""

    def __init__(self, segments: abc.Iterable[Segment]) -> None:
        self.segments = tuple(segments)
        *self.bases, self.size = accumulate((s.size for s in self.segments), initial=0)
        self._found: dict[Leaf, dict[str, Frequencies]] = {}

    def documents(self, node: Node) -> set[int]:
        """All documents that match."""
        match node:
            case Leaf():
                return set().union(*self.frequencies(node).values())
            case Conjunction(wanted, unwanted):
                found = set.intersection(*sorted(map(self.documents, wanted), key=len))
                return found.difference(*map(self.documents, unwanted))
            case Disjunction(children):
                return set().union(*map(self.documents, children))
            case Everything():
                return set(range(self.size))
        return set()

    def frequencies(self, leaf: Leaf) -> dict[str, Frequencies]:
        """The documents that have the word, and how often, for each field that has it at all."""
        found = self._found.get(leaf)
        if found is None:
            by_field = {field: self._in_field(leaf, field) for field in leaf.fields}
            found = self._found[leaf] = {field: f for field, f in by_field.items() if f}
        return found

    def with_label(self, field: str, value: str) -> set[int]:
        """The documents that bear a label."""
        return set().union(self._in_field(Leaf(value, (field,), (Sequence(((0, value),)),)), field))

    def _in_field(self, leaf: Leaf, field: str) -> Frequencies:
        """The greatest frequency of any form of the word: forms are spellings of one thing."""
        merged: Frequencies = {}
        for form in leaf.forms:
            for base, segment in zip(self.bases, self.segments, strict=True):
                local = _occurrences(segment, field, form)
                if base:
                    local = dict(zip(map(base.__add__, local), local.values(), strict=True))
                merged = _greatest(merged, local)
        return merged


def _greatest(one: Frequencies, other: Frequencies) -> Frequencies:
    if not one or not other:
        return one or other
    merged = one | other
    for document in one.keys() & other.keys():
        merged[document] = max(one[document], other[document])
    return merged


def _occurrences(segment: Segment, field: str, form: Sequence | Beginning) -> Frequencies:
    if isinstance(form, Beginning):
        return dict.fromkeys(_beginning(segment, field, form.prefix), 1)
    if len(form.terms) > 1:
        return _phrase(segment, field, form)
    postings = segment.postings(field, form.terms[0][1])
    return dict(zip(postings.ids, postings.frequencies, strict=True)) if postings else {}


def _beginning(segment: Segment, field: str, prefix: str) -> set[int]:
    names = [field, words_field(field)] if field in _HAS_WORDS else [field]
    found = (p.ids for name in names for p in segment.postings_from(name, prefix))
    return set().union(*found)


def _phrase(segment: Segment, field: str, form: Sequence) -> Frequencies:
    postings = {term: segment.postings(field, term) for _, term in form.terms}
    known = [p for p in postings.values() if p]
    if len(known) < len(postings):
        return {}
    documents = set.intersection(*sorted((set(p.ids) for p in known), key=len))
    positions = {term: p.positions(documents) for term, p in postings.items() if p}
    counts = {document: _count(form, positions, document) for document in documents}
    return {document: count for document, count in counts.items() if count}


def _count(
    form: Sequence, positions: dict[str, dict[int, abc.Sequence[int]]], document: int
) -> int:
    starts: set[int] | None = None
    for offset, term in form.terms:
        here = {at - offset for at in positions[term][document]}
        starts = here if starts is None else starts & here
        if not starts:
            return 0
    return len(starts or ())

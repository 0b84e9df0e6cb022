"""Where one word of a query stands: postings looked up, phrases checked, patterns expanded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from heatseek.engines.base import Budget
from heatseek.engines.whoosh import proximity
from heatseek.engines.whoosh.layout import TERMS, WORDS, field_name, own_kind, own_words
from heatseek.engines.whoosh.plan import Leaf, Pattern, Sequence
from heatseek.schema import LABEL_FIELDS, RELATED, TEXT_FIELDS, FieldKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from heatseek.engines.whoosh.arrays import Arrays, Counts, Documents, Evidence, Part
    from heatseek.engines.whoosh.references import References
    from heatseek.engines.whoosh.segments import Segments

FIELD_NUMBERS = {spec.name: number for number, spec in enumerate(TEXT_FIELDS)}
_WORD_BYTES = 3_000
"""Of a word without any document."""
_TERM_BYTES = 500
"""Of one of its terms, and of the postings of one."""
_LABELS = frozenset(spec.name for spec in LABEL_FIELDS)


class Found(ABC):
    """The documents of a leaf, and how often it occurs in each field of them."""

    evidence: Evidence | None = None
    """What scoring made of it."""

    def __init__(self, lookup: Lookup, leaf: Leaf) -> None:
        self._lookup = lookup
        self._arrays = lookup.arrays
        self._leaf = leaf

    @cached_property
    @abstractmethod
    def documents(self) -> Documents:
        """All documents that have it."""

    @cached_property
    @abstractmethod
    def fields(self) -> dict[str, Counts]:
        """Counts by field; fields without may be missing."""

    @property
    def bytes(self) -> int:
        """What it takes with all that scoring makes of it, about."""
        terms = sum(len(form.terms) for form in self._leaf.spellings)
        documents = self._arrays.document_bytes * self._arrays.total(self.documents)
        return _WORD_BYTES + len(self._leaf.text) + _TERM_BYTES * terms + documents


class Lookup:
    """What all segments have of a leaf."""

    def __init__(
        self, segments: Segments, arrays: Arrays, references: Callable[[], References]
    ) -> None:
        self._segments = segments
        self._open_references = references
        self.arrays = arrays
        self.budget = Budget()
        """Of the search that is going on."""

    @cached_property
    def references(self) -> References:
        """What articles of the archive mention of each other."""
        return self._open_references()

    def find(self, leaf: Leaf) -> Found:
        """Look a leaf up."""
        own = own_kind(leaf.fields[0])
        if own is FieldKind.TEXT:
            return FoundText(self, leaf)
        if leaf.fields[0] == RELATED:
            return FoundRelated(self, leaf)
        if own or leaf.fields[0] in _LABELS:
            return FoundLabel(self, leaf)
        if leaf.pattern:
            return FoundPattern(self, leaf, leaf.pattern)
        if len(leaf.spellings) == len(leaf.spellings[0].terms) == 1:
            return FoundTerm(self, leaf)
        return FoundSpellings(self, leaf)

    def term(self, field: str, term: str) -> list[Part]:
        """A term's postings in each segment that has it."""
        parts = ((base, segment.postings(field, term)) for base, segment in self._segments)
        return [(base, postings) for base, postings in parts if postings]

    def label(self, field: str, label: str) -> list[Part]:
        """A label's postings in each segment, however it was written."""
        return [
            (base, vocabulary.postings(place))
            for base, segment in self._segments
            if (vocabulary := segment.vocabulary(field))
            for place in vocabulary.spellings(label)
        ]

    def matching(self, field: str, pattern: Pattern) -> list[Part]:
        """The postings of all terms of a field that match."""
        # Few queries have patterns: the start-up of the others does without.
        from heatseek.engines.whoosh import patterns  # noqa: PLC0415

        vocabularies = [
            patterns.Searched(base, vocabulary, segment.deleted)
            for base, segment in self._segments
            if (vocabulary := segment.vocabulary(field))
        ]
        return patterns.matching(vocabularies, pattern)

    def sequences(self, form: Sequence, field: int, inverted: str = TERMS) -> dict[int, int]:
        """How often the terms of a phrase stand in order, or near, in a field."""
        counts: dict[int, int] = {}
        for base, segment in self._segments:
            found = {term: segment.postings(inverted, term) for _, term in form.terms}
            postings = {term: each for term, each in found.items() if each}
            if len(postings) == len(found):
                found_in = proximity.count(form, postings, field, self.budget)
                for document, count in found_in.items():
                    if document not in segment.deleted:
                        counts[base + document] = count
        return counts


class FoundTerm(Found):
    """A single term: one record says it all."""

    def __init__(self, lookup: Lookup, leaf: Leaf) -> None:
        super().__init__(lookup, leaf)
        self._names = leaf.fields
        ((_, term),) = leaf.spellings[0].terms
        self._parts = lookup.term(TERMS, term)

    @cached_property
    def documents(self) -> Documents:
        if len(self._names) == len(TEXT_FIELDS):
            return self._arrays.documents(self._parts, None)
        numbers = (FIELD_NUMBERS[name] for name in self._names)
        return self._arrays.union([self._arrays.documents(self._parts, n) for n in numbers])

    @cached_property
    def fields(self) -> dict[str, Counts]:
        counts = self._arrays.counts(self._parts, [FIELD_NUMBERS[name] for name in self._names])
        return {TEXT_FIELDS[number].name: found for number, found in counts.items()}


class FoundSpellings(Found):
    """Several spellings, or a phrase: counted document by document, the greatest counts."""

    @property
    def documents(self) -> Documents:  # kept together with `fields`
        return self._both[0]

    @property
    def fields(self) -> dict[str, Counts]:
        return self._both[1]

    @cached_property
    def _both(self) -> tuple[Documents, dict[str, Counts]]:
        every = {name: self._in_field(FIELD_NUMBERS[name]) for name in self._leaf.fields}
        having = {name: counts for name, counts in every.items() if counts}
        documents = self._arrays.chosen({d for counts in having.values() for d in counts})
        return documents, {name: self._arrays.counted(counts) for name, counts in having.items()}

    def _in_field(self, field: int) -> dict[int, int]:
        merged: dict[int, int] = {}
        for form in self._leaf.spellings:
            for document, count in self._form(form, field).items():
                merged[document] = max(count, merged.get(document, 0))
        return merged

    def _form(self, form: Sequence, field: int) -> dict[int, int]:
        if len(form.terms) > 1:
            return self._lookup.sequences(form, field)
        parts = self._lookup.term(TERMS, form.terms[0][1])
        counts = self._arrays.counts(parts, [field])
        return self._arrays.as_dict(counts[field]) if field in counts else {}


class FoundPattern(Found):
    """Every term, and every word as written, that matches; each document counts once."""

    def __init__(self, lookup: Lookup, leaf: Leaf, pattern: Pattern) -> None:
        super().__init__(lookup, leaf)
        self._names = leaf.fields
        found = lookup.matching(TERMS, pattern) + lookup.matching(WORDS, pattern)
        self._masks = self._arrays.masks(found)

    @cached_property
    def documents(self) -> Documents:
        if len(self._names) == len(TEXT_FIELDS):
            return self._arrays.having(self._masks, None)
        return self._arrays.union([self._in_field(name) for name in self._names])

    @cached_property
    def fields(self) -> dict[str, Counts]:
        return {name: self._arrays.ones(self._in_field(name)) for name in self._names}

    @property
    def bytes(self) -> int:
        return super().bytes + self._arrays.mask_bytes(self._masks)

    def _in_field(self, name: str) -> Documents:
        return self._arrays.having(self._masks, FIELD_NUMBERS[name])


class FoundLabel(Found):
    """A whole label, or all that match a pattern."""

    def __init__(self, lookup: Lookup, leaf: Leaf) -> None:
        super().__init__(lookup, leaf)
        (self._name,) = leaf.fields
        if leaf.pattern:
            self._parts = lookup.matching(self._name, leaf.pattern)
        else:
            self._parts = lookup.label(self._name, leaf.spellings[0].terms[0][1])

    @cached_property
    def documents(self) -> Documents:
        return self._arrays.documents(self._parts, None)

    @cached_property
    def fields(self) -> dict[str, Counts]:
        return {field_name(self._name): self._arrays.ones(self.documents)}

    @property
    def bytes(self) -> int:
        return super().bytes + _TERM_BYTES * len(self._parts)


class FoundRelated(FoundLabel):
    """What is mentioned by an article: stories without a file, and other articles."""

    @cached_property
    def documents(self) -> Documents:
        stories = self._arrays.documents(self._parts, None)
        articles = self._arrays.chosen(self._lookup.references.documents(self._leaf))
        return self._arrays.union([stories, articles])


class FoundText(Found):
    """Words of a declared text: as with a label it only counts that a document has them."""

    def __init__(self, lookup: Lookup, leaf: Leaf) -> None:
        super().__init__(lookup, leaf)
        (self._name,) = leaf.fields

    @cached_property
    def documents(self) -> Documents:
        if pattern := self._leaf.pattern:
            names = (self._name, own_words(self._name))
            parts = [part for name in names for part in self._lookup.matching(name, pattern)]
            return self._arrays.documents(parts, None)
        return self._arrays.union([self._form(form) for form in self._leaf.spellings])

    def _form(self, form: Sequence) -> Documents:
        if len(form.terms) > 1:
            return self._arrays.chosen(self._lookup.sequences(form, 0, self._name))
        return self._arrays.documents(self._lookup.term(self._name, form.terms[0][1]), None)

    @cached_property
    def fields(self) -> dict[str, Counts]:
        return {field_name(self._name): self._arrays.ones(self.documents)}

"""Term lookup: a word of a query as the documents it occurs in, kept for the next search."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from itertools import chain

from heatseek.definitions import cached_property
from heatseek.engines.model import Budget
from heatseek.engines.shared.fields import ACCENTED, TERMS, WORDS, field_name, own_kind, own_words
from heatseek.engines.shared.plan import Leaf, Pattern, TermSequence
from heatseek.engines.whoosh.postings import TermPostings
from heatseek.query.tree import Path
from heatseek.schema import PATH, RELATED, TEXT_FIELDS, FieldKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from heatseek.engines.shared.references import Mentioned
    from heatseek.engines.whoosh.arrays import Arrays, Counts, Documents, Evidence, Norms, Scores
    from heatseek.engines.whoosh.segments import Segments

FIELD_NUMBERS = {spec.name: number for number, spec in enumerate(TEXT_FIELDS)}
MOST_BYTES = 64_000_000
"""Of all words that are kept, unless the index is so large that this would be those of one query.
"""
_MOST_BYTES_A_DOCUMENT = 256
"""Of the index: as many words as ten that every document has."""
_WORD_BYTES, _TERM_BYTES = 3_000, 500
"""Of a word without any document; of one of its terms, and of the postings of one."""


class Occurrences(ABC):
    """The documents of a leaf, and how often it occurs in each field of them."""

    evidence: Evidence[Documents, Counts, Norms, Scores] | None = None
    """Prepared for scoring; None before."""
    counted_bytes = 0
    """`bytes` at the end of the search that looked it up; 0 before."""

    def __init__(self, lookup: TermLookup, leaf: Leaf) -> None:
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

    @cached_property
    def exact(self) -> Documents | None:
        """Of its documents those that have its words with the accents that were typed.

        None: folding takes nothing from it, or it is asked for in no field of words.
        """
        numbers = [FIELD_NUMBERS[name] for name in self._leaf.fields if name in FIELD_NUMBERS]
        if not self._leaf.accented or not numbers:
            return None
        arrays, postings = self._arrays, self._lookup.segments.postings
        every = [postings(ACCENTED, word) for word in dict.fromkeys(self._leaf.accented)]
        having = (arrays.union([arrays.documents(parts, n) for n in numbers]) for parts in every)
        return arrays.intersection([self.documents, *having])

    @property
    def bytes(self) -> int:
        """Memory that it takes with all that scoring makes of it, about."""
        terms = sum(len(form.terms) for form in self._leaf.spellings)
        documents = self._arrays.document_bytes * self._arrays.total(self.documents)
        documents *= 2 if self._leaf.accented else 1
        return _WORD_BYTES + len(self._leaf.text) + _TERM_BYTES * terms + documents


class TermLookup:
    """Looks leaves up in all segments.

    Args:
        segments: where.
        arrays: the operations on what is read.
        references: gives what articles of the archive mention of each other; called once.

    Attributes:
        budget: of the search that is going on.
    """

    def __init__(
        self, segments: Segments, arrays: Arrays, references: Callable[[], Mentioned]
    ) -> None:
        self.segments = segments
        self.arrays = arrays
        self.budget = Budget()
        self._open_references = references

    @cached_property
    def references(self) -> Mentioned:
        """Articles of the archive that others mention."""
        return self._open_references()

    def find(self, leaf: Leaf) -> Occurrences:
        """Look a leaf up."""
        name = leaf.fields[0]
        if name in FIELD_NUMBERS:
            if leaf.pattern:
                return PatternOccurrences(self, leaf, leaf.pattern)
            if len(leaf.spellings) == len(leaf.spellings[0].terms) == 1:
                return TermOccurrences(self, leaf)
            return SpellingOccurrences(self, leaf)
        if own_kind(name) is FieldKind.TEXT:
            return DeclaredTextOccurrences(self, leaf)
        return _IN_NO_VOCABULARY.get(name, LabelOccurrences)(self, leaf)


class TermCache:
    """Leaves looked up, the latest ones kept within a bound.

    Attributes:
        bytes: memory that all entries take, about.

    Args:
        lookup: looks them up.
        most: bytes that are kept; None: as many as pay for many searches.
    """

    def __init__(self, lookup: TermLookup, most: int | None) -> None:
        self._lookup = lookup
        if most is None:
            most = max(MOST_BYTES, _MOST_BYTES_A_DOCUMENT * lookup.segments.size)
        self._most = most
        self._entries: OrderedDict[Leaf, Occurrences] = OrderedDict()
        self._new: list[tuple[Leaf, Occurrences]] = []
        self._current: dict[int, tuple[Leaf, Occurrences]] = {}
        """Of the search that is going on, by the identity of each leaf: one is asked for again and
        again, and takes long to hash."""
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __call__(self, leaf: Leaf) -> Occurrences:
        """Look a leaf up."""
        known = self._current.get(id(leaf))
        if known:
            return known[1]
        occurrences = self._entries.get(leaf)
        if occurrences is None:
            occurrences = self._entries[leaf] = self._lookup.find(leaf)
            self._new.append((leaf, occurrences))
        else:
            self._entries.move_to_end(leaf)
        self._current[id(leaf)] = leaf, occurrences
        return occurrences

    def trim(self) -> None:
        """After a search: drop the entries used longest ago, down to the bound."""
        self._current.clear()
        for _, occurrences in self._new:
            occurrences.counted_bytes = occurrences.bytes
            self.bytes += occurrences.counted_bytes
        self._new.clear()
        while self.bytes > self._most:
            _, oldest = self._entries.popitem(last=False)
            self.bytes -= oldest.counted_bytes

    def forget_new(self) -> None:
        """After a search that failed: drop what it looked up."""
        self._current.clear()
        for leaf, _ in self._new:
            self.bytes -= self._entries.pop(leaf).counted_bytes
        self._new.clear()


class TermOccurrences(Occurrences):
    """A single term: one record says it all."""

    def __init__(self, lookup: TermLookup, leaf: Leaf) -> None:
        super().__init__(lookup, leaf)
        self._names = leaf.fields
        ((_, term),) = leaf.spellings[0].terms
        self._parts = lookup.segments.postings(TERMS, term)

    @cached_property
    def documents(self) -> Documents:
        if len(self._names) == len(TEXT_FIELDS):
            return self._arrays.documents(self._parts, None)
        numbers = (FIELD_NUMBERS[name] for name in self._names)
        return self._arrays.union([self._arrays.documents(self._parts, n) for n in numbers])

    @cached_property
    def fields(self) -> dict[str, Counts]:
        numbers = [FIELD_NUMBERS[name] for name in self._names]
        _, counts = self.documents, self._arrays.counts(self._parts, numbers)
        # Nothing more is read of the postings.
        self._parts = TermPostings()
        return {TEXT_FIELDS[number].name: each for number, each in counts.items()}


class SpellingOccurrences(Occurrences):
    """Several spellings, or a phrase: counted document by document, the greatest counts."""

    @property
    def documents(self) -> Documents:  # kept together with `fields`
        return self._both[0]

    @property
    def fields(self) -> dict[str, Counts]:
        return self._both[1]

    @cached_property
    def _both(self) -> tuple[Documents, dict[str, Counts]]:
        every = [self._form(form) for form in self._leaf.spellings]
        having: dict[str, Counts] = {}
        for name in self._leaf.fields:
            number = FIELD_NUMBERS[name]
            own = [counts[number] for counts in every if number in counts]
            if (counts := self._arrays.most(own)) is not None:
                having[name] = counts
        return self._arrays.holders(having.values()), having

    def _form(self, form: TermSequence) -> dict[int, Counts]:
        """The counts of a spelling by field."""
        arrays, lookup = self._arrays, self._lookup
        numbers = [FIELD_NUMBERS[name] for name in self._leaf.fields]
        if len(form.terms) > 1:
            parts = lookup.segments.phrase(form, TERMS)
            return {n: arrays.phrase(form, parts, n, lookup.budget) for n in numbers}
        return arrays.counts(lookup.segments.postings(TERMS, form.terms[0][1]), numbers)


class PatternOccurrences(Occurrences):
    """Every term, and every word as written, that matches; each document counts once."""

    def __init__(self, lookup: TermLookup, leaf: Leaf, pattern: Pattern) -> None:
        super().__init__(lookup, leaf)
        self._names = leaf.fields
        terms, words = (lookup.segments.pattern_postings(name, pattern) for name in (TERMS, WORDS))
        self._masks = self._arrays.masks(chain(terms, words))

    @cached_property
    def documents(self) -> Documents:
        if len(self._names) == len(TEXT_FIELDS):
            return self._arrays.having(self._masks, None)
        return self._arrays.union([self._in_field(name) for name in self._names])

    @cached_property
    def fields(self) -> dict[str, Counts]:
        return {n: self._arrays.marked(self._masks, FIELD_NUMBERS[n]) for n in self._names}

    @property
    def bytes(self) -> int:
        return super().bytes + self._arrays.mask_bytes(self._masks)

    def _in_field(self, name: str) -> Documents:
        return self._arrays.having(self._masks, FIELD_NUMBERS[name])


class LabelOccurrences(Occurrences):
    """A whole label, or all that match a pattern."""

    def __init__(self, lookup: TermLookup, leaf: Leaf) -> None:
        super().__init__(lookup, leaf)
        (self._name,) = leaf.fields
        if leaf.pattern:
            parts = lookup.segments.pattern_postings(self._name, leaf.pattern)
            self._parts = TermPostings(parts)
        else:
            self._parts = lookup.segments.label_postings(self._name, leaf.spellings[0].terms[0][1])

    @cached_property
    def documents(self) -> Documents:
        return self._arrays.documents(self._parts, None)

    @cached_property
    def fields(self) -> dict[str, Counts]:
        return {field_name(self._name): self._arrays.ones(self.documents)}

    @property
    def bytes(self) -> int:
        return super().bytes + _TERM_BYTES * len(self._parts)


class RelatedOccurrences(LabelOccurrences):
    """Mentioned by an article: stories without a file, and other articles."""

    @cached_property
    def documents(self) -> Documents:
        stories = self._arrays.documents(self._parts, None)
        mentioned = self._lookup.references.ids(self._leaf)
        articles = self._arrays.chosen(self._lookup.segments.documents(mentioned))
        return self._arrays.union([stories, articles])


class PathOccurrences(Occurrences):
    """Below a folder, or a file: by what articles are called, which no vocabulary has."""

    @cached_property
    def documents(self) -> Documents:
        return self._arrays.chosen(self._lookup.segments.with_path(Path(self._leaf.text)))

    @property
    def fields(self) -> dict[str, Counts]:
        return {}


class DeclaredTextOccurrences(Occurrences):
    """Words of a declared text: as with a label it only counts that a document has them."""

    def __init__(self, lookup: TermLookup, leaf: Leaf) -> None:
        super().__init__(lookup, leaf)
        (self._name,) = leaf.fields

    @cached_property
    def documents(self) -> Documents:
        if pattern := self._leaf.pattern:
            names = (self._name, own_words(self._name))
            parts = (
                part
                for name in names
                for part in self._lookup.segments.pattern_postings(name, pattern)
            )
            return self._arrays.documents(TermPostings(parts), None)
        return self._arrays.union([self._form(form) for form in self._leaf.spellings])

    def _form(self, form: TermSequence) -> Documents:
        if len(form.terms) > 1:
            lookup = self._lookup
            parts = lookup.segments.phrase(form, self._name)
            return self._arrays.holders([self._arrays.phrase(form, parts, 0, lookup.budget)])
        return self._arrays.documents(
            self._lookup.segments.postings(self._name, form.terms[0][1]), None
        )

    @cached_property
    def fields(self) -> dict[str, Counts]:
        return {field_name(self._name): self._arrays.ones(self.documents)}


_IN_NO_VOCABULARY = {RELATED: RelatedOccurrences, PATH: PathOccurrences}
"""Fields of which more is to be found than a vocabulary has."""

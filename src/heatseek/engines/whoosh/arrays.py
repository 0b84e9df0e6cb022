"""The few array operations that matching and scoring are made of.

Two implementations give the same results to the last bit: `plain` needs nothing but the standard
library and is there at once, for one-shot processes; `vectorised` needs numpy, for processes that
stay. What the names below stand for is an implementation's own affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from heatseek.engines.whoosh.postings import SegmentPostings
from heatseek.ranking import Boosts

Documents = Any
"""A set of documents."""
Counts = Any
"""Documents, and for each how often something occurs in it."""
Masks = Any
"""Documents, and for each a bit for each field."""
Column = Any
"""A number for each document of the index."""
Norms = Any
"""Of a field: what counts are divided by, for each document."""
Scores = Any
"""A text score for each document of a set."""


class Evidence:
    """Where a word stands, prepared for scoring; kept as long as the word is remembered."""

    def __init__(self, documents: Documents, fields: list[tuple[Counts, Norms]]) -> None:
        self.documents = documents
        self.fields = fields
        self.prepared: Any = None
        """What an implementation has worked out and may want again."""


class Word(NamedTuple):
    """What one word of the query is scored by."""

    weight: float
    """Its idf, times the boost asked for."""
    evidence: Evidence


class Arrays(Protocol):
    """Operations over all documents of an index.

    Deleted documents have numbers and values in columns, but are in no set and have no counts.
    """

    live: int
    """How many documents are not deleted."""
    document_bytes: int
    """What a word takes for each of its documents, about."""

    def column(self, parts: Sequence[memoryview], typecode: str) -> Column:
        """The columns of all segments as one."""

    def norms(self, base: float, slope: float, lengths: Column) -> Norms:
        """`base + slope * length` for each document."""

    def constant_norms(self) -> Norms:
        """1 for each document."""

    def norm_in(self, norms: Norms, document: int) -> float:
        """The norm of one document."""

    def documents(self, parts: Iterable[SegmentPostings], field: int | None) -> Documents:
        """The documents that have a term at all, or in one field; by several terms: any of them."""

    def masks(self, parts: Iterable[SegmentPostings]) -> Masks:
        """Of many terms together: which documents have one of them, in which fields."""

    def mask_bytes(self, masks: Masks) -> int:
        """What masks take, about."""

    def having(self, masks: Masks, field: int | None) -> Documents:
        """The documents that have one at all, or in one field."""

    def counts(self, parts: Sequence[SegmentPostings], fields: Iterable[int]) -> dict[int, Counts]:
        """How often a term stands in each of these fields; fields without are left out."""

    def counted(self, counts: dict[int, int]) -> Counts:
        """Counts that were made elsewhere."""

    def ones(self, documents: Documents) -> Counts:
        """A count of 1 for each document."""

    def count_in(self, counts: Counts, document: int) -> int:
        """The count of one document, 0 if it has none."""

    def as_dict(self, counts: Counts) -> dict[int, int]:
        """Counts as plain integers."""

    def chosen(self, documents: Iterable[int]) -> Documents:
        """Just these documents."""

    def everything(self) -> Documents:
        """All documents."""

    def union(self, sets: Sequence[Documents]) -> Documents:
        """Documents in any of the sets."""

    def intersection(self, sets: Sequence[Documents]) -> Documents:
        """Documents in all of the sets, of which there is one at least."""

    def difference(self, documents: Documents, unwanted: Sequence[Documents]) -> Documents:
        """Documents in none of the unwanted sets."""

    def between(self, documents: Documents, column: Column, low: float, high: float) -> Documents:
        """Documents with `low <= value <= high`."""

    def numbers(self, documents: Documents) -> list[int]:
        """The documents as plain numbers, in no particular order."""

    def total(self, documents: Documents) -> int:
        """How many documents there are in a set."""

    def scores(self, documents: Documents, words: Sequence[Word]) -> Scores:
        """The text score of each document (by `ranking.bm25`); 1 without any word."""

    def values(self, documents: Documents, column: Column) -> list[int]:
        """The value of each document."""

    def overlaps(
        self, documents: Documents, terms: Sequence[Sequence[SegmentPostings]]
    ) -> list[int]:
        """For each term: how many of `documents` have it, by any of its parts."""

    def pairs(self, documents: Documents, scores: Scores) -> list[tuple[int, float]]:
        """Document and score, as plain numbers."""

    def contenders(
        self,
        documents: Documents,
        scores: Scores,
        count: int,
        boosts: Boosts,
        columns: BoostColumns,
    ) -> list[tuple[int, float]]:
        """All documents that could be among the best `count` once boosted, with text scores."""

    def leading(self, documents: Documents, values: Column, dates: Column, count: int) -> list[int]:
        """All documents that could be the first `count` by value and date, the greatest first."""


class BoostColumns(NamedTuple):
    """What the multiplier looks at."""

    published_at: Column
    quality: Column
    heat: Column


ROUNDING = 1e-9
"""Slack of every bound, so that no rounding error can cut a document off."""

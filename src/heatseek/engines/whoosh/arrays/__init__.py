"""The few array operations that lookup, matching and scoring are made of.

Two implementations give the same results to the last bit: `plain` needs nothing but the
standard library and is there at once, for one-shot processes; `numpy_arrays` is for long-lived
ones. Each has types of its own for the letters below:

    D  a set of documents
    C  documents, and for each how often something occurs in it
    M  documents, and for each a bit for each field
    K  a column: a number for each document of the index
    N  the divisors of counts in a field, for each document
    S  a number for each document of a set
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from heatseek.definitions import Generic, NamedTuple, Protocol, TypeVar
from heatseek.ranking import multiplier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from heatseek.engines.model import Budget
    from heatseek.engines.shared.plan import TermSequence
    from heatseek.engines.whoosh.postings import PhrasePostings, SegmentPostings, TermPostings
    from heatseek.ranking import Boosts
    from heatseek.ranking.bm25 import Dilution


D = TypeVar("D")
C = TypeVar("C")
M = TypeVar("M")
K = TypeVar("K")
N = TypeVar("N")
S = TypeVar("S")


class Gains(Generic[S]):
    """A word's score in each of its documents, by one weight."""

    __slots__ = ("greatest", "scores", "weight")

    def __init__(self, weight: float, scores: S) -> None:
        self.weight = weight
        self.scores = scores
        self.greatest: float | None = None
        """Of the scores, once an implementation has looked for it."""


class Evidence(Generic[D, C, N, S]):
    """Where a word stands, prepared for scoring; kept as long as the word is in the cache."""

    __slots__ = ("alone", "documents", "fields", "gains", "idf", "size", "title")

    def __init__(
        self,
        documents: D,
        idf: float,
        fields: list[tuple[C, N]],
        title: C | None = None,
        size: int = 1,
    ) -> None:
        self.documents = documents
        self.idf = idf
        self.fields = fields
        self.title = title
        """How often it stands in titles; None: in none, or it is asked for in one field only."""
        self.size = size
        """Of how many words it is made; a phrase has several."""
        self.alone: D | None = None
        """The documents whose title has no other word, once an implementation has found them."""
        self.gains: Gains[S] | None = None
        """The word's score in each document, once an implementation has worked it out."""


class Word(NamedTuple, Generic[D, C, N, S]):
    """A word of the query as it is scored."""

    weight: float
    """Its idf, times its boost."""
    evidence: Evidence[D, C, N, S]


class BoostColumns(NamedTuple, Generic[K]):
    """The values of the multiplier's formula."""

    published_at: K
    quality: K
    heat: K


class Boosting(NamedTuple, Generic[K]):
    """What the multipliers of a search are worked out of."""

    boosts: Boosts
    columns: BoostColumns[K]
    now: float
    """Ages count from here; seconds since 1970."""


def exact_multipliers(documents: Iterable[int], boosting: Boosting[Any]) -> dict[int, float]:
    """The multiplier of each document, by the formula for one."""
    boosts, (dates, quality, heat), now = boosting
    return {
        d: multiplier(int(quality[d]), int(heat[d]), int(dates[d]), now, boosts) for d in documents
    }


def in_order(parts: Sequence[SegmentPostings]) -> bool:
    """True if each record is of another segment."""
    return len(parts) == 1 or all(one < other for (one, _), (other, _) in pairwise(parts))


ROUNDING = 1e-9
"""Slack of every bound, so that no rounding error can cut a document off."""


class ArrayOperations(Protocol[D, C, M, K, N, S]):
    """Operations over all documents of an index.

    Deleted documents have numbers and values in columns, but are in no set and have no counts.
    """

    live: int
    """How many documents are not deleted."""
    document_bytes: int
    """Memory that a word takes for each of its documents, about."""

    def column(self, parts: Sequence[memoryview], typecode: str) -> K:
        """The columns of all segments as one."""

    def norms(self, dilution: Dilution, lengths: K) -> N:
        """The divisor of counts in a field, for each document."""

    def constant_norms(self) -> N:
        """1 for each document."""

    def documents(self, parts: TermPostings, field: int | None) -> D:
        """The documents that have a term at all, or in one field; by several terms: any of them."""

    def masks(self, parts: Iterable[SegmentPostings]) -> M:
        """Of many terms together: which documents have one of them, in which fields."""

    def mask_bytes(self, masks: M) -> int:
        """Memory that masks take, about."""

    def having(self, masks: M, field: int | None) -> D:
        """The documents that have one at all, or in one field."""

    def marked(self, masks: M, field: int) -> C:
        """A count of 1 for each document that has one in a field."""

    def counts(self, parts: TermPostings, fields: Iterable[int]) -> dict[int, C]:
        """How often a term stands in each of these fields; fields without are left out."""

    def phrase(
        self, form: TermSequence, parts: Sequence[PhrasePostings], field: int, budget: Budget
    ) -> C:
        """How often the terms of a phrase stand in order, or near, in a field.

        Raises:
            QueryError: it takes more than the budget.
        """

    def most(self, every: Sequence[C]) -> C | None:
        """The greatest count of each document; None if none has any."""

    def holders(self, every: Iterable[C]) -> D:
        """The documents that have any of several counts."""

    def ones(self, documents: D) -> C:
        """A count of 1 for each document."""

    def count_in(self, counts: C, document: int) -> int:
        """How often it occurs in one document."""

    def part_in(self, counts: C, norms: N, document: int) -> float:
        """The part of x that a field gives to one document; 0 without the word."""

    def chosen(self, documents: Iterable[int]) -> D:
        """Just these documents."""

    def everything(self) -> D:
        """All documents."""

    def lasting(self, documents: D) -> D:
        """The same documents, as a set that searches look others up in again and again."""

    def union(self, sets: Sequence[D]) -> D:
        """Documents in any of the sets."""

    def intersection(self, sets: Sequence[D]) -> D:
        """Documents in all of the sets, of which there is one at least."""

    def difference(self, documents: D, excluded: Sequence[D]) -> D:
        """Documents in none of the excluded sets."""

    def between(self, documents: D, column: K, low: float, high: float) -> D:
        """Documents with `low <= value <= high`."""

    def titled(
        self, documents: D, words: Sequence[Word[D, C, N, S]], lengths: K, weight: float
    ) -> tuple[D, S] | None:
        """Those of the documents whose title has all words, and the factor of each; None: none has.

        The factor goes by the length of the title; see `ranking.bm25`. Others than `documents`
        may be among them.
        """

    def raised(self, documents: D, scores: S, titled: tuple[D, S]) -> S:
        """Scores, times the factors of those documents that have any."""

    def numbers(self, documents: D) -> list[int]:
        """The documents as plain numbers, in no particular order."""

    def total(self, documents: D) -> int:
        """How many documents there are in a set."""

    def scores(self, documents: D, words: Sequence[Word[D, C, N, S]]) -> S:
        """The text score of each document (by `ranking.bm25`); 1 without any word."""

    def values(self, documents: D, column: K) -> Iterable[int]:
        """The value of each document."""

    def overlaps(self, documents: D, terms: Iterable[TermPostings]) -> list[int]:
        """For each term: how many of `documents` have it, by any of its parts."""

    def pairs(self, documents: D, scores: S) -> list[tuple[int, float]]:
        """Document and score, as plain numbers."""

    def contenders(
        self,
        documents: D,
        words: Sequence[Word[D, C, N, S]],
        count: int,
        boosting: Boosting[K],
        titled: tuple[D, S] | None,
    ) -> list[tuple[int, float]]:
        """All documents that could be among the best `count` once boosted, with text scores.

        Those of `titled` are raised by their factors, of which none is below 1.
        Others may be among them; without words each document scores 1.
        """

    def multipliers(self, documents: Iterable[int], boosting: Boosting[K]) -> dict[int, float]:
        """The multiplier of each document, to the last bit."""

    def leading(
        self, documents: D, values: K, dates: K, count: int, *, unknown: float | None = None
    ) -> list[int]:
        """All documents that could be the first `count` by value and date, the greatest first.

        With `unknown` the least value comes first, and last those that have this one.
        """


if TYPE_CHECKING:
    # The types of either implementation, which nobody else looks into.

    class Documents:
        """A set of documents."""

    class Counts:
        """Documents, and for each how often something occurs in it."""

    class Masks:
        """Documents, and for each a bit for each field."""

    class Column(Protocol):
        """A number for each document of the index."""

        @property
        def itemsize(self) -> int:
            """Bytes of a number."""

        def __getitem__(self, document: int, /) -> float:
            """The number of a document."""

    class Norms:
        """Of a field: the divisor of counts, for each document."""

    class Scores:
        """A number for each document of a set."""

    Arrays = ArrayOperations[Documents, Counts, Masks, Column, Norms, Scores]
    """Operations by either implementation."""
